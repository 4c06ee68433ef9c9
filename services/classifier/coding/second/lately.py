"""A deed told in passing in, out whether its report says that it is of the last two weeks.

A report that only looks back names its deed in a clause of its own: *the shelling of Poonch on Wednesday*,
*three days after the missile*, *since a bomb killed four there*. Its day tells fresh from old better than any
other word.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from services.classifier.coding.days.past import is_past
from services.classifier.coding.days.pointed import counted_back
from services.classifier.coding.deeds.status import date_of
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Frame, Reading, Sentence, When
from shared.contracts import TextPart

RECALLED_FOR = timedelta(days=14)
"""How long ago a deed may lie that a report recalls of an incident."""
LEAD = 6
"""Sentences from the top in which a deed is what the report is about."""
_SINCE_REACH = 7
"""Words between *since* and the deed that it begins with: *since the RSF's last shells*."""
_OWNED_REACH = 2
"""Words between the harm and the day: *killed in Saturday's ...*, *hurt by last week's ...*."""
_FIRST_YEAR = 1900
"""Least number of four digits that is a year and no count."""
_FORCE = word_class("lately.force")
HARM = word_class("traces.harm")
"""What befell people and houses."""
_DAYS = word_class("lately.days")
_LONG = word_class("lately.long")
_WEEKS = frozenset({("this", "week"), ("the", "week")})


def has_harm_and_day(sentences: Sequence[Sentence]) -> bool:
    """Whether a sentence near the top tells force and harm beside a day; cheap, for all that is kept out."""
    return any(
        not any(words.isdisjoint(sentence.norms) for words in (_FORCE, HARM, _DAYS))
        for sentence in sentences[:LEAD]
    )


def is_of_late(reading: Reading, frame: Frame, published: date) -> bool | None:
    """Whether the deed's own day lies within ``RECALLED_FOR``; None where the sentence names none.

    A day beside an old year is that of another thing: *a plaque unveiled on Tuesday for the dead of 1998*.
    """
    if has_old_year(reading.sentence, published):
        return False
    when = counted_back(reading.sentence, frame.first, published) or date_of(frame, reading.whens)
    when = when or next((each for each in reading.whens if _owns(reading.sentence, each, frame)), None)
    if when is not None:
        return is_fresh(when, published)
    return True if is_of_week(reading.sentence) else None


def is_fresh(when: When, published: date) -> bool:
    """Whether a day lies within ``RECALLED_FOR`` before publication, and not after it."""
    return timedelta(0) <= published - when.day <= RECALLED_FOR


def is_of_week(sentence: Sentence) -> bool:
    """*Earlier this week*, *at the start of the week*: of late, though no day is told."""
    return any(pair in _WEEKS for pair in pairwise(sentence.norms))


def is_history(reading: Reading, frame: Frame) -> bool:
    """Whether a deed without a day is told as history; *since a bomb killed four* tells a cause."""
    if frame.status == "historical":
        return True
    return is_past(reading.sentence, frame.first) and not _begins_it(reading.sentence.norms, frame)


def names_old_year(sentences: Sequence[Sentence], published: date) -> bool:
    """Whether title or summary name a year gone by: *the 2023 bombing*, *a veteran of 1971*."""
    return any(
        has_old_year(sentence, published)
        for sentence in sentences[:LEAD]
        if sentence.part is not TextPart.BODY
    )


def has_old_year(sentence: Sentence, published: date) -> bool:
    """Whether a year before that of publication stands in a sentence."""
    return any(
        norm.isdigit() and len(norm) == 4 and _FIRST_YEAR <= int(norm) < published.year
        for norm in sentence.norms
    )


def _owns(sentence: Sentence, when: When, frame: Frame) -> bool:
    """*Killed in Saturday's police action*: the day of the noun that the deed befell them in."""
    return sentence.words[when.last - 1].possessive and 0 <= when.first - frame.last <= _OWNED_REACH


def _begins_it(norms: tuple[str, ...], frame: Frame) -> bool:
    """Whether *since* stands right before the deed, and no long time between."""
    low = max(0, frame.first - _SINCE_REACH)
    head = norms[low : max(frame.first, frame.last - 1)]
    if "since" not in head:
        return False
    between = head[head.index("since") + 1 :]
    return _LONG.isdisjoint(between) and not any(word.isdigit() for word in between)
