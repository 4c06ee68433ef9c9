"""Whether an endpoint is sent its messages: the breaker of its lane, told from its failures and its rest.

The notifier acts by it, and the same words stand in metrics and lists. Plain functions of what is known.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.retry import backoff

PATIENCE = 5
"""Failures in a row after which a lane sends one delivery at a time, to see whether its endpoint is back."""
PROBE_EVERY = 60.0
"""Seconds that a lane rests at most between two such probes, unless its endpoint asked for more."""


class Breaker(StrEnum):
    """``open`` sends nothing for a while, ``half-open`` one message to see whether its endpoint is back."""

    CLOSED = "closed"
    HALF_OPEN = "half-open"
    OPEN = "open"


def breaker(failures: int, *, rests: bool) -> Breaker:
    """The state of a lane after ``failures`` in a row; ``rests``: it is to be left alone for now."""
    if failures < PATIENCE:
        return Breaker.CLOSED
    return Breaker.OPEN if rests else Breaker.HALF_OPEN


def at_once(failures: int, most: int) -> int:
    """How many deliveries a lane that does not rest may have under way: ``most`` if its endpoint is well."""
    return most if breaker(failures, rests=False) is Breaker.CLOSED else 1


def cool_down(failures: int) -> float:
    """How long a lane rests after so many failures in a row, so that a dead endpoint costs little."""
    if breaker(failures, rests=False) is Breaker.CLOSED:
        return 0.0
    return backoff(failures - PATIENCE + 1, base=1.0, cap=PROBE_EVERY)


def is_given_up(failures: int, failing_since: datetime | None, now: datetime, after: timedelta) -> bool:
    """Whether a subscription is to be disabled: nothing taken for as long as ``after`` (0: never)."""
    if not after or failing_since is None or failures < PATIENCE:
        return False
    return now - failing_since >= after
