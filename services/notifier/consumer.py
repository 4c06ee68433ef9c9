"""Alerts in: reads the stream, asks ``routing`` who is told, records the deliveries and acknowledges at once.

An alert that can't be read is buried with its reason. One of a newer major schema is left unacknowledged,
loudly, for a newer notifier: that holds back trimming, but never the alerts behind it. So is an alert while a
subscription is of one; who can be told is told, once.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import redis.asyncio
from pydantic import ValidationError

from services.notifier import message, routing
from services.notifier.delivery import moved, new_delivery, standing_for
from services.notifier.journal import Journal, Waiting, Writing
from services.notifier.routing import Decision, Route, Told
from services.notifier.routing.story import story
from services.notifier.superseding import supersede, tells_already
from shared import incidents, log, mutes, subscriptions
from shared.clock import Clock
from shared.contracts import Alert, Delivery, DeliveryState, Mute, Subscription
from shared.errors import NewerSchema, StoreUnavailable
from shared.names import Names
from shared.retry import backoff
from shared.streams import Entry, GroupReader

MAX_FAILURES = 5
"""An alert that makes us fail more often is buried. Redis being away does not count."""

_log = log.get(__name__)


class Consumer:
    """One reader of the alert stream; ``recorded`` is called whenever there is something new to send."""

    def __init__(
        self,
        client: "redis.asyncio.Redis",
        names: Names,
        reader: GroupReader,
        journal: Journal,
        clock: Clock,
        recorded: Callable[[], None],
        public_url: str = "",
    ) -> None:
        self._client, self._names, self._reader, self._public_url = client, names, reader, public_url
        self._journal, self._clock, self._recorded = journal, clock, recorded

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until ``stop``; outlasts a Redis that goes and comes back."""
        failures = 0
        while not stop.is_set():
            try:
                await self.turn()
                failures = 0
            except StoreUnavailable as exc:
                failures += 1
                # What we had read but not recorded must come again before anything new.
                self._reader.rewind()
                _log.warning("alerts wait for Redis", reason=str(exc))
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), backoff(failures, base=0.5, cap=5.0))

    async def turn(self) -> int:
        """Read once and handle what came; how many entries that was."""
        entries = await self._reader.read()
        if entries:
            known, newer = await subscriptions.fetch_all(self._client, self._names)
            muted = await mutes.fetch_all(self._client, self._names, self._clock.now())
            for entry in entries:
                await self._handle(entry, known, newer, muted)
            self._recorded()
        return len(entries)

    async def _handle(
        self, entry: Entry, known: Sequence[Subscription], newer: Sequence[str], muted: Sequence[Mute]
    ) -> None:
        try:
            await self._route(entry, Alert.from_json(entry.fields["alert"]), known, newer, muted)
        except NewerSchema as exc:
            _log.error("alert left for a newer notifier", entry_id=entry.id, reason=str(exc))
        except (KeyError, ValidationError) as exc:
            await self._bury(entry, f"not an alert: {str(exc)[:300]}")
        except StoreUnavailable:
            raise
        except Exception as exc:
            # A fault of ours in one alert must not hold up the others; it comes again, then it is buried.
            failures = await self._journal.failed(entry.id)
            _log.exception("alert failed", entry_id=entry.id, failures=failures)
            if failures > MAX_FAILURES:
                await self._bury(entry, f"failed {failures} times: {type(exc).__name__}: {exc}"[:300])

    async def _route(
        self,
        entry: Entry,
        alert: Alert,
        known: Sequence[Subscription],
        newer: Sequence[str],
        muted: Sequence[Mute],
    ) -> None:
        if left := await self._journal.left(entry.id):
            # It comes again. All others had their answer; a second one, now, might be another.
            known = [each for each in known if each.id in left]
            newer = [id_ for id_ in newer if id_ in left]
            if left == set(newer):
                return
        while True:
            now = self._clock.now()
            told, version = await self._journal.told(alert.incident_id)
            decisions = routing.decide(alert, known, told, entry.added_at, muted, now)
            wanted = [
                each
                for each in decisions
                if each.route is not Route.SKIP
                and not tells_already(told.sequences.get(each.subscription.id), alert)
            ]
            writings = await self._writings(alert, wanted, told, entry.added_at, now)
            if await self._journal.record(self._reader, entry, alert, writings, version, newer):
                break
            # Somebody else told of this incident meanwhile: who is owed a correction may have changed.
        for each in decisions:
            _log.debug(
                "alert considered",
                alert_id=alert.id,
                subscription_id=each.subscription.id,
                route=str(each.route),
                reason=each.reason,
            )
        _log.info(
            "alert routed", alert_id=alert.id, kind=str(alert.kind), told=len(wanted), of=len(decisions)
        )
        if newer:
            _log.error("alert left for a newer notifier", entry_id=entry.id, subscription_ids=newer)

    async def _writings(
        self, alert: Alert, wanted: Sequence[Decision], told: Told, rang_at: datetime, now: datetime
    ) -> list[Writing]:
        """A delivery for each, or in its place one that still waits and now stands for both."""
        body, whole = await self._bodies(alert, wanted)
        heard = [each.subscription.id for each in wanted if each.subscription.id in told.sequences]
        waiting = await self._journal.untried(alert.incident_id, heard) if alert.incident_id else {}
        made = []
        for each in wanted:
            delivery = new_delivery(alert, whole if each.first else body, each, now, rang_at)
            found = waiting.get(each.subscription.id)
            made.append(
                (found and _over(found, delivery, alert, each.subscription, now, self._public_url))
                or Writing(delivery, in_order=each.subscription.in_order)
            )
        return made

    async def _bodies(self, alert: Alert, wanted: Sequence[Decision]) -> tuple[str, str]:
        """The body, and that with the whole story for who hears of the incident late, where asked for."""
        late = [each for each in wanted if each.first]
        body = message.body(alert, self._public_url) if len(late) < len(wanted) else ""
        if not late or alert.incident_id is None:
            return body, ""
        known = await incidents.fetch(self._client, self._names, alert.incident_id)
        return body, message.body(alert, self._public_url, story(alert, known))

    async def _bury(self, entry: Entry, reason: str) -> None:
        await self._reader.bury(entry, reason, self._names.alerts_dead)


def _over(
    waiting: Waiting,
    newer: Delivery,
    alert: Alert,
    subscription: Subscription,
    now: datetime,
    public_url: str,
) -> Writing | None:
    """What becomes of a message that waits, when it stands for the newer one too; None when it does not."""
    old = waiting.held.delivery
    decided = supersede(
        old, alert, first=waiting.first, wants=lambda present: routing.wants(subscription, present)
    )
    if decided is None:
        return None
    if decided.alert is None:
        stands = moved(old, DeliveryState.DROPPED, decided.reason, now)
    else:
        body = message.body(decided.alert, public_url, decided.story)
        stands = standing_for(old, newer, decided.alert, body, decided.reason)
    _log.info(
        "delivery overtaken",
        delivery_id=old.id,
        alert_id=alert.id,
        subscription_id=old.subscription_id,
        reason=decided.reason,
    )
    return Writing(stands, over=waiting.held.raw)
