"""A delivery: one alert on its way to one subscription, and what became of each attempt."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part, Record


class DeliveryState(StrEnum):
    """``pending`` is on its way; the other three are where a delivery comes to rest."""

    PENDING = "pending"
    DELIVERED = "delivered"
    PARKED = "parked"
    DROPPED = "dropped"


class Attempt(Part):
    """One try: ``status`` is the HTTP status, null when there was no answer."""

    at: Moment
    status: int | None = None
    latency_ms: float
    outcome: str
    answer: str = ""
    """The first bytes of the answer, for the attempt log."""


class Delivery(Record):
    """One alert for one subscription. ``id`` is the ``webhook-id``, derived, stable over retries.

    ``body`` is what is signed and sent, fixed when the delivery is recorded; only ``delayed_by`` is put in
    when it goes late (Slack's message is laid out from it then). While nothing was attempted, a newer alert
    of its incident may take its place. It is emptied once delivered, as the alert is still on the stream.
    """

    id: str
    subscription_id: str
    alert_id: str
    kind: str
    body: str
    state: Annotated[DeliveryState | str, Field(union_mode="left_to_right")] = DeliveryState.PENDING
    state_reason: str = ""
    created_at: Moment
    due_at: Moment
    incident_id: str | None = None
    sequence: int = 0
    rang_at: Moment | None = None
    """When the alert rang, from which a message counts how late it is; None in records of older releases."""
    replayed: bool = False
    """Whether a person asked for it to be told again: it then has an id of its own."""
    resent_at: Moment | None = None
    """When a person last had it sent again: its schedule and the time that it may wait count from there."""
    forgiven: Annotated[int, Field(ge=0)] = 0
    """Attempts that the schedule does not count: those before that, and those only asked to wait."""
    attempts: tuple[Attempt, ...] = ()
    attempts_count: Annotated[int, Field(ge=0)] = 0
    """All attempts made; ``attempts`` keeps only the newest ten."""
