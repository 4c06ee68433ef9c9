"""What is another in one telling of an event than in the next, a phrase each, for a person."""

from collections.abc import Sequence

from services.classifier.incidents.fusing.pins import COSTS
from services.classifier.incidents.telling.wording import number
from shared.contracts import Actor, Count, Event, Place

_NOTHING = "not stated"


def between(before: Event, after: Event) -> tuple[str, ...]:
    """For example ``killed: 30 to 3``, ``place: Mali to Bamako (MLI)``; empty where both tell the same."""
    told = [(each, _count(before, each), _count(after, each)) for each in COSTS]
    told += [
        ("type", _kind(before), _kind(after)),
        ("place", _where(before.place), _where(after.place)),
        ("day", str(before.occurred_on or _NOTHING), str(after.occurred_on or _NOTHING)),
        ("by", _names(before.actors), _names(after.actors)),
        ("whom", _names(before.recipients), _names(after.recipients)),
        ("weapon", before.weapon or _NOTHING, after.weapon or _NOTHING),
        ("claimed by", before.claim.by or _NOTHING, after.claim.by or _NOTHING),
        ("denied by", _listed(before.claim.denied_by), _listed(after.claim.denied_by)),
        ("blamed by", before.claim.attributed_by or _NOTHING, after.claim.attributed_by or _NOTHING),
        ("certainty", str(before.certainty), str(after.certainty)),
    ]
    return tuple(f"{what}: {old} to {new}" for what, old, new in told if old != new)


def _count(event: Event, field: str) -> str:
    count: Count | None = getattr(event.casualties, field)
    return number(count) if count is not None else _NOTHING


def _kind(event: Event) -> str:
    return f"{event.event_type}, {event.mode}" if event.mode else str(event.event_type)


def _where(place: Place | None) -> str:
    if place is None:
        return _NOTHING
    return f"{place.name} ({place.country})" if place.country else place.name


def _names(actors: Sequence[Actor]) -> str:
    return _listed([f"{a.name} ({a.country})" if a.country not in (None, a.name) else a.name for a in actors])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names)) or _NOTHING
