"""A vote: named features in, a probability out; its weights were fitted on labelled items (docs/model.md)."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

Features = Mapping[str, float]
WEIGHTS = Path(__file__).parent.parent / "model" / "votes.json"
BALLOTS = ("relevance", "actor", "recipient", "country", "place", "killed", "injured")
"""What is voted on."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A logistic sum; a feature without a weight counts nothing."""

    bias: float
    weights: Features

    def share(self, features: Features) -> float:
        """How likely, 0 to 1."""
        total = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


Votes = Mapping[str, Vote]


def votes_of(fitted: Mapping[str, Mapping[str, Any]]) -> Votes:
    """The votes written as ``{"actor": {"bias": -1.0, "weights": {"said": 0.5}}, ...}``."""
    return {name: Vote(float(one["bias"]), dict(one["weights"])) for name, one in fitted.items()}


@lru_cache(maxsize=1)
def shipped() -> Votes:
    """The votes of this release."""
    return votes_of(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def odds(share: float | None, unread: float = -4.0) -> float:
    """The logarithm of the odds, held within 5; ``unread`` for what the model did not read."""
    if share is None:
        return unread
    share = min(0.9933, max(0.0067, share))
    return math.log(share / (1 - share))
