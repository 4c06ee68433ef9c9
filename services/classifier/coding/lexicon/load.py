"""Reads the lexicon's files into tables keyed by normalised words.

Keys are tuples of words as ``normal`` gives them (no case, no accents, no apostrophes, hyphens split), so
that *Kata'ib Hizballah*, *kataib hizballah* and *KATA'IB HIZBALLAH* are one key.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Generic, TypeVar

from services.classifier.coding.lexicon.verbs import Verbs

Key = tuple[str, ...]
T = TypeVar("T")

_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]\.?)*")
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´ʻʾʿ")


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """One word without case, accents, apostrophes and dots: the form in which words are compared."""
    if word.isascii():
        plain = word
    else:
        plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return plain.translate(_APOSTROPHES).replace(".", "").casefold()


def key(phrase: str) -> Key:
    """The look-up key of a phrase."""
    plain = re.sub(r"['’ʼ]s\b", "", phrase).translate(_APOSTROPHES)
    return tuple(filter(None, (normal(word) for word in _WORDS.findall(plain))))


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
    ``capitals`` asks for capital letters in the text (*IS*, *US*).
    """

    name: str
    country: str | None
    sector: str
    kind: str
    backed_by: tuple[str, ...] = ()
    role: str = ""
    capitals: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the gazetteer; ``notable`` ones may be believed without further context."""

    name: str
    country: str | None
    lat: float
    lon: float
    kind: str
    notable: bool
    listed: bool = False
    """Entered by hand, or an air base: the name alone is proof enough."""


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
    spots: dict[str, str] = field(default_factory=dict)
    """Normalised name to the gazetteer's lines, joined; parsed only when looked up (memory)."""
    known_spots: dict[str, list[Spot]] = field(default_factory=dict)
    weapons: Phrases[Weapon] = field(default_factory=Phrases)
    patterns: dict[str, list[Pattern]] = field(default_factory=dict)
    slot_patterns: list[Pattern] = field(default_factory=list)
    cues: dict[str, Phrases[str]] = field(default_factory=dict)
    noise: Phrases[tuple[str, str, float]] = field(default_factory=Phrases)
    country_ends: set[str] = field(default_factory=set)
    """Last words of states' names: between two of them a comma makes a list, not an address."""
    conflict_lands: frozenset[str] = frozenset()
    verbs: Verbs = field(default_factory=lambda: Verbs({}))

    def spots_named(self, name: str) -> list[Spot]:
        """Every place of this normalised name, hand-made entries first."""
        found = list(self.known_spots.get(name, ()))
        for line in filter(None, self.spots.get(name, "").split("\n")):
            printed, country, lat, lon, kind, notable, _ = line.split("\t")
            # What is entered by hand settles regions: the gazetteers put Gaza in Israel, Crimea in Russia.
            if not any(spot.country == country for spot in found) and not (found and kind == "region"):
                found.append(Spot(printed, country, float(lat), float(lon), kind, notable == "1"))
        return found


