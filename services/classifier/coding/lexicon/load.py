"""Reads the lexicon's files into its tables, once a process."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from services.classifier.coding.lexicon.keys import Key, key, spellings
from services.classifier.coding.lexicon.tables import (
    Agent,
    Country,
    Element,
    Lexicon,
    Pattern,
    Phrases,
    Spot,
    Weapon,
)
from services.classifier.coding.lexicon.verbs import Verbs


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
    _find_capitals(lexicon)
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


def _find_capitals(lexicon: Lexicon) -> None:
    for code, *_, capitals, _lat, _lon in _rows("countries.tsv"):
        name = " ".join(key(capitals.split(";")[0].removeprefix("?")))
        towns = [spot for spot in lexicon.spots_named(name) if spot.country == code and spot.kind == "city"]
        if towns:
            lexicon.capitals[code] = max(towns, key=lambda spot: spot.size)


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
