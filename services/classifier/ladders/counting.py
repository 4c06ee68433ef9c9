"""What an incident counts for: its country, and each pair of sides, on the day on which it happened.

Every incident that escalates counts, also one that no bell announced: a strike told in passing is a strike.
What is threatened counts at the rung of threats. What was retracted or merged into another counts nothing.
"""

from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import NamedTuple

from services.classifier.incidents.comparing.sides import key_of
from shared.contracts import Actor, Coding, DeedKind, Event, Incident, Ladder
from shared.contracts.ladder import BETWEEN

_EXACT = 1
"""ACLED's precision of a known day."""


class Entry(NamedTuple):
    """One count: this subject, on this day, a deed of this kind."""

    subject: str
    day: date
    kind: str


def entries(incident: Incident) -> tuple[Entry, ...]:
    """What the incident counts for as it is known now, in one order whatever order its sides stand in."""
    event = incident.event
    if incident.retracted or not event.escalates:
        return ()
    day = day_of(incident)
    type_, level = str(event.event_type), event.hostility
    found = {
        Entry(subject, day, str(DeedKind(type_, direction, level)))
        for subject, direction in (*_country(event), *_pairs(event))
    }
    return tuple(sorted(found))


def subjects_of(event: Event) -> tuple[str, ...]:
    """The ladders that an event of such sides and place stands on."""
    return tuple(sorted({subject for subject, _ in (*_country(event), *_pairs(event))}))


def subjects_told(coding: Coding) -> tuple[str, ...]:
    """The ladders of all that an article tells of that escalates."""
    return tuple(sorted({each for event in coding.events if event.escalates for each in subjects_of(event)}))


def day_of(incident: Incident) -> date:
    """The event's day; where only its week or month is known, or none, that of its first report.

    Never later than that: at noon of its place it may be tomorrow in UTC.
    """
    event = incident.event
    told = min((r.published_at for r in incident.reports), default=incident.opened_at).date()
    known = event.occurred_on if event.date_precision in (None, _EXACT) else None
    return min(known, told) if known else told


def pair_of(one: str, other: str) -> str:
    """The subject of two sides, the same whichever is named first."""
    return BETWEEN.join(sorted((one, other)))


def main_pair(event: Event) -> str:
    """The pair of the sides named first; empty where one of them has no name."""
    pairs = [(actor, other) for actor, other in product(_keys(event.actors), _keys(event.recipients))]
    return next((pair_of(actor, other) for actor, other in pairs if actor != other), "")


def without(ladder: Ladder, own: Iterable[Entry]) -> Ladder:
    """The ladder as it would be without these entries, which it may hold or not."""
    days = dict(ladder.days)
    for entry in own:
        if entry.subject == ladder.subject and (number := days.get(entry.day, {}).get(entry.kind)):
            kinds = {**days[entry.day], entry.kind: number - 1}
            days[entry.day] = {kind: count for kind, count in kinds.items() if count > 0}
    return ladder.model_copy(update={"days": days})


def _country(event: Event) -> tuple[tuple[str, str], ...]:
    return ((event.place.country, "-"),) if event.place and event.place.country else ()


def _pairs(event: Event) -> tuple[tuple[str, str], ...]:
    """Each pair with its direction: who of the two acted."""
    both = product(_keys(event.actors), _keys(event.recipients))
    return tuple(
        (pair_of(actor, other), ">" if actor < other else "<") for actor, other in both if actor != other
    )


def _keys(actors: Iterable[Actor]) -> list[str]:
    """The sides that have a name, each once, in the order in which they are named."""
    keys = (key_of(actor) for actor in actors)
    return list(dict.fromkeys(key.replace(BETWEEN, "/") for key in keys if key))
