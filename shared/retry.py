"""How long to wait before the next try, with jitter, so that many clients never return in step."""

import random
from collections.abc import Sequence


def backoff(failures: int, *, base: float, cap: float) -> float:
    """Seconds to wait after ``failures`` (1 or more) in a row: doubling from ``base``, at most ``cap``.

    Equal jitter: between half and all of the doubled wait, so that it never collapses to zero.
    """
    whole = min(cap, base * 2.0 ** min(max(failures, 1) - 1, 32))
    return whole / 2 + random.uniform(0, whole / 2)  # noqa: S311  (spreads load, guards no secret)


def scheduled(attempts: int, schedule: Sequence[float], *, jitter: float = 0.1) -> float | None:
    """Seconds to wait after ``attempts`` (1 or more) by a fixed schedule, or None when it is spent."""
    if attempts > len(schedule):
        return None
    wait = schedule[attempts - 1]
    return wait * (1 + random.uniform(-jitter, jitter))  # noqa: S311  (as above)
