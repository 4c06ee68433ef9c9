"""At what cost: each number is a candidate for the killed or the injured, and a vote says which is."""

from dataclasses import replace

from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.votes import Features, Vote, odds
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Toll

STATED = 0.4
"""Least share of a number that is meant; below it the field is not stated."""
FIELDS = ("killed", "injured")


def tolls(hearing: Hearing) -> list[tuple[int, Toll]]:
    """Every toll and bare number in what the model read, and the draft's own sums, with their sentences."""
    found: list[tuple[int, Toll]] = []
    for reading in hearing.readings:
        number = reading.sentence.number
        if (number, 0) not in hearing.opinion.roles:
            continue
        found += [(number, toll) for toll in reading.tolls]
        for counted in numbers_in(reading.sentence):
            taken = any(toll.first <= counted.first < toll.last for toll in reading.tolls)
            if not taken:
                span = reading.sentence.span(counted.first, counted.last)
                found.append((number, Toll("", counted.count, span, counted.first, counted.last)))
    read = {id(toll) for _, toll in found}
    for toll in hearing.draft.tolls:
        if id(toll) not in read:
            number = next(
                (
                    r.sentence.number
                    for r in hearing.readings
                    if r.sentence.start <= toll.span.start < r.sentence.end
                ),
                -1,
            )
            found.append((number, toll))
    return found


def toll_features(field: str, number: int, toll: Toll, hearing: Hearing) -> Features:
    """What speaks for a number as the event's ``killed`` or ``injured``."""
    other = "injured" if field == "killed" else "killed"
    mine = any(toll is each for each in hearing.draft.tolls) and toll.field == field
    theirs = any(toll is each for draft in hearing.others for each in draft.tolls)
    return {
        "said": odds(hearing.said(field, number, toll.first, toll.last)),
        "said other": odds(hearing.said(other, number, toll.first, toll.last)),
        "rules": float(mine),
        "rules of several": float(mine and bool(hearing.others)),
        "of another event": float(theirs),
        "reads so": float(toll.field == field),
        "reads otherwise": float(toll.field not in ("", field)),
        "told here": float(number in hearing.told),
        "in title": float(number == 0),
        "none": float(toll.count.high == 0),
    }


def best_toll(field: str, vote: Vote, hearing: Hearing) -> Toll | None:
    """The number that is meant, as a toll of that field; None where it is not stated."""
    shares = [
        (vote.share(toll_features(field, number, toll, hearing)), toll) for number, toll in tolls(hearing)
    ]
    share, toll = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if toll is None or share < STATED:
        return None
    return toll if toll.field == field else replace(toll, field=field)
