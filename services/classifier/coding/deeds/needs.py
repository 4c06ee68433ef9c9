"""What a deed's words need beside them to be a deed: arms, a state, a second state, a political side.

``triggers.tsv`` names the needs of each pattern; here each is looked for, and what is missing costs strength.
"""

from collections.abc import Sequence
from itertools import pairwise

from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.deeds.quiet import HARD_WEAPONS
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Frame, Reading

_POLITICAL = word_class("judge.political")
_SUSPECTS = word_class("judge.suspects")
_BLAMED = word_class("judge.blamed")
_CROWDS = word_class("judge.crowds")
_SEATS = word_class("needs.seats")
_SEAT_OWNERS = word_class("needs.seat_owners")
_HOUSES = word_class("needs.houses")
_BESIDE_A_SEAT = word_class("needs.beside_a_seat")
_SEAT_REACH = 6
"""Words from a blow to the house that it hit."""


def missing(
    frame: Frame, reading: Reading, at_war: bool, gate: Gate, lands: Sequence[str], lexicon: Lexicon
) -> tuple[float, str]:
    """The factor for what a deed lacks, and what that is."""
    needs = frame.needs
    if "mil" in needs and not _armed(frame, reading, at_war) and not political_harm(frame, reading, gate):
        return 0.5, "no armed or political side"
    if "mil" in needs and frame.mode in _LOOSE and not _shown(frame, reading):
        return 0.62, "neither sides, arms nor harm are named"
    if "war" in needs and not any(
        m.actor.country in lexicon.conflict_lands for m in [*frame.actors, *frame.recipients]
    ):
        return 0.5, "no side is at war"
    if "arms" in needs and not any(m.armed for m in frame.actors):
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
        spoken_for = not frame.actors and any(m.official for m in reading.mentions)
        return (0.8, "the state that acts is only near") if spoken_for else (0.57, "no state acts")
    if "foreign" in needs:
        countries = {
            m.actor.country or m.actor.name for m in reading.mentions if m.actor.country or m.kind == "igo"
        }
        if len(countries) < 2:
            near = len({*countries, *lands}) > 1
            return (0.8, "the second state is only near") if near else (0.5, "no second state")
    if "pol" in needs and not _political(frame, reading):
        return 0.45, "no political side"
    if "lead" in needs and frame.first > 3:
        return 0.5, "in passing"
    return 1.0, ""


_LOOSE = frozenset({"clash", "other", "firearms", "destroy", "abduct"})
"""Modes whose words have many peaceful senses, so that something else must show force."""


def _shown(frame: Frame, reading: Reading) -> bool:
    """Whether anybody armed, any weapon or any harm stands beside the deed."""
    if (
        reading.tolls
        or _on_a_seat(frame)
        or any(w.kind in HARD_WEAPONS or w.kind == "small-arms" for _, _, w in reading.weapons)
    ):
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
    if any(w.kind in HARD_WEAPONS for _, _, w in reading.weapons):
        return True
    return any(m.actor.sector in ("REB", "MIL") for m in reading.mentions)


_HARMING = frozenset(
    {
        "firearms",
        "explosives",
        "suicide-attack",
        "assassination",
        "massacre",
        "destroy",
        "abduct",
        "other",
        "clash",
    }
)


def political_harm(frame: Frame, reading: Reading, gate: Gate) -> bool:
    """Whether an unnamed attacker's deed is aimed at politics, faith or the state's own people (CODEBOOK §9).

    A lone attacker counts with a political or religious target or where the text speaks of terrorism.
    """
    if frame.mode not in (*_HARMING, "unconventional", "crowd-control") or frame.event_type != "ASSAULT":
        return False
    hit = [*frame.recipients, *(toll.victims for toll in reading.tolls if toll.victims)]
    if any(m.actor.sector == "PTY" or (m.actor.sector == "GOV" and m.kind == "head") for m in hit):
        return True
    armed = any(m.role == "armed" or (m.armed and m.actor.sector == "CRM") for m in reading.mentions)
    if armed and any(m.actor.sector in ("COP", "MIL") for m in hit):
        return True
    return bool(gate.stakes) or _on_a_seat(frame)


def _on_a_seat(frame: Frame) -> bool:
    """*Shots fired at the consulate*, *a parcel explodes in a party office*: who owns the house is hit."""
    norms = frame.sentence.norms
    if frame.mode not in ("firearms", "explosives") or not _BESIDE_A_SEAT.isdisjoint(norms):
        return False
    told = norms[frame.first : frame.last + _SEAT_REACH]
    return not _SEATS.isdisjoint(told) or any(
        owner in _SEAT_OWNERS and house in _HOUSES for owner, house in pairwise(told)
    )


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
    old = any(f is not frame and f.status == "historical" for f in reading.frames)
    if old and words & _BLAMED:
        return False  # suspects of an old attack (CODEBOOK §9)
    few = any(t.field == "arrested" and t.count.high < 20 for t in reading.tolls)
    if few and any(m.actor.name == "protesters" for m in frame.recipients):
        return False  # protesters count when arrested in mass (CODEBOOK §9)
    if any(m.actor.sector in ("PTY", "GOV", "MIL") for m in frame.recipients):
        return True
    if any(t.field == "arrested" and t.count.high >= 20 for t in reading.tolls):
        return True
    many = any(
        20 <= number.count.low < 1900
        and abs(number.last - frame.first) < 4
        and not any(t.first <= number.first < t.last for t in reading.tolls)
        and "," not in norms[number.last : frame.first]
        for number in numbers_in(reading.sentence)
    )
    return many or bool(near & _POLITICAL) or bool(words & _CROWDS and not few)
