"""The poller at work: leases due feeds, polls many at once, tells the classifier, sweeps, and drains.

Any number of pollers may run on one Redis. What one leaves behind when it is killed, a lease or an article
nobody was told of, comes back by itself.
"""

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import redis
import redis.asyncio
from celery import Celery

from services.poller import pressure
from services.poller.hosts import HostBusy, Hosts
from services.poller.journal import Journal, Step
from services.poller.poll import poll
from services.poller.reader import DEADLINE, Readers
from services.poller.sweeper import Sweeper
from shared import guard, heartbeat, log, queue, store
from shared.clock import Clock, SystemClock
from shared.contracts import Feed
from shared.errors import StoreUnavailable, TocsinError
from shared.settings import Settings

IDLE = 1.0
"""Seconds between two looks for due feeds: a feed that was just added waits no longer."""
DRAIN = 5.0
"""Seconds that polls under way may take to end when the service is told to stop."""
BUSY_HOST = timedelta(seconds=2)
SWEEP_AT_LEAST = 15.0
"""Seconds between two sweeps, or less where ``sweep_after`` is short."""
_log = log.get(__name__)


async def serve(settings: Settings, redis_url: str, stop: asyncio.Event) -> None:
    """Poll until ``stop`` is set, then let the polls under way end."""
    # Names are looked up in threads: with too few, dead names would hold up living ones, and our own calls.
    threads = ThreadPoolExecutor(settings.fetch_concurrency + 8, thread_name_prefix="poller")
    asyncio.get_running_loop().set_default_executor(threads)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(store.connect_async(redis_url))
        plain_client = stack.enter_context(store.connect(redis_url))
        http = await stack.enter_async_context(
            guard.session(
                guard.feed_policy(settings),
                timeout=settings.fetch_timeout,
                user_agent=settings.user_agent,
                connections=settings.fetch_concurrency,
            )
        )
        readers = Readers(max(1, min(4, (os.cpu_count() or 1) - 1)))
        stack.push_async_callback(readers.close)
        app = stack.enter_context(queue.application(settings, redis_url))
        poller = Poller(settings, client, plain_client, app, http, readers)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(poller.run(stop))
            tasks.create_task(poller.sweep(stop))
            tasks.create_task(heartbeat.beat(client, settings.names, "poller", heartbeat.instance(), stop))


