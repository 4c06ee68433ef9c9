"""The interface between a consideration and whatever remembers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from services.classifier.incidents import Decision
from shared.contracts import Incident, Ladders

DUE = 100
"""Waiting changes looked at in one go."""


class Committed(StrEnum):
    """What became of a commit."""

    WRITTEN = "written"
    CONFLICT = "another worker changed a candidate first: read again"
    ALREADY_CONSIDERED = "this revision, or a newer one, was considered before"


@dataclass(frozen=True)
class Candidates:
    """The incidents found in some buckets, and the version of every bucket read, the empty ones too."""

    incidents: tuple[Incident, ...]
    versions: Mapping[str, int]


class Memory(Protocol):
    """Remembers incidents under compare-and-set; every method may be repeated without harm."""

    def candidates(self, buckets: Sequence[str]) -> Candidates:
        """All incidents filed in these buckets, each once, with the versions that a commit must name."""
        ...

    def known(self, ids: Sequence[str]) -> Candidates:
        """These incidents, without those that expired, and the versions of every bucket they are filed in."""
        ...

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        """These subjects' ladders from ``first`` to ``last``, and every day observed so far."""
        ...

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        """Incidents with a change that waited until ``now`` at most, each with when it wakes, in order."""
        ...

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        """Write all of the decision, or nothing.

        Nothing is written unless every bucket in ``versions`` still has the version that was read and the
        article is still pending in this revision, so a second commit of one article changes nothing. A
        decision without an article is bound by the versions alone. Those of the ladders that it was judged
        on are guarded as well. What an incident counts for moves with it, whoever decided.
        """
        ...
