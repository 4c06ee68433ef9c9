"""Which frames are events? Weighs each candidate by its words, its sides and its circumstances.

A frame's strength starts at its pattern's (``triggers.tsv``) and is multiplied by factors, each with a
reason; what is left above ``EVENT`` may become an event. Status is decided before (``status.py``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.classifier.coding.gate import Gate
from services.classifier.coding.lexicon import Lexicon, Weapon, word_class
from services.classifier.coding.numbers import numbers_in
from services.classifier.coding.reading import Frame, Located, Mention, Sentence, Span, Toll, When
from services.classifier.coding.status import answering, in_subordinate, is_opaque
from services.classifier.coding.worlds import other_world

EVENT = 0.5
"""Least strength of an event; found on the development half of the coded corpus."""

_HARD_WEAPONS = frozenset(
    {"missile", "artillery", "aircraft", "drone", "explosives", "unconventional", "nuclear", "naval"}
)
_POLITICAL = word_class("judge.political")
_SUSPECTS = word_class("judge.suspects")
_CONTRABAND = word_class("judge.contraband")
_AFTERMATH = word_class("judge.aftermath")


@dataclass(slots=True)
class Reading:
    """Everything read from one sentence."""

    sentence: Sentence
    mentions: list[Mention]
    located: list[Located] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    tolls: list[Toll] = field(default_factory=list)
    weapons: list[tuple[int, Span, Weapon]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    recent: list[int] = field(default_factory=list)
    """Where days of the last week are named."""
    means: bool = False
    """Its weapon was taken for the deed of the sentence before."""


def weigh(reading: Reading, gate: Gate, lands: Iterable[str], lexicon: Lexicon) -> None:
    """Set the strength of a sentence's frames; ``lands`` are the article's countries, most named first."""
    at_war = any(land in lexicon.conflict_lands for land in _lands(reading, lands))
    for frame in reading.frames:
        factor, why = _needs(frame, reading, at_war, lexicon)
        frame.strength *= factor
        frame.why = frame.why or why
        factor, why = _bare(frame, reading, lexicon)
        frame.strength *= factor
        frame.why = frame.why or why
        factor, why = other_world(
            frame, reading.mentions, reading.tolls, reading.weapons, reading.frames, gate
        )
        frame.strength *= factor
        frame.why = why or frame.why
        metaphor = _figure(frame, lexicon)
        if metaphor:
            frame.strength, frame.why = 0.0, metaphor
            continue
        if frame.event_type not in ("RETREAT", "AGREE"):
            word = is_opaque(frame, lexicon)
            if word:
                frame.background = True
                frame.strength *= 0.4
                frame.why = frame.why or f"only spoken of ({word})"
        word = in_subordinate(frame)
        if word == "during" and reading.tolls:
            word = None
        frame.answers = answering(frame, lexicon)
        if frame.answers and word == "as":
            word = None  # "as Kyiv answers with a drone raid": the answer is news, no circumstance
        if word:
            frame.background = True
            frame.cause = word in ("after", "following", "as", "because")
            frame.strength *= (
                0.55 if word in _AFTERMATH else 0.9 if reading.tolls else 0.8 if word == "when" else 0.75
            )
            if word == "when" or (word == "after" and reading.tolls and frame.verb and frame.actors):
                frame.background = False
            frame.why = frame.why or f"a circumstance ({word})"
        if frame.background and frame.why == "past perfect":
            frame.strength *= 0.75
        if not frame.verb and not frame.actors and not frame.recipients and not reading.tolls:
            frame.strength *= 0.72 if frame.event_type == "ASSAULT" else 0.9
        if frame.plural and not reading.tolls and not frame.recipients and frame.event_type == "ASSAULT":
            frame.strength *= 0.9
        frame.strength *= _quiet(frame, gate, reading)


def _lands(reading: Reading, lands: Iterable[str]) -> list[str]:
    own = [p.place.country for p in reading.located if p.place.country]
    sides = [
        m.actor.country
        for m in reading.mentions
        if m.actor.country and (m.kind == "group" or m.adjective or m.official)
    ]
    return [*own, *sides] if own else [*sides, *list(lands)[:2]]


def hard(frame: Frame, weapons: Sequence[tuple[int, Span, Weapon]]) -> bool:
    """Whether arms or armed sides are named: then sport, business and the like can't explain it away."""
    if any(m.kind == "group" or m.actor.sector in ("MIL", "REB") for m in [*frame.actors, *frame.recipients]):
        return True
    return any(w.kind in _HARD_WEAPONS for _, _, w in weapons) or frame.mode in (
        "airstrike",
        "drone",
        "missile",
        "artillery",
        "suicide-attack",
        "assassination",
    )


