"""What the coder votes on, and the weights of this release."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.classifier.voting import Vote, vote_of

WEIGHTS = Path(__file__).parent.parent / "model" / "votes.json"
BALLOTS = ("relevance", "actor", "recipient", "country", "place", "killed", "injured")
"""What is voted on."""
Votes = Mapping[str, Vote]


def votes_of(fitted: Mapping[str, Mapping[str, Any]]) -> Votes:
    """The votes written as ``{"actor": {"bias": -1.0, "weights": {"said": 0.5}}, ...}``."""
    return {name: vote_of(one) for name, one in fitted.items()}


@lru_cache(maxsize=1)
def shipped() -> Votes:
    """The votes of this release."""
    return votes_of(json.loads(WEIGHTS.read_text(encoding="utf-8")))
