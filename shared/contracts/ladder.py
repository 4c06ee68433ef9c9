"""A ladder: what happened day by day between two sides, or in a country, and how high it climbed.

A subject is a pair of sides, ``IRN|ISR`` (in the order of the alphabet, whoever acted), or a country,
``SDN``. A side is a country's ISO 3166-1 alpha-3 or a group's name. A rung is a MID hostility level.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, NamedTuple

from pydantic import Field

from shared.contracts.base import Moment, Part
from shared.contracts.event import Tally

BETWEEN = "|"
"""Stands between the two sides of a pair."""
_KIND = re.compile(r"(.+)([<>-])([1-5])")


class DeedKind(NamedTuple):
    """What is counted apart within a day; ``str`` writes it as ``ASSAULT>4`` and ``read`` reads that."""

    event_type: str
    direction: str
    """``>`` where the subject's first side acted, ``<`` where its second did, ``-`` in a country."""
    hostility: int

    def __str__(self) -> str:
        return f"{self.event_type}{self.direction}{self.hostility}"

    @staticmethod
    @lru_cache(maxsize=1024)
    def read(written: str) -> "DeedKind":
        """The kind that was written; one that a newer release writes otherwise counts as no force."""
        found = _KIND.fullmatch(written)
        return DeedKind(found[1], found[2], int(found[3])) if found else DeedKind(written, "-", 1)


class Ladder(Part):
    """One subject's incidents by the day on which they happened; a day without any is left out.

    Each incident counts once, as it is known now: corrections, merges and retractions have moved it.
    """

    subject: str
    version: Annotated[int, Field(ge=0)] = 0
    """Rises with every change of its counts, so that what was judged on them can be guarded."""
    days: dict[date, dict[str, int]] = Field(default_factory=dict)
    """Counts by day and ``DeedKind``."""
    rang: dict[str, Moment] = Field(default_factory=dict)
    """When a trend of it last rang, by ``Trend.why`` (a rung with its level: ``rung4``)."""

    def count(self, first: date, last: date, least: int = 1) -> int:
        """Incidents from ``first`` to ``last``, both included, of at least this hostility."""
        return sum(number for _, kind, number in self._from(first, last) if kind.hostility >= least)

    def daily(self, last: date, days: int) -> tuple[int, ...]:
        """Incidents on each of so many days, oldest first, the last one ``last``."""
        every = (last - timedelta(days=back) for back in reversed(range(days)))
        return tuple(sum(self.days.get(day, {}).values()) for day in every)

    def highest(self, first: date, last: date) -> int:
        """The highest rung reached from ``first`` to ``last``; 0 where nothing happened."""
        return max((kind.hostility for _, kind, _ in self._from(first, last)), default=0)

    def last_of(self, event_type: str, first: date, last: date) -> date | None:
        """The last day from ``first`` to ``last`` on which an event of this type happened."""
        days = (day for day, kind, _ in self._from(first, last) if kind.event_type == event_type)
        return max(days, default=None)

    def _from(self, first: date, last: date) -> Iterator[tuple[date, DeedKind, int]]:
        for day, kinds in self.days.items():
            if first <= day <= last:
                for kind, number in kinds.items():
                    yield day, DeedKind.read(kind), number


class Ladders(Part):
    """Some ladders, read at one moment, and the days that this installation has watched or loaded."""

    observed: frozenset[date] = frozenset()
    by_subject: dict[str, Ladder] = Field(default_factory=dict)

    def of(self, subject: str) -> Ladder:
        """The subject's ladder; an empty one where nothing was counted or it was not read."""
        return self.by_subject.get(subject) or Ladder(subject=subject)

    def joined_by(self, others: "Ladders") -> "Ladders":
        """These ladders and some more of the same moment."""
        return Ladders(observed=others.observed, by_subject={**self.by_subject, **others.by_subject})

    def observed_before(self, day: date) -> int:
        """Days from the first that was observed to ``day``, that one not included."""
        return max(0, (day - min(self.observed, default=day)).days)


class TrendWhy(StrEnum):
    """What made a trend ring."""

    RATE = "rate"
    """More incidents in 7 days than the subject's own baseline lets expect."""
    RUNG = "rung"
    """A hostility level that was not reached in the 90 days before."""


class Trend(Part):
    """Why a ladder rang, with the arithmetic in it."""

    subject: str
    names: tuple[str, ...] = ()
    """The sides or the country, as a person calls them."""
    why: Annotated[TrendWhy | str, Field(union_mode="left_to_right")]
    rung: Annotated[int, Field(ge=1, le=5)]
    """The MID level that was reached; for a rate, the tipping incident's."""
    arithmetic: str
    """``9 in 7 days; usually 2 (median of 12 weeks, MAD 1): above 2 + 3 x 1.48 x 1 = 6.4``."""
    week: Annotated[int, Field(ge=0)]
    """Incidents in the last 7 days."""
    usual: float | None = None
    """The median week of those before; null where too few are known."""
    limit: float | None = None
    """The highest count that would still be within the baseline."""
    days: tuple[int, ...] = ()
    """Incidents a day in the last 30 days, oldest first."""
    last_day: date
    """The day of the last count in ``days``."""
    incident_id: str
    """The incident that tipped it."""


class Past(Part):
    """What had happened between an incident's sides before it, as its severity counts it.

    Judged when the incident opens, and again only when its sides or its type turn out to be others: what
    happens later is no part of it, and the incident itself never is.
    """

    subject: str = ""
    """The pair; empty where a side is not known, and then nothing is said of its past."""
    event_type: str = ""
    days_observed: Annotated[int, Field(ge=0)] = 0
    last_same_kind: date | None = None
    """The last event of this type between these sides in the 90 days before; null when none was seen."""
    rate: float | None = None
    """Incidents between them in the 7 days before, over their usual week; null where that is not known."""
    above: bool = False
    """Whether that rate is outside its baseline."""
    rate_because: str = ""
    """The arithmetic of the rate."""


class ReportedTally(Part):
    """A running total as an article reported it, kept beside our own count, never added to it."""

    tally: Tally
    article_id: str
    outlet: str
    url: str = ""
    published_at: Moment
