"""The trained reader: a small transformer that reads title, summary and lead and says what it thinks.

The weights lie beside this file (``docs/model.md`` is their card). They are read once a process, by
onnxruntime on one thread and without the network, when the first article asks.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy
import onnxruntime

from services.classifier.coding.model.pieces import Pieces
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.text.reading import Sentence
from shared.contracts import Article

HERE = Path(__file__).parent
WEIGHTS, VOCABULARY, ABOUT = HERE / "reader.onnx", HERE / "vocabulary.txt", HERE / "about.json"


class TrainedReader:
    """Gives an ``Opinion`` of any article with words; deterministic on one machine, and keeps no state."""

    def __init__(self, weights: Path = WEIGHTS, vocabulary: Path = VOCABULARY, about: Path = ABOUT) -> None:
        known = vocabulary.read_text(encoding="utf-8").splitlines()
        self._pieces = Pieces({piece: number for number, piece in enumerate(known)})
        told = json.loads(about.read_text(encoding="utf-8"))
        self._kinds, self._sectors = list(told["kinds"]), list(told["sectors"])
        self._session = _session(weights)

    def __call__(self, article: Article, sentences: Sequence[Sentence]) -> Opinion | None:
        """What the model thinks of these sentences; None where there is no word to read."""
        numbers, words = self._pieces.of(sentences)
        if not words:
            return None
        ids = numpy.array([numbers], dtype=numpy.int64)
        given = {"ids": ids, "mask": numpy.ones_like(ids)}
        relevance, kinds, sectors, roles, meaning = self._session.run(None, given)
        table = roles[0].tolist()
        sides = sectors[0].tolist()
        half = len(self._sectors)
        return Opinion(
            relevance=float(relevance[0]),
            kinds=dict(zip(self._kinds, kinds[0].tolist(), strict=True)),
            roles={(sentence, word): table[first] for sentence, word, first in words},
            sectors={
                "actor": dict(zip(self._sectors, sides[:half], strict=True)),
                "recipient": dict(zip(self._sectors, sides[half:], strict=True)),
            },
            meaning=tuple(meaning[0].tolist()),
        )


def _session(weights: Path) -> Any:
    options = onnxruntime.SessionOptions()
    # One thread: the workers are the parallelism, and a pool of threads would not survive their fork.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def shipped() -> TrainedReader:
    """The reader with the shipped weights, one a process."""
    return TrainedReader()


def trained_opinion(article: Article, sentences: Sequence[Sentence]) -> Opinion | None:
    """What the shipped reader thinks; its weights are read when it is first asked."""
    return shipped()(article, sentences)
