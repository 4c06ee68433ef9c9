"""Metrics for Prometheus, read from Redis when asked; every name and meaning is in ``shared/metrics.py``."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from shared import heartbeat, metrics, queue
from shared.breaker import Breaker, breaker
from shared.errors import StoreUnavailable
from shared.metrics import Kind, Metric
from shared.names import SERVICES
from shared.settings import Settings
from shared.store import guarded

if TYPE_CHECKING:
    import redis

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LATE_AFTER_MS = 60_000
Sample = tuple[Metric, tuple[str, ...], float]
"""A metric, the values of its labels, its number."""


def page(client: "redis.Redis", settings: Settings, now: datetime) -> bytes:
    """The metrics in Prometheus' text format; with Redis away just ``tocsin_redis_up 0``, never an error."""
    try:
        samples = list(read(client, settings, now))
    except StoreUnavailable:
        samples = [(metrics.UP, (), 0.0)]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fixed(samples))
    return generate_latest(registry)


class _Fixed(Collector):
    """Samples that were read before, so that one page shows one moment."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = samples

    def collect(self) -> Iterator[Family]:
        families: dict[Metric, CounterMetricFamily | GaugeMetricFamily] = {}
        for metric, labels, value in self._samples:
            if metric not in families:
                shape = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
                families[metric] = shape(metric.name, metric.help, labels=metric.labels)
            families[metric].add_metric(labels, value)
        yield from families.values()


def read(client: "redis.Redis", settings: Settings, now: datetime) -> Iterator[Sample]:
    """Every sample of this moment; raises ``StoreUnavailable``."""
    yield metrics.UP, (), 1.0
    yield from _news_in(client, settings, now)
    yield from _queue(client, settings, now)
    yield from _alerts_out(client, settings, now)
    yield from _lanes(client, settings, now)
    yield from _house(client, settings)


def _news_in(client: "redis.Redis", settings: Settings, now: datetime) -> Iterator[Sample]:
    names = settings.names
    with guarded("reading metrics of feeds"):
        feeds = [_loose(raw) for raw in client.hvals(names.feeds)]
        due: Any = client.zrange(names.feeds_due, 0, 0, withscores=True)
    for state, count in Counter(str(feed.get("state", "active")) for feed in feeds).items():
        yield metrics.FEEDS, (state,), count
    yield metrics.FEEDS_FAILING, (), sum(1 for feed in feeds if feed.get("errors_in_a_row"))
    yield metrics.FEEDS_OVERDUE, (), _age(due, now)


def _queue(client: "redis.Redis", settings: Settings, now: datetime) -> Iterator[Sample]:
    names = settings.names
    yield metrics.QUEUE, (), queue.depth(client, settings)
    with guarded("reading metrics of the queue"):
        # kombu's own hash of what workers hold, under the prefix that shared/queue.py gives it.
        yield metrics.UNACKED, (), _number(client.hlen(f"{settings.key_prefix}:celery:unacked"))
        yield metrics.PENDING, (), _number(client.zcard(names.pending))
        oldest: Any = client.zrange(names.pending, 0, 0, withscores=True)
        yield metrics.PENDING_AGE, (), _age(oldest, now)
        yield metrics.DEAD, (), _number(client.hlen(names.dead))
        considered: Any = client.hgetall(names.considered)
    for reason, count in considered.items():
        yield metrics.CONSIDERED, (reason,), _number(count)


def _alerts_out(client: "redis.Redis", settings: Settings, now: datetime) -> Iterator[Sample]:
    names = settings.names
    with guarded("reading metrics of alerts"):
        yield metrics.ALERTS, (), _number(client.xlen(names.alerts))
        yield metrics.ALERTS_DEAD, (), _number(client.xlen(names.alerts_dead))
        groups: Any = client.xinfo_groups(names.alerts) if client.exists(names.alerts) else []
        attempts: Any = client.hgetall(names.outcomes)
        ages = {group["name"]: _unhandled(client, names.alerts, group, now) for group in groups}
    for group in groups:
        if group.get("lag") is not None:  # absent before Redis 7, unknown after a deletion
            yield metrics.GROUP_LAG, (group["name"],), _number(group["lag"])
        yield metrics.GROUP_LAG_SECONDS, (group["name"],), ages[group["name"]]
        yield metrics.GROUP_PENDING, (group["name"],), _number(group["pending"])
    for which, count in attempts.items():
        channel, _, outcome = which.partition(":")
        yield metrics.ATTEMPTS, (channel, outcome), _number(count)


def _unhandled(client: "redis.Redis", stream: str, group: Mapping[str, Any], now: datetime) -> float:
    """The age of the oldest alert that the group has not acknowledged; 0 when it has handled all."""
    if group["pending"]:
        oldest: Any = client.xpending(stream, group["name"])["min"]
    else:
        unread: Any = client.xrange(stream, min=f"({group['last-delivered-id']}", count=1)
        oldest = unread[0][0] if unread else None
    return _age([("", float(oldest.partition("-")[0]))], now) if oldest else 0.0


def _lanes(client: "redis.Redis", settings: Settings, now: datetime) -> Iterator[Sample]:
    names, present = settings.names, now.timestamp() * 1000
    with guarded("reading metrics of lanes"):
        subscriptions: Any = client.hgetall(names.subscriptions)
        failures: Any = client.hgetall(names.failures)
        with client.pipeline(transaction=False) as asked:
            for id_ in subscriptions:
                asked.zcount(names.lane(id_), "-inf", present)
                asked.zcount(names.lane(id_), f"({present}", "+inf")
                asked.zcard(names.retries(id_))
                asked.zcard(names.parked(id_))
                asked.zcount(names.lane(id_), "-inf", present - LATE_AFTER_MS)
                asked.zcount(names.retries(id_), "-inf", present - LATE_AFTER_MS)
                asked.zrange(names.lane(id_), 0, 0, withscores=True)
                asked.zrange(names.retries(id_), 0, 0, withscores=True)
                asked.get(names.lane_lease(id_))
            told: list[Any] = asked.execute() if subscriptions else []
    waiting, held, retrying, parked, late, late_again, first, again, leases = (told[n::9] for n in range(9))
    yield metrics.WAITING, (), sum(waiting)
    yield metrics.HELD, (), sum(held)
    yield metrics.RETRYING, (), sum(retrying)
    yield metrics.PARKED, (), sum(parked)
    yield metrics.LATE, (), sum(late) + sum(late_again)
    yield metrics.OVERDUE, (), max((_age(each, now) for each in [*first, *again]), default=0.0)
    states = [str(_loose(raw).get("state", "active")) for raw in subscriptions.values()]
    for state, count in Counter(states).items():
        yield metrics.SUBSCRIPTIONS, (state,), count
    breakers = Counter(
        breaker(int(_number(failures.get(id_))), rests=str(lease).startswith("rest:"))
        for id_, state, lease in zip(subscriptions, states, leases, strict=True)
        if state == "active"
    )
    for each in Breaker:
        yield metrics.BREAKERS, (each,), breakers[each]


def _house(client: "redis.Redis", settings: Settings) -> Iterator[Sample]:
    for service in SERVICES:
        yield metrics.INSTANCES, (service,), len(heartbeat.alive(client, settings.names, service))
    with guarded("reading Redis' memory"):
        memory: Any = client.info("memory")
    yield metrics.REDIS_USED, (), _number(memory.get("used_memory"))
    yield metrics.REDIS_MAX, (), _number(memory.get("maxmemory"))


def _age(first: list[tuple[str, float]], now: datetime) -> float:
    """Seconds since the lowest score, an epoch in milliseconds; 0 when there is none, or it is to come."""
    return max(now.timestamp() - first[0][1] / 1000, 0.0) if first else 0.0


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _loose(raw: Any) -> Mapping[str, Any]:
    """A stored record as plain JSON: counting needs no full check, and must not fail over one of them."""
    try:
        record = json.loads(raw)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
