"""Does the article ring, and for what kind of event? The rules and the model's opinion in one sum."""

import math
from collections.abc import Mapping, Sequence

from services.classifier.coding.opinion import NO_EVENT, Opinion
from services.classifier.coding.second.case import Case
from services.classifier.coding.text.reading import Draft
from services.classifier.voting import Features, odds

QUIET_TYPES = ("RETREAT", "AGREE")
"""Types that never ring."""
SILENT = (NO_EVENT, *QUIET_TYPES)
"""Kinds of the model's that never ring."""
RULES_WORTH = 1.0
"""What the rules' type and mode are worth beside the model's log probabilities (by cross-validation)."""
RULES_TYPE_WORTH = 0.4
"""The same for their type alone."""
THREAT_WORTH = 3.0
"""The same where they read a threat: *threatens to seize* is told in the words of a seizure."""


def relevance_features(opinion: Opinion, case: Case) -> Features:
    """What speaks for a bell: the model's two answers, the rules' main event, their best deed, the noise."""
    main = case.main
    rings = main is not None and main.event_type not in QUIET_TYPES
    deeds = [frame for frame in case.frames if frame.event_type not in QUIET_TYPES]
    best = max(deeds, key=lambda frame: frame.strength, default=None)
    status = best.status if best is not None else "none"
    quiet = sum(opinion.kinds.get(kind, 0.0) for kind in SILENT)
    loud = {name: share for name, share in opinion.types().items() if name not in SILENT}
    return {
        "model": odds(opinion.relevance),
        "model kind": odds(1 - quiet),
        "model's surest type": odds(max(loud.values(), default=0.0)),
        "rules ring": float(rings),
        "rules strength": main.strength if main is not None and rings else 0.0,
        "best deed": best.strength if best is not None and status in ("actual", "threatened") else 0.0,
        "best is history": float(status == "historical"),
        "best is unreal": float(status in ("hypothetical", "negated")),
        "no deed": float(best is None),
        **{f"noise of {kind}": case.noise.get(kind, 0.0) for kind in case.lexicon.noises},
    }


def kind_of(opinion: Opinion, event_type: str | None, mode: str | None) -> tuple[str, str | None]:
    """Type and mode of an escalation: the likeliest of the model's kinds, the rules' own with a bonus."""

    def worth(kind: str) -> float:
        type_, _, mode_ = kind.partition("/")
        own = THREAT_WORTH if event_type == "THREATEN" else RULES_TYPE_WORTH
        bonus = own if type_ == event_type else 0.0
        bonus += RULES_WORTH if (type_, mode_) == (event_type, mode) else 0.0
        return math.log(opinion.kinds[kind] + 1e-4) + bonus

    kinds = [kind for kind in opinion.kinds if kind not in SILENT]
    if not kinds:
        return event_type or "ASSAULT", mode if event_type else "other"
    type_, _, mode_ = max(kinds, key=worth).partition("/")
    return type_, mode_ or None


def fitting(opinion: Opinion, drafts: Sequence[Draft]) -> Mapping[int, float]:
    """How well each draft's type fits the opinion, as a strength: 0 for the likeliest, else less."""
    types = opinion.types()
    best = max((types.get(draft.event_type, 0.0) for draft in drafts), default=0.0)
    return {
        id(draft): 0.12 * (math.log(types.get(draft.event_type, 0.0) + 0.01) - math.log(best + 0.01))
        for draft in drafts
    }
