"""Words that name a deed in one world and another thing elsewhere: *storm*, *fire*, *shell*, *strike*.

Each rule looks at what stands around the word (who acts, what it governs, what it is compounded with) and
answers with a factor and the reason that a silent item prints.
"""

from collections.abc import Sequence
from itertools import pairwise

from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.deeds.sides import bounds
from services.classifier.coding.lexicon import Weapon, word_class
from services.classifier.coding.text.reading import Frame, Mention, Sentence, Span, Toll

_APOSTROPHES = frozenset("'’")
_ARGUABLE = word_class("worlds.arguable")
_LEFT = word_class("worlds.left_over")
_ABSTRACT = word_class("worlds.abstract")
_AIRBORNE = word_class("worlds.airborne")
_COMPOUNDED = word_class("worlds.compounded")
_COURTS = word_class("worlds.courts")
_DOMESTIC = word_class("worlds.domestic")
_SPILLS = word_class("worlds.spills")
_VEHICLES = word_class("worlds.vehicles")
_EQUIPMENT = word_class("worlds.equipment")
_FIRES = word_class("worlds.fires")
_FIRING = word_class("worlds.firing")
_HAZARDS = word_class("worlds.hazards")
_HURTING = word_class("worlds.hurting")
_LOUD = word_class("worlds.loud")
_MODALS = word_class("worlds.modals")
_OFFENSIVE_KINDS = word_class("worlds.offensive_kinds")
_OVERTURNED = word_class("worlds.overturned")
_PRONOUNS = frozenset({"it", "they", "we", "he", "she", "i"})
_SINGLE = frozenset({"he", "she", "i"})
_STRIKING = frozenset({"strike", "strikes", "striking", "struck"})
_TRADES = word_class("worlds.trades")
_WITHIN = frozenset({"in", "by", "from", "to", "of"})
_SPANNED = 7
"""Words between a subject's head and its verb, or a harm and its cause, that still count as one statement."""


def other_world(
    frame: Frame,
    mentions: Sequence[Mention],
    tolls: Sequence[Toll],
    weapons: Sequence[tuple[int, Span, Weapon]],
    frames: Sequence[Frame],
    gate: Gate,
) -> tuple[float, str]:
    """How much of a deed is left once its words' other senses are considered, and why."""
    sentence = frame.sentence
    norms = sentence.norms
    word = norms[frame.first]
    if frame.event_type == "THREATEN":
        return (0.0, "a warning of what another may do") if _warns_of_another(frame, mentions) else (1.0, "")
    if frame.event_type in ("COERCE", "SANCTION"):
        if _undone(frame):
            return 0.4, "undone by a court"
        disaster = next((w for w in norms if (w in _HAZARDS and w not in _LOUD) or w in _SPILLS), "")
        forced = any(m.armed or m.actor.sector == "COP" or m.actor.name == "protesters" for m in mentions)
        if frame.mode in ("martial-law", "curfew") and disaster and not forced:
            return 0.4, f"an accident or a disaster ({disaster})"
        if frame.mode == "restrict" and "extremist" in norms[frame.first : frame.last + 3]:
            return (0.4, "a domestic listing") if _DOMESTIC & set(norms) else (1.0, "")
        return 1.0, ""
    if (
        frame.event_type == "MOBILIZE"
        and word.startswith("order")
        and "to" not in norms[frame.first : frame.last + 4]
    ):
        return 0.4, "arms are bought"
    if frame.event_type != "ASSAULT":
        return 1.0, ""
    hazard = _hazard(frame, mentions, frames)
    if hazard:
        return 0.0, f"an accident or a disaster ({hazard})"
    if _is_compound(frame, mentions):
        return 0.0, "arms are named, not their use"
    if _is_figure(frame, mentions, weapons, tolls, gate):
        return 0.0, "a figure of speech"
    if _is_walkout(frame, gate, tolls):
        return 0.0, "a labour strike, not an attack"
    if _LEFT & set(norms[max(0, frame.first - 2) : frame.first]):
        return 0.0, "left over from an old war"
    if frame.mode == "intercept" and not _AIRBORNE & set(norms):
        return 0.4, "nothing that flies is named"
    if _is_firm(sentence, frame, gate):
        return 0.0, "a firm, not a weapon"
    if (
        frame.verb
        and not frame.passive
        and frame.first
        and norms[frame.first - 1] in _SINGLE
        and not frame.actors
    ):
        return 0.5, "a private person acts"
    police = bool(frame.actors) and all(m.actor.sector == "COP" for m in frame.actors)
    if word.startswith("raid") and police and not tolls and not any(m.armed for m in frame.recipients):
        return 0.5, "a police search"
    if frame.verb and not word.startswith(tuple(_HURTING)) and not _somebody(frame, tolls, weapons, mentions):
        return 0.4, "nobody is said to act"
    return 1.0, ""


def _somebody(
    frame: Frame,
    tolls: Sequence[Toll],
    weapons: Sequence[tuple[int, Span, Weapon]],
    mentions: Sequence[Mention],
) -> bool:
    """Whether an actor, a weapon, a toll or soldiers anywhere bear out a verb that is often a figure."""
    own_act = frame.mode == "suicide-attack"
    return bool(
        own_act or frame.passive or frame.actors or tolls or weapons or any(m.armed for m in mentions)
    )


