"""Where it happened: every land that the text names is a candidate, and the finest likely place within it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.second.case import Hearing
from services.classifier.coding.text.reading import Draft, Located, Mention
from services.classifier.voting import Features, Vote, odds

_AT = ("in", "near", "at", "on", "around", "outside", "inside", "across", "off")
_WAYS = frozenset({"to", "towards", "toward", "from"})
_ON_OTHERS = frozenset(
    {"sanction", "suspend-aid", "break-relations", "recall", "cyber", "blockade", "border-violation"}
)
"""Measures that lie in the land of the one against whom they are taken (CODEBOOK §9)."""
_AT_HOME = frozenset({"expel", "withdraw", "weapons-test", "alert", "exercise", "nuclear"})
"""Measures that are taken at home, whatever land they point at."""


@dataclass(slots=True)
class Land:
    """A country with the places and the sides that name it, each with the number of its sentence."""

    code: str | None
    places: list[tuple[int, Located]] = field(default_factory=list)
    sides: list[tuple[int, Mention]] = field(default_factory=list)


def lands(hearing: Hearing) -> list[Land]:
    """The countries that an article names by a place or a side, first those with a place."""
    found: dict[str | None, Land] = {}
    for number, located in hearing.located:
        code = located.place.country
        if code is not None or located.rank == 3:
            found.setdefault(code, Land(code)).places.append((number, located))
    for reading in hearing.readings:
        number = reading.sentence.number
        for mention in reading.mentions:
            code = mention.actor.country
            if code is not None:
                found.setdefault(code, Land(code)).sides.append((number, mention))
    return list(found.values())


def land_features(land: Land, hearing: Hearing) -> Features:
    """What speaks for a country as the scene."""
    told, context = hearing.told, hearing.case.context
    fine = [(number, located) for number, located in land.places if located.rank < 2]
    group = _group(hearing.draft)
    said = odds(max((_said(n, p, hearing) for n, p in land.places), default=0.0))
    elsewhere = {draft.located.place.country for draft in hearing.others if draft.located}
    most = max(context.values(), default=1) or 1
    ruled = float(land.code == hearing.ruled_land)
    return {
        "place said": said,
        f"place said of a {group}": said,
        "has place": float(bool(land.places)),
        "has town": float(bool(fine)),
        "town told here": float(any(number in told for number, _ in fine)),
        "place told here": float(any(number in told for number, _ in land.places)),
        "town at": float(any(_at(hearing.readings, number, located) for number, located in fine)),
        "rules": ruled,
        f"rules in a {group}": ruled,
        "rules of several": ruled * bool(hearing.others),
        "of another event": float(land.code in elsewhere),
        f"acts in a {group}": odds(_role("actor", land, hearing)),
        f"suffers a {group}": odds(_role("recipient", land, hearing)),
        "often": math.log(1 + context.get(land.code or "", 0)) - math.log(1 + most),
        "first": float(min((n for n, _ in [*land.places, *land.sides]), default=9) == 0),
        "only on the way": float(_is_passed(land, hearing)),
        "no land": float(land.code is None),
    }


def _group(draft: Draft) -> str:
    """Deeds whose sides tell alike where they happened: a blow, a measure against others, one at home."""
    if draft.event_type in ("ASSAULT", "PROTEST"):
        return "blow"
    if draft.event_type == "THREATEN" or draft.mode in _ON_OTHERS:
        return "measure abroad"
    return "measure at home" if draft.mode in _AT_HOME else "measure"


def place_features(number: int, located: Located, hearing: Hearing) -> Features:
    """What speaks for one place among those of the chosen country."""
    read = (number, located.first) in hearing.opinion.roles
    ruled = float(hearing.draft.located is located)
    return {
        "said": odds(_said(number, located, hearing) if read else None),
        "rules": ruled,
        "rules of a strong deed": ruled * hearing.draft.strength,
        "rules of several": ruled * bool(hearing.others),
        "of another event": float(any(draft.located is located for draft in hearing.others)),
        "told here": float(number in hearing.told),
        "town": float(located.rank == 0),
        "region": float(located.rank == 1),
        "country": float(located.rank == 2),
        "sea": float(located.rank == 3),
        "hint": float(any(located is hint for _, hint in hearing.hints)),
        "at": float(_at(hearing.readings, number, located)),
        "on the way": float(_on_the_way(hearing.readings, number, located)),
        "capital": float(_speaks(hearing.readings, number, located)),
        "in title": float(number == 0),
        "deep": min(number, 8) / 8,
    }


def best_land(vote: Vote, hearing: Hearing) -> Land | None:
    """The likeliest country; None where the text names none."""
    named = lands(hearing)
    return max(named, key=lambda land: vote.share(land_features(land, hearing)), default=None)


def best_place(vote: Vote, land: Land, hearing: Hearing) -> Located | None:
    """The likeliest place of a country; None where only sides name it."""
    if not land.places:
        return None
    return max(land.places, key=lambda pair: vote.share(place_features(pair[0], pair[1], hearing)))[1]


def _said(number: int, located: Located, hearing: Hearing) -> float:
    return hearing.said("place", number, located.first, located.last) or 0.0


def _role(role: str, land: Land, hearing: Hearing) -> float:
    return max((hearing.said(role, n, m.first, m.last) or 0.0 for n, m in land.sides), default=0.0)


def _at(readings: Sequence[Reading], number: int, located: Located) -> bool:
    norms = readings[number].sentence.norms
    return bool(set(norms[max(0, located.first - 2) : located.first]) & set(_AT))


def _is_passed(land: Land, hearing: Hearing) -> bool:
    """Whether something only went there or came from there, and another land has a place where it was."""
    stays = {
        code
        for number, located in hearing.located
        for code in [located.place.country]
        if not _on_the_way(hearing.readings, number, located)
    }
    return bool(land.places) and bool(stays) and land.code not in stays


def _on_the_way(readings: Sequence[Reading], number: int, located: Located) -> bool:
    """*Took it to Bandar Abbas*, *launched from Yemen*: where something went or came from."""
    norms = readings[number].sentence.norms
    return bool(set(norms[max(0, located.first - 1) : located.first]) & _WAYS)


def _speaks(readings: Sequence[Reading], number: int, located: Located) -> bool:
    """Whether the place is a capital that may stand for its government."""
    return any(m.kind == "capital" and m.first <= located.first < m.last for m in readings[number].mentions)
