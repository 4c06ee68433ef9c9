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
    """Incidents read, and the versions that guard what was read: of every bucket, the empty ones too, and of
    each incident under its ``guard_of``."""

    incidents: tuple[Incident, ...]
    versions: Mapping[str, int]


GUARD = "incident:"


def guard_of(incident: Incident) -> str:
    """The name under which an incident's own version is guarded, beside the buckets."""
    return f"{GUARD}{incident.id}"


class Wanted(Protocol):
    """Where something is sought, and which of what stands there is worth reading whole."""

    @property
    def buckets(self) -> tuple[str, ...]:
        """Every bucket to read, each named once."""
        ...

    def choose(self, filed: Mapping[str, bytes]) -> list[str]:
        """The ids to read, given the records that stand in each bucket."""
        ...


class Memory(Protocol):
    """Remembers incidents under compare-and-set; every method may be repeated without harm."""

    def candidates(self, wanted: Wanted) -> Candidates:
        """What it chooses in its buckets, each once, with the versions that a commit must name."""
        ...

    def known(self, ids: Sequence[str]) -> Candidates:
        """These incidents, without those that expired, and their versions."""
        ...

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        """These subjects' ladders from ``first`` to ``last``, and every day observed so far."""
        ...

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        """Incidents with a change that waited until ``now`` at most, each with when it wakes, in order."""
        ...

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        """Write all of the decision, or nothing.

        Nothing is written unless everything in ``versions`` still has the version that was read (a near
        bucket may have grown by what shares no band with the article) and the article is still pending in
        this revision, so a second commit of one article changes nothing. A decision without an article is
        bound by the versions alone. Those of the ladders that it was judged on are guarded as well. What an
        incident counts for moves with it, whoever decided.
        """
        ...
