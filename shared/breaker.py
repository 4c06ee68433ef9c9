"""Whether an endpoint is sent its messages: the breaker of its lane, told from its failures and its rest.

The notifier acts by it, and the same words stand in metrics and lists.
"""

from enum import StrEnum

PATIENCE = 5
"""Failures in a row after which a lane sends one delivery at a time, to see whether its endpoint is back."""


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
