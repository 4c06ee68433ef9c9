"""What the model points at and the rules passed over: a town without *in* before it, a name that no list has.

A headline drops the words by which the rules know a place (*Sumy: three killed*), and whoever was killed may
bear a name that stands in no lexicon. They become candidates; the votes say whether they are meant.
"""

from collections import Counter
from collections.abc import Iterator

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.naming.capitals import is_government
from services.classifier.coding.naming.homonyms import place_named
from services.classifier.coding.naming.scenes import is_no_scene
from services.classifier.coding.opinion import ROLES, Opinion
from services.classifier.coding.text.reading import Located, Mention, Sentence
from shared.contracts import Actor, Place, Precision, Sector

POINTED_AT = 0.3
"""Least probability of a role in a word that makes it a candidate."""
_LONGEST = 5
"""Most words of a name."""
_RANKS = {"exact": (0, Precision.EXACT), "city": (0, Precision.CITY), "region": (1, Precision.REGION)}
_NOT_PLACES = word_class("places.not_places")
_OPENS_NAME = frozenset(["st", "saint", "san", "santa", "mount", "fort", "camp"])
"""Words after which the rest of a name stands: *St. Joseph* is not the town of Joseph."""
_EMPTY = word_class("hints.empty")
"""Words with which no name begins or ends."""


def hinted_places(
    opinion: Opinion, reading: Reading, context: Counter[str], lexicon: Lexicon
) -> Iterator[Located]:
    """The gazetteer's names among the words that the model takes for the place, where the rules saw none."""
    sentence = reading.sentence
    taken = {word for located in reading.located for word in range(located.first, located.last)}
    position = 0
    while position < len(sentence.words):
        found = None
        free = position not in taken and sentence.words[position].capital
        if free and _share(opinion, "place", sentence, position) >= POINTED_AT:
            found = _gazetteer(sentence, position, context, lexicon)
        if found and not (is_no_scene(sentence, found) or is_government(sentence, found, lexicon)):
            yield found
        position = found.last if found else position + 1


def _gazetteer(sentence: Sentence, position: int, context: Counter[str], lexicon: Lexicon) -> Located | None:
    last = position + 1
    while last < len(sentence.words) and last - position < _LONGEST and sentence.words[last].capital:
        last += 1
    if sentence.norms[position] in _NOT_PLACES or (position and sentence.norms[position - 1] in _OPENS_NAME):
        return None
    for end in range(last, position, -1):
        spot = place_named(sentence, position, end, context, True, lexicon)
        if spot is not None:
            rank, precision = _RANKS.get(spot.kind, (3, Precision.REGION))
            place = Place(
                name=spot.name, country=spot.country, lat=spot.lat, lon=spot.lon, precision=precision
            )
            return Located(position, end, place, sentence.span(position, end), rank)
    return None


def hinted_sides(opinion: Opinion, reading: Reading, land: str | None) -> Iterator[Mention]:
    """The names that the model takes for who was hit and no list knows, of the likeliest sector."""
    sentence = reading.sentence
    taken = {word for mention in reading.mentions for word in range(mention.first, mention.last)}
    taken |= {word for place in reading.located for word in range(place.first, place.last)}
    sectors = {name: share for name, share in opinion.sectors.get("recipient", {}).items() if name != "UNK"}
    if not sectors:
        return
    sector = Sector(max(sectors, key=lambda name: sectors[name]))
    position = 0
    while position < len(sentence.words):
        last = position
        while (
            last < len(sentence.words)
            and last not in taken
            and _share(opinion, "recipient", sentence, last) >= POINTED_AT
        ):
            last += 1
        first, end = _bare(sentence, position, last)
        if 0 < end - first <= _LONGEST and any(sentence.words[index].capital for index in range(first, end)):
            span = sentence.span(first, end)
            actor = Actor(text=span.text, name=_owner_dropped(span.text), country=land, sector=sector)
            yield Mention(first, end, end - 1, actor, "words", "civil", span)
        position = max(last, position + 1)


def _bare(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """A run of words without the articles, numbers and signs at its ends."""

    def empty(index: int) -> bool:
        norm = sentence.norms[index]
        return norm in _EMPTY or not norm[:1].isalpha()

    while first < last and empty(first):
        first += 1
    while first < last and empty(last - 1):
        last -= 1
    return first, last


def _owner_dropped(text: str) -> str:
    return text.removesuffix("'s").removesuffix("’s")


def _share(opinion: Opinion, role: str, sentence: Sentence, word: int) -> float:
    shares = opinion.roles.get((sentence.number, word))
    return shares[ROLES.index(role)] if shares is not None else 0.0
