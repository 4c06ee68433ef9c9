"""Heals what a lost message leaves behind: articles that wait in ``pending`` with nobody told of them.

The broker may lose a message, and the poller may die between its step and its message. In a long queue, what
waits is mostly not lost but late, and telling it twice would make it later: then only a few are swept, of
those that have waited far too long, so that what was lost comes back under a steady load too.
"""

from datetime import timedelta
from pathlib import Path

import redis.asyncio

from shared.names import Names
from shared.store import guarded

SHORT_QUEUE = 20
"""Messages; at 25 articles each a worker is through with them in seconds."""
AT_ONCE = 500
"""Articles a sweep, a queue's ``SHORT_QUEUE`` of messages: more would make the queue long by ourselves."""
FEW = 25
"""Articles a sweep while the queue is long: one message."""
FAR_TOO_LONG = 10
"""Times the wait that is too long, before an article is swept while the queue is long."""


class Sweeper:
    """Finds what has waited too long; raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._names = names
        self._sweep = client.register_script((Path(__file__).parent / "sweep.lua").read_text())

    async def take(self, older_than: timedelta, depth: int) -> list[str]:
        """The articles to enqueue again by Redis's clock, each answered to one sweeper only.

        A long queue, of ``depth`` messages, gets only a few more.
        """
        is_short = depth <= SHORT_QUEUE
        patience = older_than if is_short else older_than * FAR_TOO_LONG
        with guarded("sweeping pending articles"):
            keys = await self._sweep(
                keys=[self._names.pending],
                args=[int(patience.total_seconds() * 1000), AT_ONCE if is_short else FEW],
            )
        return [str(key) for key in keys]
