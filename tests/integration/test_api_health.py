"""/healthz, /readyz and /metrics, with Redis there and with Redis gone."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.api import service
from shared import heartbeat, metrics
from shared.embedded import Server
from shared.errors import BadSetting
from shared.metrics import Metric
from shared.settings import Settings
from tests.support.front import Api, eventually, free_port, serving, taken_port

if TYPE_CHECKING:
    import redis

NOW = datetime.now(UTC)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    async with serving(settings, free_port()) as running:
        yield running


def beats(client: "redis.Redis", settings: Settings, *services: str) -> None:
    for name in services:
        heartbeat.mark(client, settings.names, name, "somewhere-1", datetime.now(UTC))


async def test_the_house_is_ready_when_every_heart_beats(
    api: Api, redis_client: "redis.Redis", settings: Settings
) -> None:
    beats(redis_client, settings, "poller", "worker", "notifier")
    answer = await api.get("/readyz")
    assert answer.status == 200
    assert answer.json["status"] == "ready"
    assert all(part["ready"] for part in answer.json["parts"].values())


async def test_a_missing_service_is_named_with_what_to_do(
    api: Api, redis_client: "redis.Redis", settings: Settings
) -> None:
    beats(redis_client, settings, "poller", "notifier")
    answer = await api.get("/readyz")
    assert answer.status == 503
    assert answer.json["parts"]["worker"]["ready"] is False
    assert answer.json["parts"]["poller"]["ready"] is True
    assert "tocsin worker" in answer.json["detail"]
    assert "poller:" not in answer.json["detail"]


async def test_the_api_has_a_heartbeat_while_it_runs_and_none_after(
    redis_client: "redis.Redis", settings: Settings
) -> None:
    def alive() -> list[str]:
        return list(heartbeat.alive(redis_client, settings.names, "api"))

    async with serving(settings, free_port()):
        await asyncio.to_thread(eventually, lambda: alive() == [heartbeat.instance()])
    assert alive() == []


async def test_with_redis_gone_it_lives_is_not_ready_and_recovers(
    settings: Settings, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = settings.model_copy(update={"data_dir": tmp_path_factory.getbasetemp() / "gone"})
    with Server(place) as server:
        async with serving(place.model_copy(update={"redis_url": server.url}), free_port()) as api:
            server.stop()
            assert (await api.get("/healthz")).status == 200
            unready = await api.get("/readyz")
            assert unready.status == 503
            assert unready.json["parts"]["redis"]["ready"] is False
            assert "tocsin_redis_up 0.0" in (await api.get("/metrics")).text
            away = await api.get("/v1/alerts", key="tocsin_any")
            assert away.status == 503
            assert away.headers["retry-after"] == "5"
            assert str(server.socket) not in away.text
            server.start()
            assert "redis" not in (await api.get("/readyz")).json["detail"].split(":")[0]
            assert (await api.get("/v1/alerts", key="tocsin_any")).status == 401


async def test_a_taken_port_is_told_with_the_setting_to_change(settings: Settings) -> None:
    assert settings.redis_url is not None
    with taken_port() as port, pytest.raises(BadSetting, match="TOCSIN_API_PORT"):
        await service.serve(
            settings.model_copy(update={"api_port": port}), settings.redis_url, asyncio.Event()
        )


# ---- metrics ----------------------------------------------------------------------------------------


async def numbers(api: Api, metric: Metric) -> dict[tuple[str, ...], float]:
    """The metric's samples by their labels, read as Prometheus reads them."""
    page = (await api.get("/metrics")).text
    return {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
        if sample.name == metric.name
    }


