"""A vote: named features in, a probability out; its weights were fitted on labelled items (docs/model.md)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Vote:
    """A logistic sum; a feature without a weight counts nothing."""

    bias: float
    weights: Features

    def share(self, features: Features) -> float:
        """How likely, 0 to 1."""
        total = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def odds(share: float | None, unread: float = -4.0) -> float:
    """The logarithm of the odds, held within 5; ``unread`` for what the model did not read."""
    if share is None:
        return unread
    share = min(0.9933, max(0.0067, share))
    return math.log(share / (1 - share))


def vote_of(fitted: Mapping[str, Any]) -> Vote:
    """The vote written as ``{"bias": -1.0, "weights": {"said": 0.5}}``."""
    return Vote(float(fitted["bias"]), dict(fitted["weights"]))
