"""Whether two sides may be one: states by country, named groups by name, nameless ones by country."""

from collections.abc import Sequence

from shared.contracts import Actor, Sector

_COMMON = (
    "militia",
    "militias",
    "militants",
    "rebels",
    "fighters",
    "insurgents",
    "factions",
    "groups",
    "proxies",
)
"""Nouns that end a description (*Iraqi militia*); a group's own name seldom ends so."""
_STATE_SECTORS = (Sector.GOVERNMENT, Sector.MILITARY, Sector.POLICE, Sector.SPIES, Sector.CIVILIANS)


def relation(ours: Sequence[Actor], theirs: Sequence[Actor]) -> str:
    """``same`` when two of them surely are, ``maybe`` when two may be, ``other`` when none; else ``nobody``.

    *Unknown gunmen* contradict nobody and are nobody's proof; a side that no word names is nobody here.
    """
    pairs = [(one, other) for one in ours if one.text for other in theirs if other.text]
    if not pairs:
        return "nobody"
    alike = [(one, other) for one, other in pairs if same_side(one, other)]
    if any(_surely(one, other) for one, other in alike):
        return "same"
    return "maybe" if alike else "other"


def surely_same(one: Actor, other: Actor) -> bool:
    """Whether two actors that may be one share a country or a name of their own."""
    return same_side(one, other) and _surely(one, other)


def _surely(one: Actor, other: Actor) -> bool:
    if one.country is not None and one.country == other.country:
        return True
    return one.name.casefold() == other.name.casefold() and not is_unnamed(one)


def same_side(one: Actor, other: Actor) -> bool:
    """Whether two actors may be one: states by country, named groups by name, unnamed ones by country."""
    if one.name.casefold() == other.name.casefold():
        return True
    if one.country is None or other.country is None:
        # "gunmen" may be anybody; two different names are not.
        return not (is_group(one) and is_group(other))
    if one.country != other.country:
        return False
    return not (is_group(one) or is_group(other)) or is_unnamed(one) or is_unnamed(other)


def key_of(actor: Actor) -> str | None:
    """What a side is counted under: a state and its people by country, a named group by name, else None."""
    if actor.sector in _STATE_SECTORS:
        return actor.country
    return actor.name if actor.name and is_group(actor) else None


def is_group(actor: Actor) -> bool:
    """A named one: *Free Legion*."""
    return actor.sector not in _STATE_SECTORS and not is_unnamed(actor)


def is_unnamed(actor: Actor) -> bool:
    """*Gunmen*, *affiliated groups*, *Iran-backed militia*: it is not said who they are."""
    common = actor.name.rpartition(" ")[2] in _COMMON
    return actor.name[:1].islower() or common or actor.sector == Sector.UNKNOWN
