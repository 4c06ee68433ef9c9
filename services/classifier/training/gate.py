"""The linear gate: fitted on sections and labels, its threshold set by how many events it may lose."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from services.classifier.coding.model.gatekeeper import SIZE, Gatekeeper, slots
from services.classifier.coding.text.reading import Sentence

LOST = 0.003
"""Share of the labelled events, truces among them, that the gate may lose, by cross-validation."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for the gate: an event or not, how much it counts, and its fold (None: always learned from)."""

    sentences: Sequence[Sentence]
    event: bool
    weight: float
    fold: int | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The gate and what it did out of fold: escalations lost, quiet labelled items that it keeps out."""

    gate: Gatekeeper
    weights: bytes
    scale: float
    bias: float
    lost: float
    kept_out: float

    def write(self, into: Path) -> None:
        """Write ``gate.bin`` and ``gate.json``."""
        (into / "gate.bin").write_bytes(self.weights)
        about = {"scale": self.scale, "bias": self.bias, "threshold": self.gate.threshold}
        (into / "gate.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def fit(texts: Sequence[Text], folds: int) -> Fitted:
    """The gate over all texts; its threshold comes from gates that had not seen the items they judged."""
    rows = [sorted(set(slots(text.sentences))) for text in texts]
    table = _table(rows)
    event = numpy.array([text.event for text in texts])
    weight = numpy.array([text.weight for text in texts])
    fold = numpy.array([-1 if text.fold is None else text.fold for text in texts])
    shares = numpy.zeros(len(texts))
    for number in range(folds):
        model = _model(table[fold != number], event[fold != number], weight[fold != number])
        shares[fold == number] = model.predict_proba(table[fold == number])[:, 1]
    judged = fold >= 0
    events = numpy.sort(shares[judged & event])
    threshold = float(events[int(LOST * len(events))])
    model = _model(table, event, weight)
    scale = float(numpy.abs(model.coef_[0]).max()) / 127
    weights = numpy.round(model.coef_[0] / scale).astype(numpy.int8).tobytes()
    bias = float(model.intercept_[0])
    return Fitted(
        Gatekeeper(weights, scale, bias, round(threshold, 4)),
        weights,
        scale,
        bias,
        float((events < threshold).mean()),
        float((shares[judged & ~event] < threshold).mean()),
    )


def _table(rows: Sequence[Sequence[int]]) -> csr_matrix:
    ends = numpy.cumsum([0, *(len(row) for row in rows)])
    columns = numpy.concatenate([numpy.array(row, dtype=numpy.int32) for row in rows])
    values = numpy.concatenate([numpy.full(len(row), 1 / math.sqrt(max(1, len(row)))) for row in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), SIZE))


def _model(table: csr_matrix, event: numpy.ndarray, weight: numpy.ndarray) -> LogisticRegression:
    model = LogisticRegression(C=8, solver="liblinear", tol=1e-3, max_iter=60)
    return model.fit(table, event, sample_weight=weight)
