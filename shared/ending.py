"""Ending a task for good.

On Python 3.11 ``asyncio.wait_for``, through which redis-py reads and writes, loses a cancellation that comes
just as its work is done; the task then goes on as if nobody had asked (mended in 3.12). So ask again.
"""

import asyncio
from typing import Any

AGAIN = 0.1
"""Seconds that a task has to end before it is asked once more."""


async def end(task: "asyncio.Task[Any]") -> None:
    """Cancel the task and return when it has ended; what it raised or returned is left in it."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=AGAIN)
