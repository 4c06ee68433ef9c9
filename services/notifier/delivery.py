"""A delivery's life on plain values: asked for by a decision, attempted, sent on, put by or dropped."""

import hashlib
from datetime import datetime, timedelta

from services.notifier.channels import Answer
from services.notifier.outcome import Fate, Outcome
from services.notifier.routing import Decision, Route
from shared import log, printable
from shared.contracts import Alert, Attempt, Delivery, DeliveryState

NEWEST_ATTEMPTS = 10


def delivery_id(alert_id: str, subscription_id: str) -> str:
    """``msg_`` and 24 hex digits: the same alert for the same subscription always has the same id."""
    return "msg_" + hashlib.sha256(f"{alert_id}\n{subscription_id}".encode()).hexdigest()[:24]


def new_delivery(
    alert: Alert, body: str, decision: Decision, now: datetime, rang_at: datetime | None = None
) -> Delivery:
    """The delivery that a decision asks for: on its way, perhaps later, or parked until its subscription is
    active again.
    """
    parked = decision.route is Route.HOLD and decision.until is None
    return Delivery(
        id=delivery_id(alert.id, decision.subscription.id),
        subscription_id=decision.subscription.id,
        alert_id=alert.id,
        kind=str(alert.kind),
        body=body,
        state=DeliveryState.PARKED if parked else DeliveryState.PENDING,
        state_reason=decision.reason,
        created_at=now,
        due_at=decision.until or now,
        incident_id=alert.incident_id,
        sequence=alert.sequence,
        rang_at=rang_at or now,
    )


def standing_for(waiting: Delivery, newer: Delivery, alert: Alert, body: str, reason: str) -> Delivery:
    """The waiting delivery, telling ``alert``, going when ``newer`` would; late since its own alert rang."""
    return waiting.model_copy(
        update={
            "alert_id": alert.id,
            "kind": str(alert.kind),
            "body": body,
            "sequence": alert.sequence,
            "state": newer.state if waiting.state == DeliveryState.PARKED else waiting.state,
            "state_reason": reason,
            "due_at": min(waiting.due_at, newer.due_at),
        }
    )


_STATES = {
    Fate.DELIVERED: DeliveryState.DELIVERED,
    Fate.RETRY: DeliveryState.PENDING,
    Fate.PARKED: DeliveryState.PARKED,
    Fate.DISABLED: DeliveryState.PARKED,
    Fate.DROPPED: DeliveryState.DROPPED,
}


def attempted(
    delivery: Delivery, answer: Answer, outcome: Outcome, began: datetime, now: datetime
) -> Delivery:
    """The delivery after an attempt. A delivered one gives up its body: the alert is still on the stream."""
    attempt = Attempt(
        at=began,
        status=answer.status,
        latency_ms=answer.latency_ms,
        outcome=f"{outcome.fate}: {outcome.reason}",
        answer=log.mask(printable.one_line(answer.body[:200])),
    )
    return delivery.model_copy(
        update={
            "state": _STATES[outcome.fate],
            "state_reason": outcome.reason,
            "due_at": now + timedelta(seconds=outcome.wait),
            "body": "" if outcome.fate is Fate.DELIVERED else delivery.body,
            "attempts": (*delivery.attempts, attempt)[-NEWEST_ATTEMPTS:],
            "attempts_count": delivery.attempts_count + 1,
            "forgiven": delivery.forgiven + outcome.asked,
        }
    )


def attempt_number(delivery: Delivery) -> int:
    """Which attempt of its schedule the next one is, from 1; what a person had sent again begins anew."""
    return delivery.attempts_count - delivery.forgiven + 1


def waits_since(delivery: Delivery) -> datetime:
    """From when the time counts that it may wait for its endpoint."""
    return delivery.resent_at or delivery.created_at


def sent_again(delivery: Delivery, now: datetime) -> Delivery:
    """The same delivery with its schedule reset, because a person wants it sent again under its id."""
    return delivery.model_copy(update={"resent_at": now, "forgiven": delivery.attempts_count})


def told_again(
    alert: Alert, body: str, subscription_id: str, name: str, rang_at: datetime, now: datetime
) -> Delivery:
    """A delivery beside the first one, under an id of its own: the same for the same ``name``."""
    return Delivery(
        id=delivery_id(alert.id, f"{subscription_id}\n{name}"),
        subscription_id=subscription_id,
        alert_id=alert.id,
        kind=str(alert.kind),
        body=body,
        state_reason=f"told again as {name}",
        created_at=now,
        due_at=now,
        incident_id=alert.incident_id,
        sequence=alert.sequence,
        rang_at=rang_at,
        replayed=True,
    )


def beside(delivery: Delivery, name: str, now: datetime) -> Delivery:
    """The same message under an id of its own, as ``told_again`` gives it; the first one stays as it is."""
    return delivery.model_copy(
        update={
            "id": delivery_id(delivery.alert_id, f"{delivery.subscription_id}\n{name}"),
            "state": DeliveryState.PENDING,
            "state_reason": f"told again as {name}",
            "created_at": now,
            "due_at": now,
            "attempts": (),
            "attempts_count": 0,
            "forgiven": 0,
            "resent_at": None,
            "replayed": True,
        }
    )


def moved(delivery: Delivery, state: DeliveryState, reason: str, now: datetime) -> Delivery:
    """The delivery sent on, put by or dropped without an attempt."""
    return delivery.model_copy(update={"state": state, "state_reason": reason, "due_at": now})
