"""Archives of articles, a JSON object a line: bad lines are told apart from a file that can't be read."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.classifier.coding.lines import article_from_line
from services.cli.terminal.usage import BadUsage
from shared.contracts import Article
from shared.errors import BadInput


class UnreadableSource(BadUsage):
    """The file itself can't be read: a usage error, told apart from a bad line in it."""


def read_lines(source: str) -> Iterator[tuple[int, Article | BadInput]]:
    """Each non-empty line's number, from 1, and its article or what is wrong with it.

    ``source`` is a file's path or ``-`` for stdin. Raises ``UnreadableSource``.
    """
    try:
        with stdin("JSON lines of articles") if source == "-" else Path(source).open("rb") as lines:
            refuse_binary(lines.peek(1024)[:1024], source)
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _read(line)
    except OSError as exc:
        raise UnreadableSource(
            f"can't read {source}: {exc.strerror or exc}; name a file, or - for stdin"
        ) from exc


def refuse_binary(start: bytes, source: str) -> None:
    """Raise ``UnreadableSource`` when what begins so is no text at all: each of its lines would be wrong."""
    if start.startswith(b"\x1f\x8b"):
        raise UnreadableSource(
            f"{source} is compressed: unpack it first, as in `gunzip -c FILE | tocsin ... -`"
        )
    if b"\0" in start:
        raise UnreadableSource(f"{source} is not text in UTF-8: it may be a picture, or text in UTF-16")


def _read(line: bytes) -> Article | BadInput:
    try:
        return article_from_line(json.loads(line))
    except BadInput as exc:
        return exc
    except (ValueError, RecursionError) as exc:
        return BadInput(f"not JSON ({exc}): write one JSON object a line")


def stdin(what: str) -> io.BufferedReader:
    """Our standard input; a person who sits at it is told first that we wait for ``what``."""
    if sys.stdin.isatty():
        print(f"Waiting for {what}; end it with Ctrl-D on a line of its own.", file=sys.stderr)
    given: Any = sys.stdin.buffer
    return given if isinstance(given, io.BufferedReader) else io.BufferedReader(given)
