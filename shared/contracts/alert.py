"""An alert: what the stream carries and subscribers are told."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part, Record
from shared.contracts.coding import Severity
from shared.contracts.event import Event, Tally
from shared.contracts.figure import Figures
from shared.contracts.ladder import Trend
from shared.contracts.system import Degraded


class AlertKind(StrEnum):
    """What an alert does; the first five are about an incident: CAP's Alert, Update, Cancel spelled out."""

    OPENED = "opened"
    UPDATED = "updated"
    ESCALATED = "escalated"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    TREND = "trend.escalated"
    HEARTBEAT = "system.heartbeat"
    DEGRADED = "system.degraded"
    TEST = "system.test"


class Reason(StrEnum):
    """Why an alert rang, or why it did not: the same words in log, metric, API and dashboard."""

    FIRST_REPORT = "first report of the incident"
    FIRST_MAIN = "first time the incident is an article's main event"
    MORE_KILLED = "casualties crossed a band"
    TIER_UP = "severity tier rose"
    HOSTILITY_UP = "hostility rose a rung"
    NOW_CLAIMED = "claim of responsibility became known"
    ACTOR_KNOWN = "it became known who did it"
    PLACE_KNOWN = "it became known where it was"
    SOURCE_CORRECTED = "the source changed its report"
    SOURCE_WITHDREW = "no report supports the incident any more"
    NOT_ESCALATION = "no escalation event in the article"
    NOT_ENGLISH = "not in English: set aside unread"
    NOTHING_NEW = "already alerted, nothing new"
    WAITS = "told of a like change a short while ago: waits"
    SECONDARY = "a secondary event opens silently"
    STALE = "too old when fetched: recorded silently"
    ALREADY_CONSIDERED = "this revision was considered before"
    MERGED = "a later report shows that it is one with another incident"
    MERGED_BY_HAND = "a person merged it with another incident"
    SPLIT_BY_HAND = "a person split it from another incident"
    MOVED_BY_HAND = "a person moved reports out of it"
    CORRECTED_BY_HAND = "a person corrected it"
    RETRACTED_BY_HAND = "a person retracted it"
    STAYS_RETRACTED = "a person retracted it: recorded silently"
    RATE_UP = "more incidents in 7 days than its own baseline lets expect"
    RUNG_REACHED = "a rung reached for the first time in 90 days"
    WITHIN_BASELINE = "within its own baseline, and no new rung"
    SHORT_HISTORY = "history too short for a trend"
    TREND_TOLD = "this trend was told within 7 days"


class Source(Part):
    """One report behind an alert."""

    outlet: str
    name: str = ""
    """What the outlet is called; empty when nobody has told us."""
    title: str
    url: str
    published_at: Moment


class Alert(Record):
    """One announcement about one incident (or about a trend or the system, then without an incident).

    ``id`` is ``incident_id`` and ``sequence``, so a re-run repeats it; ``references`` are the earlier alerts
    of the same incident that this one supersedes, oldest first, as in CAP. Where ``trend`` is given,
    ``event`` and ``severity`` are those of the incident that tipped it.
    """

    id: str
    kind: Annotated[AlertKind | str, Field(union_mode="left_to_right")]
    reason: Annotated[Reason | str, Field(union_mode="left_to_right")]
    incident_id: str | None = None
    sequence: int = 0
    references: tuple[str, ...] = ()
    at: Moment
    headline: str
    sentence: str = ""
    """What happened in one sentence, composed from the coded fields."""
    changes: tuple[str, ...] = ()
    """What moved since the last alert, a phrase each; empty for an opening."""
    event: Event | None = None
    figures: Figures = Figures()
    """What each stated cost rests on: who gives the count in ``event.casualties``, and what others tell."""
    certainty_because: str = ""
    """Why the event is as certain as it is: which voices tell it, and which are not their own."""
    severity: Severity | None = None
    tallies: tuple[Tally, ...] = ()
    sources: tuple[Source, ...] = ()
    sources_count: int = 0
    outlets_count: int = 0
    article_id: str | None = None
    """The article whose consideration rang this alert; null where a change had waited."""
    language: str = ""
    """The language of that article, else of the newest report that has one: ``en``; empty when unknown."""
    responds_to: str | None = None
    """The incident that this one answers."""
    merged_into: str | None = None
    """On a retraction: the incident that goes on telling of it."""
    split_from: str | None = None
    """The incident in which its first reports stood before."""
    trend: Trend | None = None
    """What a ``trend.escalated`` tells; null in every other alert."""
    degraded: Degraded | None = None
    """What a ``system.degraded`` tells; null in every other alert."""

    @property
    def type(self) -> str:
        """The dotted ``type`` of a delivery's body: ``incident.opened``, ``system.degraded``."""
        return str(self.kind) if "." in self.kind else f"incident.{self.kind}"


def derive_alert_id(incident_id: str, sequence: int) -> str:
    """``incident_id-sequence``: the same change always gets the same id."""
    return f"{incident_id}-{sequence}"
