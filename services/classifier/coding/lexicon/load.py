"""Reads the lexicon's files into tables keyed by normalised words.

Keys are tuples of words as ``normal`` gives them (no case, no accents, no apostrophes, hyphens split), so
that *Kata'ib Hizballah*, *kataib hizballah* and *KATA'IB HIZBALLAH* are one key.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Generic, TypeVar

from services.classifier.coding.lexicon.sound import sound
from services.classifier.coding.lexicon.verbs import Verbs

Key = tuple[str, ...]
T = TypeVar("T")

LEAST_HEARD = 5
"""Letters of the shortest name that is recognised by its sound: short ones sound like too many."""
_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]\.?)*")
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´ʻʾʿ")
_CLOSING = re.compile(r"(?<=s)['’](?=\s)")
_LETTERS = str.maketrans(
    {"ı": "i", "ə": "a", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae"}
)
"""Letters that have no accent to take away."""


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """One word without case, accents, apostrophes and dots: the form in which words are compared."""
    if word.isascii():
        plain = word
    else:
        word = unicodedata.normalize("NFKD", word.translate(_LETTERS))
        plain = "".join(c for c in word if not unicodedata.combining(c))
    return plain.translate(_APOSTROPHES).replace(".", "").casefold()


def key(phrase: str) -> Key:
    """The look-up key of a phrase."""
    plain = re.sub(r"['’ʼ]s\b", "", phrase).translate(_APOSTROPHES)
    return tuple(filter(None, (normal(word) for word in _WORDS.findall(plain))))


def spellings(phrase: str) -> set[Key]:
    """The look-up keys of a phrase: a closing apostrophe (*Workers' Party*) is a word of its own in texts."""
    parts = [key(part) for part in _CLOSING.split(phrase)]
    joints: tuple[Key, ...] = ((), ("'",), ("’",))
    return {sum(((*part, *joint) for part in parts[:-1]), ()) + parts[-1] for joint in joints}


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
    _find_doubtful(lexicon)
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
        lexicon.noises += (kind,)
        for phrase in dict.fromkeys(phrases.split(";")):
            lexicon.noise.add(key(phrase), (kind, reason, float(weight)))
    lands = list(_rows("conflict_lands.tsv"))
    lexicon.conflict_lands = frozenset(code for code, prior in lands if prior == "1")
    lexicon.heard_lands = frozenset(code for code, _ in lands)
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
        for phrase, proof in _marked([name, *others.split(";")]):
            caps = _needs_capitals(phrase)
            lexicon.country_ends.update(key(phrase)[-1:])
            lexicon.agents.add(key(phrase), Agent(name, code, "GOV", "state", capitals=caps, proof=proof))
        for phrase, proof in _marked(demonyms.split(";")):
            agent = Agent(name, code, "CVL", "people", capitals="first", proof=proof)
            lexicon.agents.add(key(phrase), agent)
        for phrase, proof in _marked(capitals.split(";")):
            agent = Agent(name, code, "GOV", "capital", capitals="first", proof=proof)
            lexicon.agents.add(key(phrase), agent)


def _marked(phrases: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each phrase once, and whether a ``?`` marks it as one that needs proof."""
    phrases = [phrase for phrase in dict.fromkeys(phrases) if phrase]
    for phrase in phrases:
        if "?" + phrase not in phrases:
            yield phrase.removeprefix("?"), phrase.startswith("?")


def _read_agents(lexicon: Lexicon) -> None:
    for name, aliases, country, sector, backers, lands, _active, _source in _rows("groups.tsv"):
        group = Agent(
            name,
            None if country == "-" else country,
            sector,
            "group",
            tuple(filter(None, backers.split(";"))),
            lands=tuple(filter(None, lands.split(";"))),
        )
        for phrase, proof in _marked([name, *aliases.split(";")]):
            agent = replace(group, capitals=_needs_capitals(phrase), proof=proof)
            for spelling in spellings(phrase):
                lexicon.agents.add(spelling, agent)
    for phrases, name, country, sector in _rows("metonyms.tsv"):
        home = None if country == "-" else country
        kind = "igo" if sector == "IGO" else "organ"
        for phrase, proof in _marked(phrases.split(";")):
            agent = Agent(name, home, sector, kind, capitals=_needs_capitals(phrase), proof=proof)
            lexicon.agents.add(key(phrase), agent)
    for phrases, sector, role, name in _rows("heads.tsv"):
        for phrase in phrases.split(";"):
            canonical = phrase if name == "=" else name
            lexicon.agents.add(key(phrase), Agent(canonical, None, sector, "head", role=role))


def _find_doubtful(lexicon: Lexicon) -> None:
    sharing: dict[Key, dict[tuple[str, str | None], Agent]] = {}
    for phrase, agent in lexicon.agents.all():
        if agent.kind != "head":
            sharing.setdefault(phrase, {}).setdefault((agent.name, agent.country), agent)
    lexicon.doubtful = {
        phrase: tuple(agents.values())
        for phrase, agents in sharing.items()
        if len(agents) > 1 or any(agent.proof for agent in agents.values())
    }
    lexicon.doubtful_firsts = frozenset(phrase[0] for phrase in lexicon.doubtful)


def _read_places(lexicon: Lexicon) -> None:
    for row in _rows("places.tsv.gz"):
        name = " ".join(key(row[0]))
        heard = row.pop()
        line = "\t".join(row)
        known = lexicon.spots.get(name)
        lexicon.spots[name] = line if known is None else f"{known}\n{line}"
        if heard:
            lexicon.by_sound.setdefault(heard, []).append(name)
    for name, aliases, country, lat, lon, kind in _rows("places_more.tsv"):
        _by_hand(lexicon, [name, *aliases.split(";")], country or None, (float(lat), float(lon)), kind)
    for name, aliases, _city, country, lat, lon, _source in _rows("bases.tsv"):
        _by_hand(lexicon, [name, *aliases.split(";")], country, (float(lat), float(lon)), "exact")


def _by_hand(
    lexicon: Lexicon, phrases: list[str], country: str | None, point: tuple[float, float], kind: str
) -> None:
    printed = phrases[0].removeprefix("?")
    for phrase, proof in _marked(phrases):
        spot = Spot(printed, country, *point, kind, 1, listed=not proof, word=proof)
        known = lexicon.known_spots.setdefault(" ".join(key(phrase)), [])
        if not any((old.country, old.kind) == (country, kind) for old in known):
            known.append(spot)


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


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Each country's name by its code, without the rest of the lexicon: for who only wants to name one."""
    return {code: name for code, name, *_ in _rows("countries.tsv")}
