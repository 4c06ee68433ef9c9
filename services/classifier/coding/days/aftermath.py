"""A day of a sentence in, out whether it is the day of what followed the deed.

*The four were buried on Sunday*, *led a ceremony on Thursday*, *rubble was cleared by Friday*: the dead are
mourned and the ground is cleared on another day than that of the deed.
"""

from collections.abc import Collection

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence, When

_FOLLOWING = word_class("aftermath.following")
"""Words for what is done once a deed is over: *buried*, *funeral*, *rubble*."""
_STOPS = frozenset(
    {",", ";", ":", ".", "when", "after", "who", "whom", "which", "since", "while", "where", "and"}
)
_REACH = 10
"""Words between what followed and its day: *buried side by side in the village of Nasir on Sunday*."""


def follows(sentence: Sentence, when: When, deeds: Collection[int]) -> bool:
    """Whether a day stands in its own clause with what followed a deed; ``deeds`` are where deeds stand."""
    norms = sentence.norms
    if sentence.words[when.last - 1].possessive:
        return False
    for index in range(when.first - 1, max(-1, when.first - 1 - _REACH), -1):
        if norms[index] in _FOLLOWING:
            return True
        if norms[index] in _STOPS or index in deeds:
            break
    return any(word in _FOLLOWING for word in norms[when.last : when.last + 2])
