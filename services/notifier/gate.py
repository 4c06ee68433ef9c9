"""The gate of a lane: which of the deliveries that are due may go now; the others wait for their time.

Whoever holds the lane's lease asks, so that a cap is counted by one at a time. What waits is pending and due
later in the lane, and comes up by itself; a newer alert of its incident overtakes it there.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import redis.asyncio

from services.notifier.journal import Held, Journal
from services.notifier.routing import pacing
from services.notifier.routing.pacing import Pace
from shared import log
from shared.clock import Clock
from shared.contracts import Delivery, RateCap, Subscription
from shared.names import Names
from shared.store import guarded

_WAITS = "waits:"
_log = log.get(__name__)


class Gate:
    """Knows what each subscription was sent lately. Raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names, journal: Journal, clock: Clock) -> None:
        self._client, self._names, self._journal, self._clock = client, names, journal, clock

    async def admit(self, subscription: Subscription, due: Sequence[Held]) -> list[Held]:
        """Those that may go now, counted as sent; the others are put off, with the reason."""
        if subscription.quiet_hours is None and subscription.rate_cap is None:
            return list(due)
        return [held for held in due if await self._may_go(subscription, held)]

    async def _may_go(self, subscription: Subscription, held: Held) -> bool:
        now, delivery = self._clock.now(), held.delivery
        # What the system says of itself takes no room: heartbeats alone would fill it, and news never come.
        cap = None if pacing.is_of_system(delivery.kind) else subscription.rate_cap
        pace = await self._pace(delivery, now) if cap else Pace()
        wait = pacing.wait(subscription, pacing.passing(delivery), pace, now)
        if cap and (wait is None or wait.turn):
            await self._note(cap, delivery, pace, now, wait.until if wait else None)
        if wait is None:
            return True
        await self._journal.hold(held, wait.reason, wait.until)
        _log.info(
            "delivery waits",
            delivery_id=delivery.id,
            subscription_id=subscription.id,
            reason=wait.reason,
            until=wait.until.isoformat(),
        )
        return False

    async def _pace(self, delivery: Delivery, now: datetime) -> Pace:
        key = self._names.spent(delivery.subscription_id)
        with guarded("counting what was sent"):
            stored: Any = await self._client.zrange(key, 0, -1, withscores=True)
        times = {str(name): datetime.fromtimestamp(score / 1000, UTC) for name, score in stored}
        turn = times.pop(_turn(delivery), None)
        # What had its turn counts when it goes at last, and need not queue again: it was tried, or there was
        # no room in its channel, or its notifier died.
        had = times.pop(delivery.id, None) is not None or delivery.attempts_count > 0
        return Pace(
            sent=[at for name, at in times.items() if not name.startswith(_WAITS)],
            reserved=[at for name, at in times.items() if name.startswith(_WAITS)],
            turn=now if turn is None and had else turn,
        )

    async def _note(
        self, cap: RateCap, delivery: Delivery, pace: Pace, now: datetime, turn: datetime | None
    ) -> None:
        """Count the delivery as sent now, or note its turn; what no window holds any more is forgotten."""
        key, within = self._names.spent(delivery.subscription_id), timedelta(seconds=cap.within)
        last = max((*pace.sent, *pace.reserved, turn or now)) + within
        with guarded("counting what is sent"):
            async with self._client.pipeline(transaction=True) as step:
                step.zremrangebyscore(key, "-inf", _ms(now - within))
                if turn is None:
                    step.zadd(key, {delivery.id: _ms(now)})
                    step.zrem(key, _turn(delivery))
                else:
                    step.zadd(key, {_turn(delivery): _ms(turn)})
                step.pexpire(key, max(_ms(last) - _ms(now), 1))
                await step.execute()


def _turn(delivery: Delivery) -> str:
    """The name of a turn: an incident has one, so that what overtakes a message waits no longer than it."""
    return _WAITS + (delivery.incident_id or delivery.id)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
