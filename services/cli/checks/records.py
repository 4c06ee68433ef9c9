"""What lies in Redis, read once for the checks that judge it; writes nothing, not even to tidy up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared import feeds, queue
from shared.contracts import Feed, Subscription
from shared.errors import BadInput
from shared.names import NOTIFIER_GROUP, SERVICES
from shared.settings import Settings
from shared.store import guarded
from shared.streams import after

if TYPE_CHECKING:
    import redis


@dataclass(frozen=True)
class Told:
    """A subscription and how its endpoint fares."""

    subscription: Subscription
    failures: int = 0
    parked: int = 0


@dataclass(frozen=True)
class Records:
    """The state of the house, as its records tell it; a time is None when there is nothing it could be of."""

    feeds: Sequence[Feed] = ()
    feeds_unreadable: int = 0
    due: datetime | None = None
    """When the feed that has waited longest was due."""
    beats: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    queued: int = 0
    pending: int = 0
    pending_since: datetime | None = None
    """When the article that has waited longest was last enqueued."""
    dead: int = 0
    unheard: datetime | None = None
    """When the oldest alert rang that no notifier has taken yet."""
    alerts_unreadable: int = 0
    told: Sequence[Told] = ()
    subscriptions_unreadable: Sequence[str] = ()


def look(client: "redis.Redis", config: Settings) -> Records:
    """Read it all; raises ``StoreUnavailable``."""
    names = config.names
    with guarded("reading the records"):
        found, unreadable = _feeds(client.hvals(names.feeds))
        told, strange = _told(client, config)
        return Records(
            feeds=found,
            feeds_unreadable=unreadable,
            due=_first(client.zrange(names.feeds_due, 0, 0, withscores=True)),
            beats={service: _beats(client, config, service) for service in SERVICES},
            queued=queue.depth(client, config),
            pending=_number(client.zcard(names.pending)),
            pending_since=_first(client.zrange(names.pending, 0, 0, withscores=True)),
            dead=_number(client.hlen(names.dead)),
            unheard=_unheard(client, config),
            alerts_unreadable=_number(client.xlen(names.alerts_dead)),
            told=told,
            subscriptions_unreadable=strange,
        )


def _feeds(stored: Any) -> tuple[list[Feed], int]:
    found, unreadable = [], 0
    for raw in stored:
        try:
            found.append(feeds.read(str(raw)))
        except BadInput:
            unreadable += 1
    return found, unreadable


def _told(client: "redis.Redis", config: Settings) -> tuple[list[Told], list[str]]:
    names = config.names
    stored: Any = client.hgetall(names.subscriptions)
    failures: Any = client.hgetall(names.failures)
    found, strange = [], []
    for id_, raw in sorted(stored.items()):
        try:
            subscription = Subscription.from_json(raw)
        except (ValidationError, BadInput):
            strange.append(str(id_))
            continue
        parked = _number(client.zcard(names.parked(id_)))
        found.append(Told(subscription, int(failures.get(id_) or 0), parked))
    return found, strange


def _beats(client: "redis.Redis", config: Settings, service: str) -> list[datetime]:
    """As ``heartbeat.alive``, which also forgets those that are gone: that is not for us to do."""
    names = config.names
    instances: Any = client.smembers(names.instances(service))
    keys = [names.heartbeat(service, str(instance)) for instance in sorted(instances)]
    said: Any = client.mget(keys) if keys else []
    return [datetime.fromisoformat(moment) for moment in said if moment]


def _unheard(client: "redis.Redis", config: Settings) -> datetime | None:
    alerts = config.names.alerts
    if not client.exists(alerts):
        return None
    groups: Any = client.xinfo_groups(alerts)
    # Without its group no notifier has taken any; the first to come begins at the oldest.
    taken = [after(str(group["last-delivered-id"])) for group in groups if group["name"] == NOTIFIER_GROUP]
    waiting: Any = client.xrange(alerts, min=next(iter(taken), "-"), count=1)
    return _moment(float(str(waiting[0][0]).partition("-")[0])) if waiting else None


def _first(scored: Any) -> datetime | None:
    return _moment(scored[0][1]) if scored else None


def _moment(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _number(value: Any) -> int:
    return int(value)
