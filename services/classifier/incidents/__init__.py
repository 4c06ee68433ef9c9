"""Coded events to incidents to alerts: pure decisions on plain values, each with its reason.

Two reports belong to one incident by CODEBOOK §6 (same family, place, day and compatible sides) or when
one copies the other. ``consider`` is the door; it opens nothing and remembers nothing.
"""

from services.classifier.incidents.deciding import Decision, Joining, buckets_to_read, consider

__all__ = ["Decision", "Joining", "buckets_to_read", "consider"]
