"""Reads from Redis what the watch judges: thin, and raises only ``StoreUnavailable``.

Records are read loosely: counting must not fail over one that a newer release wrote.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.notifier.watching.measured import Endpoint, LastHour, Measured
from shared import heartbeat, streams
from shared.contracts import FeedState, SubscriptionState
from shared.names import NOTIFIER_GROUP, Names
from shared.store import guarded

if TYPE_CHECKING:
    import redis.asyncio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOKED_AT = 50
"""Pending articles of which the oldest is sought: those enqueued longest ago. The sweeper dates each anew
when it enqueues it again, so that only the articles themselves know how long they wait."""
MOST_ALERTS = 5_000


async def measure(client: "redis.asyncio.Redis", names: Names, now: datetime) -> Measured:
    """The house as Redis knows it at this moment."""
    with guarded("measuring for the watch"):
        feeds: Any = await client.hvals(names.feeds)
        pending: Any = await client.zcard(names.pending)
        dead: Any = await client.hlen(names.dead)
        unreadable: Any = await client.xlen(names.alerts_dead)
        memory: Any = await client.info("memory")
        pending_since = await _pending_since(client, names) if pending else None
        alert_since = await _alert_since(client, names)
        endpoints = await _endpoints(client, names)
        pollers = await heartbeat.count(client, names, "poller")
        workers = await heartbeat.count(client, names, "worker")
    active = [feed for feed in map(_loose, feeds) if feed.get("state") == FeedState.ACTIVE]
    added = [when for feed in active if (when := _time(feed.get("added_at")))]
    return Measured(
        feeds=len(active),
        first_feed_at=min(added, default=None),
        dark=sum(_is_dark(feed, now) for feed in active),
        polled=sum(1 for feed in active if (at := _time(feed.get("polled_at"))) and now - at < HOUR),
        articles=sum(_number(feed.get("articles")) for feed in active),
        pending=int(pending),
        pending_since=pending_since,
        alert_since=alert_since,
        given_up=int(dead) + int(unreadable),
        pollers=pollers,
        workers=workers,
        memory_used=_number(memory.get("used_memory")),
        memory_max=_number(memory.get("maxmemory")),
        endpoints=endpoints,
    )


async def last_hour(client: "redis.asyncio.Redis", names: Names, now: datetime) -> LastHour:
    """Incidents that changed and alerts about news that rang in the last hour."""
    begin, end = _ms(now - HOUR), _ms(now)
    with guarded("counting the last hour"):
        incidents: Any = await client.zcount(names.incidents, begin, end)
        entries: Any = await client.xrange(names.alerts, min=f"{begin}-0", count=MOST_ALERTS)
    kinds = [str(_loose(fields.get("alert")).get("kind", "")) for _id, fields in entries]
    return LastHour(int(incidents), sum(not kind.startswith("system.") for kind in kinds))


async def _pending_since(client: "redis.asyncio.Redis", names: Names) -> datetime | None:
    keys: Any = await client.zrange(names.pending, 0, LOOKED_AT - 1)
    raws: Any = await client.mget([names.article(key) for key in keys]) if keys else []
    return min(_times(_loose(raw).get("fetched_at") for raw in raws), default=None)


async def _alert_since(client: "redis.asyncio.Redis", names: Names) -> datetime | None:
    """When the first alert behind the group's position came on the stream."""
    saved: Any = await client.get(names.group_position(names.alerts, NOTIFIER_GROUP))
    first: Any = await client.xrange(names.alerts, min=f"({saved}" if saved else "-", count=1)
    return streams.Entry(str(first[0][0]), {}).added_at if first else None


async def _endpoints(client: "redis.asyncio.Redis", names: Names) -> tuple[Endpoint, ...]:
    stored: Any = await client.hgetall(names.subscriptions)
    async with client.pipeline(transaction=False) as lanes:
        for id_ in stored:
            lanes.zcard(names.parked(id_))
        parked: Any = await lanes.execute() if stored else []
    failures: Any = await client.hgetall(names.failures) if any(parked) else {}
    records = {str(id_): _loose(raw) for id_, raw in stored.items()}
    return tuple(
        Endpoint(
            id=id_,
            shown=str(told.get("name") or told.get("url_hint") or id_),
            state=str(told.get("state", SubscriptionState.ACTIVE)),
            state_reason=str(told.get("state_reason", "")),
            parked=int(waiting),
            failures=_number(failures.get(id_)),
        )
        for (id_, told), waiting in zip(records.items(), parked, strict=True)
    )


def _is_dark(feed: Mapping[str, Any], now: datetime) -> bool:
    last = _time(feed.get("succeeded_at")) or _time(feed.get("added_at"))
    return bool(feed.get("errors_in_a_row")) and last is not None and now - last > DAY


def _times(said: Iterable[Any]) -> list[datetime]:
    return [when for each in said if (when := _time(each))]


def _time(said: Any) -> datetime | None:
    try:
        when = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _number(said: Any) -> int:
    try:
        return int(said)
    except (TypeError, ValueError):
        return 0


def _loose(raw: Any) -> dict[str, Any]:
    try:
        record = json.loads(raw)
    except (TypeError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