def _is_hazard(sentence: Sentence, index: int, mentions: Sequence[Mention]) -> bool:
    word = sentence.norms[index]
    if word in _HAZARDS:
        return True
    if word not in _FIRES:
        return False
    before = sentence.norms[index - 1] if index else ""
    return before not in _FIRING and not any(m.last == index for m in mentions)


def _hazard(frame: Frame, mentions: Sequence[Mention], frames: Sequence[Frame]) -> str:
    """The storm or blaze that does what the verb says, or that people came to harm in."""
    sentence, norms = frame.sentence, frame.sentence.norms
    first, last = bounds(sentence, frame.first)
    if not frame.verb and norms[frame.first] not in ("dead", "killing", "killings"):
        return ""
    if any(
        f is not frame
        and f.event_type == "ASSAULT"
        and f.strength > 0
        and not norms[f.first].startswith(tuple(_HURTING))
        and not _is_hazard(sentence, f.first, mentions)
        and norms[f.first] not in _LOUD
        for f in frames
    ):
        return ""
    if frame.first and norms[first - 1 : first] in (("that",), ("which",)):
        first = max(0, first - 3)
    acting = [m for m in frame.actors if m.armed or m.official]
    for index in range(max(first, frame.first - _SPANNED), frame.first):
        if norms[index] in _VEHICLES and not norms[frame.first].startswith(tuple(_HURTING)):
            continue  # "a minibus was fired on": it is the target, not the mishap
        verb = any(f.verb and f.first == index for f in frames)
        if _is_hazard(sentence, index, mentions) and not verb and not any(m.first > index for m in acting):
            return norms[index]
    if not norms[frame.first].startswith(tuple(_HURTING)) or acting:
        return ""
    for index in range(frame.first + 1, min(last + _SPANNED, len(norms), frame.first + 2 * _SPANNED)):
        if _is_hazard(sentence, index, mentions) and set(norms[max(0, index - 3) : index]) & _WITHIN:
            return norms[index]
    return ""


def _is_compound(frame: Frame, mentions: Sequence[Mention]) -> bool:
    """*Light attack aircraft*, *assault rifles*: what arms are called; but rebels do *attack aircraft*."""
    norms = frame.sentence.norms
    if any(m.last == frame.first and not m.adjective for m in mentions):
        return False
    return not frame.verb and any(
        norms[index] in _COMPOUNDED and norms[index + 1] in _EQUIPMENT
        for index in range(frame.first, min(frame.last, len(norms) - 1))
    )


def _is_figure(
    frame: Frame,
    mentions: Sequence[Mention],
    weapons: Sequence[tuple[int, Span, Weapon]],
    tolls: Sequence[Toll],
    gate: Gate,
) -> bool:
    """*A price bomb*, *the cynicism offensive*, *the president blasts his critics*."""
    sentence, norms = frame.sentence, frame.sentence.norms
    before = norms[frame.first - 1] if frame.first else ""
    if before in _ABSTRACT:
        return True
    borne = weapons or tolls or any(m.armed for m in mentions)
    if gate.has("sport") and not borne:
        return True
    if norms[frame.first].startswith("attack") and frame.verb and not borne:
        return bool(_ARGUABLE & set(norms[frame.last : frame.last + 4]))
    if norms[frame.first] in ("blasts", "blasted") and frame.first:
        return any(m.first == frame.last for m in mentions) and not tolls
    if norms[frame.first] not in ("offensive", "offensives") or weapons or tolls or not before.isalpha():
        return False
    known = before in _OFFENSIVE_KINDS or any(m.last == frame.first for m in mentions)
    capital = sentence.words[frame.first - 1].capital and not sentence.title_case
    return not (known or capital or before.endswith(("ed", "ing")))


def _is_walkout(frame: Frame, gate: Gate, tolls: Sequence[Toll]) -> bool:
    """*Dockers' strike*, *bank staff strike*: who strikes works for a living."""
    norms = frame.sentence.norms
    own = set(norms[frame.first : frame.last]) & _STRIKING
    if own and gate.has("labour") and not frame.actors and not frame.recipients and _TRADES & set(norms):
        return True
    words = [word for word in norms if word not in _APOSTROPHES]
    pairs = pairwise(words)
    return not tolls and any(one in _TRADES and two in _STRIKING for one, two in pairs)


def _is_firm(sentence: Sentence, frame: Frame, gate: Gate) -> bool:
    """The oil company, not the round."""
    word = sentence.words[frame.first]
    return word.text == "Shell" and gate.has("business") is not None


def _warns_of_another(frame: Frame, mentions: Sequence[Mention]) -> bool:
    """*Spies warn that Russia may attack*: the one who warns is not the one who would act."""
    norms = frame.sentence.norms
    if not norms[frame.first].startswith("warn"):
        return False
    if "against" in norms[frame.first + 1 : frame.first + 5]:
        return True  # "warned the country against joining": advice, not force
    for index in range(frame.first + 1, min(frame.last, len(norms))):
        if norms[index] in _MODALS:
            if norms[index - 1] in _PRONOUNS:
                return False
            return any(frame.first < m.first and m.last <= index for m in mentions)
    return False


def _undone(frame: Frame) -> bool:
    """*The ban was ruled unlawful*, *judges overturn the sanctions*."""
    norms = frame.sentence.norms
    if not _COURTS & set(norms):
        return False
    return bool(_OVERTURNED & set(norms[frame.last :])) or bool(
        {"overturn", "overturns", "overturned", "annul", "annuls", "annulled", "quash", "quashes", "quashed"}
        & set(norms[: frame.first])
    )
