"""A system event rings once, whatever is repeated, and what stands can be read by all who ask."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from shared import system_events
from shared.contracts import Alert, AlertKind, Trouble
from shared.settings import Settings
from shared.store import connect_async
from shared.system_alerts import degraded, over, rung, subscription_disabled
from tests.support.notifier import NOON

if TYPE_CHECKING:
    import redis
    import redis.asyncio


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator["redis.asyncio.Redis"]:
    assert settings.redis_url is not None
    async with connect_async(settings.redis_url) as opened:
        yield opened


async def on_stream(client: "redis.asyncio.Redis", settings: Settings) -> list[Alert]:
    entries: Any = await client.xrange(settings.names.alerts)
    return [Alert.from_json(fields["alert"]) for _id, fields in entries]


async def test_a_trouble_that_is_begun_twice_rings_once_and_stands(
    client: "redis.asyncio.Redis", redis_client: "redis.Redis", settings: Settings
) -> None:
    gone = subscription_disabled("sub_1", "https://a.example/***ends", "410 Gone", NOON)

    assert await system_events.begin(client, settings.names, gone)
    assert not await system_events.begin(client, settings.names, gone)

    (alert,) = await on_stream(client, settings)
    assert (alert.kind, alert.reason) == (AlertKind.DEGRADED, Trouble.DISABLED)
    assert alert.degraded is not None
    assert (alert.degraded.about, alert.degraded.over) == ("sub_1", False)
    assert "410 Gone" in alert.sentence
    assert "tocsin subscriptions resume sub_1" in alert.sentence
    (stands,) = system_events.standing(redis_client, settings.names)
    assert (stands.key, stands.rings) == ("a subscription is disabled|sub_1", 1)


async def test_an_alert_rung_again_keeps_its_place_on_the_stream(
    client: "redis.asyncio.Redis", settings: Settings
) -> None:
    condition = subscription_disabled("sub_1", "desk", "410 Gone", NOON)
    told = rung(condition, NOON)

    first = await system_events.ring(client, settings.names, degraded(condition, NOON))
    assert await system_events.ring(client, settings.names, degraded(condition, NOON)) == first
    assert await system_events.ring(client, settings.names, over(told, NOON)) != first

    began, ended = await on_stream(client, settings)
    assert ended.references == (began.id,)
    assert ended.degraded is not None
    assert ended.degraded.over


async def test_a_condition_that_cannot_be_read_hides_no_other(
    client: "redis.asyncio.Redis", redis_client: "redis.Redis", settings: Settings
) -> None:
    await client.hset(settings.names.conditions, "from tomorrow|", '{"schema_version": "2.0"}')
    await system_events.begin(
        client, settings.names, subscription_disabled("sub_1", "desk", "410 Gone", NOON)
    )
    assert [each.about for each in system_events.standing(redis_client, settings.names)] == ["sub_1"]
