"""Endpoints that fail for long: after an hour all arrives, after days the subscription is disabled."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import redis

from shared.breaker import PATIENCE
from shared.clock import FakeClock
from shared.contracts import AlertKind, DeliveryState, SubscriptionState
from shared.settings import Settings
from shared.subscriptions import Register
from tests.support.notifier import Endpoint, Notifier, alert, endpoint, notifier


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def tocsin(settings: Settings, clock: FakeClock) -> AsyncIterator[Notifier]:
    async with notifier(settings, clock) as running:
        yield running


@pytest.fixture
async def hook() -> AsyncIterator[Endpoint]:
    async with endpoint(answers=[503]) as served:
        yield served


def later(clock: FakeClock, **span: float) -> None:
    clock.move_to(clock.now() + timedelta(**span))


async def passes(tocsin: Notifier, clock: FakeClock, *, hours: float, minutes: float) -> None:
    """Let so many hours go by; every so many minutes what is due is sent, and the janitor makes a round."""
    for _ in range(round(hours * 60 / minutes)):
        later(clock, minutes=minutes)
        await tocsin.janitor.round()
        await tocsin.sends()


async def test_a_receiver_that_was_down_for_an_hour_gets_all(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    made = await tocsin.subscribes(hook)
    for number in range(60):
        await tocsin.rings(alert(incident=f"inc_{number}", at=clock.now()))
        await tocsin.works()
        later(clock, minutes=1)
    told = [f"inc_{number}-1" for number in range(60)]
    down = len(hook.heard)
    assert down < 90, "a dead endpoint is probed, not stormed"

    hook.answers = [200]
    hook.heard.clear()
    await passes(tocsin, clock, hours=2, minutes=5)
    assert sorted(hook.alert_ids()) == sorted(told)
    assert len(hook.heard) == 60
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}
    assert (await tocsin.subscription(made.id)).failing_since is None
    assert await tocsin.client.keys("*untried*") == []


async def test_who_took_nothing_for_days_is_disabled_and_it_is_told(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    async with endpoint() as desk:
        made = await tocsin.subscribes(hook)
        await tocsin.subscribes(desk, "kind=system.degraded")
        began = clock.now()
        await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(PATIENCE)))
        await tocsin.works()
        await passes(tocsin, clock, hours=119, minutes=60)
        failing = await tocsin.subscription(made.id)
        assert failing.state == SubscriptionState.ACTIVE
        assert failing.failing_since is not None
        assert failing.failing_since - began < timedelta(hours=2)

        await passes(tocsin, clock, hours=3, minutes=30)
        disabled = await tocsin.subscription(made.id)
        assert disabled.state == SubscriptionState.DISABLED
        assert disabled.state_reason == (
            "it took nothing for 5 days (answered 503): mend its endpoint, "
            f"then `tocsin subscriptions resume {made.id}`"
        )
        waiting = [each for each in (await tocsin.deliveries()).values() if each.subscription_id == made.id]
        assert {each.state for each in waiting} == {DeliveryState.PARKED}

        await tocsin.works()
        (told,) = desk.heard
        assert told.body["type"] == AlertKind.DEGRADED
        assert made.url_hint in told.body["data"]["sentence"]

        # Resumed, its endpoint has all its days again, and what waited follows.
        tries = len(hook.heard)
        await _resume(tocsin, made.id)
        await tocsin.sends()
        assert len(hook.heard) == tries + 1
        assert (await tocsin.subscription(made.id)).state == SubscriptionState.ACTIVE
        hook.answers = [200]
        hook.heard.clear()
        await passes(tocsin, clock, hours=1, minutes=30)
        assert len(set(hook.ids())) == PATIENCE


async def test_zero_days_disable_nobody(settings: Settings, hook: Endpoint, clock: FakeClock) -> None:
    async with notifier(settings.model_copy(update={"disable_after_days": 0}), clock) as tocsin:
        made = await tocsin.subscribes(hook)
        await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(PATIENCE)))
        await tocsin.works()
        await passes(tocsin, clock, hours=150, minutes=120)
        assert (await tocsin.subscription(made.id)).state == SubscriptionState.ACTIVE


async def test_a_pause_is_no_failing(tocsin: Notifier, hook: Endpoint, clock: FakeClock) -> None:
    made = await tocsin.subscribes(hook)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(PATIENCE)))
    await tocsin.works()
    later(clock, minutes=5)
    await tocsin.sends()
    assert (await tocsin.subscription(made.id)).failing_since is not None
    await _set_state(tocsin, made.id, SubscriptionState.PAUSED)
    later(clock, days=6)
    await tocsin.sends()
    await _resume(tocsin, made.id)
    await tocsin.sends()
    assert (await tocsin.subscription(made.id)).state == SubscriptionState.ACTIVE


async def test_a_breaker_can_be_seen(
    settings: Settings, tocsin: Notifier, hook: Endpoint, clock: FakeClock, redis_client: "redis.Redis"
) -> None:
    register = Register(redis_client, settings.names)
    made = await tocsin.subscribes(hook)
    assert not register.rests(made.id)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(PATIENCE)))
    await tocsin.works()
    assert register.waiting(made.id) == (PATIENCE, 0, PATIENCE)
    assert register.rests(made.id)


async def _resume(tocsin: Notifier, id_: str) -> None:
    await _set_state(tocsin, id_, SubscriptionState.ACTIVE)


async def _set_state(tocsin: Notifier, id_: str, state: SubscriptionState) -> None:
    """As the command does it."""
    changed = (await tocsin.subscription(id_)).model_copy(update={"state": state, "state_reason": ""})
    await tocsin.client.hset(tocsin.names.subscriptions, id_, changed.to_json())
    await tocsin.client.delete(tocsin.names.lane_lease(id_))
    await tocsin.client.zadd(tocsin.names.lanes, {id_: 0})
