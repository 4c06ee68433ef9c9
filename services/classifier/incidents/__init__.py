"""Coded events to incidents to alerts: pure decisions on plain values, each with its reason.

Two reports belong to one incident by CODEBOOK §6 (same family, place, day and compatible sides) or when
one copies the other. How sure that makes us depends on whose voices they are. ``consider`` is the door; it
opens nothing and remembers nothing.
"""

from services.classifier.incidents.deciding import Decision, Joining, buckets_to_read, consider
from services.classifier.incidents.voices import Voice, Voices

__all__ = ["Decision", "Joining", "Voice", "Voices", "buckets_to_read", "consider"]
