"""What the lexicon's lines stand for (agents, places, weapons, patterns), and the tables that hold them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from services.classifier.coding.lexicon.keys import Key
from services.classifier.coding.lexicon.sound import sound
from services.classifier.coding.lexicon.verbs import Verbs

T = TypeVar("T")

LEAST_HEARD = 5
"""Letters of the shortest name that is recognised by its sound: short ones sound like too many."""


@dataclass(frozen=True, slots=True)
class Country:
    """A state: its code, the name we print, and its centre."""

    code: str
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Agent:
    """What an actor phrase stands for.

    ``kind`` is ``state``, ``people`` (a demonym), ``organ`` (of a state), ``group``, ``igo`` or ``head`` (a
    common noun such as *soldiers*, whose ``role`` says whether it is an organ of a state, armed, civil ...).
    ``capitals`` asks for capital letters in the text (*IS*, *US*). ``lands`` are where else a group fights;
    ``proof`` marks a phrase that means it only where the text speaks of it or its lands (``namesakes``).
    """

    name: str
    country: str | None
    sector: str
    kind: str
    backed_by: tuple[str, ...] = ()
    role: str = ""
    capitals: str = ""
    lands: tuple[str, ...] = ()
    proof: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the gazetteer; ``notable`` ones may be believed without further context.

    ``size`` is 0 for a small place, 1 for a town or a region, 2 for a capital or a city known the world over.
    """

    name: str
    country: str | None
    lat: float
    lon: float
    kind: str
    size: int = 0
    listed: bool = False
    """Entered by hand, or an air base: the name alone is proof enough."""
    word: bool = False
    """Its name is also a word or a surname."""

    @property
    def notable(self) -> bool:
        """Whether it may be believed where the article does not speak of its country."""
        return self.size > 0 or self.listed


@dataclass(frozen=True, slots=True)
class Weapon:
    """A weapon's class, for severity, and the mode that it suggests."""

    kind: str
    mode: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of ``triggers.tsv``: what a word or short pattern may stand for.

    ``elements`` are sets of words, ``<S>``/``<A>``/``<P>``/``<#>`` slots, or gaps; see the file's head.
    """

    event_type: str
    mode: str | None
    verb: bool
    strength: float
    needs: frozenset[str]
    elements: tuple["Element", ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One step of a pattern: words to match, a slot, or a gap of up to ``gap`` words; may be optional."""

    words: frozenset[str] = frozenset()
    slot: str = ""
    gap: int = 0
    optional: bool = False


class Phrases(Generic[T]):
    """Phrases of several words with a value each; the longest one at a position wins."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[Key, T]]] = {}

    def add(self, phrase: Key, value: T) -> None:
        """Add one phrase; an empty one is ignored."""
        if phrase:
            rows = self._by_first.setdefault(phrase[0], [])
            rows.append((phrase, value))
            rows.sort(key=lambda row: -len(row[0]))

    def all(self) -> Iterator[tuple[Key, T]]:
        """Every phrase with its value."""
        for rows in self._by_first.values():
            yield from rows

    def at(self, words: tuple[str, ...], start: int) -> Iterator[tuple[int, T]]:
        """The phrases that begin at ``start``, longest first, as (length, value)."""
        for phrase, value in self._by_first.get(words[start], ()):
            if words[start : start + len(phrase)] == phrase:
                yield len(phrase), value

    def find(self, words: tuple[str, ...]) -> Iterator[tuple[int, int, T]]:
        """All occurrences, longest first at each position and never overlapping, as (start, end, value)."""
        position = 0
        while position < len(words):
            found = next(self.at(words, position), None)
            if found:
                yield position, position + found[0], found[1]
                position += found[0]
            else:
                position += 1


@dataclass
class Lexicon:
    """All tables, read-only by convention after ``load``."""

    countries: dict[str, Country] = field(default_factory=dict)
    agents: Phrases[Agent] = field(default_factory=Phrases)
    doubtful: dict[Key, tuple[Agent, ...]] = field(default_factory=dict)
    """Phrases that several agents share, or that one means only in context: see ``namesakes``."""
    doubtful_firsts: frozenset[str] = frozenset()
    spots: dict[str, str] = field(default_factory=dict)
    """Normalised name to the gazetteer's lines, joined; parsed only when looked up (memory)."""
    known_spots: dict[str, list[Spot]] = field(default_factory=dict)
    capitals: dict[str, Spot] = field(default_factory=dict)
    """Each country's capital, as far as a gazetteer has it: the first that its line names."""
    weapons: Phrases[Weapon] = field(default_factory=Phrases)
    patterns: dict[str, list[Pattern]] = field(default_factory=dict)
    slot_patterns: list[Pattern] = field(default_factory=list)
    cues: dict[str, Phrases[str]] = field(default_factory=dict)
    noise: Phrases[tuple[str, str, float]] = field(default_factory=Phrases)
    noises: tuple[str, ...] = ()
    """The kinds of noise, in their file's order."""
    country_ends: set[str] = field(default_factory=set)
    """Last words of states' names: between two of them a comma makes a list, not an address."""
    conflict_lands: frozenset[str] = frozenset()
    heard_lands: frozenset[str] = frozenset()
    """Lands whose places are also known by how their names sound."""
    by_sound: dict[str, list[str]] = field(default_factory=dict)
    """How a name of a conflict land sounds to the normalised names in ``spots`` that sound so."""
    verbs: Verbs = field(default_factory=lambda: Verbs({}))

    def spots_named(self, name: str) -> list[Spot]:
        """Every place of this normalised name, hand-made entries first."""
        found = list(self.known_spots.get(name, ()))
        settled = {spot.country for spot in found if spot.kind == "region" and spot.listed}
        for line in filter(None, self.spots.get(name, "").split("\n")):
            printed, country, lat, lon, kind, size, _ = line.split("\t")
            # A region entered by hand is settled: the gazetteers put Gaza in Israel, Crimea in Russia.
            if kind == "region" and settled and country not in settled:
                continue
            if not any((spot.country, spot.kind) == (country, kind) for spot in found):
                found.append(Spot(printed, country, float(lat), float(lon), kind, int(size)))
        return found

    def spots_sounding(self, name: str) -> list[Spot]:
        """Places of conflict lands whose names are spelt otherwise and sound so."""
        names = self.by_sound.get(sound(name), ()) if len(name) >= LEAST_HEARD else ()
        spots = [spot for other in names if other != name for spot in self.spots_named(other)]
        return [spot for spot in spots if spot.country in self.heard_lands]
