"""Listens to the log of the demo's house and hands on what the stage shows; keeps the rest for a bad day."""

import asyncio
import json
from collections import deque
from typing import Any

from services.cli.supervisor import SELF

_KEPT = 12


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
                self._complaints.append(f"{speaker}: {line}")
        elif told.get("event") == "article considered":
            self.considered.put_nowait(told)
        elif told.get("level") in ("warning", "error", "critical"):
            self._complaints.append(f"{speaker}: {told.get('event')} {told.get('error', '')}".rstrip())

    def last_words(self) -> str:
        """What the members complained of, for an error's sentence; empty when nobody did."""
        return "; ".join(self._complaints)


def _read(line: str) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
