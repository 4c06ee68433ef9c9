"""One visit to one lane: open its endpoint, send what is due, record what came of it.

First attempts go before retries. An endpoint that keeps failing gets one delivery at a time and rests in
between; when it answers again, what was parked follows.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import redis.asyncio

from services.notifier import outcome
from services.notifier.channels import Channel
from services.notifier.delivery import attempt_number, attempted, waits_since
from services.notifier.gate import Gate
from services.notifier.journal import Held, Journal
from services.notifier.keeping import worth_sending_for
from services.notifier.outcome import Fate, Outcome
from shared import breaker, log, signing, subscriptions, system_events
from shared.clock import Clock
from shared.contracts import Delivery, DeliveryState, Subscription, SubscriptionState
from shared.errors import BadSetting, StoreUnavailable
from shared.retry import backoff
from shared.settings import Settings
from shared.system_alerts import subscription_disabled
from shared.vault import Vault

RETURNED = 20
"""Parked deliveries that each success sends on: a backlog flows back without a flood."""
REST_UNREADY = 60.0
"""Seconds until a lane is tried again that can't be served here: a key or a channel is missing."""
PUT_BY = 100
TRIES_TO_RECORD = 8
_DISABLED = -1.0
_STALE = "waited too long for its endpoint"

_log = log.get(__name__)


@dataclass(frozen=True)
class Target:
    """An endpoint, opened for one visit."""

    subscription: Subscription
    channel: Channel
    url: str
    secrets: tuple[str, ...]
    headers: Mapping[str, str]


