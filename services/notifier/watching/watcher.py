"""The watch: a round every half minute by the one notifier that holds the lease."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.notifier.watching import measuring, noting, pulse
from services.notifier.watching.deadman import DeadMan
from services.notifier.watching.judging import Limits, judge
from services.notifier.watching.ledger import Ledger
from services.notifier.watching.measured import Measured
from services.notifier.watching.notebook import Notebook
from shared import log, system_events
from shared.clock import Clock
from shared.contracts import Alert, Condition
from shared.errors import StoreUnavailable
from shared.settings import Settings

if TYPE_CHECKING:
    import redis.asyncio

EVERY = 30.0

_log = log.get(__name__)


class Watcher:
    """Looks, rings what is amiss, and pings the dead-man URL while nothing is."""

    def __init__(
        self, client: "redis.asyncio.Redis", settings: Settings, deadman: DeadMan, clock: Clock
    ) -> None:
        self._client, self._names = client, settings.names
        self._notebook = Notebook(client, settings.names)
        self._deadman, self._clock = deadman, clock
        self._heartbeat_every = timedelta(seconds=settings.heartbeat_every)
        self._limits = Limits(timedelta(seconds=settings.silent_after), timedelta(seconds=settings.lag_after))

    async def run(self, stop: asyncio.Event) -> None:
        """Make rounds until ``stop``, then leave the lease to another; outlasts a Redis that goes."""
        while not stop.is_set():
            try:
                await self.round()
            except StoreUnavailable as exc:
                # Nobody is told that all is well: the dead-man URL's service rings for us.
                _log.warning("watch put off", reason=str(exc))
            except Exception:
                # A fault of ours in the watch must not end the deliveries beside it.
                _log.exception("watch failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)
        with suppress(StoreUnavailable):
            await self._notebook.leave()

    async def round(self) -> None:
        """One round, if nobody else makes it; repeating it rings nothing twice."""
        if not await self._notebook.leads():
            return
        now = self._clock.now()
        found = await measuring.measure(self._client, self._names, now)
        before, noted = await self._notebook.read()
        ledger = before.after(found, now)
        standing = {key for key, each in noted.items() if each.stands}
        step = noting.step(noted, judge(found, ledger, standing, self._limits, now), now)
        ledger = await self._beat(ledger, found, list(noted.values()), now)
        await self._notebook.commit(ledger, step)
        for alert in step.alerts:
            _tell(alert)
        if not _house_is_degraded(noted, step):
            await self._deadman.all_well()

    async def _beat(self, ledger: Ledger, found: Measured, noted: list[Condition], now: datetime) -> Ledger:
        """Ring the heartbeat if it is due, and take the old ones off the stream; the ledger afterwards."""
        slot = pulse.due(ledger, self._heartbeat_every, now)
        if slot is None:
            return ledger
        hour = await measuring.last_hour(self._client, self._names, now)
        alert = pulse.heartbeat(slot, found, ledger, hour, system_events.in_order(noted), now)
        entry = await system_events.ring(self._client, self._names, alert)
        left = await self._notebook.strike(ledger.heartbeats)
        kept = left if entry in left else (*left, entry)
        return ledger.model_copy(update={"heartbeat_at": slot, "heartbeats": kept})


def _house_is_degraded(noted: dict[str, Condition], step: noting.Step) -> bool:
    """Whether any trouble of the whole house stands after the round.

    One endpoint's trouble is no reason to call for help by another way: a hook that nobody mends would hold
    the dead-man's bell down, and it could not ring for anything else.
    """
    after = noted | {each.key: each for each in step.changed}
    return any(each.stands and each.of_house for key, each in after.items() if key not in step.gone)


def _tell(alert: Alert) -> None:
    told = alert.degraded
    if told is not None:
        (_log.info if told.over else _log.warning)(
            "degraded no longer" if told.over else "degraded",
            alert_id=alert.id,
            reason=str(alert.reason),
            about=told.about,
            says=alert.sentence,
        )