def _needs(frame: Frame, reading: Reading, at_war: bool, lexicon: Lexicon) -> tuple[float, str]:
    needs = frame.needs
    if "mil" in needs and not _armed(frame, reading, at_war):
        return 0.5, "no armed or political side"
    if "mil" in needs and frame.mode in _LOOSE and not _shown(frame, reading):
        return 0.62, "neither sides, arms nor harm are named"
    if "war" in needs and not any(
        m.actor.country in lexicon.conflict_lands for m in [*frame.actors, *frame.recipients]
    ):
        return 0.5, "no side is at war"
    if "arms" in needs and not any(m.actor.sector in ("MIL", "REB") for m in frame.actors):
        return 0.5, "no soldiers or rebels act"
    if "whom" in needs and not frame.recipients:
        return 0.55, "on whom is not said"
    if "hurt" in needs and not reading.tolls:
        return 0.5, "nobody hurt"
    if (
        "state" in needs
        and not any(
            m.official or m.actor.sector in ("GOV", "MIL", "SPY", "COP", "IGO", "REB") for m in frame.actors
        )
        and (frame.actors or not frame.passive)
    ):
        return 0.57, "no state acts"
    if "foreign" in needs:
        countries = {
            m.actor.country or m.actor.name for m in reading.mentions if m.actor.country or m.kind == "igo"
        }
        if len(countries) < 2:
            return 0.5, "no second state"
    if "pol" in needs and not _political(frame, reading):
        return 0.45, "no political side"
    if "lead" in needs and frame.first > 3:
        return 0.5, "in passing"
    return 1.0, ""


_HARMS = ("kill", "wound", "injur", "die", "perish", "dead", "murder", "stab")
_AIMED = word_class("judge.aimed")
_CYBER = word_class("judge.cyber")
_FIRST_SINCE = word_class("judge.first_since")


def _bare(frame: Frame, reading: Reading, lexicon: Lexicon) -> tuple[float, str]:
    """What is missing from a deed that says only that people were harmed, or how often."""
    norms = reading.sentence.norms
    if frame.event_type == "THREATEN" and not frame.actors:
        return 0.5, "nobody threatens"
    if frame.mode == "exercise" and "joint" in norms and not _AIMED & set(norms):
        return 0.5, "a joint exercise aimed at nobody"
    if (
        frame.mode == "exercise"
        and any(kind == "drill" for _, _, (kind, _, _) in lexicon.noise.find(norms))
        and not _AIMED & set(norms)
    ):
        return 0.5, "a routine exercise"
    if frame.mode == "seize" and _CONTRABAND & set(norms):
        return 0.4, "a matter for the customs"
    if frame.event_type != "ASSAULT":
        return 1.0, ""
    if frame.mode == "other" and _CYBER & set(norms):
        return 0.4, "by computers, not by force"
    if is_total(reading):
        frame.status = "historical" if frame.status == "actual" else frame.status
        return 0.4, "a running total"
    word = norms[frame.first]
    private = [m for m in frame.actors if m.role in ("civil", "person") and m.kind == "head"]
    if private and len(private) == len(frame.actors) and frame.verb and not frame.passive:
        return 0.5, "a private person acts"
    if frame.mode == "other" and word.startswith(_HARMS):
        means = [
            f
            for f in reading.frames
            if f is not frame
            and f.event_type == "ASSAULT"
            and f.status == "actual"
            and not norms[f.first].startswith(_HARMS)
        ]
        accident = any(kind in _MISHAPS for _, _, (kind, _, _) in lexicon.noise.find(norms))
        if means:
            return 1.0, ""
        named = reading.sentence.words[frame.last : frame.last + 1]
        if frame.verb and not (
            frame.passive or frame.recipients or reading.tolls or (named and named[0].capital)
        ):
            return 0.4, "nobody is said to be harmed"
        armed = [m for m in frame.actors if m.armed or m.official]
        victims = [
            m for m in [*frame.recipients, *(t.victims for t in reading.tolls if t.victims)] if m.armed
        ]
        if accident:
            return 0.35, "an accident or a disaster"
        if not armed and not victims:
            return 0.6, "no attack is named"
    if not frame.verb and frame.plural and frame.mode == "other" and not reading.tolls and not reading.whens:
        return 0.8, "attacks in general"
    after = norms[frame.last : frame.last + 14]
    if (
        not frame.verb
        and not reading.tolls
        and any(w in ("should", "must", "amounts", "constitutes") for w in after)
    ):
        return 0.5, "an opinion about it"
    return 1.0, ""


def is_total(reading: Reading) -> bool:
    """Whether a sentence counts up since some day: its numbers are a tally, its deeds are not new."""
    norms = reading.sentence.norms
    if "since" not in norms or _FIRST_SINCE & set(norms):
        return False
    position = norms.index("since")
    numbers = [n for n in numbers_in(reading.sentence) if n.last <= position and n.count.low > 1]
    recent = [first for first in reading.recent if first < position]
    return bool(numbers) and not recent and position - numbers[-1].last < 18