class Visitor:
    """Knows the channels and holds the key; ``visit`` may run for many lanes at once."""

    def __init__(
        self,
        journal: Journal,
        client: "redis.asyncio.Redis",
        settings: Settings,
        vault: Vault,
        channels: Mapping[str, Channel],
        clock: Clock,
    ) -> None:
        self._journal, self._client, self._settings = journal, client, settings
        self._vault, self._channels, self._clock = vault, channels, clock
        self._gate = Gate(client, settings.names, journal, clock)
        self._expires = timedelta(days=settings.parked_days)
        self._given_up = timedelta(days=settings.disable_after_days)

    async def visit(
        self, id_: str, token: str, stop: asyncio.Event, answered: Callable[[], None] = lambda: None
    ) -> float:
        """Send until nothing is due, a failure asks for rest, or ``stop``; the seconds to rest.

        ``answered`` is called whenever its endpoint answered something.
        """
        subscription = await subscriptions.fetch(self._client, self._settings.names, id_)
        if subscription is None:
            await self._clear(id_)
            return 0.0
        if subscription.state != SubscriptionState.ACTIVE:
            await self._put_by(id_, f"the subscription is {subscription.state}")
            await self._fares(subscription, 0)  # what is not tried does not fail
            return 0.0
        target = self._open(subscription)
        return REST_UNREADY if target is None else await self._send_due(target, token, stop, answered)

    async def _send_due(
        self, target: Target, token: str, stop: asyncio.Event, answered: Callable[[], None]
    ) -> float:
        id_, spacing = target.subscription.id, target.channel.spacing
        busy = False
        # One goes ahead, so that an endpoint that hangs holds one message and one socket, not eight of each.
        most = 1
        while not stop.is_set():
            lane = await self._journal.take(id_, token, most, self._clock.now())
            if lane is None:
                return 0.0  # our lease ran out: another notifier serves the lane now
            target = replace(target, subscription=await self._fares(target.subscription, lane.failures))
            if not lane.due:
                if lane.set_aside:
                    continue
                if busy or not lane.parked:
                    break
                # Nothing else is due, so a parked one finds out whether its endpoint is back.
                busy = await self._send_on(id_, 1, "sent to see whether its endpoint is back")
                continue
            busy = True
            due = lane.due[: breaker.at_once(lane.failures, most)]
            due = await self._gate.admit(target.subscription, due)
            if not due:
                continue
            # Behind the gate: what waits for its time takes no place from the others of its channel.
            if wait := await target.channel.room(self._clock.now()):
                return wait
            due = await self._journal.begin(id_, due)
            if not due:
                await target.channel.give_back(self._clock.now())
                continue
            rests = await _all(self._attempt(target, held, answered) for held in due)
            most = target.channel.concurrency
            if _DISABLED in rests:
                # Only now: what was under way beside it has been recorded.
                await self._put_by(id_, "the subscription is disabled")
                break
            if rest := max(rests):
                return max(rest, spacing)
            if spacing:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), spacing)
        return spacing

    def _open(self, subscription: Subscription) -> Target | None:
        channel = self._channels.get(str(subscription.channel))
        try:
            if channel is None:
                raise BadSetting(
                    f"this release has no channel {subscription.channel!r}: upgrade the notifier"
                )
            url = self._vault.open(subscription.sealed_url)
            sealed_secrets = signing.in_force(subscription, self._clock.now())
            secrets = tuple(self._vault.open(sealed) for sealed in sealed_secrets)
            headers = subscriptions.opened_headers(subscription, self._vault)
        except BadSetting as exc:
            _log.error("lane waits", subscription_id=subscription.id, reason=str(exc))
            return None
        return Target(subscription, channel.serving(subscription), url, secrets, headers)

    # ---- one delivery ---------------------------------------------------------------------------

    async def _attempt(self, target: Target, held: Held, answered: Callable[[], None]) -> float:
        """Try one delivery and record what came of it; the seconds for its lane to rest, or ``_DISABLED``."""
        id_, delivery, began = target.subscription.id, held.delivery, self._clock.now()
        if self._is_stale(delivery, began):
            await self._journal.move(held, DeliveryState.DROPPED, _STALE, began)
            return 0.0
        answer = await target.channel.send(
            target.url, target.secrets, delivery, began, headers=target.headers
        )
        if answer.status is not None:
            answered()
        now = self._clock.now()
        reading = target.channel.read(answer)
        decided = outcome.decide(
            reading, answer, attempt_number(delivery), self._settings.retry_schedule, now
        )
        after = attempted(delivery, answer, decided, began, now)
        settled = await self._record(held, after, str(target.subscription.channel), decided)
        _tell(target.subscription, after, decided)
        if decided.fate is Fate.DISABLED:
            await self._disable(target.subscription, decided.reason)
            return _DISABLED
        if settled is None:
            return 0.0
        failures, parked = settled
        if breaker.is_given_up(failures, target.subscription.failing_since, now, self._given_up):
            days = self._settings.disable_after_days
            took = f"it took nothing for {days} {'day' if days == 1 else 'days'} ({reading.reason})"
            await self._disable(
                target.subscription, f"{took}: mend its endpoint, then `tocsin subscriptions resume {id_}`"
            )
            return _DISABLED
        if decided.fate is Fate.DELIVERED and parked:
            await self._send_on(id_, RETURNED, "its endpoint answers again")
        return max(decided.pause, breaker.cool_down(failures))

    async def _record(
        self, held: Held, after: Delivery, channel: str, decided: Outcome
    ) -> tuple[int, int] | None:
        """Write the outcome, patiently: an outcome that is lost here is a message sent twice."""
        for tried in range(1, TRIES_TO_RECORD):
            try:
                return await self._journal.settle_attempt(held, after, channel, decided)
            except StoreUnavailable:
                await asyncio.sleep(backoff(tried, base=0.2, cap=5.0))
        return await self._journal.settle_attempt(held, after, channel, decided)

    # ---- many at once ---------------------------------------------------------------------------

    async def _fares(self, subscription: Subscription, failures: int) -> Subscription:
        """Note since when nothing is taken, or that something is; the subscription as it is then."""
        if bool(failures) == (subscription.failing_since is not None):
            return subscription
        since = self._clock.now() if failures else None
        await subscriptions.note_failing(self._client, self._settings.names, subscription.id, since)
        return subscription.model_copy(update={"failing_since": since})

    async def _disable(self, subscription: Subscription, reason: str) -> None:
        id_, names = subscription.id, self._settings.names
        if await subscriptions.disable(self._client, names, id_, reason):
            _log.error(
                "subscription disabled",
                subscription_id=id_,
                reason=reason,
                next=f"mend the endpoint, then `tocsin subscriptions resume {id_}`",
            )
            shown = subscription.name or subscription.url_hint
            condition = subscription_disabled(id_, shown, reason, self._clock.now())
            await system_events.begin(self._client, names, condition)

    async def _send_on(self, id_: str, most: int, reason: str) -> bool:
        """Send on what is parked; False when it was dropped, as one that says nothing new any more."""
        fresh = True
        for held in await self._journal.parked(id_, most):
            now = self._clock.now()
            fresh = not self._is_stale(held.delivery, now)
            if fresh:
                await self._journal.move(held, DeliveryState.PENDING, reason, now)
            else:
                await self._journal.move(held, DeliveryState.DROPPED, _STALE, now)
        return fresh

    def _is_stale(self, delivery: Delivery, now: datetime) -> bool:
        return now - waits_since(delivery) > worth_sending_for(delivery, self._expires)

    async def _put_by(self, id_: str, reason: str) -> None:
        while waiting := await self._journal.waiting(id_, PUT_BY):
            for held in waiting:
                await self._journal.move(held, DeliveryState.PARKED, reason, self._clock.now())

    async def _clear(self, id_: str) -> None:
        """Drop all that was meant for a subscription that is no more."""
        now = self._clock.now()
        while left := [*await self._journal.waiting(id_, PUT_BY), *await self._journal.parked(id_, PUT_BY)]:
            for held in left:
                await self._journal.move(held, DeliveryState.DROPPED, "the subscription was removed", now)
        await self._journal.forget(id_)


async def _all(attempts: Iterable[Coroutine[Any, Any, float]]) -> list[float]:
    """Run the attempts together and let every one finish, also when another failed."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if isinstance(result, float)]


def _tell(subscription: Subscription, after: Delivery, decided: Outcome) -> None:
    attempt = after.attempts[-1]
    (_log.info if decided.fate is Fate.DELIVERED else _log.warning)(
        "delivery attempted",
        delivery_id=after.id,
        alert_id=after.alert_id,
        subscription_id=subscription.id,
        endpoint=subscription.url_hint,
        attempt=after.attempts_count,
        outcome=str(decided.fate),
        reason=decided.reason,
        latency_ms=attempt.latency_ms,
        **({"retry_in_s": round(decided.wait, 1)} if decided.fate is Fate.RETRY else {}),
    )
