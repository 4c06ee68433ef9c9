"""A headline in capitals in, its words as a sentence would print them out.

*TURKISH JETS POUND CAMP IN GARA* and *Turkish Jets Pound Camp in Gara* tell no more by their capitals than
that they are headlines: words of the language are read small again, names and short forms keep theirs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from services.classifier.coding.lexicon import load, word_class
from services.classifier.coding.text.reading import Word

_FEWEST = 4
"""Words of the shortest line whose capitals can be called a habit."""
_SHARE = 0.8
"""How many of its longer words a headline in capitals begins with one."""
_LONG = 4
"""Letters of a word that a headline in title case gives a capital."""
_LONGEST_SHORT_FORM = 5
"""Letters of the longest unknown short form (*BRP*, *NSAG*)."""
_VOWELS = frozenset("aeiouy")


def spoken(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words with the capitals that a sentence would give them; the same words where it is one already."""
    telling = [word for word in words if word.text.isalpha() and len(word.text) >= _LONG]
    if len(telling) < _FEWEST or sum(word.capital for word in telling) < _SHARE * len(telling):
        return words
    shouted = sum(word.text.isupper() for word in telling) >= _SHARE * len(telling)
    names = dict(_names(words, shouted))
    return tuple(
        replace(word, text=names.get(index) or _printed(word, shouted)) for index, word in enumerate(words)
    )


def _names(words: Sequence[Word], shouted: bool) -> Iterator[tuple[int, str]]:
    """The words of names that the lexicon knows, as names are printed."""
    lexicon = load()
    norms = tuple(word.norm for word in words)
    position = 0
    while position < len(words):
        length, short = 0, False
        for span, agent in lexicon.agents.at(norms, position):
            if agent.kind != "head" and agent.capitals and (span > 1 or norms[position] not in _plain()):
                length, short = span, agent.capitals == "all"
                break
        for span in (3, 2):
            spot = " ".join(norms[position : position + span])
            if span > length and position + span <= len(words) and spot in lexicon.known_spots:
                length, short = span, False
        for index in range(position, position + length):
            text = words[index].text
            if shouted:
                text = text.upper() if short else text.title() if text.isalpha() else text
            yield index, text
        position += length or 1


def _printed(word: Word, shouted: bool) -> str:
    """One word that stands in no known name."""
    if word.norm in _plain():
        return word.text.lower()
    if not shouted or not word.text.isalpha():
        return word.text
    short = len(word.text) <= _LONGEST_SHORT_FORM and not _VOWELS & set(word.norm)
    return word.text if short else word.text.title()


@cache
def _plain() -> frozenset[str]:
    """Words of the language, as far as the lexicon's own lists have them, and the commonest besides."""
    lexicon = load()
    words = set(word_class("shouting.plain"))
    for rows in lexicon.patterns.values():
        words.update(word for row in rows for element in row.elements for word in element.words)
    words.update(word for phrase, agent in lexicon.agents.all() if agent.kind == "head" for word in phrase)
    for phrase, _ in lexicon.weapons.all():
        words.update(phrase)
    for table in lexicon.cues.values():
        words.update(word for phrase, _ in table.all() for word in phrase)
    named = {
        phrase[0]
        for phrase, agent in lexicon.agents.all()
        if len(phrase) == 1 and agent.kind != "head" and agent.capitals == "first"
    }
    return frozenset(words) - named - word_class("shouting.names")
