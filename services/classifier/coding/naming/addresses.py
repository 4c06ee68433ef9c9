"""One address, one place: what the names of *Kourakou, near Titao in Burkina Faso* tell of each other."""

from collections.abc import Iterator, Sequence

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.homonyms import ALL_KINDS
from services.classifier.coding.text.reading import Located, Sentence

_SAME_ADDRESS = 14
"""Words between two names of one address, at most: a country closes it."""
_JOINS = word_class("addresses.joins") | ALL_KINDS
"""Words that may stand between a village and the town by which it is found; no other word may."""
_TOWN = 0


def agreed(found: Sequence[Located], sentence: Sentence) -> list[Located]:
    """Fill in what no gazetteer knows of a name from the address around it, in the order given.

    Its country: *Mweso in North Kivu, DR Congo* lies where its neighbours lie. Its coordinates: a village
    *near*, *outside* or *in* a known town has the town's, some kilometres off; a region gives none.
    """
    lands = [_with_land(index, item, found) for index, item in enumerate(found)]
    return [_beside_town(index, item, lands, sentence) for index, item in enumerate(lands)]


def _with_land(index: int, item: Located, found: Sequence[Located]) -> Located:
    if item.place.country is not None or item.rank >= 3:
        return item
    near = next(
        (o for o in found[index + 1 :] if o.place.country and o.first - item.last <= _SAME_ADDRESS), None
    )
    near = near or next((o for o in reversed(found[:index]) if o.place.country), None)
    return _changed(item, country=near.place.country) if near else item


def _beside_town(index: int, item: Located, found: Sequence[Located], sentence: Sentence) -> Located:
    if item.place.lat is not None or item.rank != _TOWN:
        return item
    for town in _neighbours(index, item, found, sentence):
        known = town.rank == _TOWN and town.place.lat is not None
        if known and item.place.country in (None, town.place.country):
            return _changed(item, country=town.place.country, lat=town.place.lat, lon=town.place.lon)
    return item


def _neighbours(index: int, item: Located, found: Sequence[Located], sentence: Sentence) -> Iterator[Located]:
    """The names right after and right before, with nothing but words of an address between."""
    following = found[index + 1 : index + 2]
    if following and not _is_listed(index, found, sentence):
        yield from (town for town in following if _joined(sentence.norms[item.last : town.first]))
    if index and _joined(sentence.norms[found[index - 1].last : item.first]):
        yield found[index - 1]


def _is_listed(index: int, found: Sequence[Located], sentence: Sentence) -> bool:
    """Whether a name is the first of a list: *Kourakou, Titao and Djibo* are three places."""
    one, other, third = found[index], found[index + 1], found[index + 2 : index + 3]
    commas = sentence.norms[one.last : other.first] == (",",)
    return commas and any(
        each.rank == _TOWN and sentence.norms[other.last : each.first] in ((",",), ("and",)) for each in third
    )


def _joined(between: Sequence[str]) -> bool:
    return bool(between) and all(norm in _JOINS for norm in between)


def _changed(item: Located, **known: object) -> Located:
    return Located(item.first, item.last, item.place.model_copy(update=known), item.span, item.rank)
