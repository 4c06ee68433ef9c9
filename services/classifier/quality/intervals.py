"""How sure a figure is: 95 % intervals, Wilson's for shares and a bootstrap over items for F1."""

import math
import random
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from services.classifier.quality.sides import Hits

_Z = 1.959963984540054
"""The normal distribution's 97.5th percentile."""
_DRAWS = 1000
_SEED = 2024
"""Fixed, so that the same items give the same page to the byte."""


def wilson(right: int, of: int) -> tuple[float, float]:
    """Wilson's score interval of a share; good near 0 and 1 and for few items, where the usual one is not."""
    if not of:
        return 0.0, 1.0
    share, z2 = right / of, _Z * _Z
    middle = share + z2 / (2 * of)
    half = _Z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    # Rounding may leave a hair beyond the ends.
    return max(0.0, (middle - half) / (1 + z2 / of)), min(1.0, (middle + half) / (1 + z2 / of))


def f1(both: int, extra: int, lacking: int) -> float | None:
    """The harmonic mean of precision and recall; None where nothing was to be found and nothing was."""
    return 2 * both / (2 * both + extra + lacking) if both + extra + lacking else None


def f1_interval(items: Sequence[Hits]) -> tuple[float, float]:
    """The middle 95 % of F1 over a thousand draws of as many items, with replacement."""
    if not items:
        return 0.0, 1.0
    # Items that count alike are drawn as one kind: few kinds, so a draw is quick.
    kinds = Counter(items)
    names, ends = list(kinds), list(accumulate(kinds.values()))
    draw = random.Random(_SEED)  # noqa: S311  (statistics, not secrets)
    drawn: list[float] = []
    for _ in range(_DRAWS):
        times = Counter(draw.choices(names, cum_weights=ends, k=len(items)))
        value = f1(
            sum(hits.both * n for hits, n in times.items()),
            sum(hits.extra * n for hits, n in times.items()),
            sum(hits.lacking * n for hits, n in times.items()),
        )
        if value is not None:
            drawn.append(value)
    drawn.sort()
    if not drawn:
        return 0.0, 1.0
    return drawn[int(0.025 * (len(drawn) - 1))], drawn[math.ceil(0.975 * (len(drawn) - 1))]
