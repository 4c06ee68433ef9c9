"""Incidents in, ladders out: how often and how high it goes between two sides, or in a country.

Each incident is counted once, against the subject's own past a count is usual or not, and what is not usual
rings as a trend with its arithmetic in it (ADR 0014). Pure: it opens nothing and remembers nothing; the
counts themselves are moved by the memory, in the step that writes the incident.
"""

from services.classifier.ladders.counting import Entry, entries, subjects_of, subjects_told
from services.classifier.ladders.past import Pasts, window
from services.classifier.ladders.reported import reported
from services.classifier.ladders.trends import judge, moved

__all__ = [
    "Entry",
    "Pasts",
    "entries",
    "judge",
    "moved",
    "reported",
    "subjects_of",
    "subjects_told",
    "window",
]
