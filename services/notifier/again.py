"""What a person wants told again: one delivery resent, what failed recovered.

Nothing is sent from here: a delivery is put back into its lane, as durable as any other, and a notifier sends
it. A step that another notifier was faster in is taken again on what that one wrote.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis.asyncio
from pydantic import ValidationError

from services.notifier import message
from services.notifier.delivery import beside, sent_again
from services.notifier.journal import Held, Journal
from services.notifier.superseding import supersede
from shared import deliveries, retention
from shared.clock import Clock
from shared.contracts import Alert, Delivery, DeliveryState, derive_alert_id
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.store import guarded
from shared.streams import Entry

BY_HAND = "sent again by hand"
PAGE = 100
_AHEAD = timedelta(hours=1)
"""How far a notifier's clock, which dates deliveries, may be behind the server's, which dates alerts."""
_REPLAY = Path(__file__).with_name("replay.lua").read_text(encoding="utf-8")


class Again:
    """Puts deliveries back into their lanes; raises ``BadInput`` and ``StoreUnavailable``."""

    def __init__(
        self,
        client: "redis.asyncio.Redis",
        names: Names,
        journal: Journal,
        clock: Clock,
        public_url: str = "",
    ) -> None:
        self._public_url = public_url
        self.client, self.names, self.journal, self.clock = client, names, journal, clock
        self._replay = client.register_script(_REPLAY)

    async def resend(self, id_: str) -> Delivery:
        """Send a delivery that came to rest once more, under its id; the delivery as it is now."""
        while True:
            held = await self._held(id_)
            if held.delivery.state == DeliveryState.PENDING:
                raise BadInput(
                    f"{id_} is on its way, due {held.delivery.due_at:%Y-%m-%d %H:%M:%S} UTC: "
                    f"`tocsin recover {held.delivery.subscription_id}` sends what failed at once"
                )
            await self._refuse_overtaken(held.delivery)
            now = self.clock.now()
            again = sent_again(await self.whole(held.delivery), now)
            if await self.journal.move(Held(again, held.raw), DeliveryState.PENDING, BY_HAND, now):
                return again

    async def resend_as_new(self, id_: str, name: str) -> Delivery:
        """Tell its alert again under an id derived from ``name``, whatever becomes of the first one."""
        first = (await self._held(id_)).delivery
        await self._refuse_overtaken(first)
        made = beside(await self.whole(first), name, self.clock.now())
        if not await self.record(made):
            raise BadInput(f"{made.id} was asked for before: `tocsin deliveries show {made.id}`")
        return made

    async def recover(self, subscription_id: str, since: datetime | None = None) -> AsyncIterator[str]:
        """Send at once all that failed or is parked, oldest first; the id of each as it is put back.

        Only what was recorded ``since``, if given.
        """
        now, place = self.clock.now(), 0
        ids = await self._failed(subscription_id)
        for first in range(0, len(ids), PAGE):
            for held in await self._some(ids[first : first + PAGE]):
                delivery = held.delivery
                waits = delivery.state == DeliveryState.PARKED
                failed = delivery.state == DeliveryState.PENDING and delivery.attempts_count > 0
                if not (waits or failed) or (since is not None and delivery.created_at < since):
                    continue
                # A millisecond apart, so that they leave in the order in which they came.
                due = now + timedelta(milliseconds=place)
                place += 1
                again = Held(sent_again(delivery, now), held.raw)
                if await self.journal.move(again, DeliveryState.PENDING, BY_HAND, due):
                    yield delivery.id

    async def record(self, made: Delivery) -> bool:
        """Put a delivery that is told again into its lane, behind what is new; False when it was there."""
        names, id_ = self.names, made.subscription_id
        with guarded("recording what is told again"):
            answer: Any = await self._replay(
                keys=[
                    names.delivery(made.id),
                    names.retries(id_),
                    names.lanes,
                    names.told(made.incident_id or "none"),
                    names.newest(made.incident_id or "none"),
                    names.untried(id_),
                ],
                args=[
                    made.id,
                    id_,
                    made.to_json(),
                    round(made.due_at.timestamp() * 1000),
                    "" if made.incident_id is None else made.sequence,
                    round(retention.TOLD.total_seconds()),
                ],
            )
        return bool(answer)

    def body(self, alert: Alert) -> str:
        """What is sent of an alert, as the notifier writes it."""
        return message.body(alert, self._public_url)

    async def whole(self, delivery: Delivery) -> Delivery:
        """The delivery with its body, written from the stream where it was given up on arrival."""
        if delivery.body:
            return delivery
        alert, rang_at = await self._alert(delivery, delivery.alert_id)
        if delivery.incident_id is not None and delivery.sequence > alert.sequence:
            # It stood for a newer alert, too, and told the state of that one under the id of the first.
            newest = derive_alert_id(delivery.incident_id, delivery.sequence)
            opening = delivery.model_copy(
                update={"body": self.body(alert), "sequence": alert.sequence, "kind": str(alert.kind)}
            )
            newer, _ = await self._alert(delivery, newest)
            stands = supersede(opening, newer, first=True)
            alert = (stands and stands.alert) or alert
        if alert.kind != delivery.kind:
            # It stood for a graver one, too, that rang before; what changed then is told only there.
            alert = alert.model_copy(update={"kind": delivery.kind})
        return delivery.model_copy(update={"body": self.body(alert), "rang_at": delivery.rang_at or rang_at})

    # ---- inner ----------------------------------------------------------------------------------

    async def _held(self, id_: str) -> Held:
        with guarded("reading a delivery"):
            raw: Any = await self.client.get(self.names.delivery(id_))
        return Held(deliveries.read(raw, id_), raw)

    async def _failed(self, subscription_id: str) -> list[str]:
        names = self.names
        with guarded("reading what failed"):
            parked: Any = await self.client.zrange(names.parked(subscription_id), 0, -1)
            again: Any = await self.client.zrange(names.retries(subscription_id), 0, -1)
        return [*parked, *again]

    async def _some(self, ids: list[str]) -> list[Held]:
        """These deliveries, oldest first; one that can't be read is the notifier's to set aside."""
        with guarded("reading what failed"):
            raws: Any = await self.client.mget([self.names.delivery(id_) for id_ in ids])
        found = []
        for id_, raw in zip(ids, raws, strict=True):
            try:
                found.append(Held(deliveries.read(raw, id_), raw))
            except BadInput:
                continue
        return sorted(found, key=lambda held: (held.delivery.created_at, held.delivery.id))

    async def _refuse_overtaken(self, delivery: Delivery) -> None:
        """Nobody is told of what was taken back unless he also hears, or heard, that it was."""
        if delivery.state != DeliveryState.DROPPED:
            return
        incident_id = deliveries.incident_of(delivery)
        told, _ = await self.journal.told(incident_id or None)
        if 0 < _sequence(delivery) < told.corrected:
            raise BadInput(
                f"{delivery.id} tells what was corrected or retracted since: "
                f"`tocsin deliveries --incident {incident_id}` shows what was told after it"
            )

    async def _alert(self, delivery: Delivery, alert_id: str) -> tuple[Alert, datetime]:
        """An alert that it told, and when that rang."""
        latest = max(delivery.created_at, delivery.due_at) + _AHEAD
        newest = f"{round(latest.timestamp() * 1000)}"
        while True:
            with guarded("looking for an alert"):
                page: Any = await self.client.xrevrange(self.names.alerts, max=newest, count=PAGE)
            for entry in (Entry(str(id_), fields) for id_, fields in page):
                # Looked at before it is read: most are others, and reading takes longer.
                if alert_id in entry.fields.get("alert", ""):
                    alert = readable(entry)
                    if alert is not None and alert.id == alert_id:
                        return alert, entry.added_at
            if not page:
                raise BadInput(
                    f"alert {alert_id} is no longer on the stream, which keeps 30 days: there is "
                    "nothing left to send"
                )
            newest = f"({page[-1][0]}"


def readable(entry: Entry) -> Alert | None:
    """The alert of an entry, or None when this release can't read it."""
    try:
        return Alert.from_json(entry.fields["alert"])
    except (ValidationError, NewerSchema):
        return None


def _sequence(delivery: Delivery) -> int:
    """Its alert's, also in a record of an older release."""
    last = delivery.alert_id.rpartition("-")[2]
    return delivery.sequence or (int(last) if last.isdecimal() else 0)
