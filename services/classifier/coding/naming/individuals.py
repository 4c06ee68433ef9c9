"""One person: *a janitor*, *their driver*, *Taliban leader Akhtar Mansour*, a headline's bare *soldier*."""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.persons import (
    BREAKS,
    MONTHS,
    ONE,
    OWNERS,
    PERSONS,
    PLURALS,
    THINGS,
    Harms,
    Party,
    is_person,
    people_end,
    phrase,
)
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Count, TextPart

_GROUPS = {"couple": 2, "pair": 2, "duo": 2, "trio": 3, "twins": 2}
_ORDINALS = frozenset(
    {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"}
)
_BEFORE_NAMES = frozenset({"and", "that", "when", "as", "while", "after", "of", "by", "but", "or"})
_NAMED = frozenset({"state", "igo", "capital", "organ", "group"})
_OPENS = frozenset({",", ":", ";", "and", "-", "–", "—", "as"})
_TITLES = word_class("individuals.titles")
"""What may stand before the noun of a title: *former prime (minister)*, *senior Hamas (leader)*."""
_LONGEST_TITLE = 6


def single(sentence: Sentence, index: int, mentions: list[Mention], harms: Harms) -> Party | None:
    """*A janitor*, *another*, *their driver*, *the pilot*, a name, or a headline's bare *soldier*."""
    norms = sentence.norms
    norm = norms[index]
    ends = norms[index + 1 : index + 2] in ((",",), (".",), (";",), ())
    if norm in ("he", "she", "him") or (norm == "her" and ends):
        return Party(index, index + 1, ONE, None, True, "pronoun")
    if norm in ("a", "an", "another", "the") or (norm in OWNERS and not ends):
        end = people_end(norms, index + 1, phrase(sentence, index + 1, harms))
        ordinal = norms[index + 1 : index + 2] and norms[index + 1] in _ORDINALS and end == index + 2
        if (ordinal and norm != "the") or (norm == "another" and end == index + 1):
            return Party(index, end, ONE, None, True, "single")
        head = _head(sentence, index + 1, end, mentions)
        if head is None:
            return None
        noun, mention = head
        if noun in _GROUPS:
            count = Count(low=_GROUPS[noun], high=_GROUPS[noun])
            return Party(index, end, count, mention, False, "single")
        if noun in PLURALS or (noun.endswith("s") and noun not in PERSONS):
            return None
        return Party(index, end, ONE, mention, False, "definite" if norm == "the" else "single")
    mention = next((m for m in mentions if m.first == index), None)
    if mention is not None and not mention.adjective and mention.role in ("person", "civil"):
        named = mention.last > mention.head + 1 or not is_person(norms[mention.head])
        named = named and sentence.words[mention.last - 1].capital
        single = norms[mention.head] not in PLURALS and not norms[mention.head].endswith("s")
        if single and (named or mention.role == "person"):
            return Party(index, mention.last, ONE, mention, False, "name" if named else "title")
    return (
        _titled(sentence, index, mentions)
        or person_name(sentence, index, mentions)
        or _headline(sentence, index, mentions, harms)
    )


def _head(
    sentence: Sentence, first: int, end: int, mentions: list[Mention]
) -> tuple[str, Mention | None] | None:
    """The noun for a person in a phrase, before any name that follows it, and who it is."""
    for position in range(end - 1, first - 1, -1):
        norm = sentence.norms[position]
        if sentence.words[position].possessive:
            return None
        mention = next(
            (m for m in mentions if m.first <= position < m.last and not m.adjective and m.role != "thing"),
            None,
        )
        if norm in _GROUPS or norm in PERSONS or (is_person(norm) and not norm.endswith("s")):
            return norm, mention
        if mention is None and not sentence.words[position].capital:
            return None
        if mention is not None:
            named = mention.kind in _NAMED or mention.head < position
            return None if named else (norm, mention)
    return None


def _titled(sentence: Sentence, index: int, mentions: list[Mention]) -> Party | None:
    """*Taliban leader Akhtar Mansour*, *former Prime Minister Lucas Papademos*: a noun, then a name."""
    words, norms = sentence.words, sentence.norms
    if sentence.title_case or not (words[index].capital or norms[index] in _TITLES):
        return None
    for noun in range(index, min(index + _LONGEST_TITLE, len(words) - 1)):
        named = words[noun + 1].capital and words[noun + 1].text[1:2].islower()
        if is_person(norms[noun]) and not norms[noun].endswith("s") and not words[noun].possessive and named:
            end = noun + 1
            while end < len(words) and end - noun < 6 and words[end].capital and not words[end].possessive:
                end += 1
            known = any(noun < m.first < end and m.kind in _NAMED for m in mentions)
            owned = end < len(words) and words[end].possessive
            if known or owned:
                return None
            mention = next(
                (m for m in mentions if m.first < end and m.last > index and not m.adjective), None
            )
            return Party(index, end, ONE, mention, False, "name")
        if words[noun].possessive or not (
            words[noun].capital or norms[noun] in _TITLES or is_person(norms[noun])
        ):
            return None
    return None


def person_name(sentence: Sentence, index: int, mentions: list[Mention]) -> Party | None:
    """Two to five words with capitals that no lexicon knows as a side: a person's name."""
    words = sentence.words
    if not words[index].capital or words[index].norm in BREAKS or sentence.title_case:
        return None
    if index and (words[index].glued or sentence.norms[index - 1] in BREAKS - _BEFORE_NAMES):
        return None
    end = index
    while end < len(words) and end - index < 5 and words[end].capital and words[end].text[1:2].islower():
        end += 1
        if words[end - 1].possessive:
            return None
        if end < len(words) and words[end].glued:
            end += 1
    if sum(not words[i].glued for i in range(index, end)) < 2:
        return None
    if any(m.first < end and m.last > index for m in mentions):
        return None
    if any(words[i].norm in THINGS or words[i].norm in MONTHS for i in range(index, end)):
        return None
    return Party(index, end, ONE, None, False, "name")


def _headline(sentence: Sentence, index: int, mentions: list[Mention], harms: Harms) -> Party | None:
    """*Soldier and schoolgirl die*: in a headline a bare noun is one."""
    if sentence.part is not TextPart.TITLE and not sentence.text.isupper():
        return None
    norms = sentence.norms
    if norms[index] in BREAKS or not norms[index][:1].isalpha():
        return None
    if index and norms[index - 1] not in _OPENS and not harms(index - 1):
        return None
    end = phrase(sentence, index, harms)
    while end > index and not (is_person(norms[end - 1]) or any(m.head == end - 1 for m in mentions)):
        end -= 1
    if end == index or norms[index] == "no":
        return None
    noun = norms[end - 1]
    if noun in PLURALS or noun in THINGS or (noun.endswith("s") and noun not in PERSONS):
        return None
    mention = next((m for m in mentions if m.head == end - 1 and m.first < end), None)
    if not is_person(noun) and (
        mention is None or mention.adjective or mention.role in ("thing", "state") or mention.kind in _NAMED
    ):
        return None
    return Party(index, end, ONE, mention, False, "title")
