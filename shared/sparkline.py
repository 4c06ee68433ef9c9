"""Counts as a line of small bars: a month at a glance in a terminal, a message, a table's cell."""

from collections.abc import Sequence

_NONE, _BARS = "▁", "▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int]) -> str:
    """One sign a count: the lowest for none, the highest for the most."""
    most = max(counts, default=0)
    return "".join(_BARS[(count * len(_BARS) - 1) // most] if count > 0 else _NONE for count in counts)
