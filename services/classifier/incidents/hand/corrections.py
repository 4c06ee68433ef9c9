"""``FIELD=VALUE`` as a person types it in, corrections out; what can't be read says what can be written."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from services.classifier.coding.events.crosswalk import modes_of
from services.classifier.coding.lexicon import Lexicon
from services.classifier.coding.naming import typed
from services.classifier.incidents.fusing import pins
from services.classifier.incidents.fusing.pins import CLAIMS, COSTS, FIELDS, SIDES
from services.classifier.incidents.hand.handwork import Hand
from shared.contracts import Certainty, Correction, Event, EventType
from shared.errors import BadCorrection, BadInput
from shared.printable import one_line

LONGEST = 300
"""Signs of one field's value."""
_NUMBERS = re.compile(r"(?P<low>\d{1,7})(?:\s*[-–]\s*(?P<high>\d{1,7}))?")
_HOW = (
    "killed=12, killed=9-14, injured=none, place=Bamako, place='Tripoli (LBN)', country=MLI, "
    "day=2026-03-02, actor='Hezbollah; Iran', type=ASSAULT, mode=drone, weapon='Shahed drones', "
    "claimed_by=Hezbollah, certainty=possible"
)


def read(
    assignments: Sequence[str], event: Event, hand: Hand, lexicon: Lexicon
) -> tuple[tuple[Correction, ...], tuple[str, ...]]:
    """The corrections of ``event`` and the fields that are given back to the reports (``killed=``).

    Raises ``BadCorrection`` for an unknown field, a value that can't be read, or a field that is named twice.
    """
    given = dict(_parted(assignments))
    if len(given) != len(assignments):
        raise BadCorrection("a field is named twice: write each once")
    freed = tuple(field for field, said in given.items() if not said)
    stands = _stands(given, event)
    corrections = tuple(
        Correction(
            field=field,
            value=_value(field, said, stands, lexicon),
            said=f"{field}={said}",
            by=hand.by,
            at=hand.at,
        )
        for field, said in given.items()
        if said
    )
    return pins.set_anew((), corrections), freed


def _value(field: str, said: str, stands: Event, lexicon: Lexicon) -> Any:
    try:
        return _READ[field](said, field, stands, lexicon)
    except BadCorrection:
        raise
    except BadInput as exc:
        raise BadCorrection(f"{field}: {exc}") from exc


def _parted(assignments: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in assignments:
        field, equals, said = each.partition("=")
        field, said = field.strip(), one_line(said)
        if field not in _READ or not equals:
            raise BadCorrection(
                f"{each!r} corrects nothing: write FIELD=VALUE, such as {_HOW}; "
                f"the fields are {', '.join(FIELDS)}, and FIELD= alone gives one back to the reports"
            )
        if len(said) > LONGEST:
            raise BadCorrection(f"{field} takes at most {LONGEST} signs: shorten it")
        yield field, said


def _stands(given: dict[str, str], event: Event) -> Event:
    """The event by what the other fields of one line say: a mode is its type's, a place its country's."""
    kind = given.get("type", "").upper()
    country = given.get("country", "").upper()
    place = event.place.model_copy(update={"country": country}) if event.place and country else event.place
    return event.model_copy(update={"event_type": kind or event.event_type, "place": place})


def _count(said: str, field: str, *_: Any) -> dict[str, int]:
    found = _NUMBERS.fullmatch("0" if said.casefold() == "none" else said)
    low, high = (int(found["low"]), int(found["high"] or found["low"])) if found else (1, 0)
    if low > high:
        raise BadCorrection(f"{field}={said} is no number: write {field}=12, {field}=9-14 or {field}=none")
    return {"low": low, "high": high}


def _country(said: str, _: str, __: Event, lexicon: Lexicon) -> dict[str, Any]:
    return typed.country_of(said, lexicon).model_dump(mode="json")


def _place(said: str, _: str, event: Event, lexicon: Lexicon) -> dict[str, Any]:
    sides = [side.country for side in event.recipients]
    likely = [event.place.country] if event.place and event.place.country else sides
    found = typed.place_of(said, lexicon, {land for land in likely if land})
    return found.model_dump(mode="json")


def _sides(said: str, field: str, _: Event, lexicon: Lexicon) -> list[dict[str, Any]]:
    names = [name.strip() for name in said.split(";") if name.strip()]
    if not names:
        raise BadCorrection(f"{field}={said} names nobody: write {field}=Hezbollah, several with ; between")
    return [typed.actor_of(name, lexicon).model_dump(mode="json") for name in names]


def _day(said: str, *_: Any) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as exc:
        raise BadCorrection(f"day={said} is no day: write it as 2026-03-02") from exc


def _type(said: str, *_: Any) -> str:
    return _one_of("type", said.upper(), [kind for kind in EventType if modes_of(kind)])


def _mode(said: str, _: str, event: Event, __: Lexicon) -> str:
    return _one_of("mode", said.casefold(), sorted(modes_of(str(event.event_type))))


def _certainty(said: str, *_: Any) -> str:
    return _one_of("certainty", said.casefold(), list(Certainty))


def _one_of(field: str, said: str, words: Sequence[str]) -> str:
    if said not in words:
        raise BadCorrection(f"{field}={said} is unknown: write one of {', '.join(words)}")
    return str(said)


def _names(said: str, field: str, *_: Any) -> str | list[str]:
    names = [name.strip() for name in said.split(";") if name.strip()]
    return names if field == "denied_by" else said


def _words(said: str, *_: Any) -> str:
    return said


_READ: dict[str, Callable[[str, str, Event, Lexicon], Any]] = {
    **dict.fromkeys(COSTS, _count),
    **dict.fromkeys(SIDES, _sides),
    **dict.fromkeys(CLAIMS, _names),
    "country": _country,
    "place": _place,
    "day": _day,
    "type": _type,
    "mode": _mode,
    "weapon": _words,
    "certainty": _certainty,
}