class Poller:
    """One poller; ``run`` and ``sweep`` work side by side until told to stop."""

    def __init__(
        self,
        settings: Settings,
        client: "redis.asyncio.Redis",
        plain_client: "redis.Redis",
        app: Celery,
        http: Any,
        readers: Readers,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._plain_client = plain_client
        self._app = app
        self._http = http
        self._readers = readers
        self._clock = clock or SystemClock()
        self._journal = Journal(client, settings.names)
        self._sweeper = Sweeper(client, settings.names)
        self._hosts = Hosts(settings.host_concurrency)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._a_place_is_free = asyncio.Event()
        self._full_house = _Condition("poller waits", "poller goes on")
        self._no_polling = _Condition("can't look for due feeds", "feeds are polled again")
        self._no_sweeping = _Condition("can't sweep", "pending articles are swept again")
        # A place at the host, the fetch, the reading, and some air: then another poller may try.
        self._lease = timedelta(seconds=2 * settings.fetch_timeout + DEADLINE + 10)

    # ---- polling --------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Poll what is due, whenever it is due, as long as there is room for what it brings."""
        _log.info("poller started", feeds_at_once=self._settings.fetch_concurrency)
        while not stop.is_set():
            wait = IDLE
            self._a_place_is_free.clear()
            try:
                if not await self._must_wait():
                    wait = await self._start_due()
                self._no_polling.is_now(None)
            except StoreUnavailable as exc:
                self._no_polling.is_now(str(exc))
            await _first_of(stop.wait(), self._a_place_is_free.wait(), within=wait)
        await self._drain()
        _log.info("poller stopped")

    async def _must_wait(self) -> bool:
        reason = pressure.must_wait(await self._load(), self._settings.queue_ceiling)
        self._full_house.is_now(reason)
        return reason is not None

    async def _load(self) -> pressure.Load:
        depth = await asyncio.to_thread(queue.depth, self._plain_client, self._settings)
        with store.guarded("reading how full it is"):
            memory = await self._client.info("memory")
        return pressure.Load(depth, int(memory["used_memory"]), int(memory.get("maxmemory", 0)))

    async def _start_due(self) -> float:
        """Start polls for as many due feeds as there are places; the seconds until the next look."""
        places = self._settings.fetch_concurrency - len(self._running)
        if places <= 0:
            return IDLE
        now = self._clock.now()
        leased = await self._journal.lease(places, now, now + self._lease)
        for feed in leased.feeds:
            if feed.id in self._running:  # due again before its last poll is quite through: not lost
                await self._give_back(feed, now + timedelta(seconds=IDLE))
                continue
            task = asyncio.create_task(self._poll(feed))
            self._running[feed.id] = task
            task.add_done_callback(partial(self._ended, feed.id))
        if leased.next_due is None:
            return IDLE
        return min(max((leased.next_due - now).total_seconds(), 0.01), IDLE)

    def _ended(self, feed_id: str, _: asyncio.Task[None]) -> None:
        was_full = len(self._running) >= self._settings.fetch_concurrency
        self._running.pop(feed_id, None)
        if was_full:
            self._a_place_is_free.set()

    async def _poll(self, feed: Feed) -> None:
        """One poll to its end; whatever happens here stays here, and the other feeds go on."""
        try:
            place = self._hosts.place(feed.url)
            step, now = await poll(feed, self._settings, self._http, place, self._readers, self._clock)
            await self._take(step, now)
        except HostBusy:
            await self._give_back(feed, self._clock.now() + BUSY_HOST)
        except asyncio.CancelledError:
            await self._give_back(feed, self._clock.now())
            raise
        except TocsinError as exc:
            _log.warning("poll not recorded, the feed is due again soon", feed=feed.url, reason=str(exc))
        except Exception:
            _log.exception("poll failed, the feed is due again soon", feed=feed.url)

    async def _take(self, step: Step, now: datetime) -> None:
        """Write the step; only then tell the classifier."""
        keys = await self._journal.record(step, now)
        if keys is None:
            _log.info("feed was removed while it was polled", feed=step.feed.url)
            return
        _tell(step, len(keys))
        await self._enqueue(keys)

    async def _enqueue(self, keys: list[str]) -> None:
        if not keys:
            return
        try:
            await asyncio.to_thread(queue.enqueue, self._app, keys)
        except StoreUnavailable as exc:
            _log.warning("articles wait for the sweeper", articles=len(keys), reason=str(exc))

    async def _give_back(self, feed: Feed, due: datetime) -> None:
        try:
            await self._journal.postpone(feed.id, due)
        except StoreUnavailable as exc:
            _log.warning("feed comes back when its lease ends", feed=feed.url, reason=str(exc))

    async def _drain(self) -> None:
        """Let polls end for a while; give back the feeds of those that don't."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=DRAIN)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    # ---- sweeping -------------------------------------------------------------------------------

    async def sweep(self, stop: asyncio.Event) -> None:
        """Tell the classifier again of what has waited too long; of little while the queue is long."""
        patience = timedelta(seconds=self._settings.sweep_after)
        while not stop.is_set():
            try:
                depth = await asyncio.to_thread(queue.depth, self._plain_client, self._settings)
                keys = await self._sweeper.take(patience, depth)
                if keys:
                    _log.info(
                        "pending articles enqueued again", articles=len(keys), reason="they waited too long"
                    )
                await self._enqueue(keys)
                self._no_sweeping.is_now(None)
            except StoreUnavailable as exc:
                self._no_sweeping.is_now(str(exc))
            await _first_of(stop.wait(), within=min(self._settings.sweep_after / 4, SWEEP_AT_LEAST))


class _Condition:
    """Something that is told once when it begins and once when it ends, not at every look."""

    def __init__(self, begins: str, ends: str) -> None:
        self._begins = begins
        self._ends = ends
        self._reason: str | None = None

    def is_now(self, reason: str | None) -> None:
        """``reason`` is why it holds, or None when it does not."""
        if reason and not self._reason:
            _log.warning(self._begins, reason=reason)
        if self._reason and not reason:
            _log.info(self._ends)
        self._reason = reason


def _tell(step: Step, new: int) -> None:
    """One log line a poll: loud when something is wrong, silent when there is nothing to say."""
    feed = step.feed
    about = {
        "feed": feed.url,
        "feed_id": feed.id,
        "outcome": str(step.outcome),
        "next": step.plan.reason,
        "due": step.plan.due.isoformat() if step.plan.due else None,
    }
    if step.problem:
        _log.warning(
            "feed has a problem", reason=step.problem, errors_in_a_row=step.plan.errors_in_a_row, **about
        )
    elif step.was_read:
        _log.info(
            "feed read", entries=len(step.drafts), new=new, silent=len(step.silent | step.undated), **about
        )
    else:
        _log.debug("feed has nothing new", **about)


async def _first_of(*waits: Coroutine[Any, Any, Any], within: float) -> None:
    """Return when one of ``waits`` ends, or after ``within`` seconds."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
