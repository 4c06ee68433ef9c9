"""What a text is about, as the trained reader puts it: 64 numbers that stand in an event as one short word.

Tellings of one thing point the same way, those of two things do not. Each number takes a byte (of 127), so
that an incident of fifty reports carries four kilobytes of them.
"""

import base64
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy
from numpy.typing import NDArray

NUMBERS = 64
WHOLE = 127

Vector = NDArray[numpy.float32]


def packed(meaning: Sequence[float]) -> str:
    """The numbers, each -1 to 1, as base64; empty for none."""
    if not len(meaning):
        return ""
    return base64.b64encode(steps(numpy.asarray(meaning)).tobytes()).decode()


def steps(meaning: NDArray[Any]) -> NDArray[numpy.int8]:
    """The numbers in steps of a byte, ``WHOLE`` of them to 1."""
    found: NDArray[numpy.int8] = numpy.rint(numpy.clip(meaning, -1, 1) * WHOLE).astype("i1")
    return found


@lru_cache(maxsize=4096)
def vector(meaning: str) -> Vector | None:
    """The numbers again; None where there are none, or none that this release knows."""
    try:
        found = numpy.frombuffer(base64.b64decode(meaning, validate=True), "i1")
    except ValueError:
        return None
    return (found / WHOLE).astype("f4") if len(found) == NUMBERS else None


def mean(meanings: Iterable[str]) -> str:
    """What several tell on average: the shorter, the more they differ. Those that tell none are left out."""
    known = [each for meaning in meanings if (each := vector(meaning)) is not None]
    return packed(numpy.mean(known, axis=0).tolist()) if known else ""


def alike(one: str, other: str) -> float | None:
    """How near two are, -1 to 1: for a mean, how near it is on average. None where either tells none."""
    ours, theirs = vector(one), vector(other)
    return float(ours @ theirs) if ours is not None and theirs is not None else None
