"""Whether two names mean one side: by normalised name or alias, or for states by country (CODEBOOK §10).

*Aliases* are those of the coder's own lexicon, so that a text's *Kata'ib Hizballah* and a label's *Kataeb
Hezbollah* are one side, and *villagers* are *civilians*. A name is normalised: no case, accents or articles,
no *suspected*, no plural's s; *Palestinian gunmen* of Palestine are *gunmen* of Palestine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from services.classifier.coding.lexicon import Agent, load
from services.classifier.coding.lexicon.keys import key

_ORGANS = frozenset({"GOV", "MIL", "COP", "SPY"})
"""Sectors that are organs of a state: its soldiers, its police and its cabinet are that state."""
_UNNAMED = frozenset({"unknown", "unidentified", "unnamed"})
_UNSAID = frozenset({"the", "a", "an", "suspected", "alleged", *_UNNAMED})
"""Words before a name that are none of it."""
_NOBODY = "unknown"
"""Whoever it was: *unknown attackers* and *unidentified gunmen* are one answer."""


class Side(Protocol):
    """What a coded actor and a labelled side have in common."""

    @property
    def name(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def sector(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Hits:
    """How two sets of sides compare: in both, only in the answer, only in the gold."""

    both: int = 0
    extra: int = 0
    lacking: int = 0


def compare(answered: Iterable[Side], gold: Iterable[Side]) -> Hits:
    """Match two sets of sides one to one; sides of one set that mean the same count once."""
    ours, theirs = _distinct(answered), _distinct(gold)
    both = _most_pairs(ours, theirs)
    return Hits(both, len(ours) - both, len(theirs) - both)


def meanings(side: Side) -> frozenset[str]:
    """All that a side may be matched by: its name or what it is an alias of, and its state or people."""
    words = key(side.name)
    bare = _without(words, _UNSAID)
    agent, demonym = _known(bare)
    if agent is None or agent.kind == "head":
        nameless = agent is not None and agent.sector == "UNK" and agent.role == "armed"
        if nameless or (_UNNAMED & set(words[:1]) and (agent is None or side.sector == "UNK")):
            return frozenset({_NOBODY})
    land = side.country or demonym
    found = {_singular(bare if agent is None else key(agent.name))}
    if agent is not None and agent.kind == "people":
        found = {f"people of {agent.country}"}
    elif "civilian" in found and land:
        found.add(f"people of {land}")
    if agent is not None and agent.kind in ("state", "capital", "organ") and agent.country:
        found.add(f"state of {agent.country}")
    # A group that holds a country, or fights for one, is not that country.
    elif side.sector in _ORGANS and land and not (agent is not None and agent.kind == "group"):
        found.add(f"state of {land}")
    return frozenset(found)


def _without(words: tuple[str, ...], dropped: frozenset[str]) -> tuple[str, ...]:
    while len(words) > 1 and words[0] in dropped:
        words = words[1:]
    return words


def _singular(words: tuple[str, ...]) -> str:
    name = " ".join(words)
    return name[:-1] if len(name) > 3 and name.endswith("s") and not name.endswith("ss") else name


@cache
def _known(words: tuple[str, ...]) -> tuple[Agent | None, str | None]:
    """What the lexicon knows under these words alone, and the land that is named before a common noun."""
    if not words:
        return None, None
    whole = _exactly(words)
    if whole is not None or len(words) == 1:
        return whole, None
    for length, first in load().agents.at(words, 0):
        rest = _exactly(words[length:]) if length < len(words) else None
        if first.kind in ("people", "state") and rest is not None and rest.kind == "head":
            return rest, first.country
    return None, None


def _exactly(words: tuple[str, ...]) -> Agent | None:
    return next((agent for length, agent in load().agents.at(words, 0) if length == len(words)), None)


def _distinct(sides: Iterable[Side]) -> list[frozenset[str]]:
    distinct: list[frozenset[str]] = []
    for one in map(meanings, sides):
        if not any(one & other for other in distinct):
            distinct.append(one)
    return distinct


def _most_pairs(ours: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> int:
    """The largest number of one-to-one matches (by augmenting paths)."""
    partner: dict[int, int] = {}

    def finds(mine: int, tried: set[int]) -> bool:
        for index, other in enumerate(theirs):
            if index not in tried and ours[mine] & other:
                tried.add(index)
                if index not in partner or finds(partner[index], tried):
                    partner[index] = mine
                    return True
        return False

    return sum(finds(mine, set()) for mine in range(len(ours)))
