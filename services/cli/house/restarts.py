"""When a process that ended by itself is started again: a plain rule on plain numbers."""

import signal
from dataclasses import dataclass

from shared.retry import backoff

STEADY_AFTER = 60.0
"""Seconds of life after which an end counts as the first one again, not as one more of a series."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Restart:
    """What to do about an end: wait so many seconds, then start; ``failures`` counts the series."""

    failures: int
    wait: float
    reason: str


def after_end(failures: int, *, lived: float, code: int) -> Restart:
    """Decide about a process that lived so many seconds and had failed ``failures`` times before."""
    failures = 1 if lived >= STEADY_AFTER else failures + 1
    wait = backoff(failures, base=FIRST_WAIT, cap=LONGEST_WAIT)
    again = f" ({failures} times in a row)" if failures > 1 else ""
    return Restart(failures, wait, f"{describe(code)}{again}")


def describe(code: int) -> str:
    """An exit code in words; a negative one is the signal that ended the process."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
