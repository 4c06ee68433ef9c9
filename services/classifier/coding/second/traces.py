"""A silent article in which no pattern finds a deed in, the deed that its arms and its dead speak of out.

*The last of the 18 victims of Saturday's bomb*, *hurt when an unmanned boat rammed their tug on the 14th*:
who only looks back names no deed, but what did the harm, or whom it met, with the day in the same sentence.
"""

from datetime import date

from services.classifier.coding.lexicon import Weapon, word_class
from services.classifier.coding.second.case import Case
from services.classifier.coding.second.lately import HARM, LEAD, has_old_year, is_fresh, is_of_week
from services.classifier.coding.text.reading import Draft, Frame, Reading, Span

TRACED = 0.4
"""The strength of a deed of which only traces are told: less than the weakest of the rules' own."""
_DEADLY = word_class("traces.deadly")
_DOERS = word_class("traces.doers")


def trace(case: Case, published: date) -> Draft | None:
    """The draft of a deed of the last two weeks that left its arms or its dead in a sentence, or None."""
    soldiers = any(m.armed for reading in case.readings[:LEAD] for m in reading.mentions)
    for reading in case.readings[:LEAD]:
        if not _is_dated(reading, published):
            continue
        found = _arms(reading) or _dead(reading, soldiers)
        if found is not None:
            return _draft(reading, *found)
    return None


def _is_dated(reading: Reading, published: date) -> bool:
    """Whether a day of the last two weeks stands in the sentence, and no year gone by."""
    if has_old_year(reading.sentence, published):
        return False
    return any(is_fresh(when, published) for when in reading.whens) or is_of_week(reading.sentence)


def _arms(reading: Reading) -> tuple[int, int, str] | None:
    """What did harm here, as first and last word and mode: an arm or who bore it."""
    norms = reading.sentence.norms
    if HARM.isdisjoint(norms) and not reading.tolls:
        return None
    for first, span, weapon in reading.weapons:
        return first, first + _length(span, reading), _mode(weapon)
    doer = next((index for index, norm in enumerate(norms) if norm in _DOERS), None)
    return (
        None
        if doer is None
        else (doer, doer + 1, "suicide-attack" if norms[doer] == "bomber" else "firearms")
    )


def _dead(reading: Reading, soldiers: bool) -> tuple[int, int, str] | None:
    """Who was killed that day, where the report speaks of men under arms."""
    if not soldiers:
        return None
    norms = reading.sentence.norms
    killed = next((index for index, norm in enumerate(norms) if norm in _DEADLY), None)
    return None if killed is None else (killed, killed + 1, "other")


def _draft(reading: Reading, first: int, last: int, mode: str) -> Draft:
    span = reading.sentence.span(first, last)
    frame = Frame(
        reading.sentence,
        first,
        last,
        "ASSAULT",
        mode,
        TRACED,
        False,
        frozenset(),
        span,
        why="told by its traces",
    )
    frame.actors = [m for m in reading.mentions if m.armed and first - 1 <= m.last <= first + 1]
    frame.recipients = [
        toll.victims
        for toll in reading.tolls
        if toll.victims is not None and toll.victims not in frame.actors
    ]
    draft = Draft([frame], "ASSAULT", mode, "actual", TRACED)
    draft.actors, draft.recipients = list(frame.actors), list(frame.recipients)
    return draft


def _mode(weapon: Weapon) -> str:
    return weapon.mode or "other"


def _length(span: Span, reading: Reading) -> int:
    return sum(span.start <= word.start < span.end for word in reading.sentence.words)
