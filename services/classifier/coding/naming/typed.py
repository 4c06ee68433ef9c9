"""A name that a person typed in, the place, country or side it means out, by the coder's own lists.

A name may carry its country as lists print it: ``Tripoli (LBN)``. With it, one that no list has is taken as
it is typed; without it, one that many lands have must say which.
"""

import re
from collections.abc import Collection

from services.classifier.coding.lexicon import Agent, Lexicon, Spot
from services.classifier.coding.lexicon.keys import key
from shared.contracts import Actor, Place, Precision, Sector
from shared.errors import BadInput

_WITH_LAND = re.compile(r"(?P<name>.*\S)\s*\((?P<land>[A-Za-z]{3})\)")
_PRECISIONS = {"exact": Precision.EXACT, "city": Precision.CITY, "region": Precision.REGION}
_SHOWN = 6
"""Lands that an error lists."""


def country_of(typed: str, lexicon: Lexicon) -> Place:
    """A country as a place, by its three letters; raises ``BadInput``."""
    country = lexicon.countries.get(typed.strip().upper())
    if country is None:
        raise BadInput(f"no country {typed!r}: write its three letters (ISO 3166-1), such as SDN")
    return Place(
        name=country.name,
        country=country.code,
        lat=country.lat,
        lon=country.lon,
        precision=Precision.COUNTRY,
    )


def place_of(typed: str, lexicon: Lexicon, likely: Collection[str] = ()) -> Place:
    """The place of this name; of namesakes the one in a ``likely`` land. Raises ``BadInput``."""
    name, land = _apart(typed, lexicon)
    for country in lexicon.countries.values():
        if land is None and key(country.name) == key(name):
            return country_of(country.code, lexicon)
    spots = lexicon.spots_named(" ".join(key(name)))
    if land is not None:
        spots = [spot for spot in spots if spot.country == land]
        if not spots:
            return Place(name=name, country=land, precision=Precision.CITY)
    if not spots:
        raise BadInput(f"no place {name!r} is known: name its country too, as in '{name} (SDN)'")
    return _place(_best(name, spots, likely))


def actor_of(typed: str, lexicon: Lexicon) -> Actor:
    """The side of this name; one that no list has is taken as it is typed. Raises ``BadInput``."""
    name, land = _apart(typed, lexicon)
    words = key(name)
    if not words:
        raise BadInput(f"{typed!r} names nobody: write a state, a group or a person")
    found = [agent for length, agent in lexicon.agents.at(words, 0) if length == len(words)]
    agents = [agent for agent in found if land is None or land in (agent.country, *agent.lands)]
    known = dict.fromkeys(agent.name for agent in agents if agent.kind != "head")
    if len(known) > 1:
        lands = [f"'{name} ({agent.country})'" for agent in agents if agent.country]
        raise BadInput(f"{name!r} may be {' or '.join(known)}: write {' or '.join(lands)}")
    if not agents:
        return Actor(text=name, name=name, country=land, sector=Sector.UNKNOWN)
    return _actor(name, land, min(agents, key=lambda agent: agent.kind == "head"))


def _apart(typed: str, lexicon: Lexicon) -> tuple[str, str | None]:
    """The name and the land that stands behind it in brackets."""
    found = _WITH_LAND.fullmatch(typed.strip())
    if found is None:
        return typed.strip(), None
    return found["name"], country_of(found["land"], lexicon).country


def _best(name: str, spots: list[Spot], likely: Collection[str]) -> Spot:
    near = [spot for spot in spots if spot.country in likely]
    # A region bears its town's name as often as not: the town is the finer answer.
    order = sorted(near or spots, key=lambda spot: (spot.kind == "region", -spot.size, not spot.listed))
    lands = list(dict.fromkeys(spot.country for spot in order if spot.country))
    great = {spot.country for spot in order if spot.listed or spot.size > 1}
    if len(lands) > 1 and len(great) != 1:
        shown = " or ".join(f"'{name} ({land})'" for land in lands[:_SHOWN])
        raise BadInput(f"there is more than one {name}: write {shown}")
    return next((spot for spot in order if spot.country in great), order[0])


def _place(spot: Spot) -> Place:
    precision = _PRECISIONS.get(spot.kind, Precision.REGION)
    return Place(name=spot.name, country=spot.country, lat=spot.lat, lon=spot.lon, precision=precision)


def _actor(name: str, land: str | None, agent: Agent) -> Actor:
    country = agent.country or land
    return Actor(
        text=name, name=agent.name, country=country, sector=_sector(agent.sector), backed_by=agent.backed_by
    )


def _sector(sector: str) -> Sector | str:
    return Sector(sector) if sector in set(Sector) else sector
