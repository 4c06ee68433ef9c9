"""What the coder says of one article: events or silence, and why."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Part, Record
from shared.contracts.event import Event, Tally


class Tier(StrEnum):
    """CAP 1.2's words for severity, from the least to the worst."""

    MINOR = "Minor"
    MODERATE = "Moderate"
    SEVERE = "Severe"
    EXTREME = "Extreme"

    @property
    def rank(self) -> int:
        """0 for Minor to 3 for Extreme, so that tiers can be compared."""
        return list(Tier).index(self)


class SeverityTerm(Part):
    """One addend of a severity score, with the words that explain it."""

    name: str
    points: float
    reason: str


class Severity(Part):
    """A score from 0 to 100, its tier, and the terms whose points sum to the score (before the cap)."""

    score: float = Field(ge=0, le=100)
    tier: Tier
    terms: tuple[SeverityTerm, ...] = ()


class Coding(Record):
    """All that the coder found in one revision of one article.

    ``escalation`` answers the codebook's question; ``score`` (0 to 1) is how sure the coder is of a yes;
    ``reason`` explains either answer in one sentence. ``severity`` is the main event's, null without one.
    """

    article_id: str
    revision: int = 1
    escalation: bool
    score: Annotated[float, Field(ge=0, le=1)]
    reason: str
    events: tuple[Event, ...] = ()
    tallies: tuple[Tally, ...] = ()
    severity: Severity | None = None
    set_aside: bool = False
    """Whether the text was not read at all, because it is not in English; ``reason`` tells how that shows."""
    coder: str
    """Version of rules and models, so that an old alert can be explained."""

    @property
    def main(self) -> Event | None:
        """The main event, or None when the article carries none."""
        return next((event for event in self.events if event.main), None)
