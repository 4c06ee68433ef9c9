"""Archives of articles, a JSON object a line: bad lines are told apart, and who waits sees how far."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.classifier.coding.lines import article_from_line
from shared.contracts import Article
from shared.errors import BadInput

T = TypeVar("T")


class UnreadableSource(BadInput):
    """The file itself can't be read: a usage error, told apart from a bad line in it."""


def read_lines(source: str) -> Iterator[tuple[int, Article | BadInput]]:
    """Each non-empty line's number, from 1, and its article or what is wrong with it.

    ``source`` is a file's path or ``-`` for stdin. Raises ``UnreadableSource``.
    """
    try:
        with stdin("JSON lines of articles") if source == "-" else Path(source).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _read(line)
    except OSError as exc:
        raise UnreadableSource(
            f"can't read {source}: {exc.strerror or exc}; name a file, or - for stdin"
        ) from exc


def _read(line: bytes) -> Article | BadInput:
    try:
        return article_from_line(json.loads(line))
    except BadInput as exc:
        return exc
    except (ValueError, RecursionError) as exc:
        return BadInput(f"not JSON ({exc}): write one JSON object a line")


def stdin(what: str) -> BinaryIO:
    """Our standard input; a person who sits at it is told first that we wait for ``what``."""
    if sys.stdin.isatty():
        print(f"Waiting for {what}; end it with Ctrl-D on a line of its own.", file=sys.stderr)
    return sys.stdin.buffer


def with_progress(steps: Iterable[T], doing: str, total: int | None = None) -> Iterable[T]:
    """The same steps; on a terminal a bar on stderr shows how far they are."""
    console = Console(stderr=True)
    # Output that goes to the same terminal would tear the bar apart.
    if not console.is_terminal or sys.stdout.isatty():
        return steps
    return _with_bar(steps, doing, total, console)


def _with_bar(steps: Iterable[T], doing: str, total: int | None, console: Console) -> Iterator[T]:
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # rich would otherwise take what we print meanwhile from the file it goes to, and show it above the bar.
    with Progress(*columns, console=console, redirect_stdout=False) as bar:
        yield from bar.track(steps, total=total)
