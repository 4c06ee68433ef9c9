"""One check at a time, none for ever: what fails or hangs becomes a finding, and hides no other."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from services.cli.checks.finding import Finding, warning

T = TypeVar("T")
DEADLINE = 6.0
"""Seconds for one check: more than each may wait for an answer, and for a name that nobody resolves."""


def attempt(
    check: str, judged: Callable[[], Sequence[Finding]], deadline: float = DEADLINE
) -> Sequence[Finding]:
    """What ``judged`` finds, or a warning that it could not be told."""
    try:
        return within(deadline, judged)
    except TimeoutError:
        says = f"This could not be told within {deadline:.0f} s: something that it looks at hangs."
        return [
            warning(check, says, "See whether a disk or the network hangs, then run `tocsin doctor` again.")
        ]
    except Exception as exc:  # a fault of ours in one check must not cost the others
        says = f"This could not be told ({type(exc).__name__}: {exc})."
        return [warning(check, says, "Please report it; the other lines hold all the same.")]


def within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` returns or raises; raises ``TimeoutError`` when it has not ended by then.

    It is left alone then, in a thread that does not keep this process from ending.
    """
    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as exc:  # it is raised again below, where somebody waits for it
            failed.append(exc)

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    worker.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError
    return done[0]
