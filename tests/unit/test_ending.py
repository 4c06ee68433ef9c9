"""A task that is to end does end, even one that loses the first request."""

import asyncio

from shared.ending import end


async def test_a_task_that_loses_a_cancellation_is_asked_again() -> None:
    lost: list[str] = []

    async def forgetful() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("once")

    task = asyncio.create_task(forgetful())
    await asyncio.sleep(0)
    await end(task)
    assert task.cancelled()
    assert lost == ["once"]


async def test_what_it_raised_is_left_in_it() -> None:
    async def failing() -> None:
        raise ValueError("of its own")

    task = asyncio.create_task(failing())
    await asyncio.wait({task})
    await end(task)
    assert isinstance(task.exception(), ValueError)
