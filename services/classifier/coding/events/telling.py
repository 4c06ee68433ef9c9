"""An event in, the words that tell it out.

What stands behind *in retaliation for* or *days after* is another deed's, and so is what stands beyond a
semicolon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Reading, Sentence

_THEN = word_class("rulings.then")
_ANSWER = word_class("rulings.answer")
_OF_OTHERS = word_class("rulings.of_others")


@dataclass(frozen=True, slots=True)
class Told:
    """What may be asked of an event: the event so far, and the words of the clauses that tell it."""

    draft: Draft
    mode: str | None
    """As it was found."""
    words: frozenset[str]

    def has(self, *classes: frozenset[str]) -> bool:
        """Whether a word of each of these classes is told."""
        return all(not self.words.isdisjoint(each) for each in classes)

    def cost(self, field: str) -> int:
        """The highest toll of this kind that is counted with the event; 0 where none is."""
        return max((toll.count.high for toll in self.draft.tolls if toll.field == field), default=0)


def told_of(draft: Draft, mode: str | None, readings: Sequence[Reading]) -> Told:
    """The words of the clauses that tell an event; a title's event is told by the lead as well."""
    news = [f for f in draft.frames if not (f.background or f.cause or _only_answers(f))]
    own: dict[int, list[Frame]] = {}
    for frame in news or draft.frames:
        own.setdefault(frame.sentence.number, []).append(frame)
    if news and min(own) <= 1:
        own = {0: [], 1: []} | own
    words: set[str] = set()
    for reading in readings[: max(own) + 1]:
        if reading.sentence.number in own:
            words.update(_clause(reading.sentence, own[reading.sentence.number]))
    return Told(draft, mode, frozenset(words))


def _clause(sentence: Sentence, frames: Sequence[Frame]) -> Sequence[str]:
    """A sentence without what it says that the deed answers or comes after."""
    norms = sentence.norms
    first = min((f.first for f in frames), default=0)
    last = max((f.last for f in frames), default=1)
    begin, end = 0, len(norms)
    for index, word in enumerate(norms):
        if word == ";":
            if index >= first:
                end = index
                break
            begin = index
        elif word in _THEN or (word in _ANSWER and norms[index + 1 : index + 2] in (("to",), ("for",))):
            # "Killed after police fired" is one deed; what stands behind "in retaliation for" is another.
            if index >= (first if word in _ANSWER else last):
                end = index
                break
            # "In response to A, B" tells B behind the comma; of "B in response to A", A is asked for.
            begin = next((at for at in range(index, first) if norms[at] == ","), index)
    # "Destroyed a drone workshop", "air defences worked": what is named so brought nobody's death.
    return [word for word, after in pairwise((*norms[begin:end], "")) if after not in _OF_OTHERS]


def _only_answers(frame: Frame) -> bool:
    """Whether a deed is no more than *retaliation for* another."""
    return frame.sentence.norms[frame.first] in _ANSWER
