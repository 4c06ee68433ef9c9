"""A day of a sentence in, out whether it is the day on which somebody spoke.

*A local official said Friday*, *police on Sunday put the toll at 14*, *claimed on Saturday an attack*: the
weekday goes with the verb of saying. *Said the strike on Friday killed* gives it to the strike.
"""

from collections.abc import Collection

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence, When

_SAYING = word_class("whichday.speaking")
_SPEAKS_NEXT = _SAYING | word_class("saying.next")
"""Verbs that tell who spoke where they follow the day: *on Friday dismissed it*."""
_PERFORMING = word_class("saying.performing")
"""Verbs by which a state also acts: *on Thursday declared five diplomats personae non gratae*."""
_TELLING = word_class("saying.telling")
"""Verbs that name beside them to whom or of what they speak: *told lawmakers*, *accused the army*."""
_CLAIMING = word_class("saying.claiming")
_WORDS = word_class("saying.words")
"""Nouns for what was said: *in a statement on Friday*, *in a video posted on Tuesday*."""
_WAY = word_class("saying.way")
"""Words that may stand between a verb of saying and its day: *said late on*, *said again by phone*."""
_ASIDE = frozenset({"in", "at", "to", "by", "through", "via", "from", "during"})
"""Words that begin where, how and to whom it was said: *said in Tbilisi on Friday*."""
_AFTER_DAY = frozenset({"night", "evening", "morning", "afternoon", "also", "publicly", "again", "formally"})
_BOUNDS = frozenset({",", ";", ":", ".", "(", ")", "-", "–", "—", '"', "“", "”"})
_LINKS = frozenset({"that", "which", "who", "when", "as", "after", "and", "but", "while", "since", "where"})
_REACH = 7
"""Words between a verb of saying and its day."""


def is_said(sentence: Sentence, when: When, deeds: Collection[int], performed: bool = False) -> bool:
    """Whether a day is that of a word; ``deeds`` are where deeds stand in the sentence.

    ``performed`` says that the deed asked about may itself be done by a word, as a sanction is.
    """
    if sentence.words[when.last - 1].possessive:
        return False
    words = frozenset() if performed else _PERFORMING
    return _said_before(sentence, when, deeds, words) or _speaks_next(sentence, when, deeds, words)


def _said_before(sentence: Sentence, when: When, deeds: Collection[int], performing: frozenset[str]) -> bool:
    norms = sentence.norms
    for index in range(when.first - 1, max(-1, when.first - 2 - _REACH), -1):
        word = norms[index]
        between = norms[index + 1 : when.first]
        if word in _CLAIMING and set(between) <= _WAY | {"responsibility"}:
            return not _tells_a_deed(sentence, index, deeds)
        if word in _WORDS and set(between) <= _WAY:
            return True
        if word in _SAYING or word in performing:
            return not between or word in _TELLING or set(between) <= _WAY or between[0] in _ASIDE
        if word in _BOUNDS or word in _LINKS or index in deeds:
            return False
    return False


def _speaks_next(sentence: Sentence, when: When, deeds: Collection[int], performing: frozenset[str]) -> bool:
    norms = sentence.norms
    index = when.last
    while index < len(norms) and norms[index] in _AFTER_DAY:
        index += 1
    speaks = norms[index : index + 1] and norms[index] in _SPEAKS_NEXT | _CLAIMING | performing
    # "A terminal attacked by drones on Tuesday says": the day of the attack, though somebody speaks next.
    return bool(speaks) and not _tells_a_deed(sentence, when.first, deeds)


def _tells_a_deed(sentence: Sentence, last: int, deeds: Collection[int]) -> bool:
    """Whether a deed stands before a word in its own clause."""
    for index in range(last - 1, -1, -1):
        if index in deeds:
            return True
        if sentence.norms[index] in _BOUNDS:
            return False
    return False
