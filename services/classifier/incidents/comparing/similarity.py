"""How alike two articles' texts are, and where near copies meet.

Token-set similarity on title and summary found 75 % of 1,075 real edited-headline pairs at one false pair
in 10,000 (title alone 60 %). Candidates come from MinHash bands tuned low, so that they are rather too
many: eight bands of two rows meet with probability 0.90 at Jaccard 0.5 and 0.53 at 0.3. Any two reports of
war reach 0.1, where one pair in twelve meets: so of those that met, the few with most rows in common count.
"""

import re
import zlib
from functools import lru_cache

import numpy
from rapidfuzz import fuzz

BANDS = 8
ROWS = 2
FEWEST_ROWS = 6
"""Rows in common without which texts that meet are not near: 0.98 of pairs at Jaccard 0.6 have them."""
NEAREST = 4
COPY = 90.0
"""Token-set similarity (0 to 100) from which one text counts as a copy of the other."""
_FEWEST_WORDS = 5
# Two short texts reach a high token-set similarity by chance ("Blast in Kabul" is inside much).
_WORD = re.compile(r"\w+")
_MASK, _HALF = numpy.uint64(0xFFFFFFFF), numpy.uint64(32)
_ID_PARTS = 4
"""Of two bytes, as a row is, in the number with which a near record begins."""
# Odd multipliers of a multiply-shift hash family; any fixed odd numbers serve.
_MULTIPLIERS = numpy.array(
    [0x9E3779B1 * (2 * i + 1) & 0xFFFFFFFF | 1 for i in range(BANDS * ROWS)], numpy.uint64
)


def words(title: str, summary: str) -> str:
    """Title and summary as lower-case words with single spaces: what similarity compares."""
    return " ".join(_WORD.findall(f"{title} {summary}".casefold()))


def is_copy(one: str, other: str) -> bool:
    """Whether two ``words`` texts are copies: equal, or alike enough and not too short to tell."""
    if one == other:
        return bool(one)
    if min(one.count(" "), other.count(" ")) < _FEWEST_WORDS - 1:
        return False
    # A headline inside a long text is no copy of it: lengths must be of one order.
    if min(len(one), len(other)) * 3 < max(len(one), len(other)):
        return False
    return alike(one, other) >= COPY


@lru_cache(maxsize=8192)
def alike(one: str, other: str) -> float:
    """Token-set similarity of two texts, 0 to 100; asked for more than once of a pair, so it is kept."""
    return fuzz.token_set_ratio(one, other)


def signature(text: str) -> bytes:
    """The rows of a ``words`` text, two bytes each; empty for an empty text."""
    hashes = numpy.array([zlib.crc32(word.encode()) for word in set(text.split())], numpy.uint64)
    if not len(hashes):
        return b""
    mixed = hashes[:, None] * _MULTIPLIERS
    rows: bytes = ((mixed & _MASK) ^ (mixed >> _HALF)).min(axis=0).astype("<u2").tobytes()
    return rows


def met(records: bytes, wanted: bytes) -> list[bytes]:
    """The numbers of the ``NEAREST`` incidents that share a band with this signature and most rows.

    ``records`` are those of a near bucket: a number of eight bytes, then a signature. Without words none
    meets.
    """
    if not wanted or not records:
        return []
    known = numpy.frombuffer(records, "<u2").reshape(-1, _ID_PARTS + BANDS * ROWS)
    bands = numpy.frombuffer(records, "<u4").reshape(-1, _ID_PARTS // ROWS + BANDS)[:, _ID_PARTS // ROWS :]
    where = numpy.flatnonzero((bands == numpy.frombuffer(wanted, "<u4")).any(axis=1))
    rows = (known[where, _ID_PARTS:] == numpy.frombuffer(wanted, "<u2")).sum(axis=1)
    order = numpy.argsort(-rows, kind="stable")
    nearest = [known[at, :_ID_PARTS].tobytes() for at in where[order[rows[order] >= FEWEST_ROWS]]]
    return list(dict.fromkeys(nearest))[:NEAREST]