_LOOSE = frozenset({"clash", "other", "firearms", "destroy", "abduct"})
"""Modes whose words have many peaceful senses, so that something else must show force."""


def _shown(frame: Frame, reading: Reading) -> bool:
    """Whether anybody armed, any weapon or any harm stands beside the deed."""
    if reading.tolls or any(w.kind in _HARD_WEAPONS or w.kind == "small-arms" for _, _, w in reading.weapons):
        return True
    armed = [
        m
        for m in reading.mentions
        if m.armed or (m.actor.sector in ("COP", "MIL", "REB", "UNK") and m.kind != "state")
    ]
    return (
        bool(armed)
        or (bool(frame.actors) and bool(frame.recipients))
        or any(f is not frame and f.event_type == "ASSAULT" and f.mode not in _LOOSE for f in reading.frames)
    )


def _armed(frame: Frame, reading: Reading, at_war: bool) -> bool:
    if at_war:
        return True
    sides = [*frame.actors, *frame.recipients]
    if any(m.actor.sector in ("REB", "MIL", "SPY") or (m.kind == "group") for m in sides):
        return True
    acting = [m for f in reading.frames for m in f.actors]
    if any(m.official and m.actor.sector == "GOV" and m.actor.country for m in acting):
        return True
    if any(w.kind in _HARD_WEAPONS for _, _, w in reading.weapons):
        return True
    return any(m.actor.sector in ("REB", "MIL") for m in reading.mentions)


def _political(frame: Frame, reading: Reading) -> bool:
    norms = reading.sentence.norms
    words = set(norms)
    near = set(norms[max(0, frame.first - 7) : frame.last + 9])
    if frame.actors and all(m.role in ("civil", "person") for m in frame.actors):
        return False
    if words & _SUSPECTS and not words & {
        "journalist",
        "journalists",
        "opposition",
        "spying",
        "espionage",
        "protesters",
    }:
        return False
    few = any(t.field == "arrested" and t.count.high < 20 for t in reading.tolls)
    if few and any(m.actor.name == "protesters" for m in frame.recipients):
        return False  # protesters count when arrested in mass (CODEBOOK §9)
    if any(m.actor.sector in ("PTY", "GOV", "MIL") for m in frame.recipients):
        return True
    if any(t.field == "arrested" and t.count.high >= 20 for t in reading.tolls):
        return True
    return bool(near & _POLITICAL)


_STRIKING = frozenset({"strike", "strikes", "struck"})
_STRUCK = word_class("judge.struck")


def _figure(frame: Frame, lexicon: Lexicon) -> str:
    """The figure of speech that a deed's words belong to, if any."""
    sentence = frame.sentence
    object_words = set(sentence.norms[frame.first + 1 : frame.first + 6])
    if sentence.norms[frame.first].startswith(("strik", "struck")) and object_words & _STRUCK:
        return sentence.span(frame.first, min(frame.first + 5, len(sentence.words))).text
    if object_words & {"deal", "accord"} and _STRIKING & set(sentence.norms[frame.first : frame.last]):
        return frame.span.text
    low = max(0, frame.first - 4)
    high = min(len(sentence.norms), frame.last + 4)
    for first, last, (kind, _reason, _weight) in lexicon.noise.find(sentence.norms[low:high]):
        if kind in ("metaphor", "labour") and low + first < frame.last and low + last > frame.first:
            return sentence.span(low + first, low + last).text
    return ""


_MISHAPS = frozenset({"accident", "weather", "health"})
_OTHER_WORLDS = frozenset({"sport", "culture", "business", "science", "accident", "weather", "health"})


def _quiet(frame: Frame, gate: Gate, reading: Reading) -> float:
    """How much the article's kind (sport, accident, trial ...) takes away."""
    factor = 1.0
    firm = hard(frame, reading.weapons)
    sided = any(
        m.kind == "group" or (m.actor.country and m.actor.sector in ("MIL", "REB"))
        for m in (*frame.actors, *frame.recipients)
    )
    for noise in gate.noise[:3]:
        if noise.kind == "metaphor":
            continue
        if frame.event_type in (
            "SANCTION",
            "THREATEN",
            "RETREAT",
            "AGREE",
            "MOBILIZE",
            "COERCE",
        ) and noise.kind in (
            "talks",
            "politics",
            "condemnation",
            "aid",
            "business",
            "trial",
        ):
            factor *= 1 - 0.12 * noise.weight
        elif (
            noise.kind in _OTHER_WORLDS
            and not sided
            and (
                frame.event_type == "ASSAULT"
                or frame.mode in ("martial-law", "curfew")
                or noise.kind not in _MISHAPS
            )
        ):
            factor *= 1 - 0.6 * noise.weight
        elif firm and noise.kind not in ("drill", "anniversary", "opinion", "metaphor", "labour"):
            factor *= 1 - 0.15 * noise.weight
        else:
            factor *= 1 - 0.55 * noise.weight
    return factor
