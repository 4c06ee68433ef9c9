"""What a phrase that counts people is made of: nouns for persons, where the phrase ends, whom it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Count

THINGS = word_class("people.things")
PERSONS = word_class("people.persons")
PLURALS = word_class("people.plurals")
BREAKS = word_class("people.breaks")
MONTHS = word_class("people.months")
OWNERS = frozenset({"his", "her", "its", "their", "our"})
ONE = Count(low=1, high=1)
_CONDITIONS = word_class("people.conditions")
_NO_PERSONS = word_class("people.no_persons")
_ENDINGS = ("er", "or", "ist", "man", "men", "woman", "women", "eer", "ian", "ee")
_LONGEST = 8
"""Words of a noun phrase after its number; longer ones are read wrongly as often as not."""

Harms = Callable[[int], bool]
"""Whether the word at a position tells harm, and so ends a phrase."""


@dataclass(frozen=True, slots=True)
class Party:
    """People at words ``first`` up to ``last``; ``bare`` when a number stands without a noun.

    ``kind`` is ``number``, ``single`` (*a soldier*), ``definite`` (*the driver*), ``name``, ``pronoun`` or
    ``title`` (a headline's bare noun).
    """

    first: int
    last: int
    count: Count
    mention: Mention | None = None
    bare: bool = False
    kind: str = "number"


def is_person(norm: str) -> bool:
    """Whether a noun names a person or people: one of the list, or built as most such words are."""
    single = norm.removesuffix("s")
    if norm in PERSONS or single in PERSONS:
        return True
    return len(single) > 4 and single.endswith(_ENDINGS) and not {norm, single} & (THINGS | _NO_PERSONS)


def phrase(sentence: Sentence, first: int, harms: Harms) -> int:
    """Where the noun phrase that begins at ``first`` ends."""
    last = first
    norms = sentence.norms
    while last < len(norms) and last - first < _LONGEST:
        norm = norms[last]
        breaks = norm in BREAKS or not norm[:1].isalnum() or (norm.isdigit() and last > first)
        if not sentence.words[last].glued and (breaks or (harms(last) and not _qualifies(sentence, last))):
            break
        last += 1
    return last


def people_end(norms: tuple[str, ...], first: int, end: int) -> int:
    """Where the people end and what they did begins: *four extremists (planning attacks)*."""
    for index in range(first, end - 1):
        doing = norms[index + 1].endswith("ing") and not is_person(norms[index + 1])
        if is_person(norms[index]) and doing:
            return index + 1
    return end


def _qualifies(sentence: Sentence, index: int) -> bool:
    """*Wounded soldiers*, *dead fighters*: the harm word stands before the noun it tells of."""
    after = sentence.norms[index + 1 : index + 2]
    return sentence.norms[index] in _CONDITIONS and bool(after) and is_person(after[0])
