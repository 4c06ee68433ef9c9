"""What a person corrected stands over what the reports say, from then on and in one place."""

from collections.abc import Callable, Sequence
from typing import Any

from services.classifier.coding.events.crosswalk import cameo_of, hostility_of, modes_of
from shared.contracts import ClaimStatus, Correction, Event

COSTS = ("killed", "injured", "missing", "abducted", "arrested")
SIDES = {"actor": "actors", "recipient": "recipients"}
"""A field as it is typed, and what the event calls it."""
CLAIMS = {"claimed_by": "by", "denied_by": "denied_by", "attributed_by": "attributed_by"}
_Told = dict[str, Any]


def stand_over(event: Event, corrections: Sequence[Correction]) -> Event:
    """The event with every correction applied; a field that this release does not know is left alone."""
    if not corrections:
        return event
    told = event.model_dump()
    for correction in corrections:
        if correction.field in _APPLIED:
            _APPLIED[correction.field](told, correction.field, correction.value)
    return Event.model_validate(told)


def set_anew(corrections: Sequence[Correction], newer: Sequence[Correction]) -> tuple[Correction, ...]:
    """The corrections with newer ones among them: the newest of a field stands, in the order of setting."""
    order = {field: number for number, field in enumerate(FIELDS)}
    by_field = {each.field: each for each in sorted((*corrections, *newer), key=lambda each: each.at)}
    # One that only a newer release knows is kept for it.
    return tuple(sorted(by_field.values(), key=lambda each: (each.at, order.get(each.field, len(order)))))


def _cost(told: _Told, field: str, value: Any) -> None:
    told["casualties"][field] = value


def _side(told: _Told, field: str, value: Any) -> None:
    told[SIDES[field]] = value


def _country(told: _Told, _: str, value: Any) -> None:
    # Where the reports know a finer place in that country, it stays.
    if not told["place"] or told["place"]["country"] != value["country"]:
        told["place"] = value


def _day(told: _Told, _: str, value: Any) -> None:
    told.update(occurred_on=value, date_precision=1, date_inferred=False)


def _kind(told: _Told, field: str, value: Any) -> None:
    """Another type or mode may be another rung: what is derived from them follows."""
    told["event_type" if field == "type" else "mode"] = value
    kind = str(told["event_type"])
    if told["mode"] not in modes_of(kind):
        told["mode"] = None
    cameo, goldstein = cameo_of(kind, told["mode"])
    told.update(cameo=cameo, goldstein=goldstein, hostility=hostility_of(kind, told["mode"]))


def _claim(told: _Told, field: str, value: Any) -> None:
    claim = told["claim"]
    claim[CLAIMS[field]] = value
    known = (
        (ClaimStatus.CLAIMED, claim["by"]),
        (ClaimStatus.ATTRIBUTED, claim["attributed_by"]),
        (ClaimStatus.DENIED, claim["denied_by"]),
    )
    claim["status"] = next((status for status, said in known if said), ClaimStatus.UNKNOWN)


def _plain(told: _Told, field: str, value: Any) -> None:
    told[field] = value


_APPLIED: dict[str, Callable[[_Told, str, Any], None]] = {
    **dict.fromkeys(COSTS, _cost),
    "type": _kind,
    "mode": _kind,
    "country": _country,
    "place": _plain,
    "day": _day,
    **dict.fromkeys(SIDES, _side),
    "weapon": _plain,
    **dict.fromkeys(CLAIMS, _claim),
    "certainty": _plain,
}
FIELDS = tuple(_APPLIED)
"""What a person may correct, as it is typed; where several are set at once, in this order."""
