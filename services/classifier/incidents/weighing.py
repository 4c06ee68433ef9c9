"""The state of one consideration: what was read, what each step has changed so far, and what it rings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.classifier.coding.events.severity import History, severity_of
from services.classifier.incidents.decision import Joining
from services.classifier.incidents.filing import buckets
from services.classifier.incidents.fusing import figures, fusion, pins
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling.announcing import Verdict
from shared.contracts import Article, Coding, Event, Incident, Past, Report

PastOf = Callable[[Incident, Incident | None], Past | None]
"""What lay behind an incident, by its new state and its old one (None when it opens)."""


@dataclass
class Weighing:
    """Lives only while ``consider`` runs; each room of it changes ``after`` by ``put``, never ``before``."""

    article: Article
    coding: Coding
    now: datetime
    stale: bool
    voice: Voice
    quiet: timedelta
    """How long an incident rings no second time for one reason."""
    before: dict[str, Incident]
    """The candidates, by id."""
    past_of: PastOf
    after: dict[str, Incident] = field(default_factory=dict)
    """The new states, in the order in which they came about."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    joinings: list[Joining] = field(default_factory=list)
    filing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    matched: list[tuple[str, ...]] = field(default_factory=list)
    """For each event the incidents that it matched, the one it joined first."""
    because: dict[str, str] = field(default_factory=dict)
    """Why an incident moved, where that is not why an event joined it."""

    @property
    def states(self) -> Sequence[Incident]:
        """Every incident as it now stands."""
        return tuple({**self.before, **self.after}.values())

    def put(self, incident: Incident, verdict: Verdict, event: Event) -> None:
        """A new state, whether it rings, and the event for whose sake it is filed."""
        self.after[incident.id] = incident
        self.verdicts[incident.id] = verdict
        # A second event of this article adds its own buckets to those of the first.
        already = self.filing.get(incident.id, ())
        self.filing[incident.id] = tuple(dict.fromkeys((*already, *buckets.to_file(event, self.article))))

    def judged(self, after: Incident, before: Incident | None = None) -> Incident:
        """The incident with the severity that its event and its past give it."""
        past = self.past_of(after, before)
        severity = severity_of(after.event, History.of(past))
        return after.model_copy(update={"severity": severity, "past": past})

    def retold(self, incident: Incident, reports: tuple[Report, ...], count: int) -> Incident:
        """The incident as these reports tell it, one version on."""
        return self.judged(retold(incident, reports, count, self.now), incident)


def retold(incident: Incident, reports: tuple[Report, ...], count: int, now: datetime) -> Incident:
    """The incident as these reports tell it and as a person's corrections stand over them, one version on.

    Its past is the one that was known when it last moved.
    """
    fused = pins.stand_over(fusion.fuse(reports), incident.by_hand)
    return incident.model_copy(
        update={
            "version": incident.version + 1,
            "updated_at": now,
            "event": fused,
            "figures": figures.best(reports, fused),
            "severity": severity_of(fused, History.of(incident.past)),
            "reports": reports,
            "reports_count": count,
        }
    )