async def test_metrics_count_what_is_in_redis(
    api: Api, redis_client: "redis.Redis", settings: Settings
) -> None:
    names = settings.names
    minute_ago = (datetime.now(UTC) - timedelta(seconds=60)).timestamp() * 1000
    redis_client.hset(names.feeds, mapping={"a": '{"state": "active"}', "b": '{"state": "gone"}'})
    redis_client.hset(names.feeds, "c", '{"state": "active", "errors_in_a_row": 2}')
    redis_client.hset(names.feeds, "d", "not JSON")
    redis_client.zadd(names.feeds_due, {"a": minute_ago, "c": minute_ago + 120_000})
    redis_client.lpush(f"{settings.key_prefix}:celery:tocsin.articles", "m1", "m2")
    redis_client.hset(f"{settings.key_prefix}:celery:unacked", "tag", "m3")
    redis_client.zadd(names.pending, {"art_1:1": minute_ago, "art_2:1": minute_ago + 30_000})
    redis_client.hset(names.dead, "art_3:1", "{}")
    redis_client.hset(names.considered, mapping={"first report of the incident": 3, "too old": 4})
    redis_client.hset(names.outcomes, mapping={"webhook:delivered": 5, "slack:busy": 1})
    redis_client.hset(
        names.subscriptions, mapping={"s1": '{"state": "active"}', "s2": '{"state": "disabled"}'}
    )
    redis_client.zadd(names.lane("s1"), {"d1": minute_ago + 30_000, "d2": minute_ago - 30_000})
    ahead = (datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000
    redis_client.zadd(names.lane("s1"), {"d7": ahead})
    redis_client.zadd(names.retries("s2"), {"d3": ahead})
    redis_client.zadd(names.retries("s3"), {"d8": minute_ago - 60_000})
    redis_client.hset(names.subscriptions, mapping={"s3": "{}", "s4": '{"state": "active"}'})
    redis_client.hset(names.failures, mapping={"s1": 4, "s2": 9, "s3": 5, "s4": 6})
    redis_client.set(names.lane_lease("s3"), f"rest:{ahead:.0f}")
    redis_client.set(names.lane_lease("s4"), "0123456789abcdef")
    redis_client.zadd(names.parked("s1"), {"d4": 1})
    redis_client.zadd(names.parked("s2"), {"d5": 1, "d6": 1})
    for _ in range(3):
        redis_client.xadd(names.alerts, {"alert": "{}"})
    redis_client.xgroup_create(names.alerts, "notifier", id="0")
    redis_client.xreadgroup("notifier", "me", {names.alerts: ">"}, count=2)
    beats(redis_client, settings, "poller")

    assert await numbers(api, metrics.UP) == {(): 1}
    assert await numbers(api, metrics.FEEDS) == {("active",): 3, ("gone",): 1}
    assert await numbers(api, metrics.FEEDS_FAILING) == {(): 1}
    assert 60 <= (await numbers(api, metrics.FEEDS_OVERDUE))[()] < 75
    assert await numbers(api, metrics.QUEUE) == {(): 2}
    assert await numbers(api, metrics.UNACKED) == {(): 1}
    assert await numbers(api, metrics.PENDING) == {(): 2}
    assert 60 <= (await numbers(api, metrics.PENDING_AGE))[()] < 75
    assert await numbers(api, metrics.DEAD) == {(): 1}
    assert await numbers(api, metrics.CONSIDERED) == {("first report of the incident",): 3, ("too old",): 4}
    assert await numbers(api, metrics.ALERTS) == {(): 3}
    assert await numbers(api, metrics.GROUP_LAG) == {("notifier",): 1}
    assert await numbers(api, metrics.GROUP_PENDING) == {("notifier",): 2}
    assert await numbers(api, metrics.ATTEMPTS) == {("webhook", "delivered"): 5, ("slack", "busy"): 1}
    assert await numbers(api, metrics.WAITING) == {(): 2}
    assert await numbers(api, metrics.HELD) == {(): 1}
    assert await numbers(api, metrics.RETRYING) == {(): 2}
    assert await numbers(api, metrics.LATE) == {(): 2}
    assert 120 <= (await numbers(api, metrics.OVERDUE))[()] < 135
    breakers = {("closed",): 1, ("half-open",): 1, ("open",): 1}
    assert await numbers(api, metrics.BREAKERS) == breakers
    assert 0 <= (await numbers(api, metrics.GROUP_LAG_SECONDS))[("notifier",)] < 15
    assert await numbers(api, metrics.PARKED) == {(): 3}
    assert await numbers(api, metrics.SUBSCRIPTIONS) == {("active",): 3, ("disabled",): 1}
    assert (await numbers(api, metrics.INSTANCES))[("poller",)] == 1
    assert (await numbers(api, metrics.INSTANCES))[("worker",)] == 0
    assert (await numbers(api, metrics.REDIS_USED))[()] > 0
    assert (await numbers(api, metrics.REDIS_MAX))[()] == 1024**3  # the private server's own limit


async def test_the_lag_is_counted_from_the_first_alert_that_is_not_handled(
    api: Api, redis_client: "redis.Redis", settings: Settings
) -> None:
    names, now = settings.names, datetime.now(UTC)
    ids = [f"{(now - timedelta(seconds=age)).timestamp() * 1000:.0f}-0" for age in (900, 300, 30)]
    for id_ in ids:
        redis_client.xadd(names.alerts, {"alert": "{}"}, id=id_)
    redis_client.xgroup_create(names.alerts, "notifier", id="0")

    async def lags(age: float) -> bool:
        return age <= (await numbers(api, metrics.GROUP_LAG_SECONDS))[("notifier",)] < age + 15

    assert await lags(900)
    redis_client.xreadgroup("notifier", "me", {names.alerts: ">"}, count=2)
    assert await lags(900)
    redis_client.xack(names.alerts, "notifier", ids[0])
    assert await lags(300)
    redis_client.xack(names.alerts, "notifier", ids[1])
    assert await lags(30)
    redis_client.xreadgroup("notifier", "me", {names.alerts: ">"})
    redis_client.xack(names.alerts, "notifier", ids[2])
    assert await numbers(api, metrics.GROUP_LAG_SECONDS) == {("notifier",): 0}


def test_names_and_units_are_as_prometheus_wants_them() -> None:
    every = [each for each in vars(metrics).values() if isinstance(each, Metric)]
    assert len({each.name for each in every}) == len(every)
    for each in every:
        assert re.fullmatch(r"tocsin_[a-z]+(_[a-z]+)*", each.name)
        assert each.name.endswith("_total") == (each.kind is metrics.Kind.COUNTER)
        assert not re.search(r"_(ms|milliseconds|minutes|hours|kb|mb|count|sum|bucket)$", each.name)
        assert not {*each.labels} & {"le", "quantile", "job", "instance"}
        assert re.fullmatch(r"[A-Z1].*[^.]", each.help)


async def test_an_empty_house_has_metrics_too(api: Api) -> None:
    page = (await api.get("/metrics")).text
    assert "tocsin_pending_articles 0.0" in page
    assert "tocsin_pending_oldest_seconds 0.0" in page
    assert "nan" not in page.lower()
