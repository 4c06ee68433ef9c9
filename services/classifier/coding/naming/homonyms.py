"""A name in, the place that it means out: of all Tripolis and Springfields the likeliest, or none.

The address beside it decides (*Tripoli, Lebanon*; *the Somali town of Garowe*), then the countries that the
article speaks of, then how well a place is known; a name that is also a word or a surname needs more proof.
"""

from collections import Counter
from dataclasses import dataclass

from services.classifier.coding.lexicon import Lexicon, Spot, word_class
from services.classifier.coding.text.reading import Sentence

KINDS = {
    "region": frozenset(
        [
            "province",
            "state",
            "governorate",
            "oblast",
            "region",
            "county",
            "prefecture",
            "division",
            "regency",
            "voivodeship",
            "territory",
            "republic",
            "raion",
            "krai",
            "canton",
            "zone",
        ]
    ),
    "city": frozenset(
        [
            "district",
            "city",
            "town",
            "village",
            "municipality",
            "neighbourhood",
            "neighborhood",
            "suburb",
            "camp",
            "area",
            "airport",
            "base",
            "department",
            "township",
            "commune",
        ]
    ),
}
"""Nouns that say what kind of place a name is."""
COMPASS = word_class("places.regions")
ALL_KINDS = KINDS["region"] | KINDS["city"]
AGREES = (0.0, 2.0, 3.0)
"""What it is worth, beside a place's size, that the article names its country: not, once, more often."""
BESIDE = 4.0
"""What it is worth that the address names its country or a region there."""
LISTED = 2.2
"""What it is worth to be entered by hand: more than one mention of some other place's country."""
SUITS = (-0.5, 1.5)
"""A noun that says *province* or *town* after the name: against another kind of place, for its own."""
WEAK = frozenset(["of", "from", "to", "on", "against"])
"""Words that say where, or whose: *of Mali*, *of Energy* (there is one in Illinois)."""
PLAIN_NAME = 6
"""Letters of the shortest name of a small place that is believed without a word of its country."""
ENGLISH = frozenset(["USA", "GBR", "CAN", "AUS", "NZL", "IRL", "ZAF", "JAM"])
"""Lands whose small places bear the names of English words."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A candidate: does *in*, or only *of*, stand before it; the noun after it; the lands of its address."""

    located: bool
    weak: bool
    kind: str
    beside: frozenset[str | None]


def place_named(
    sentence: Sentence, position: int, end: int, context: Counter[str], located: bool, lexicon: Lexicon
) -> Spot | None:
    """The place that these words mean, by their spelling or, in a country that is spoken of, by their sound.

    ``located`` says that a word such as *in* stands before; without one, only a place entered by hand counts.
    """
    norms, name = sentence.norms, " ".join(sentence.norms[position:end])
    known = lexicon.spots_named(name)
    if not known and not located:
        return None
    kind = norms[end] if end < len(norms) else ""
    asked = _Name(located, _is_weak(norms, position), kind, _beside(sentence, position, end, lexicon))
    spot = _likeliest(known, context, asked)
    if spot and asked.beside and spot.country not in asked.beside and not spot.listed and spot.size < 2:
        spot = None  # its address says that it lies elsewhere: a namesake that no gazetteer has
    sure = spot and (name in lexicon.known_spots or spot.size > 1 or _is_spoken_of(spot, context, asked))
    if sure or not located or not sentence.words[end - 1].capital:
        return spot
    if any(agent.kind != "head" for _, agent in lexicon.agents.at(norms, position)):
        return spot
    return _heard(name, context, asked, lexicon) or spot or _at_war(known, name, asked, lexicon)


def _is_spoken_of(spot: Spot, context: Counter[str], asked: _Name) -> bool:
    return spot.country in asked.beside or context[spot.country or ""] > 0


def _likeliest(spots: list[Spot], context: Counter[str], asked: _Name) -> Spot | None:
    by_hand = {spot.country for spot in spots if spot.listed}

    def worth(spot: Spot) -> float:
        spoken = context[spot.country or ""]
        suits = SUITS[(spot.kind == "region") == (asked.kind in KINDS["region"] or asked.kind == "district")]
        return (
            AGREES[min(spoken, 2)]
            + 0.1 * min(spoken, 9)
            + spot.size
            + LISTED * (spot.country in by_hand)
            + BESIDE * (spot.country in asked.beside)
            + (suits if asked.kind in ALL_KINDS else 0.0)
        )

    def may_be(spot: Spot) -> bool:
        if spot.listed:
            return True
        if not asked.located:
            return False  # "Austin" is more often a man than a town
        if _is_spoken_of(spot, context, asked):
            return spot.notable or not asked.weak or spot.country not in ENGLISH
        return spot.notable and not (spot.word and asked.weak)

    return max(filter(may_be, spots), key=worth, default=None)


def _heard(name: str, context: Counter[str], asked: _Name, lexicon: Lexicon) -> Spot | None:
    spots = [spot for spot in lexicon.spots_sounding(name) if _is_spoken_of(spot, context, asked)]
    return max(
        spots, key=lambda s: (s.country in asked.beside, context[s.country or ""], s.size), default=None
    )


def _at_war(spots: list[Spot], name: str, asked: _Name, lexicon: Lexicon) -> Spot | None:
    """A small place of the one land of conflict that has the name: reports from there may name no country."""
    there = [spot for spot in spots if spot.country in lexicon.conflict_lands]
    alone = len({spot.country for spot in there}) == 1 and len(name) >= PLAIN_NAME and not asked.weak
    return there[0] if alone else None


def _is_weak(norms: tuple[str, ...], position: int) -> bool:
    before = norms[position - 1] if position else ""
    kind = norms[position - 2] if position > 1 else ""
    return before in WEAK and not (before == "of" and kind in ALL_KINDS)


def _beside(sentence: Sentence, position: int, end: int, lexicon: Lexicon) -> frozenset[str | None]:
    """The countries that its address names: after a comma, or before *town of*."""
    norms = sentence.norms
    lands: set[str | None] = set()
    end += norms[end : end + 1] != () and norms[end] in ALL_KINDS  # "Faryab County, Kerman"
    follows = norms[end + 1 : end + 2]
    if (
        norms[end : end + 1] == (",",)
        and follows
        and (follows[0] in COMPASS or sentence.words[end + 1].capital)
    ):
        land = end + 1 + (norms[end + 1] in COMPASS and end + 2 < len(norms))  # "Banki, northeast Nigeria"
        lands.update(agent.country for _, agent in lexicon.agents.at(norms, land) if agent.kind == "state")
        for last in (end + 3, end + 2):
            spots = lexicon.spots_named(" ".join(norms[end + 1 : last]))
            kind = norms[last] if last < len(norms) else ""
            called_so = kind in KINDS["region"]  # "Stepnohirsk, Zaporozhye region"
            lands.update(s.country for s in spots if (s.kind == "region" or called_so) and s.notable)
    before = position - 1
    while before > 0 and (norms[before] in ("the", "of") or norms[before] in ALL_KINDS):
        before -= 1
        of = lexicon.agents.at(norms, before)
        owner = sentence.words[before].possessive  # "Burundi's Mabayi commune"
        kinds = ("people", "state") if owner else ("people",)
        lands.update(agent.country for length, agent in of if agent.kind in kinds and length == 1)
    return frozenset(lands - {None})
