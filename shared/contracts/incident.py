"""An incident: one thing that happened in the world, however many articles report it."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, JsonValue

from shared.contracts.alert import AlertKind, Reason
from shared.contracts.base import Moment, Part, Record
from shared.contracts.coding import Severity, Tier
from shared.contracts.event import Event
from shared.contracts.figure import Counted, Figures
from shared.contracts.ladder import Past


class Told(Part):
    """The worst that subscribers have been told of an incident: what is new is judged against it."""

    tier: Tier
    killed: Annotated[int, Field(ge=0)] = 0
    claimed: bool = False
    placed: bool | None = None
    """Whether a town or a region was told; null in what an older release noted, as the next two."""
    actor_named: bool | None = None
    """Whether it was told who did it."""
    hostility: int | None = None


class Report(Part):
    """What one article (in its newest revision) contributed to an incident."""

    article_id: str
    revision: int
    feed_id: str | None = None
    """The feed that gave it: only that feed's later revision may take it back."""
    outlet: str
    name: str = ""
    """What the outlet is called; empty when nobody has told us."""
    voice: str = ""
    """Whose report it is: ``wire:reuters``, ``state:RUS``, ``bbc.co.uk``; empty (of old): its outlet's."""
    voice_because: str = ""
    """How that is known: ``credits AP: "ERBIL (AP) -"``."""
    url: str
    title: str
    summary: str
    published_at: Moment
    language: str = ""
    """As its feed declares it, such as ``en``; empty when it does not, and of old."""
    event: Event
    main: bool
    """Whether the event was this article's main one."""
    joined_because: str
    copy_of: str | None = None
    """The article this one copies, so that a wire's copies count once."""
    placed_by: str = ""
    """The person who put it where it stands: there its article's later revisions stay. Empty: a vote did."""
    figures: tuple[Counted, ...] = ()
    """Who gives each count of ``event.casualties``; empty (of old): the outlet itself."""


class Change(Part):
    """One step of an incident's history: which article moved it, whether that rang, and why or why not."""

    at: Moment
    article_id: str
    """Empty where no article moved it: a change had waited."""
    because: str
    """Why the article belongs to the incident, or what it did to it."""
    kind: Annotated[AlertKind | str | None, Field(union_mode="left_to_right")] = None
    """The kind of the alert that rang; null where none did."""
    reason: Annotated[Reason | str, Field(union_mode="left_to_right")]
    changes: tuple[str, ...] = ()
    """What moved, a phrase each: ``killed: 3 to 12``, ``place: Mali to Bamako``."""
    sequence: Annotated[int, Field(ge=0)] = 0
    """The alert's; 0 where none rang."""
    by: str = ""
    """The person whose work the step is; empty for the machine's, which an article moved."""


class Correction(Part):
    """A field of the event as a person set it: it stands over whatever the reports say."""

    field: str
    """As it is typed: ``killed``, ``place``, ``claimed_by``."""
    value: JsonValue
    """In the form in which the event keeps it."""
    said: str
    """As it was typed, for a person to read."""
    by: str
    at: Moment


class Incident(Record):
    """One incident's best knowledge and the reports it rests on.

    ``id`` is derived from the first article. ``sequence`` counts its alerts, 0 before the first.
    ``version`` counts its changes; what guards them are the versions of the buckets it is filed in.
    """

    id: str
    version: int = 0
    sequence: Annotated[int, Field(ge=0)] = 0
    opened_at: Moment
    updated_at: Moment
    event: Event
    severity: Severity
    headline: str
    figures: Figures = Figures()
    """By cost, what the counts in ``event.casualties`` rest on; empty of old."""
    reports: tuple[Report, ...] = ()
    """Reports in full up to a bound; beyond it copies and old ones are only counted."""
    reports_count: Annotated[int, Field(ge=0)] = 0
    responds_to: str | None = None
    """The incident this one answers."""
    announced: bool = False
    """Whether an alert has rung for it; a secondary event opens silently."""
    told: Told | None = None
    wakes_at: Moment | None = None
    """When a change that waits is told, unless something newer makes it idle; null where nothing waits."""
    retracted: bool = False
    retracted_by: str = ""
    """The person who retracted it: later reports of it join in silence. Empty where the machine did."""
    merged_into: str | None = None
    """The incident that it was merged into, which now has its reports; follow it, it may be merged itself."""
    merged: tuple[str, ...] = ()
    """The incidents that were merged into this one, theirs too."""
    split_from: str | None = None
    apart_from: tuple[str, ...] = ()
    """Incidents that a person split from it, or it from them: the machine never merges them."""
    by_hand: tuple[Correction, ...] = ()
    """What a person set, at most one a field, in the order in which it was set."""
    history: tuple[Change, ...] = ()
    """What moved it, oldest first, up to a bound: the first step and the newest are kept."""
    past: Past | None = None
    """What had happened between its sides before it; null where nobody looked."""

    @property
    def outlets(self) -> tuple[str, ...]:
        """Independent outlets in order of first report: one for each voice, and no copies of a wire."""
        return tuple(report.outlet for report in independent_reports(self.reports, self.event))


STATE, MOVEMENT, WIRE, UNNAMED_WIRE = "state", "movement", "wire", "wire:unnamed"
"""How voices begin that are not an outlet's own; ``state:RUS``, ``movement:LBN:almanar.com.lb``."""


def independent_reports(reports: Iterable[Report], event: Event) -> tuple[Report, ...]:
    """The first report of each independent voice, in order.

    A wire and its reprinters are one voice, all state media of one country are one. Who speaks for a side
    of the event, or for a state behind it, confirms nothing but its own claim, and is left out, as copies
    are, and who only recalls it. *Agencies* without a name may be any wire: they count only where no wire
    is named.
    """
    first: dict[str, Report] = {}
    for report in reports:
        told = report.copy_of is None and not report.event.recalled
        if told and not of_a_side(report, event):
            first.setdefault(report.voice or report.outlet, report)
    if any(voice.startswith(f"{WIRE}:") and voice != UNNAMED_WIRE for voice in first):
        first.pop(UNNAMED_WIRE, None)
    return tuple(first.values())


def of_a_side(report: Report, event: Event) -> bool:
    """Whether the report's voice speaks for a side of the event, or for a state behind it."""
    country = speaks_for(report)
    sides = (*event.actors, *event.recipients)
    return country is not None and any(country in (side.country, *side.backed_by) for side in sides)


def speaks_for(report: Report) -> str | None:
    """The country of the government or movement whose voice the report is, or None."""
    kind, _, whose = report.voice.partition(":")
    return whose.partition(":")[0] or None if kind in (STATE, MOVEMENT) else None
