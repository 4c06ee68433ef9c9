"""How much an article's kind (sport, accident, trial, a mock attack ...) takes from a deed told in it."""

from collections.abc import Sequence

from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.deeds.status import date_of
from services.classifier.coding.lexicon import Weapon
from services.classifier.coding.text.reading import Frame, Reading, Span

HARD_WEAPONS = frozenset(
    {"missile", "artillery", "aircraft", "drone", "explosives", "unconventional", "nuclear", "naval"}
)
MISHAPS = frozenset({"accident", "weather", "health"})
_WHOLE = frozenset({"drill", "rumour", "tally", "anniversary", "nature"})
"""Kinds of noise that arms and armed sides do not explain away."""
_OTHER_WORLDS = frozenset({"sport", "culture", "business", "science", "accident", "weather", "health"})


def hard(frame: Frame, weapons: Sequence[tuple[int, Span, Weapon]]) -> bool:
    """Whether arms or armed sides are named: then sport, business and the like can't explain it away."""
    if any(m.kind == "group" or m.actor.sector in ("MIL", "REB") for m in [*frame.actors, *frame.recipients]):
        return True
    return any(w.kind in HARD_WEAPONS for _, _, w in weapons) or frame.mode in (
        "airstrike",
        "drone",
        "missile",
        "artillery",
        "suicide-attack",
        "assassination",
    )


def _fresh(frame: Frame, reading: Reading) -> bool:
    """Whether the deed itself is dated within the last week."""
    own = date_of(frame, reading.whens)
    return own is not None and own.first in reading.recent


def quiet(frame: Frame, gate: Gate, reading: Reading, at_war: bool, political: bool) -> float:
    """How much the article's kind (sport, accident, trial ...) takes away."""
    factor = 1.0
    firm = hard(frame, reading.weapons)
    sided = any(
        m.kind == "group" or (m.actor.country and m.actor.sector in ("MIL", "REB"))
        for m in (*frame.actors, *frame.recipients)
    )
    for noise in gate.noise[:3]:
        if noise.kind == "metaphor" or (noise.kind == "tally" and _fresh(frame, reading)):
            continue
        if not noise.reaches(frame.sentence):
            factor *= 1 - 0.15 * noise.weight
            continue
        if noise.kind in _WHOLE and not (noise.kind == "drill" and frame.event_type == "MOBILIZE"):
            # A mock attack, a hoax, a year's figures: the whole text is of that kind, arms and sides too.
            factor *= 1 - 0.75 * noise.weight
            continue
        private = not (gate.stakes or at_war or political)
        if noise.kind == "crime" and frame.event_type == "ASSAULT" and not sided and private:
            factor *= 1 - 0.65 * noise.weight
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
                or noise.kind not in MISHAPS
            )
        ):
            factor *= 1 - 0.6 * noise.weight
        elif firm and noise.kind not in ("drill", "anniversary", "opinion", "metaphor", "labour"):
            factor *= 1 - 0.15 * noise.weight
        else:
            factor *= 1 - 0.55 * noise.weight
    return factor
