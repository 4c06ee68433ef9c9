"""A sentence and the day of publication in, the day out that a mere hour of it stands for.

*At noon*, *about 6.20 pm*, *in the morning*: who reads of an hour without a day takes it for today's. It says
less than any day that is named or pointed at, so it is asked for only where a deed has none.
"""

from datetime import date

from services.classifier.coding.days.pointed import when_at
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence, When

_HOURS = word_class("clocks.hours")
"""Words for an hour that stand alone: *noon*, *sunrise*."""
_PARTS = word_class("clocks.parts")
"""Parts of a day, of today only where they are told as one: *in the morning*, *this evening*."""
_BEFORE_HOURS = word_class("clocks.before")
_MERIDIEM = frozenset({"am", "pm", "utc", "gmt", "hrs"})
_OTHERWISE = frozenset({"every", "each", "daily", "from", "until", "till", "by"})
"""Words by which an hour is no deed's: *every day at noon*, *a curfew from 6 pm*."""


def clock_in(sentence: Sentence, published: date) -> When | None:
    """The day of publication, at the first hour that a sentence tells of something done."""
    norms = sentence.norms
    for index in range(1, len(norms)):
        norm = norms[index]
        if norm in _HOURS:
            first = index - 1
            told = norms[first] in _BEFORE_HOURS
        elif norm in _PARTS:
            first = max(0, index - 2)
            told = norms[first:index] == ("in", "the") or norms[index - 1] in ("this", "early")
            # "The morning's shelling", as against "the morning was calm".
            told = told or (norms[index - 1] == "the" and sentence.words[index].possessive)
        elif norm in _MERIDIEM:
            first = _digits(sentence, index)
            told = first < index
        else:
            continue
        if told and not _OTHERWISE & set(norms[max(0, first - 3) : first + 1]):
            return when_at(sentence, first, index + 1, published, 1, False)
    return None


def _digits(sentence: Sentence, index: int) -> int:
    """Where the figures before a word begin: *6:20 pm*."""
    first = index
    while first and (sentence.norms[first - 1].isdigit() or sentence.norms[first - 1] == ":"):
        first -= 1
    return first
