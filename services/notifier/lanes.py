"""A lane for each endpoint, so that one that hangs or fails hurts only itself.

A dispatcher looks which lanes are due and has each visited (``visit.py``) in a task of its own, under a lease
that it renews, so that several notifiers share the work and a dead one's lanes come up again. How many are
served at once is ``places.py``'s business.
"""

import asyncio
import secrets
from contextlib import suppress
from functools import partial

from services.notifier.journal import LEASE, Journal
from services.notifier.places import Places
from services.notifier.visit import Visitor
from shared import log
from shared.clock import Clock
from shared.errors import StoreUnavailable
from shared.retry import backoff

POLL = 0.5
REST_AFTER_FAULT = 5.0
"""Seconds for which a lane rests whose visit raised, or it would be visited, and raise, all the time."""

_log = log.get(__name__)


class Lanes:
    """Serves lanes until told to stop; ``wake`` it when new deliveries were recorded."""

    def __init__(self, journal: Journal, visitor: Visitor, clock: Clock) -> None:
        self._journal, self._visitor, self._clock = journal, visitor, clock
        self._serving: dict[str, asyncio.Task[None]] = {}
        self._places = Places()
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look for lanes that are due now rather than at the next poll."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until ``stop``; then finish the attempts under way, record them and give the lanes back."""
        failures = 0
        while not stop.is_set():
            try:
                await self._dispatch(stop)
                failures = 0
            except StoreUnavailable as exc:
                failures += 1
                _log.warning("lanes wait for Redis", reason=str(exc))
            with suppress(TimeoutError):
                await asyncio.wait_for(
                    self._awake.wait(), backoff(failures, base=1.0, cap=5.0) if failures else POLL
                )
            self._awake.clear()
        if self._serving:
            _log.info("finishing what is under way", lanes=len(self._serving))
            await asyncio.wait(list(self._serving.values()))

    async def _dispatch(self, stop: asyncio.Event) -> None:
        room = self._places.room(_seconds())
        if not room.well:
            return
        well, failing = await self._journal.lanes_due(self._clock.now(), room, self._places.served())
        for id_ in well:
            self._begin(id_, stop, failing=False)
        for id_ in failing[: self._places.room(_seconds()).failing]:
            self._begin(id_, stop, failing=True)

    def _begin(self, id_: str, stop: asyncio.Event, *, failing: bool) -> None:
        self._places.take(id_, failing=failing, now=_seconds())
        task = asyncio.create_task(self._serve(id_, stop), name=f"lane {id_}")
        self._serving[id_] = task
        task.add_done_callback(partial(self._served, id_))

    def _served(self, id_: str, _task: "asyncio.Task[None]") -> None:
        del self._serving[id_]
        self._places.leave(id_)
        # There is a free place now, and work may have come while the lane was given back.
        self._awake.set()

    def _answered(self, id_: str) -> None:
        self._places.answered(id_, _seconds())

    async def _serve(self, id_: str, stop: asyncio.Event) -> None:
        token = secrets.token_hex(8)
        try:
            if await self._journal.take(id_, token, 0, self._clock.now()) is None:
                return
            rest = REST_AFTER_FAULT
            renewal = asyncio.create_task(self._renew(id_, token))
            try:
                rest = await self._visitor.visit(id_, token, stop, partial(self._answered, id_))
            finally:
                renewal.cancel()
                await self._journal.release(id_, token, self._clock.now(), rest)
        except StoreUnavailable as exc:
            _log.warning("lane left until its lease has run out", subscription_id=id_, reason=str(exc))
        except Exception:
            # A fault in one lane must not end the others.
            _log.exception("lane failed", subscription_id=id_)

    async def _renew(self, id_: str, token: str) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(StoreUnavailable):
                await self._journal.take(id_, token, 0, self._clock.now())


def _seconds() -> float:
    return asyncio.get_running_loop().time()
