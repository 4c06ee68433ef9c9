"""What considering one article comes to: to be written at once or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts import Alert, Article, Handwork, Incident, Reason, ReportedTally


@dataclass(frozen=True)
class Joining:
    """Which incident an event of the article joined or opened, and why."""

    event: int
    incident_id: str
    main: bool
    because: str
    denied: bool = False
    """Whether the article only denies it."""
    recalled: bool = False
    """Whether it is only the background of what the article tells."""


@dataclass(frozen=True)
class Decision:
    """All that one article (or a hand) changes; to be written at once or not at all.

    ``incidents`` are new states whose ``version`` is one above the version that was read (1 for a new one).
    ``filing`` names for each of them the buckets in which it must be found. ``alerts`` stand in the order
    in which they ring, the main event's first.
    """

    article: Article | None
    """None where no article moved anything: a hand did, or a bell had waited."""
    reason: Reason
    joinings: tuple[Joining, ...] = ()
    incidents: tuple[Incident, ...] = ()
    filing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    handwork: Handwork | None = None
    """For the audit, where a hand moved them."""
    at: datetime | None = None
    """When it was made; the house watched on that day. None for what no article moved."""
    trends: tuple[str, ...] = ()
    """What was said of each ladder that it moved, and why (``services.classifier.ladders``)."""
    tallies: Mapping[str, tuple[ReportedTally, ...]] = field(default_factory=dict)
    """Running totals that the article reports, by the subject whose ladder they stand beside."""
    judged_on: Mapping[str, int] = field(default_factory=dict)
    """The ladders on which a severity or a trend was judged, and the version in which each was read."""

    @property
    def main_incident(self) -> str | None:
        """The main event's incident; of an article that only denies or recalls, that one's; else None."""
        told = [joining for joining in self.joinings if joining.main]
        told = told or [joining for joining in self.joinings if joining.denied or joining.recalled]
        return told[0].incident_id if told else None

    @property
    def main_alert(self) -> Alert | None:
        """The alert that the main event's incident rings, or None."""
        main = self.main_incident
        return next((alert for alert in self.alerts if main and alert.incident_id == main), None)
