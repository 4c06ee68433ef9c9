"""Which frames are events? Weighs each candidate by its words, its sides and its circumstances.

A frame's strength starts at its pattern's (``triggers.tsv``) and is multiplied by factors, each with a
reason; what is left above ``EVENT`` may become an event. Status is decided before (``status.py``).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.deeds.needs import missing, political_harm
from services.classifier.coding.deeds.quiet import MISHAPS, quiet
from services.classifier.coding.deeds.status import answering, in_subordinate, is_opaque
from services.classifier.coding.deeds.worlds import other_world
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Frame, Mention, Reading

__all__ = ["EVENT", "Reading", "is_total", "weigh"]
EVENT = 0.5
"""Least strength of an event; found on the development half of the coded corpus."""


_CONTRABAND = word_class("judge.contraband")
_AFTERMATH = word_class("judge.aftermath")


def weigh(reading: Reading, gate: Gate, lands: Iterable[str], lexicon: Lexicon) -> None:
    """Set the strength of a sentence's frames; ``lands`` are the article's countries, most named first."""
    lands = list(lands)
    at_war = any(land in lexicon.conflict_lands for land in _lands(reading, lands))
    _as_old(reading)
    for frame in reading.frames:
        factor, why = missing(frame, reading, at_war, gate, lands, lexicon)
        frame.strength *= factor
        frame.why = frame.why or why
        factor, why = _bare(frame, reading, gate, lexicon)
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
                # "Condemned the raid that killed nine on Sunday" retells a fresh act (CODEBOOK §9).
                retold = bool(reading.recent) and bool(reading.tolls or reading.located)
                frame.strength *= 0.75 if retold else 0.4
                frame.why = frame.why or f"only spoken of ({word})"
        word = in_subordinate(frame)
        if word == "during" and reading.tolls:
            word = None
        if word in ("after", "when", "as", "where") and _only_news(frame, reading):
            # "Pumping stopped on Sunday after drones crashed into the plant": the blow is the news.
            frame.strength *= 0.95
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
        bare = not frame.verb and not frame.told
        if bare and not frame.actors and not frame.recipients and not reading.tolls:
            frame.strength *= 0.72 if frame.event_type == "ASSAULT" else 0.9
        if (
            frame.plural
            and bare
            and not reading.tolls
            and not frame.recipients
            and frame.event_type == "ASSAULT"
        ):
            frame.strength *= 0.9
        frame.strength *= quiet(frame, gate, reading, at_war, political_harm(frame, reading, gate))


def _only_news(frame: Frame, reading: Reading) -> bool:
    """Whether a deed in a clause of time is told as a statement, and is its sentence's only deed."""
    if not (frame.verb or frame.told) or frame.status != "actual":
        return False
    return not any(
        f.strength >= EVENT and f.status in ("actual", "threatened") and in_subordinate(f) is None
        for f in reading.frames
        if f is not frame
    )


def _as_old(reading: Reading) -> None:
    """*Have in past years shot at patrols and downed a plane*: the second deed is as old as the first."""
    for before, frame in pairwise(reading.frames):
        between = reading.sentence.norms[before.last : frame.first]
        if (
            before.status == "historical"
            and frame.status == "actual"
            and frame.verb
            and frame.actors
            and frame.actors == before.actors
            and between[-1:] == ("and",)
        ):
            frame.status, frame.why = "historical", before.why


def _lands(reading: Reading, lands: Iterable[str]) -> list[str]:
    own = [p.place.country for p in reading.located if p.place.country]
    sides = [
        m.actor.country
        for m in reading.mentions
        if m.actor.country and (m.kind == "group" or m.adjective or m.official)
    ]
    return [*own, *sides] if own else [*sides, *list(lands)[:2]]


_HARMS = ("kill", "wound", "injur", "die", "perish", "dead", "murder", "stab")
_AIMED = word_class("judge.aimed")
_CYBER = word_class("judge.cyber")
_BANDED = word_class("judge.banded")
_LATELY = word_class("judge.lately")
_ADDING = word_class("judge.adding")
_FIRST_SINCE = word_class("judge.first_since")


def _bare(frame: Frame, reading: Reading, gate: Gate, lexicon: Lexicon) -> tuple[float, str]:
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
    if frame.mode == "seize" and (_CONTRABAND & set(norms) or gate.contraband):
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
    if (
        private
        and len(private) == len(frame.actors)
        and frame.verb
        and not frame.passive
        and not gate.stakes
        and frame.mode not in ("suicide-attack", "riot")
        and not _banded(private, norms)
    ):
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
        accident = any(kind in MISHAPS for _, _, (kind, _, _) in lexicon.noise.find(norms))
        if means:
            return 1.0, ""
        named = reading.sentence.words[frame.last : frame.last + 1]
        if frame.verb and not (
            frame.passive
            or frame.recipients
            or reading.tolls
            or reading.weapons
            or (named and named[0].capital)
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
    general = frame.mode in ("other", "massacre", "abduct", "destroy", "clash", "explosives")
    if (
        not frame.verb
        and not frame.told
        and frame.plural
        and general
        and not reading.tolls
        and not reading.whens
    ):
        return 0.8, "attacks in general"
    after = norms[frame.last : frame.last + 14]
    if (
        not frame.verb
        and not reading.tolls
        and any(w in ("should", "must", "amounts", "constitutes") for w in after)
    ):
        return 0.5, "an opinion about it"
    return 1.0, ""


def _banded(private: Sequence[Mention], norms: tuple[str, ...]) -> bool:
    """*Members of a non-state armed group*, *men of the gang*: no private persons."""
    return any(
        "of" in norms[m.last : m.last + 1] and _BANDED & set(norms[m.last : m.last + 8]) for m in private
    )


def is_total(reading: Reading) -> bool:
    """Whether a sentence counts up since some day: its numbers are a tally, its deeds are not new."""
    norms = reading.sentence.norms
    if "since" not in norms or _FIRST_SINCE & set(norms):
        return False
    position = norms.index("since")
    if _LATELY & set(norms[position + 1 : position + 4]) or _ADDING & set(norms[:position]):
        return (
            False  # "since noon today"; "fifteen died, bringing the total to 153 since May" tells of fifteen
        )
    numbers = [n for n in numbers_in(reading.sentence) if n.last <= position and n.count.low > 1]
    recent = [first for first in reading.recent if first < position]
    return bool(numbers) and not recent and position - numbers[-1].last < 18


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
