"""What a person sees of work that takes longer than a moment: a bar, or a word about what is waited for.

All of it goes to stderr and only to a terminal, so that what a command prints stays its own, wherever it
goes. rich is loaded only where something is shown.
"""

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_PATIENCE = 1.0
"""Seconds that pass without a word."""


def with_progress(
    steps: Iterable[T], doing: str, total: int | None = None, *, prints: bool = False
) -> Iterable[T]:
    """The same steps; on a terminal a bar on stderr shows how far they are.

    ``prints`` says that each step prints to stdout: where that is the terminal as well there is no bar, as
    the lines themselves show how far it is, and would tear a bar apart.
    """
    if not sys.stderr.isatty() or (prints and sys.stdout.isatty()):
        return steps
    return _with_bar(steps, doing, total)


def _with_bar(steps: Iterable[T], doing: str, total: int | None) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # rich would otherwise take what we print meanwhile from the file it goes to, and show it above the bar.
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as bar:
        yield from bar.track(steps, total=total)


@contextmanager
def while_waiting(what: str, after: float = _PATIENCE) -> Iterator[None]:
    """Say on a terminal what is waited for, once it takes longer than ``after`` seconds."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, after, over), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(what: str, after: float, over: threading.Event) -> None:
    if over.wait(after):
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        over.wait()
