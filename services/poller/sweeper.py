"""Heals what a lost message leaves behind: articles that wait in ``pending`` with nobody told of them.

The broker may lose a message, and the poller may die between its step and its message. Only while the queue
is short: in a long one, what waits is not lost but late, and telling it twice would make it later.
"""

from datetime import datetime, timedelta
from pathlib import Path

import redis.asyncio

from shared.names import Names
from shared.store import guarded

SHORT_QUEUE = 20
"""Messages; at 25 articles each a worker is through with them in seconds."""
AT_ONCE = 500
"""Articles a sweep, a queue's ``SHORT_QUEUE`` of messages: more would make the queue long by ourselves."""


class Sweeper:
    """Finds what has waited too long; raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._names = names
        self._sweep = client.register_script((Path(__file__).parent / "sweep.lua").read_text())

    async def take(self, now: datetime, older_than: timedelta, depth: int) -> list[str]:
        """The articles to enqueue again, each answered to one sweeper only; none while the queue is long."""
        if depth > SHORT_QUEUE:
            return []
        cutoff = int((now - older_than).timestamp() * 1000)
        with guarded("sweeping pending articles"):
            keys = await self._sweep(
                keys=[self._names.pending], args=[cutoff, int(now.timestamp() * 1000), AT_ONCE]
            )
        return [str(key) for key in keys]
