"""The notifier's memory: deliveries, the lanes they wait in, who serves a lane, who was told of an incident.

Every step is one script that may be repeated. A delivery is replaced only if it still is what was read, so
that of two notifiers that tried the same one, one result stands.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis.asyncio
from pydantic import ValidationError

from services.notifier.delivery import moved
from services.notifier.outcome import Fate, Outcome
from services.notifier.places import Room
from services.notifier.routing import CORRECTIONS, Told
from shared import log, retention, streams
from shared.contracts import Alert, Delivery, DeliveryState
from shared.errors import BadInput
from shared.names import Names
from shared.store import guarded

LEASE = timedelta(seconds=15)
"""How long a lane waits for a notifier that died; a living one renews three times in that time."""
RESTED_KEPT = timedelta(days=14)
SETTLED_LISTED = 10_000
"""Deliveries of a subscription that are listed once they came to rest: about a megabyte of ids."""
FAILURES_KEPT = timedelta(days=1)
AT_ONCE = 32
"""Scripts under way at once; redis-py refuses a hundred and first connection."""

_log = log.get(__name__)


@dataclass(frozen=True)
class Held:
    """A delivery and the very text it was read from, which a change must still find in its place."""

    delivery: Delivery
    raw: str


@dataclass(frozen=True)
class Waiting:
    """A delivery that was never handed to an attempt; ``first`` if nothing of its incident was before it."""

    held: Held
    first: bool


@dataclass(frozen=True)
class Writing:
    """A delivery to be recorded; ``over`` is the text of the one that it replaces, which must still stand."""

    delivery: Delivery
    over: str = ""
    in_order: bool = False


@dataclass(frozen=True)
class Lane:
    """What a lane's lease gives: how its endpoint fares, and the deliveries that are due.

    ``set_aside``: how many were due but can't be read; others may be due behind them.
    """

    failures: int
    parked: int
    due: list[Held]
    set_aside: int = 0


class Journal:
    """Reads and writes the notifier's state; raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._client, self._names = client, names
        here = Path(__file__).parent
        load = {
            name: (here / f"{name}.lua").read_text("utf-8")
            for name in ("record", "begin", "due", "settle", "take", "release")
        }
        self._record = client.register_script(streams.ACKNOWLEDGE + load["record"])
        self._begin = client.register_script(load["begin"])
        self._due = client.register_script(load["due"])
        self._settle = client.register_script(load["settle"])
        self._take = client.register_script(load["take"])
        self._release = client.register_script(load["release"])
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def told(self, incident_id: str | None) -> tuple[Told, str]:
        """Who was told of the incident, and the version under which ``record`` may rely on it."""
        if incident_id is None:
            return Told(), ""
        async with self._step("reading who was told"):
            found: Any = await self._client.hgetall(self._names.told(incident_id))
        version = found.pop("version", "0")
        corrected = int(found.pop("corrected", 0))
        return Told({id_: int(sequence) for id_, sequence in found.items()}, corrected), version

    async def untried(self, incident_id: str, subscription_ids: Sequence[str]) -> dict[str, Waiting]:
        """The newest message of the incident by subscription, where it was never handed to an attempt."""
        names = self._names
        if not subscription_ids:
            return {}
        async with self._step("reading what waits"):
            newest: Any = await self._client.hmget(names.newest(incident_id), list(subscription_ids))
            known = {id_: each for id_, each in zip(subscription_ids, newest, strict=True) if each}
            async with self._client.pipeline(transaction=False) as reading:
                for id_, each in known.items():
                    reading.hget(names.untried(id_), each)
                marks: Any = await reading.execute()
        found = {}
        for (id_, each), mark in zip(known.items(), marks, strict=True):
            if mark and (read := await self._read(id_, [each])):
                found[id_] = Waiting(read[0], str(mark).startswith("first"))
        return found

    async def record(
        self,
        reader: streams.GroupReader,
        entry: streams.Entry,
        alert: Alert,
        writings: Sequence[Writing],
        version: str,
        newer: Sequence[str] = (),
    ) -> bool:
        """Write the deliveries and acknowledge the entry in one step.

        False if ``told``, or what is to be replaced, changed since it was read: then nothing was written. The
        subscriptions ``newer`` are left for a newer notifier to tell: with any, nothing is acknowledged.
        """
        names, incident = self._names, alert.incident_id or "none"
        keys = [reader.stream, reader.position_key, names.lanes, names.told(incident)]
        keys += [names.alert_left(entry.id), names.newest(incident)]
        correction = alert.sequence if alert.kind in CORRECTIONS else 0
        args: list[str | int] = [reader.group, entry.id, version, alert.sequence, correction]
        args += [_seconds(retention.TOLD), _seconds(RESTED_KEPT), len(newer), *newer]
        for each in writings:
            written, id_ = each.delivery, each.delivery.subscription_id
            keys += [names.delivery(written.id), names.lane(id_), names.retries(id_), names.parked(id_)]
            keys += [names.untried(id_), names.behind(id_), names.settled(id_)]
            args += [written.id, id_, each.over, written.to_json(), str(written.state)]
            args += [_ms(written.due_at), "1" if each.in_order else ""]
        async with self._step("recording deliveries"):
            return bool(await self._record(keys=keys, args=args))

    async def begin(self, subscription_id: str, due: Sequence[Held]) -> list[Held]:
        """Those that may be attempted now, and are superseded no more.

        What a newer alert took over since it was read is left out: it is still due, and comes again as it is.
        """
        fresh = [held.delivery for held in due if not held.delivery.attempts_count]
        if not fresh:
            return list(due)
        args: list[str | int] = []
        for each in fresh:
            args += [each.id, each.sequence]
        async with self._step("beginning an attempt"):
            answers: Any = await self._begin(keys=[self._names.untried(subscription_id)], args=args)
        changed = {each.id for each, answer in zip(fresh, answers, strict=True) if not int(answer)}
        return [held for held in due if held.delivery.id not in changed]

    async def left(self, entry_id: str) -> set[str]:
        """The subscriptions that an alert was left for; none when nobody was told of it yet."""
        key = self._names.alert_left(entry_id)
        async with self._step("reading for whom an alert was left"):
            found: Any = await self._client.smembers(key)
            if found:
                await self._client.expire(key, _seconds(retention.TOLD))
        return {str(id_) for id_ in found}

    async def failed(self, entry_id: str) -> int:
        """Count that an alert failed by a fault of ours; how often it did."""
        key = self._names.alert_failures(entry_id)
        async with self._step("counting a failure"):
            # No INCR, which counts twice when its answer is lost. Nobody else holds the entry now.
            failures = int(await self._client.get(key) or 0) + 1
            await self._client.set(key, failures, ex=_seconds(FAILURES_KEPT))
        return failures

    async def lanes_due(
        self, now: datetime, room: Room, served: Sequence[str] = ()
    ) -> tuple[list[str], list[str]]:
        """The subscriptions whose lanes are to be visited, longest waiting first, as far as there is room.

        First those that fare well, then those whose last attempt failed; without those ``served`` already.
        """
        args: list[str | int] = [_ms(now), room.well, room.failing, *served]
        async with self._step("looking for lanes that are due"):
            found: Any = await self._due(keys=[self._names.lanes, self._names.failures], args=args)
        well, failing = found
        return [str(id_) for id_ in well], [str(id_) for id_ in failing]

    async def take(self, subscription_id: str, token: str, most: int, now: datetime) -> Lane | None:
        """Take or renew the lane's lease and read what is due; None while another notifier serves it."""
        names = self._names
        keys = [
            names.lane_lease(subscription_id),
            names.lane(subscription_id),
            names.retries(subscription_id),
            names.parked(subscription_id),
            names.lanes,
            names.failures,
        ]
        args: list[str | int] = [token, round(LEASE.total_seconds() * 1000), _ms(now), most, subscription_id]
        async with self._step("taking a lane"):
            taken: Any = await self._take(keys=keys, args=args)
        if taken is None:
            return None
        failures, parked, ids = taken
        due = await self._read(subscription_id, ids)
        return Lane(int(failures), int(parked), due, set_aside=len(ids) - len(due))

    async def release(self, subscription_id: str, token: str, now: datetime, rest: float) -> None:
        """Give the lane back; it comes up when its next delivery is due, after ``rest`` seconds at least."""
        names = self._names
        keys = [
            names.lane_lease(subscription_id),
            names.lane(subscription_id),
            names.retries(subscription_id),
            names.lanes,
            names.parked(subscription_id),
            names.subscriptions,
        ]
        async with self._step("giving a lane back"):
            await self._release(
                keys=keys, args=[token, _ms(now) + round(rest * 1000), _ms(now), subscription_id]
            )

    async def settle_attempt(
        self, held: Held, after: Delivery, channel: str, outcome: Outcome
    ) -> tuple[int, int] | None:
        """Write what an attempt made of a delivery; failures in a row and how many are parked.

        None when another notifier wrote first: its result stands.
        """
        # A refusal of one message says nothing about the endpoint: it answered.
        failed = outcome.fate in (Fate.RETRY, Fate.PARKED, Fate.DISABLED)
        fared = "" if outcome.asked else "failed" if failed else "succeeded"
        return await self._settled(held, after, f"{channel}:{outcome.fate}", fared)

    async def move(self, held: Held, state: DeliveryState, reason: str, now: datetime) -> bool:
        """Send on, put by or drop a delivery without an attempt; False when another wrote first."""
        return await self._settled(held, moved(held.delivery, state, reason, now), "", "") is not None

    async def hold(self, held: Held, reason: str, until: datetime) -> bool:
        """Put off until its time comes; what was never tried stays among the first attempts."""
        untried = held.delivery.attempts_count == 0
        after = moved(held.delivery, DeliveryState.PENDING, reason, until)
        return await self._settled(held, after, "", "", "lane" if untried else "retries") is not None

    async def waiting(self, subscription_id: str, most: int) -> list[Held]:
        """Deliveries of a lane, due or not, nearest first."""
        names = self._names
        async with self._step("reading a lane"):
            first: Any = await self._client.zrange(names.lane(subscription_id), 0, most - 1)
            again: Any = await self._client.zrange(names.retries(subscription_id), 0, most - 1)
        return await self._read(subscription_id, [*first, *again][:most])

    async def parked(self, subscription_id: str, most: int, before: datetime | None = None) -> list[Held]:
        """Parked deliveries, longest parked first; only those parked ``before``, if given."""
        until = "+inf" if before is None else _ms(before)
        key = self._names.parked(subscription_id)
        async with self._step("reading parked deliveries"):
            ids: Any = await self._client.zrangebyscore(key, "-inf", until, start=0, num=most)
        return await self._read(subscription_id, ids)

    async def visit(self, subscription_ids: Iterable[str], now: datetime) -> None:
        """Ask for these lanes to be visited, where nothing else already does."""
        due = {id_: _ms(now) for id_ in subscription_ids}
        if due:
            async with self._step("asking for lanes to be visited"):
                await self._client.zadd(self._names.lanes, due, nx=True)

    async def forget(self, subscription_id: str) -> None:
        """Drop the count of failures of a subscription that is gone."""
        async with self._step("forgetting a subscription"):
            await self._client.hdel(self._names.failures, subscription_id)

    # ---- inner ----------------------------------------------------------------------------------

    async def _read(self, subscription_id: str, ids: Sequence[str]) -> list[Held]:
        if not ids:
            return []
        async with self._step("reading deliveries"):
            raws: Any = await self._client.mget([self._names.delivery(id_) for id_ in ids])
        found = []
        for id_, raw in zip(ids, raws, strict=True):
            try:
                found.append(Held(Delivery.from_json(raw or ""), raw))
            except (ValidationError, BadInput) as exc:
                await self._set_aside(subscription_id, id_, gone=raw is None, why=str(exc)[:200])
        return found

    async def _set_aside(self, subscription_id: str, id_: str, *, gone: bool, why: str) -> None:
        """Take out of the lane what can't be read, so that it does not stand in the way of the rest."""
        names = self._names
        async with self._step("setting a delivery aside"):
            for queue in (names.lane, names.retries, names.parked):
                await self._client.zrem(queue(subscription_id), id_)
            await self._client.hdel(names.untried(subscription_id), id_)
            behind: Any = await self._client.hget(names.behind(subscription_id), id_)
            if behind:
                await self._client.zadd(names.lane(subscription_id), {behind: 0}, nx=True)
                # Whoever found it may not be serving the lane.
                await self._client.zadd(names.lanes, {subscription_id: 0}, lt=True)
                await self._client.hdel(names.behind(subscription_id), id_)
        fate = "its record is gone" if gone else f"its record is kept for 14 days, unreadable: {why}"
        if not gone:
            await self._client.expire(names.delivery(id_), _seconds(RESTED_KEPT))
        _log.error("delivery set aside", delivery_id=id_, subscription_id=subscription_id, reason=fate)

    async def _settled(
        self, held: Held, after: Delivery, counted: str, fared: str, pending: str = "retries"
    ) -> tuple[int, int] | None:
        names, id_ = self._names, after.subscription_id
        waits = {DeliveryState.PENDING: pending, DeliveryState.PARKED: "parked"}.get(
            DeliveryState(after.state), ""
        )
        keys = [
            names.delivery(after.id),
            names.lane(id_),
            names.retries(id_),
            names.parked(id_),
            names.lanes,
            names.failures,
            names.outcomes,
            names.untried(id_),
            names.behind(id_),
            names.settled(id_),
        ]
        kept = 0 if waits else _seconds(RESTED_KEPT)
        args: list[str | int] = [
            after.id,
            id_,
            held.raw,
            after.to_json(),
            waits,
            _ms(after.due_at),
            kept,
            counted,
            fared,
            SETTLED_LISTED,
        ]
        async with self._step("recording an outcome"):
            answer: Any = await self._settle(keys=keys, args=args)
        return None if answer is None else (int(answer[0]), int(answer[1]))

    @asynccontextmanager
    async def _step(self, doing: str) -> AsyncIterator[None]:
        async with self._turn:
            with guarded(doing):
                yield


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