def _rows(name: str) -> Iterator[list[str]]:
    raw = files(__package__).joinpath(name).read_bytes()
    text = gzip.decompress(raw).decode() if name.endswith(".gz") else raw.decode()
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The lexicon, read once a process."""
    lexicon = Lexicon()
    lexicon.verbs = Verbs({row[0]: tuple(row[1:5]) for row in _rows("verbs.tsv")})
    _read_countries(lexicon)
    _read_agents(lexicon)
    _read_places(lexicon)
    for phrases, kind, mode in _rows("weapons.tsv"):
        for phrase in phrases.split(";"):
            lexicon.weapons.add(key(phrase), Weapon(kind, mode))
    _read_triggers(lexicon)
    for use, phrases in _rows("cues.tsv"):
        table = lexicon.cues.setdefault(use, Phrases())
        for phrase in dict.fromkeys(phrases.split(";")):
            table.add(key(phrase), phrase)
    for kind, reason, weight, phrases in _rows("noise.tsv"):
        for phrase in dict.fromkeys(phrases.split(";")):
            lexicon.noise.add(key(phrase), (kind, reason, float(weight)))
    lexicon.conflict_lands = frozenset(row[0] for row in _rows("conflict_lands.tsv"))
    return lexicon


def _needs_capitals(phrase: str) -> str:
    """``all`` for short acronyms, ``first`` for names, which are not matched in lower case."""
    letters = [c for c in phrase if c.isalpha()]
    if letters and all(c.isupper() for c in letters) and len(letters) <= 6:
        return "all"
    return "first" if any(c.isupper() for c in letters) else ""


def _read_countries(lexicon: Lexicon) -> None:
    for code, name, others, demonyms, capitals, lat, lon in _rows("countries.tsv"):
        lexicon.countries[code] = Country(code, name, float(lat), float(lon))
        for phrase in dict.fromkeys([name, *filter(None, others.split(";"))]):
            caps = _needs_capitals(phrase)
            lexicon.country_ends.update(key(phrase)[-1:])
            lexicon.agents.add(key(phrase), Agent(name, code, "GOV", "state", capitals=caps))
        for phrase in filter(None, demonyms.split(";")):
            lexicon.agents.add(key(phrase), Agent(name, code, "CVL", "people", capitals="first"))
        for phrase in filter(None, capitals.split(";")):
            lexicon.agents.add(key(phrase), Agent(name, code, "GOV", "capital", capitals="first"))


def _read_agents(lexicon: Lexicon) -> None:
    for name, aliases, country, sector, backers in _rows("groups.tsv"):
        home = None if country == "-" else country
        for phrase in dict.fromkeys([name, *filter(None, aliases.split(";"))]):
            backed = tuple(filter(None, backers.split(";")))
            agent = Agent(name, home, sector, "group", backed, capitals=_needs_capitals(phrase))
            lexicon.agents.add(key(phrase), agent)
    for phrases, name, country, sector in _rows("metonyms.tsv"):
        home = None if country == "-" else country
        kind = "igo" if sector == "IGO" else "organ"
        for phrase in phrases.split(";"):
            agent = Agent(name, home, sector, kind, capitals=_needs_capitals(phrase))
            lexicon.agents.add(key(phrase), agent)
    for phrases, sector, role, name in _rows("heads.tsv"):
        for phrase in phrases.split(";"):
            canonical = phrase if name == "=" else name
            lexicon.agents.add(key(phrase), Agent(canonical, None, sector, "head", role=role))


def _read_places(lexicon: Lexicon) -> None:
    for row in _rows("places.tsv.gz"):
        name = " ".join(key(row[0]))
        line = "\t".join(row)
        known = lexicon.spots.get(name)
        lexicon.spots[name] = line if known is None else f"{known}\n{line}"
    for name, aliases, country, lat, lon, kind in _rows("places_more.tsv"):
        spot = Spot(name, country or None, float(lat), float(lon), kind, True, True)
        for phrase in [name, *filter(None, aliases.split(";"))]:
            lexicon.known_spots.setdefault(" ".join(key(phrase)), []).append(spot)
    for name, aliases, _city, country, lat, lon, _source in _rows("bases.tsv"):
        spot = Spot(name, country, float(lat), float(lon), "exact", True, True)
        for phrase in [name, *filter(None, aliases.split(";"))]:
            lexicon.known_spots.setdefault(" ".join(key(phrase)), []).append(spot)


def _read_triggers(lexicon: Lexicon) -> None:
    for event_type, mode, pos, strength, needs, text in _rows("triggers.tsv"):
        elements = tuple(_element(word, lexicon.verbs) for word in text.split())
        pattern = Pattern(
            event_type,
            None if mode == "-" else mode,
            pos == "v",
            float(strength),
            frozenset(filter(None, needs.split(","))),
            elements,
        )
        if elements[0].words:
            for word in elements[0].words:
                lexicon.patterns.setdefault(word, []).append(pattern)
        else:
            lexicon.slot_patterns.append(pattern)
    for rows in lexicon.patterns.values():
        rows.sort(key=lambda pattern: (-pattern.strength, -len(pattern.elements)))


def _element(word: str, verbs: Verbs) -> Element:
    optional = word.startswith("?")
    word = word.removeprefix("?")
    if word.startswith(".."):
        return Element(gap=int(word[2:]))
    if word.startswith("<"):
        slots = [part.strip("<>") for part in word.split("|")]
        return Element(slot="".join(slots), optional=optional)
    words: set[str] = set()
    slot = ""
    for choice in word.split("|"):
        if choice.startswith("<"):
            slot = choice.strip("<>")
        elif choice.startswith("~"):
            words.update(verbs.forms(choice[1:]))
        else:
            words.update(key(choice)[:1])
    return Element(words=frozenset(words), slot=slot, optional=optional)


@lru_cache(maxsize=1)
def _word_classes() -> dict[str, frozenset[str]]:
    return {use: frozenset(listed.split(" ")) for use, listed in _rows("words.tsv")}


def word_class(use: str) -> frozenset[str]:
    """A closed class of words by its name in ``words.tsv``."""
    return _word_classes()[use]
