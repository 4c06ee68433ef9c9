"""What a text is about, as the trained reader puts it: 64 numbers that stand in an event as one short word.

Tellings of one thing point the same way, those of two things do not; but only in the words of one reader, so
that each meaning names the one that found it (``reader-5:`` and base64, a byte a number).
"""

import base64
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy
from numpy.typing import NDArray

NUMBERS = 64
WHOLE = 127
"""Steps of a byte from 0 to 1."""

Vector = NDArray[numpy.float32]


def packed(meaning: Sequence[float], reader: str) -> str:
    """The numbers, each -1 to 1, and whose they are; empty for none."""
    if not len(meaning):
        return ""
    return f"{reader}:{base64.b64encode(steps(numpy.asarray(meaning)).tobytes()).decode()}"


def steps(meaning: NDArray[Any]) -> NDArray[numpy.int8]:
    """The numbers in steps of a byte."""
    found: NDArray[numpy.int8] = numpy.rint(numpy.clip(meaning, -1, 1) * WHOLE).astype("i1")
    return found


@lru_cache(maxsize=4096)
def vector(meaning: str) -> Vector | None:
    """The numbers again; None where there are none, or none that this release knows."""
    try:
        found = numpy.frombuffer(base64.b64decode(meaning.partition(":")[2], validate=True), "i1")
    except ValueError:
        return None
    return (found / WHOLE).astype("f4") if len(found) == NUMBERS else None


def reader_of(meaning: str) -> int:
    """A number from 1 to 255 for the reader who found it; 0 where there is none that can be read."""
    return crc32(meaning.partition(":")[0].encode()) % 255 + 1 if vector(meaning) is not None else 0


def mean(meanings: Iterable[str]) -> str:
    """What several tell on average, the shorter, the more they differ; in the last one's words."""
    told = [
        (meaning.partition(":")[0], each) for meaning in meanings if (each := vector(meaning)) is not None
    ]
    if not told:
        return ""
    reader = told[-1][0]
    known = numpy.array([each for by, each in told if by == reader])
    return packed(known.mean(axis=0).tolist(), reader)


def alike(one: str, other: str) -> float | None:
    """How near two are, -1 to 1: for a mean, how near it is on average.

    None where either tells none, or two readers found them.
    """
    if one.partition(":")[0] != other.partition(":")[0]:
        return None
    ours, theirs = vector(one), vector(other)
    return float(ours @ theirs) if ours is not None and theirs is not None else None
