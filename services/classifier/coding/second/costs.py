"""At what cost: each number is a candidate for the killed or the injured, and a vote says which is.

Two tolls may be two sides' or two places', and the cost their sum (*five policemen were killed; fifteen
attackers died in the fight*), or the same people counted twice: so their sum is a candidate beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from services.classifier.coding.events.costs import arms
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.second.case import Hearing
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Toll
from services.classifier.voting import Features, Vote, odds
from shared.contracts import Count

STATED = 0.35
"""Least share of a number that is meant; below it the field is not stated."""
FIELDS = ("killed", "injured")
_MORE = word_class("costs.more")
"""Words of a sentence that adds to what was told: *also*, *another*, *two more*."""
_MOST_PARTS = 4
"""Tolls of one field, of which pairs are added up."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number with its sentence; ``parts`` are the two tolls whose sum it is, with theirs."""

    number: int
    toll: Toll
    parts: tuple[tuple[int, Toll], ...] = ()


def candidates(field: str, hearing: Hearing) -> list[Candidate]:
    """What may be the killed or injured: tolls and bare numbers that the model read, and sums."""
    single = [Candidate(number, toll) for number, toll in _read(hearing)]
    known = {id(each.toll) for each in single}
    sums = [toll for toll in hearing.draft.tolls if id(toll) not in known]
    single += [Candidate(_sentence_of(toll, hearing), toll) for toll in sums]
    counts = {_bounds(each.toll) for each in single if each.toll.field == field}
    return single + [each for each in _sums(field, hearing) if _bounds(each.toll) not in counts]


def _read(hearing: Hearing) -> Iterator[tuple[int, Toll]]:
    for reading in hearing.readings:
        number = reading.sentence.number
        if (number, 0) not in hearing.opinion.roles:
            continue
        yield from ((number, toll) for toll in reading.tolls)
        for counted in numbers_in(reading.sentence):
            if not any(toll.first <= counted.first < toll.last for toll in reading.tolls):
                span = reading.sentence.span(counted.first, counted.last)
                yield number, Toll("", counted.count, span, counted.first, counted.last)


def _sentence_of(toll: Toll, hearing: Hearing) -> int:
    sentences = (reading.sentence for reading in hearing.readings)
    return next((s.number for s in sentences if s.start <= toll.span.start < s.end), -1)


def _sums(field: str, hearing: Hearing) -> Iterator[Candidate]:
    """The sums of two tolls of a field that are not one number told twice."""
    told: dict[tuple[int, int], tuple[int, Toll]] = {}
    for number, toll in _read(hearing):
        if toll.field == field and toll.count.low and not toll.rising:
            told.setdefault(_bounds(toll), (number, toll))
    for one, other in combinations(list(told.values())[:_MOST_PARTS], 2):
        total = Count(low=one[1].count.low + other[1].count.low, high=one[1].count.high + other[1].count.high)
        yield Candidate(one[0], replace(one[1], count=total), (one, other))


def _bounds(toll: Toll) -> tuple[int, int]:
    return toll.count.low, toll.count.high


def toll_features(field: str, candidate: Candidate, hearing: Hearing) -> Features:
    """What speaks for a number as the event's ``killed`` or ``injured``."""
    if candidate.parts:
        return _sum_features(field, candidate, hearing)
    number, toll = candidate.number, candidate.toll
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
        "no news": float(_is_old(number, toll, hearing)),
        "has a foe": float(any(_are_foes(toll, each) for each in _of(field, hearing))),
    }


def _sum_features(field: str, candidate: Candidate, hearing: Hearing) -> Features:
    (first, one), (second, other) = candidate.parts
    said = [hearing.said(field, number, toll.first, toll.last) for number, toll in candidate.parts]
    words = set(hearing.readings[second].sentence.norms)
    return {
        "sum": 1.0,
        "sum said": min(map(odds, said)),
        "sum of foes": float(_are_foes(one, other)),
        "sum in a sentence": float(first == second),
        "sum with the title": float(first == 0 and second != 0),
        "sum with more": float(bool(words & _MORE)),
        "sum of a greater": float(other.count.low > one.count.low),
        "sum of two places": float(_lie_apart(candidate, hearing)),
        "sum of what is no news": float(_is_old(first, one, hearing) or _is_old(second, other, hearing)),
        "sum of another event": float(any(each is other for d in hearing.others for each in d.tolls)),
    }


def _of(field: str, hearing: Hearing) -> list[Toll]:
    return [toll for _, toll in _read(hearing) if toll.field == field]


def _are_foes(one: Toll, other: Toll) -> bool:
    return one.field == other.field and {arms(one), arms(other)} == {"armed", "other"}


def _is_old(number: int, toll: Toll, hearing: Hearing) -> bool:
    """Whether the deed that the toll counts is background: *shot the man who killed two on Friday*."""
    frames = hearing.readings[number].frames if number >= 0 else []
    own = [frame for frame in frames if frame.first <= toll.cue < frame.last]
    return any(frame.background or frame.hangs_on is not None or frame.status != "actual" for frame in own)


def _lie_apart(candidate: Candidate, hearing: Hearing) -> bool:
    """Whether each part has a place of its own: *six in Rafah and seven in Gaza City*."""
    (first, one), (second, other) = candidate.parts
    places = [
        {located.place.name for located in hearing.readings[number].located if located.rank < 2}
        for number in (first, second)
    ]
    if first == second:
        apart = [located for located in hearing.readings[first].located if located.rank < 2]
        places = [
            {each.place.name for each in apart if one.first < each.first < other.first},
            {each.place.name for each in apart if each.first > other.first},
        ]
    return bool(places[0]) and bool(places[1]) and not places[0] & places[1]


def best_toll(field: str, vote: Vote, hearing: Hearing) -> Toll | None:
    """The number that is meant, as a toll of that field; None where it is not stated."""
    shares = [
        (vote.share(toll_features(field, each, hearing)), each.toll) for each in candidates(field, hearing)
    ]
    share, toll = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if toll is None or share < STATED:
        return None
    return toll if toll.field == field else replace(toll, field=field)
