"""Where a deed happened whose own sentence does not say: the place that the sentence beside it names."""

from collections.abc import Sequence

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Located

_VENUE = word_class("gather.venue")
_BEFORE = 4
"""Words before a place in which a meeting makes it a venue, not a scene."""


def told_elsewhere(draft: Draft, readings: Sequence[Reading]) -> Located | None:
    """The place in the sentence before or after (*Flames rose over X*), towns before lands; never a sea."""
    numbers = {frame.sentence.number for frame in draft.frames}
    near = [r for r in readings if any(abs(r.sentence.number - number) == 1 for number in numbers)]
    found = [
        (item.rank, index, item)
        for index, reading in enumerate(near)
        if not any(frame.status == "historical" for frame in reading.frames)
        for item in reading.located
        if item.rank < 3 and not _is_elsewhere(reading, item)
    ]
    return min(found, key=lambda each: each[:2])[2] if found else None


def _is_elsewhere(reading: Reading, item: Located) -> bool:
    """Whether a government speaks there, or people meet there."""
    speaks = any(m.kind == "capital" and m.first <= item.first < m.last for m in reading.mentions)
    return speaks or bool(_VENUE & set(reading.sentence.norms[max(0, item.first - _BEFORE) : item.first]))
