"""The frames of an ASSAULT in, its mode out, by the rulings of CODEBOOK §9."""

from collections.abc import Sequence

from services.classifier.coding.lexicon import Weapon, word_class
from services.classifier.coding.text.reading import Draft, Span, Toll

_FIRST = ("assassination", "suicide-attack", "unconventional", "crowd-control", "abduct")
_MEANS = ("drone", "missile", "artillery", "airstrike", "explosives", "naval")
_CROWD = word_class("modes.crowd")
_FIGHTS = ("ambush", "clash", "fight", "battle", "gun", "fire", "cross", "skirmish", "exchang")
MASSACRE = 5
"""CODEBOOK §9: unnamed means against civilians is ``massacre`` at 5 or more killed."""


def mode_of(draft: Draft, weapons: Sequence[tuple[int, Span, Weapon]], tolls: Sequence[Toll]) -> str | None:
    """The mode of a draft; for other types than ASSAULT its strongest frame's."""
    if draft.event_type != "ASSAULT":
        return max(draft.frames, key=lambda frame: frame.strength).mode
    modes = [frame.mode for frame in draft.frames if frame.mode]
    ours = [frame.mode for frame in draft.frames if frame.mode and not frame.background]
    if not ours or set(ours) == {"other"}:
        ours = modes  # "die after shelling": the means stands in the background
    hints = [weapon.mode for _, span, weapon in weapons if weapon.kind != "unspecified"]
    killed = next((toll.count.low for toll in tolls if toll.field == "killed"), 0)
    if _on_crowd(draft) and not any(mode in modes for mode in (*_MEANS, "suicide-attack")):
        return "crowd-control"
    for mode in _FIRST:
        if mode in modes and not (mode == "abduct" and ours[0] != "abduct" and killed):
            return mode
    if ours[0] in ("clash", "ground-offensive", "intercept", "firearms") and not any(
        m in modes for m in _MEANS
    ):
        return _without_means(draft, modes, hints, killed)
    if ours[0] == "ground-offensive":
        return "ground-offensive"
    for mode in ours:
        if mode in _MEANS:
            if mode == "airstrike" and _is_planted(draft, hints):
                return "explosives"
            if mode == "airstrike":
                # "Airstrike" may be carried by drones or missiles that the same words name.
                return next((hint for hint in hints if hint in ("drone", "missile")), mode)
            return mode
    return _without_means(draft, modes, hints, killed)


def _on_crowd(draft: Draft) -> bool:
    """Whether police or troops used force on protesters or worshippers."""
    words = {word for frame in draft.frames for word in frame.sentence.norms}
    state = any(m.official and m.actor.sector in ("COP", "MIL") for m in draft.actors)
    crowd = any(m.actor.name == "protesters" for m in draft.recipients) or bool(words & _CROWD)
    civil = not draft.recipients or any(m.actor.sector == "CVL" for m in draft.recipients)
    return state and crowd and civil


def _is_planted(draft: Draft, hints: Sequence[str]) -> bool:
    """Whether *bombed* means a bomb that was laid: no air force acts, and nothing that flies is named."""
    words = [f.sentence.norms[f.first] for f in draft.frames if f.mode == "airstrike"]
    flown = any(m.official or m.actor.sector == "MIL" for m in draft.actors) or "airstrike" in hints
    return not flown and all(word.startswith("bomb") for word in words)


def _fought(draft: Draft) -> bool:
    """Whether the text names a fight (*ambush*, *clashes*), not only a raid."""
    return any(f.mode == "clash" and f.sentence.norms[f.first].startswith(_FIGHTS) for f in draft.frames)


def _without_means(draft: Draft, modes: list[str], hints: list[str], killed: int) -> str:
    military = any(m.actor.sector in ("MIL", "COP", "REB") for m in draft.recipients)
    civil = any(m.actor.sector in ("CVL", "PTY") for m in draft.recipients) and not military
    rebels = any(m.actor.sector in ("REB", "CRM", "UNK") for m in draft.actors)
    if "ground-offensive" in modes:
        stormed = any(w.startswith("storm") for f in draft.frames for w in f.sentence.norms[f.first : f.last])
        if stormed and civil and killed:
            return "massacre" if rebels and killed >= MASSACRE else "clash"
        return "ground-offensive"
    if "intercept" in modes:
        return "intercept"
    raided = "clash" in modes and any(m.official and m.actor.sector == "MIL" for m in draft.actors)
    if "firearms" in modes and not raided:
        return "firearms"
    if "clash" in modes:
        slain = civil and killed >= MASSACRE and (rebels or not draft.actors) and not _fought(draft)
        return "massacre" if slain else "clash"
    for hint in hints:
        if hint in (*_MEANS, "suicide-attack", "unconventional"):
            return hint
    if "massacre" in modes:
        return "massacre"
    if "destroy" in modes:
        return "destroy"
    gunmen = any("gunm" in m.span.text.casefold() for m in draft.actors)
    if military and not civil:
        return "firearms" if gunmen else "clash"
    if "firearms" in hints:
        return "firearms"
    if killed >= MASSACRE:
        return "massacre"
    return "other"
