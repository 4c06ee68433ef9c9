"""What a filter may ask of an alert: every field of the language, and where its values stand.

The tables in the documentation, the completion of the command line and the errors of ``filters`` are all
written from ``FIELDS``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.contracts import Actor, Alert, AlertKind, Certainty, Direction, Event, EventType, Status, Tier

Value = str | float
ORDERS = (">=", "<=", ">", "<")
PATTERNS = ("=~", "!~")


class Scale(StrEnum):
    """What a field's values are, and so which operators it takes."""

    TEXT = "text"
    NUMBER = "number"
    LEVEL = "level"


@dataclass(frozen=True)
class Field:
    """One field of the language: where its values stand in an alert, and what may be asked of it."""

    name: str
    scale: Scale
    values: Callable[[Alert], Iterable[Value | None]]
    words: tuple[str, ...] = ()
    """All values that ``=`` may name, lowest first for a level; empty when anything goes."""
    country: bool = False
    """Whether ``=`` takes only what looks like a country code, as a country's name would never match."""
    spot: bool = False
    """Whether it stands on the map, so that ``within_km`` may be asked of it."""

    @property
    def operators(self) -> tuple[str, ...]:
        """What may be asked of it, as it is written."""
        by_scale = {
            Scale.TEXT: (*PATTERNS, "contains", "prefix"),
            Scale.NUMBER: ORDERS,
            Scale.LEVEL: (*PATTERNS, *ORDERS),
        }
        near = ("within_km",) if self.spot else ()
        return ("=", "!=", *by_scale[self.scale], "in", "not_in", "exists", *near)


def _event(read: Callable[[Event], Iterable[Value | None]]) -> Callable[[Alert], Iterable[Value | None]]:
    return lambda alert: read(alert.event) if alert.event is not None else ()


def _names(actors: Iterable[Actor]) -> Iterable[str]:
    for actor in actors:
        yield actor.name
        yield actor.text


def _countries(actors: Iterable[Actor]) -> Iterable[str | None]:
    return (actor.country for actor in actors)


def _toll(name: str) -> Callable[[Alert], Iterable[Value | None]]:
    def read(event: Event) -> Iterable[Value | None]:
        count = getattr(event.casualties, name)
        return () if count is None else (float(count.low), float(count.high))

    return _event(read)


_CERTAINTIES = (Certainty.UNLIKELY, Certainty.POSSIBLE, Certainty.LIKELY, Certainty.OBSERVED)

FIELDS: dict[str, Field] = {
    entry.name: entry
    for entry in (
        Field("kind", Scale.TEXT, lambda a: (str(a.kind),), words=tuple(AlertKind)),
        Field("reason", Scale.TEXT, lambda a: (str(a.reason),)),
        Field("severity", Scale.LEVEL, lambda a: (a.severity.tier,) if a.severity else (), words=tuple(Tier)),
        Field("score", Scale.NUMBER, lambda a: (a.severity.score,) if a.severity else ()),
        Field("type", Scale.TEXT, _event(lambda e: (str(e.event_type),)), words=tuple(EventType)),
        Field("mode", Scale.TEXT, _event(lambda e: (e.mode,))),
        Field("direction", Scale.TEXT, _event(lambda e: (str(e.direction),)), words=tuple(Direction)),
        Field("status", Scale.TEXT, _event(lambda e: (str(e.status),)), words=tuple(Status)),
        Field("country", Scale.TEXT, _event(lambda e: (e.place.country,) if e.place else ()), country=True),
        Field("place", Scale.TEXT, _event(lambda e: (e.place.name,) if e.place else ()), spot=True),
        Field("actor", Scale.TEXT, _event(lambda e: _names(e.actors))),
        Field("actor_country", Scale.TEXT, _event(lambda e: _countries(e.actors)), country=True),
        Field("actor_sector", Scale.TEXT, _event(lambda e: (str(a.sector) for a in e.actors))),
        Field("recipient", Scale.TEXT, _event(lambda e: _names(e.recipients))),
        Field("recipient_country", Scale.TEXT, _event(lambda e: _countries(e.recipients)), country=True),
        Field("recipient_sector", Scale.TEXT, _event(lambda e: (str(a.sector) for a in e.recipients))),
        Field(
            "backed_by",
            Scale.TEXT,
            _event(lambda e: (code for side in (*e.actors, *e.recipients) for code in side.backed_by)),
            country=True,
        ),
        Field("weapon", Scale.TEXT, _event(lambda e: (e.weapon, e.weapon_class))),
        Field("hostility", Scale.NUMBER, _event(lambda e: (float(e.hostility),))),
        Field("certainty", Scale.LEVEL, _event(lambda e: (str(e.certainty),)), words=_CERTAINTIES),
        Field("killed", Scale.NUMBER, _toll("killed")),
        Field("injured", Scale.NUMBER, _toll("injured")),
        Field("missing", Scale.NUMBER, _toll("missing")),
        Field("abducted", Scale.NUMBER, _toll("abducted")),
        Field("arrested", Scale.NUMBER, _toll("arrested")),
        Field("subject", Scale.TEXT, lambda a: (a.trend.subject, *a.trend.names) if a.trend else ()),
        # One outlet a voice is counted, so both are the same number; the older name stays for older filters.
        Field("voices", Scale.NUMBER, lambda a: (float(a.outlets_count),)),
        Field("outlets", Scale.NUMBER, lambda a: (float(a.outlets_count),)),
        Field("outlet", Scale.TEXT, lambda a: (w for s in a.sources for w in (s.outlet, s.name or None))),
        Field("language", Scale.TEXT, lambda a: (a.language or None,)),
        Field("merged_into", Scale.TEXT, lambda a: (a.merged_into,)),
        Field("split_from", Scale.TEXT, lambda a: (a.split_from,)),
    )
}
