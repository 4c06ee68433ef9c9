"""For how long a delivery is worth sending: a plain function of what it tells."""

from datetime import timedelta

from shared.contracts import AlertKind, Delivery

HEARTBEATS_KEPT = timedelta(minutes=10)
"""A heartbeat says that all is well *now*: an endpoint that comes back after a day needs no day of them."""


def worth_sending_for(delivery: Delivery, parked_for: timedelta) -> timedelta:
    """The age from which the delivery is dropped unsent; news waits for its endpoint as long as it may."""
    return min(HEARTBEATS_KEPT, parked_for) if delivery.kind == AlertKind.HEARTBEAT else parked_for
