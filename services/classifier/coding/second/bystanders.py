"""A side and its sentences in, out whether it only stands by: speaks, counts, is hit, or owns the ground.

*Kabul police gave the number of dead*, *Sudan: four dead in drone attack*, *a blast in the Afghan capital*:
the reader is drawn to the one name that a report of a blow by unknown hands has.
"""

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.deeds.sides import JUDGING
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Mention, Sentence

_SPEAKING = (
    word_class("whichday.speaking")
    | word_class("saying.next")
    | word_class("saying.telling")
    | word_class("bystanders.speaking")
    | JUDGING
)
_OWN = frozenset({"it", "its", "they", "their", "we", "our", "he", "his"})
"""Words by which a speaker goes on to tell its own deeds: *Israel said it had struck*."""
_GROUND = word_class("actors.place_nouns") | word_class("bystanders.ground")
_LAND = ("state", "people", "capital")
_TO_VERB, _TELLS = 4, 14
"""Words from a speaker to its verb, and from there to what it tells of itself."""
_BREAKS = frozenset({",", ";", ":", ".", "and", "that", "which", "who"})


def stands_by(mention: Mention, reading: Reading) -> bool:
    """Whether a side does nothing in this sentence; what acts in any deed there does not stand by."""
    if any(mention is one for frame in reading.frames for one in frame.actors):
        return False
    hit = any(mention is one for frame in reading.frames for one in frame.recipients)
    hurt = any(mention is toll.victims for toll in reading.tolls)
    sentence = reading.sentence
    return (
        hit
        or hurt
        or _is_topic(mention, sentence)
        or _is_ground(mention, reading)
        or _speaks(mention, sentence)
    )


def _is_topic(mention: Mention, sentence: Sentence) -> bool:
    """*Sudan: four dead in drone attack*: of which land a headline tells."""
    heads = sentence.number == 0 and mention.first == 0 and mention.kind in _LAND
    return heads and sentence.norms[mention.last : mention.last + 1] == (":",)


def _is_ground(mention: Mention, reading: Reading) -> bool:
    """*The Afghan capital*, *Pakistan's Balochistan province*: whose ground it is."""
    sentence = reading.sentence
    owns = mention.adjective or sentence.words[mention.last - 1].possessive
    if not owns or mention.kind not in _LAND:
        return False
    following = sentence.norms[mention.last : mention.last + 2]
    return bool(_GROUND & set(following)) or any(place.first == mention.last for place in reading.located)


def _speaks(mention: Mention, sentence: Sentence) -> bool:
    """*Police said ...*, *according to the ministry*, *..., said the governor*, without a deed of its own."""
    norms = sentence.norms
    if {"according"} & set(norms[max(0, mention.first - 3) : mention.first]):
        return True
    begins = mention.first - 1 if norms[mention.first - 1] in ("a", "an", "the") else mention.first
    closed = norms[mention.last : mention.last + 1] in ((), (",",), (".",), (";",))
    if closed and norms[max(0, begins - 2) : begins] in ((",", "said"), (",", "says")):
        return True
    for index in range(mention.last, min(mention.last + _TO_VERB, len(norms))):
        if norms[index] in _SPEAKING:
            return not _OWN & set(norms[index + 1 : index + 1 + _TELLS])
        if norms[index] in _BREAKS:
            return False
    return False
