"""Endpoints that hang, many of them: they hurt only themselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.notifier.places import FOR_FAILING, MAX_LANES, MAX_STUCK, Room
from shared.settings import Settings
from tests.support.notifier import Endpoint, Notifier, alert, endpoint, notifier

HUNG, HEALTHY = 150, 20
TIMEOUT = 6.0


@asynccontextmanager
async def at_work(tocsin: Notifier) -> AsyncIterator[None]:
    """Consumer and lanes, as the service runs them."""
    stop = asyncio.Event()
    running = asyncio.gather(tocsin.consumer.run(stop), tocsin.lanes.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, TIMEOUT + 5)


async def until(holds: Callable[[], bool], hook: Endpoint, within: float) -> float:
    """Wait, woken by each message that arrives, until ``holds``; the seconds that took."""
    began = time.monotonic()
    async with asyncio.timeout(within):
        while not holds():
            hook.arrived.clear()
            await hook.arrived.wait()
    return time.monotonic() - began


async def test_a_hundred_and_fifty_that_hang_delay_none_of_twenty_that_answer(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = settings.model_copy(update={"delivery_timeout": TIMEOUT})
    async with notifier(patient) as tocsin, endpoint(hang=True) as stuck, endpoint() as hook:
        for _ in range(HUNG):
            await tocsin.subscribes(stuck)
        for _ in range(HEALTHY):
            await tocsin.subscribes(hook)
        stuck.secrets = hook.secrets = ()
        settled, settle = asyncio.Event(), tocsin.journal.settle_attempt

        async def then_told(*arguments: Any) -> Any:
            answer = await settle(*arguments)
            settled.set()
            return answer

        monkeypatch.setattr(tocsin.journal, "settle_attempt", then_told)
        async with at_work(tocsin):
            # Nobody can know yet who hangs; whoever does gives its place up after two seconds.
            await tocsin.rings(alert())
            took = await until(lambda: len(hook.heard) == HEALTHY, hook, within=TIMEOUT - 1)
            assert took < TIMEOUT - 1

            # An endpoint that hangs holds one message at a time, however much waits for it.
            await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(2, 12)))
            await until(lambda: len(hook.heard) == HEALTHY * 11, hook, within=TIMEOUT - 1)
            under_way = len(tocsin.lanes._places.served())
            assert under_way <= MAX_LANES + MAX_STUCK
            assert len(stuck.heard) <= HUNG + FOR_FAILING

            # Once they are known to fail, they have half of the places, and a new alert passes them by.
            await _known_to_fail(tocsin, settled)
            await tocsin.rings(alert(incident="inc_12"))
            took = await until(lambda: len(hook.heard) == HEALTHY * 12, hook, within=3.0)
            assert took < 2.0
        # What hangs is still to be told: nothing of it was lost.
        waiting = [each for each in (await tocsin.deliveries()).values() if each.state == "pending"]
        assert len(waiting) == HUNG * 12


async def _known_to_fail(tocsin: Notifier, settled: asyncio.Event) -> None:
    async with asyncio.timeout(TIMEOUT * 3):
        while await tocsin.client.hlen(tocsin.names.failures) < HUNG:
            settled.clear()
            await settled.wait()


async def test_lanes_that_fail_do_not_hide_those_that_fare_well(settings: Settings) -> None:
    async with notifier(settings) as tocsin:
        names, now = tocsin.names, tocsin.clock.now()
        failing = [f"sub_{number:04}" for number in range(2000)]
        await tocsin.client.zadd(names.lanes, dict.fromkeys(failing, 1))
        await tocsin.client.hset(names.failures, mapping=dict.fromkeys(failing, 7))
        await tocsin.client.zadd(names.lanes, {"sub_well": 2, "sub_served": 2})
        found = await tocsin.journal.lanes_due(now, Room(well=100, failing=50), ["sub_served", "sub_0000"])
        assert found == (["sub_well"], failing[1:51])
        assert await tocsin.journal.lanes_due(now, Room(well=1, failing=0)) == (["sub_served"], [])


async def test_a_redis_that_comes_back_empty_is_worked_with_at_once(settings: Settings) -> None:
    """Its groups are gone (NOGROUP) and its scripts too; a consumer that only complained would never end."""
    async with notifier(settings) as tocsin, endpoint() as hook:
        await tocsin.subscribes(hook)
        async with at_work(tocsin):
            await tocsin.rings(alert())
            await until(lambda: len(hook.heard) == 1, hook, within=5)
            await tocsin.client.flushall()
            await tocsin.client.script_flush()
            await tocsin.subscribes(hook)
            await tocsin.rings(alert(incident="inc_2"))
            await until(lambda: len(hook.heard) == 2, hook, within=10)
        assert hook.alert_ids() == ["inc_1-1", "inc_2-1"]
