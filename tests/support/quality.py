"""Labelled items and answers in a few words, for tests of how the coder is measured."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.classifier.quality.answers import Answer
from services.classifier.quality.gold import GoldItem, GoldSide

_KEYS = ("occurred_on", "killed", "injured")


def side(name: str, country: str | None = None, sector: str = "UNK") -> GoldSide:
    """One side, as a label names it or as the coder does: both have the same three fields."""
    return GoldSide.model_validate({"name": name, "country": country, "sector": sector})


def labelled(
    name: str = "an item",
    *,
    rings: bool = True,
    trap: str | None = None,
    borderline: bool = False,
    text: str = "Shells fell on Port X.",
    coded: frozenset[str] = frozenset(_KEYS),
    register: str | None = None,
    row: str | None = None,
    **event: Any,
) -> GoldItem:
    """One labelled item: an artillery attack, unless ``event`` says more or ``rings`` is false."""
    told = {"event_type": "ASSAULT", "mode": "artillery", "country": "UKR", "main": True} | event
    return GoldItem.model_validate(
        {
            "id": name,
            "published_at": "2021-03-03T09:00:00Z",
            "title": text,
            "register": register,
            "row": row,
            "escalation": rings,
            "borderline": borderline,
            "trap": trap,
            "events": [told] if rings else [],
            "coded": coded,
        }
    )


def answered(rings: bool = True, **fields: Any) -> Answer:
    """One answer: that same attack, unless ``fields`` say otherwise."""
    told: dict[str, Any] = {"score": 0.9, "event_type": "ASSAULT", "mode": "artillery", "country": "UKR"}
    return Answer(rings, **(told | fields)) if rings else Answer(False, fields.get("score", 0.1))


def write_items(path: Path, *lines: Mapping[str, Any]) -> Path:
    """A file of labelled items, an object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path
