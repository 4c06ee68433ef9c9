"""What the commands that tell again have in common: a notifier's journal without a notifier."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar

from services.notifier.again import Again
from services.notifier.journal import Journal
from shared.clock import SystemClock
from shared.settings import Settings
from shared.store import connect_async

T = TypeVar("T")


@asynccontextmanager
async def opened(url: str, config: Settings) -> AsyncIterator[Again]:
    """What puts deliveries back into their lanes, on the Redis at ``url``."""
    async with connect_async(url) as client:
        journal = Journal(client, config.names)
        yield Again(client, config.names, journal, SystemClock(), public_url=config.public_url)


def do(url: str, config: Settings, work: Callable[[Again], Coroutine[None, None, T]]) -> T:
    """Do one thing with it."""

    async def whole() -> T:
        async with opened(url, config) as again:
            return await work(again)

    return asyncio.run(whole())


def each(url: str, config: Settings, work: Callable[[Again], AsyncIterator[T]]) -> Iterator[T]:
    """Its steps one by one, for a bar that shows how far it is."""
    with asyncio.Runner() as runner:
        context = opened(url, config)
        again = runner.run(context.__aenter__())
        steps = work(again)
        try:
            while True:
                try:
                    yield runner.run(_next(steps))
                except StopAsyncIteration:
                    return
        finally:
            runner.run(context.__aexit__(None, None, None))


async def _next(steps: AsyncIterator[T]) -> T:
    return await anext(steps)
