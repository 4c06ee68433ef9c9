"""An article's places in, those beside its scene out: where the hurt lie, an earlier deed.

A place is dropped only where the article names a better one, so that a report whose only town is that of a
hospital still says where. ``scenes`` tells places that are never a scene; here it depends on the others.
"""

from collections.abc import Sequence

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Located, Reading, Sentence

_CARE = word_class("asides.care")
"""Houses where the hurt and the dead are brought."""
_CARED = word_class("asides.cared")
"""What is told of those who are brought there: without it, a hospital may be what was hit."""
_BROUGHT = word_class("asides.brought")
_BURIED = word_class("asides.buried")
_BLOWS = word_class("asides.blows")
"""What makes of a house of care a house that was hit: *died in the raid on a clinic in X*."""
_WAYS = frozenset(["to", "toward", "towards", "from"])
_ANSWERS = word_class("asides.answers")
"""Words whose object another deed answers (*in retaliation for the blast in X*)."""
_AVENGES = word_class("asides.avenges")
_OBJECT = frozenset(["to", "for"])
_NO_OBJECT = frozenset(["with", "by", "in", "from", "that", "on", ",", "."])
_TIMES = frozenset(["hours", "hour", "day", "minutes"])
_LATE = 4
"""Words of a sentence before which *days after* opens a look back: what was done then is its news."""
_LOCATIVE = frozenset(["in", "at", "near", "outside", "from"])
_CARE_REACH, _REACH = 10, 5
"""Words before a place in which what befell somebody, and what was done there, is looked for."""
_LEAD = 5
"""Sentences in which a better place is looked for."""
_ANSWER_REACH = 24
"""Words of an earlier deed that is told after *in retaliation for*, at most."""


def scenes_kept(readings: Sequence[Reading]) -> None:
    """Take from each sentence the places that lie beside the scene, as far as a better one is named."""
    marked = [[(item, is_aside(reading.sentence, item)) for item in reading.located] for reading in readings]
    if not any(aside for items in marked for _, aside in items):
        return
    scenes = [
        (reading.sentence.number, item)
        for reading, items in zip(readings[:_LEAD], marked, strict=False)
        for item, aside in items
        if not aside and item.rank < 3 and not _is_passed(reading.sentence, item)
    ]
    for reading, items in zip(readings, marked, strict=True):
        sentence = reading.sentence
        reading.located = [
            item for item, aside in items if not aside or not _has_better(sentence, item, scenes)
        ]


def is_aside(sentence: Sentence, place: Located) -> bool:
    """Whether the sentence names this place for something else than the deed that it may tell."""
    if place.rank > 1:
        return False
    return _is_care(sentence, place) or _is_answered(sentence, place)


def _has_better(sentence: Sentence, item: Located, scenes: Sequence[tuple[int, Located]]) -> bool:
    """A town or region named as a scene, or another land: of its own land it says more than the bare name.

    What was answered is a deed as well: only a place that is told before it, or beside it, is better.
    """
    last = sentence.number if _is_answered(sentence, item) else _LEAD
    return any(
        scene.rank < 2 or (scene.place.country not in (None, item.place.country))
        for number, scene in scenes
        if scene.place.name != item.place.name and number <= last
    )


def _is_passed(sentence: Sentence, place: Located) -> bool:
    """*From Warsaw to Moscow*: a way's ends are no scene that would be better than another."""
    return bool(_WAYS & set(sentence.norms[max(0, place.first - 1) : place.first]))


def _is_care(sentence: Sentence, place: Located) -> bool:
    """*Died in a Raipur hospital*, *taken to a clinic in X*, *buried in X*: where people were brought."""
    norms = sentence.norms
    before = norms[max(0, place.first - _CARE_REACH) : place.first]
    near = before[-_REACH:]
    after = set(norms[place.last : place.last + 2])
    if before[-1:] == ("to",) and _BROUGHT & set(near):
        return True
    if not _LOCATIVE & set(near[-3:]):
        return False
    if _BURIED & set(near) or near[-2:] in (("rest", "in"), ("lie", "in"), ("lies", "in")):
        return True
    if not (_CARE & after or _CARE & set(near)):
        return False
    cared = max((index for index, norm in enumerate(before) if norm in _CARED), default=None)
    return cared is not None and not _BLOWS & set(before[cared:])


def _is_soon(norms: Sequence[str], index: int) -> bool:
    """*Hours* after, *a day* after: what happened first is another deed, told beside this one."""
    return norms[index] in _TIMES or (norms[index] == "days" and index > _LATE)


def _is_answered(sentence: Sentence, place: Located) -> bool:
    """*Hours after a blast in X*, *in retaliation for the raid on X*: the scene of what went before."""
    norms = sentence.norms
    for index in range(place.first - 1, max(0, place.first - _ANSWER_REACH) - 1, -1):
        word = norms[index]
        if word in (",", ";", ".") and norms[index + 1 : index + 2] != ("in",):
            return False
        follows = norms[index + 1]
        if (word in _ANSWERS and follows in _OBJECT) or (word in _AVENGES and follows not in _NO_OBJECT):
            return True
        if word == "after" and index and _is_soon(norms, index - 1):
            return True
    return False
