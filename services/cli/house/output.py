"""Many processes, one terminal: each line under the name of who said it."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import IO

_COLOURS = ("36", "33", "32", "35", "34", "31")
LONGEST_LINE = 64 * 1024
"""Bytes; a longer line is printed in pieces, so that no child can make us hold more."""


class Board:
    """Prints whole lines, each after the padded name of its speaker, in a colour of its own on a terminal."""

    def __init__(
        self, speakers: list[str], *, stream: IO[str] | None = None, colour: bool | None = None
    ) -> None:
        self._stream = stream or sys.stdout
        self._width = max(len(speaker) for speaker in speakers)
        on_terminal = self._stream.isatty() and "NO_COLOR" not in os.environ
        self._colour = on_terminal if colour is None else colour
        self._code = {speaker: _COLOURS[i % len(_COLOURS)] for i, speaker in enumerate(speakers)}
        self.closed = False

    def say(self, speaker: str, line: str) -> None:
        """Print one line; after the reader of our output has gone, nothing (the work goes on)."""
        prefix = f"{speaker:<{self._width}} |"
        if self._colour:
            prefix = f"\x1b[{self._code.get(speaker, '0')}m{prefix}\x1b[0m"
        if self.closed:
            return
        try:
            self._stream.write(f"{prefix} {line}\n")
            self._stream.flush()
        except OSError:
            self.closed = True


async def relay(stream: asyncio.StreamReader, say: Callable[[str], None]) -> None:
    """Hand on what ``stream`` says, line by line, until it ends; an unfinished last line too."""
    rest = b""
    while chunk := await stream.read(LONGEST_LINE):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            _hand_on(line, say)
    if rest:
        _hand_on(rest, say)


def _hand_on(line: bytes, say: Callable[[str], None]) -> None:
    text = line.decode(errors="replace").rstrip()
    if text:
        say(text)
