"""A land's capital: the town that *the Somali capital* points at, and the name that stands for who rules."""

from collections import Counter

from services.classifier.coding.lexicon import Lexicon, Spot, word_class
from services.classifier.coding.text.reading import Located, Sentence

_WHERE = frozenset(["in", "at", "on", "near", "outside", "across", "inside", "around", "hit", "struck"])
_MONEY = frozenset(
    ["punishment", "crime", "crimes", "murder", "market", "markets", "controls", "flight", "gains"]
)
_TOWN = ("city",)
_SAYS = word_class("places.seat_says") - {"has", "put", "puts"}
_RULES = frozenset(["regime", "government", "authorities", "administration", "junta"])
_FORCES = _RULES | {"forces", "troops", "army", "military", "navy", "ally", "allies", "envoy", "ambassador"}
_AT = frozenset(["in", "at", "near", "on", "outside", "of", "around"])
_CLEAR = 2
"""How many times as often the text must speak of a land as of the next, for *the capital* to be its own."""


def capital_at(
    sentence: Sentence, position: int, context: Counter[str], lexicon: Lexicon
) -> tuple[int, Spot] | None:
    """The first word and the town of the phrase whose *capital* stands at ``position``, if one is meant.

    A capital whose name follows is left to its name; *the provincial capital* is a province's.
    """
    norms = sentence.norms
    if norms[position] != "capital" or position == 0:
        return None
    after = position + 1 + (norms[position + 1 : position + 2] == _TOWN)
    if after < len(norms) and (norms[after] in _MONEY or norms[after] == "of" or _is_named(sentence, after)):
        return None
    if norms[position - 1] == "the":
        located = position > 1 and norms[position - 2] in _WHERE
        land, first = _spoken_of(context) if located else None, position - 1
    else:
        land, first = _owner(sentence, position, lexicon)
    spot = lexicon.capitals.get(land or "")
    return (first, spot) if spot else None


def _is_named(sentence: Sentence, after: int) -> bool:
    """*The capital Kyiv*, *the capital, Kyiv*: its name says more."""
    after += sentence.norms[after] == ","
    return after < len(sentence.words) and sentence.words[after].capital and not sentence.title_case


def _owner(sentence: Sentence, position: int, lexicon: Lexicon) -> tuple[str | None, int]:
    """The land whose capital it is: *the Sri Lankan capital*, *Ukraine's capital*."""
    for first in range(max(0, position - 2), position):
        for length, agent in lexicon.agents.at(sentence.norms, first):
            if first + length != position or not sentence.words[first].capital:
                continue
            owner = agent.kind == "state" and sentence.words[position - 1].possessive
            if agent.kind == "people" or owner:
                return agent.country, first
    return None, position


def _spoken_of(context: Counter[str]) -> str | None:
    """The land that the text speaks of far more often than of any other."""
    most = context.most_common(2)
    if not most or (len(most) > 1 and most[0][1] < _CLEAR * most[1][1]):
        return None
    return most[0][0]


def is_government(sentence: Sentence, place: Located, lexicon: Lexicon) -> bool:
    """*Taipei says*, *the Kyiv regime*, *Kyiv's forces*: a capital's name for who rules, no scene."""
    if place.rank != 0 or _AT & set(sentence.norms[max(0, place.first - 1) : place.first]):
        return False
    owner = sentence.words[place.last - 1].possessive
    if not (_FORCES if owner else _RULES | _SAYS) & set(sentence.norms[place.last : place.last + 1]):
        return False
    return any(agent.kind == "capital" for _, agent in lexicon.agents.at(sentence.norms, place.first))
