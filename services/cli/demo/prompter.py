"""Listens to the log of the demo's house and hands on what the stage shows; keeps the rest for a bad day."""

import asyncio
import json
from collections import deque
from typing import Any

from services.cli.house.supervisor import SELF
from shared.printable import one_line

_KEPT = 4
_LONGEST = 200
"""Letters of one complaint: they all stand in one sentence."""
_BEFORE_ANOTHER = ("During handling of the above", "The above exception was")
"""How Python goes on from an exception to the one that came of it."""


class Prompter:
    """Stands where ``tocsin up`` has its board.

    ``considered`` holds the worker's decisions in order; ``redis_answers`` is set when Redis does.
    """

    def __init__(self) -> None:
        self.redis_answers = asyncio.Event()
        self.considered: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._complaints: deque[str] = deque(maxlen=_KEPT)

    def say(self, speaker: str, line: str) -> None:
        """Take one line of a member's output."""
        told = _read(line)
        if speaker == "redis":
            self.redis_answers.set()
        elif told is None:
            if speaker != SELF:  # no log line of ours: a traceback, a library's warning
                self._hear(speaker, line)
        elif told.get("event") == "article considered":
            self.considered.put_nowait(told)
        elif told.get("level") in ("warning", "error", "critical"):
            self._keep(f"{speaker}: {told.get('event')} {told.get('error', '')}")

    def last_words(self, of: str = "") -> str:
        """What the members, or the one that is named, complained of last; empty when nobody did."""
        return "; ".join(said for said in self._complaints if said.startswith(f"{of}: " if of else ""))

    def _hear(self, speaker: str, line: str) -> None:
        """Keep a line; of a traceback only the last, which says what happened."""
        if line[:1].isspace() or line.startswith("Traceback "):
            return
        if line.startswith(_BEFORE_ANOTHER):
            if self._complaints and self._complaints[-1].startswith(f"{speaker}: "):
                self._complaints.pop()
            return
        self._keep(f"{speaker}: {line}")

    def _keep(self, complaint: str) -> None:
        """Keep a complaint, once however often it is made: who ends so is started again."""
        short = one_line(complaint)
        if len(short) > _LONGEST:
            short = f"{short[:_LONGEST]}..."
        if short in self._complaints:
            self._complaints.remove(short)
        self._complaints.append(short)


def _read(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
