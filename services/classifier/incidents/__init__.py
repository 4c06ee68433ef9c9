"""Coded events to incidents to alerts: pure decisions on plain values, each with its reason.

Whether two reports belong to one incident is a vote over what they share, bound by the law of
CODEBOOK §6 (ADR 0013). How sure that makes us depends on whose voices they are. ``consider`` is the door; it
opens nothing and remembers nothing. ``handwork`` is the door for people, whose works stand (ADR 0015).
"""

from services.classifier.incidents.deciding import consider
from services.classifier.incidents.decision import Decision, Joining
from services.classifier.incidents.filing.shortlist import Sought, sought
from services.classifier.incidents.fusing.voices import Voice, Voices
from services.classifier.incidents.telling.waking import wake

__all__ = ["Decision", "Joining", "Sought", "Voice", "Voices", "consider", "sought", "wake"]
