"""Deliveries as they stand in Redis, for whoever looks at them: the newest of them, one by its id.

A delivery is found while it is on its way or parked, and for 14 days after it was delivered or dropped.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from pydantic import ValidationError

from shared import log
from shared.contracts import Delivery, DeliveryState
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.store import guarded

PAGE = 100
"""Deliveries read at a time: one on its way may hold 20 kB."""

_log = log.get(__name__)


@dataclass(frozen=True)
class Wanted:
    """Which deliveries to show; what is left empty does not matter."""

    states: Collection[str] = ()
    since: datetime | None = None
    """Recorded at this time or later."""
    incident_id: str = ""

    def takes(self, delivery: Delivery) -> bool:
        """Whether this one is to be shown."""
        return (
            (not self.states or delivery.state in self.states)
            and (self.since is None or delivery.created_at >= self.since)
            and (not self.incident_id or incident_of(delivery) == self.incident_id)
        )


def newest(
    client: "redis.Redis", names: Names, subscription_ids: Iterable[str], wanted: Wanted, most: int
) -> list[Delivery]:
    """The deliveries recorded last, the newest first; unreadable ones are left out, loudly.

    Raises ``StoreUnavailable``.
    """
    found: dict[str, Delivery] = {}
    for id_ in subscription_ids:
        if not wanted.states or DeliveryState.PENDING in wanted.states:
            behind = _behind(client, names, id_)
            found |= {each.id: each for each in behind if wanted.takes(each)}
        for queue in _queues(names, id_, wanted.states):
            for page, score in _pages(client, names, queue, wanted.since):
                found |= {each.id: each for each in page if wanted.takes(each)}
                found = {each.id: each for each in heapq.nlargest(most, found.values(), key=_place)}
                # None is due, parked or settled before it was recorded, so the rest of this queue is older.
                if len(found) == most and score < min(map(_recorded_ms, found.values())):
                    break
    return sorted(found.values(), key=_place, reverse=True)[:most]


def get(client: "redis.Redis", names: Names, id_: str) -> Delivery:
    """One delivery; raises ``BadInput`` where none has this id or it can't be read, ``StoreUnavailable``."""
    with guarded("reading a delivery"):
        raw: Any = client.get(names.delivery(id_))
    return read(raw, id_)


def read(raw: str | None, id_: str) -> Delivery:
    """What was found under an id; raises ``BadInput`` when it is nothing, or nothing that can be read."""
    if raw is None:
        raise BadInput(
            f"no delivery {id_!r}: `tocsin deliveries` lists them; they are kept for 14 days after they "
            "came to rest"
        )
    try:
        return Delivery.from_json(raw)
    except ValidationError as exc:
        raise BadInput(f"delivery {id_} can't be read: it was not written by Tocsin") from exc


def incident_of(delivery: Delivery) -> str:
    """The incident it tells of, also in a record of an older release; empty when it tells of none."""
    if delivery.incident_id is not None:
        return delivery.incident_id
    return delivery.alert_id.rpartition("-")[0] if delivery.alert_id.startswith("inc_") else ""


# ---- inner --------------------------------------------------------------------------------------


def _place(each: Delivery) -> tuple[datetime, str]:
    return each.created_at, each.id


def _recorded_ms(each: Delivery) -> float:
    return each.created_at.timestamp() * 1000


def _queues(names: Names, id_: str, states: Collection[str]) -> list[str]:
    """Where a subscription's deliveries of these states are listed."""

    def asked(*some: DeliveryState) -> bool:
        return not states or any(state in states for state in some)

    on_way = [names.lane(id_), names.retries(id_)] if asked(DeliveryState.PENDING) else []
    parked = [names.parked(id_)] if asked(DeliveryState.PARKED) else []
    rest = [names.settled(id_)] if asked(DeliveryState.DELIVERED, DeliveryState.DROPPED) else []
    return on_way + parked + rest


def _behind(client: "redis.Redis", names: Names, id_: str) -> Iterator[Delivery]:
    """What waits for another of its incident, where order was asked for: it stands in no queue yet."""
    store: Any = client
    with guarded("listing deliveries"):
        ids = store.hvals(names.behind(id_))
    for first in range(0, len(ids), PAGE):
        with guarded("reading deliveries"):
            raws = store.mget([names.delivery(each) for each in ids[first : first + PAGE]])
        yield from (each for each in map(_readable, raws) if each is not None)


def _pages(
    client: "redis.Redis", names: Names, queue: str, since: datetime | None
) -> Iterator[tuple[list[Delivery], float]]:
    """A queue's deliveries from its end, and the lowest score so far."""
    store: Any = client
    lowest = round(since.timestamp() * 1000) if since else "-inf"
    first = 0
    while True:
        with guarded("listing deliveries"):
            ids = store.zrevrangebyscore(queue, "+inf", lowest, start=first, num=PAGE, withscores=True)
            raws = store.mget([names.delivery(id_) for id_, _ in ids]) if ids else []
        if not ids:
            return
        yield [each for each in map(_readable, raws) if each is not None], ids[-1][1]
        first += PAGE


def _readable(raw: str | None) -> Delivery | None:
    try:
        return Delivery.from_json(raw) if raw is not None else None
    except (ValidationError, NewerSchema) as exc:
        _log.error("unreadable delivery left out", error=str(exc)[:300])
        return None
