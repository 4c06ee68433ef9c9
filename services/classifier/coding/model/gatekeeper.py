"""The trained gate: a linear sum over the words of title, summary and lead, tuned to let every event through.

Cheap (some 50 microseconds), so that the transformer need not read the day's football. Words and pairs of
words are hashed (Weinberger et al. 2009) into one byte each; ``docs/model.md`` says how it was fitted.
"""

import json
import math
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from services.classifier.coding.text.reading import Sentence

HERE = Path(__file__).parent
WEIGHTS, ABOUT = HERE / "gate.bin", HERE / "gate.json"
SIZE = 1 << 18
"""Slots that words are hashed into."""
SENTENCES, WORDS = 6, 160
"""How much of the top is read."""


class Gatekeeper:
    """Says how likely an article reports an event; one below ``threshold`` is not worth more reading."""

    def __init__(self, weights: bytes, scale: float, bias: float, threshold: float) -> None:
        self._weights = memoryview(weights).cast("b")
        self._scale, self._bias = scale, bias
        self.threshold = threshold

    def share(self, sentences: Sequence[Sentence]) -> float:
        """The probability of an event, 0 to 1, by words alone."""
        found = set(slots(sentences))
        if not found:
            return 0.0
        total = self._scale * sum(self._weights[slot] for slot in found) / math.sqrt(len(found)) + self._bias
        return 1 / (1 + math.exp(-total))


def slots(sentences: Sequence[Sentence]) -> Iterator[int]:
    """The slots of the words and of the pairs of words at the top; every number is one word."""
    words = [word for sentence in sentences[:SENTENCES] for word in ("#", *sentence.norms)][:WORDS]
    words = ["0" if word[:1].isdigit() else word for word in words]
    for word in words:
        yield _slot(word)
    for one, other in pairwise(words):
        yield _slot(f"{one} {other}")


def _slot(words: str) -> int:
    return zlib.crc32(words.encode("utf-8", "replace")) % SIZE


@lru_cache(maxsize=1)
def shipped() -> Gatekeeper:
    """The gate of this release, one a process."""
    about = json.loads(ABOUT.read_text(encoding="utf-8"))
    return Gatekeeper(WEIGHTS.read_bytes(), about["scale"], about["bias"], about["threshold"])
