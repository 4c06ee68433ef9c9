"""A day of a sentence in, out whether the deed at a word may be its deed.

*Tuesday's raid* gives the day to the raid, *since Monday* bounds something and dates nothing, and *hit it in
answer to the raid of Monday* gives the day to what was answered.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence, When

_BOUNDS = frozenset({"since", "until", "by", "from"})
_ISSUES = word_class("whichday.issues")
_ANSWERS = word_class("whose.answers")
"""Words for an answer, before what is answered: *in response to*, *retaliation for*, *symmetrical to*."""
_FIRSTS = word_class("past.firsts")
_TO = frozenset({"to", "for", "of"})
_PAUSES = frozenset({",", ";", ":", ".", "(", ")", "–", "—"})
_OWNED = 4
"""Words between a possessive day and its deed: *Tuesday's twin car bomb attacks*."""
_COUNTED = 6
"""Words between *four days after* and its deed: *the air*, *a Russian missile*."""


def may_date(sentence: Sentence, when: When, deed: int) -> bool:
    """Whether the deed at word ``deed`` may be of this day, as far as the words around the day tell."""
    if when.counted:
        return 0 <= deed - when.last <= _COUNTED and not _PAUSES & set(sentence.norms[when.last : deed])
    if is_possessive(sentence, when):
        return owns(sentence, when, deed)
    return not bounds(sentence, when) and not of_the_answered(sentence, when, deed)


def is_possessive(sentence: Sentence, when: When) -> bool:
    """*Tuesday's*: the day of the noun that follows."""
    return sentence.words[when.last - 1].possessive


def owns(sentence: Sentence, when: When, deed: int) -> bool:
    """Whether a possessive day stands before the deed at word ``deed`` as its own."""
    near = 0 <= deed - when.last <= _OWNED
    if sentence.norms[max(0, when.first - 1) : when.first] == ("since",) and _FIRSTS & set(
        sentence.norms[: when.first]
    ):
        return False  # "the bloodiest day since Monday's blasts": they are what it is measured by
    return near and is_possessive(sentence, when) and not _PAUSES & set(sentence.norms[when.last : deed])


def bounds(sentence: Sentence, when: When) -> bool:
    """*Since Monday*, *as of Saturday*, *Thursday edition*: no day of a deed, as *since Monday's raid* is."""
    norms = sentence.norms
    if norms[when.last : when.last + 1] and norms[when.last] in _ISSUES:
        return True
    if is_possessive(sentence, when):
        return False
    before = norms[max(0, when.first - 2) : when.first]
    return bool(before) and (before[-1] in _BOUNDS or before == ("as", "of"))


def of_the_answered(sentence: Sentence, when: When, deed: int) -> bool:
    """Whether a day stands with what is answered, and the deed at word ``deed`` outside it."""
    norms = sentence.norms
    for index in range(when.first - 1, 0, -1):
        if norms[index] in _PAUSES:
            return False
        if norms[index - 1] in _ANSWERS and norms[index] in _TO:
            return not index < deed < when.last
    return False
