"""Keeps the room small: trims the alert stream, drops what waited too long, knocks at silent endpoints.

It also forgets the consumers of notifiers that are no more, and the signing secrets whose grace is over.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

import redis.asyncio

from services.notifier.journal import Journal
from shared import log, names, streams, subscriptions
from shared.clock import Clock
from shared.contracts import DeliveryState, SubscriptionState
from shared.errors import StoreUnavailable
from shared.settings import Settings

EVERY = 600.0
ALERTS_KEPT = timedelta(days=30)
CONSUMERS_KEPT = timedelta(hours=1)
AT_ONCE = 100

_log = log.get(__name__)


class Janitor:
    """Makes its round every ten minutes; several notifiers' janitors don't disturb each other."""

    def __init__(
        self, client: "redis.asyncio.Redis", settings: Settings, journal: Journal, clock: Clock
    ) -> None:
        self._client, self._settings, self._journal, self._clock = client, settings, journal, clock

    async def run(self, stop: asyncio.Event) -> None:
        """Make rounds until ``stop``; a round that Redis interrupts is made next time."""
        while not stop.is_set():
            try:
                await self.round()
            except StoreUnavailable as exc:
                _log.warning("round put off", reason=str(exc))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)

    async def round(self) -> None:
        """One round; repeating it changes nothing."""
        now, known = self._clock.now(), self._settings.names
        trimmed = await streams.trim(
            self._client, known, known.alerts, names.REQUIRED_GROUPS, cutoff=now - ALERTS_KEPT
        )
        if trimmed:
            _log.info("alert stream trimmed", entries=trimmed)
        forgotten = await streams.forget_consumers(
            self._client, known.alerts, names.NOTIFIER_GROUP, idle=CONSUMERS_KEPT
        )
        if forgotten:
            _log.info("consumers forgotten", consumers=forgotten)
        expired = now - timedelta(days=self._settings.parked_days)
        knock = []
        for subscription in (await subscriptions.fetch_all(self._client, known))[0]:
            while old := await self._journal.parked(subscription.id, AT_ONCE, before=expired):
                for held in old:
                    await self._journal.move(held, DeliveryState.DROPPED, "parked too long", now)
                _log.warning(
                    "parked deliveries dropped", subscription_id=subscription.id, deliveries=len(old)
                )
            if await subscriptions.tidy(self._client, known, subscription, now):
                _log.info("old signing secrets retired", subscription_id=subscription.id)
            if subscription.state == SubscriptionState.ACTIVE and await self._journal.parked(
                subscription.id, 1
            ):
                knock.append(subscription.id)
        # Without a new alert nothing else would find out that an endpoint is back.
        await self._journal.visit(knock, now)
