"""The figure on PLV sentences that the model card carries, where there is a model."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import BadInput

METRICS = Path(__file__).parents[1] / "coding" / "model" / "metrics.json"
BEST_PUBLISHED = 0.835
"""Accuracy of PLOVER roots on the test part of PLV, as its authors published it."""


@dataclass(frozen=True, slots=True)
class Plv:
    """The share of sentences whose root was right, cross-validated, and how many sentences there were."""

    accuracy: float
    items: int | None = None


def read_plv(metrics: Path = METRICS) -> Plv | None:
    """What a model's metrics say under ``plv``: a share, or an object with ``accuracy`` and ``items``.

    None where there is no model or nothing was measured. Raises ``BadInput`` when it can't be read.
    """
    if not metrics.is_file():
        return None
    try:
        said: Any = json.loads(metrics.read_text(encoding="utf-8")).get("plv")
        if said is None:
            return None
        if isinstance(said, dict):
            items = said.get("items", said.get("n"))
            return Plv(float(said["accuracy"]), None if items is None else int(items))
        return Plv(float(said))
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise BadInput(
            f"{metrics.name} of the model can't be read ({exc}): train it anew, `make model`"
        ) from exc
