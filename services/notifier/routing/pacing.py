"""When a message may go: not in its reader's quiet hours, not above the rate that he takes.

What waits is told when its time comes. What must not wait: corrections and retractions of what was told,
what is grave enough, what a person had told anew under another id, and what the system says of itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.notifier.routing.quiet import comes_through, quiet_until, rank
from shared.contracts import Alert, AlertKind, Delivery, RateCap, Subscription, Tier
from shared.spans import write_span

_NEVER_WAITS = (AlertKind.CORRECTED, AlertKind.RETRACTED)


@dataclass(frozen=True)
class Passing:
    """What of a message tells whether it may wait."""

    urgent: bool
    tier: str | None


@dataclass(frozen=True)
class Pace:
    """What a subscription was sent lately, and what waits for its turn."""

    sent: Sequence[datetime] = ()
    reserved: Sequence[datetime] = ()
    """The turns of other messages that wait."""
    turn: datetime | None = None
    """This message's own turn, past or to come; None for a newcomer."""


@dataclass(frozen=True)
class Wait:
    """Not now: until when, and why."""

    until: datetime
    reason: str
    turn: bool = False
    """Whether it waits for a turn below the cap."""


def passing(delivery: Delivery) -> Passing:
    """What the delivery's body tells; an unreadable one waits as any other."""
    try:
        data: Any = json.loads(delivery.body)["data"]
        severity, first = data.get("severity"), "story" in data
        tier = severity["tier"] if severity else None
    except (ValueError, KeyError, TypeError, AttributeError):
        tier, first = None, False
    corrects = delivery.kind in _NEVER_WAITS and not first
    return Passing(corrects or delivery.replayed or is_of_system(delivery.kind), tier)


def is_of_system(kind: str) -> bool:
    """Whether it is what the system says of itself: it neither waits nor counts below a cap."""
    return kind.startswith("system.")


def at_record(subscription: Subscription, alert: Alert, now: datetime) -> Wait | None:
    """How long an alert that matches waits in quiet hours. The cap is looked at when it is sent."""
    if is_of_system(str(alert.kind)):
        return None
    return in_quiet_hours(subscription, alert.severity.tier if alert.severity else None, now)


def wait(subscription: Subscription, message: Passing, pace: Pace, now: datetime) -> Wait | None:
    """How long the message waits, and why; None when it may go now."""
    if message.urgent:
        return None
    return in_quiet_hours(subscription, message.tier, now) or above_cap(subscription, message, pace, now)


def in_quiet_hours(subscription: Subscription, tier: str | None, now: datetime) -> Wait | None:
    """The rest of the quiet hours, unless there are none now or the tier comes through."""
    hours = subscription.quiet_hours
    until = quiet_until(hours, now)
    if hours is None or until is None or comes_through(hours, tier):
        return None
    return Wait(until, f"quiet hours until {hours.ends:%H:%M} {hours.zone}")


def above_cap(subscription: Subscription, message: Passing, pace: Pace, now: datetime) -> Wait | None:
    """The time until there is room below the cap; what is Extreme needs none."""
    cap = subscription.rate_cap
    if cap is None or rank(message.tier) >= Tier.EXTREME.rank:
        return None
    until = next_turn(cap, pace, now)
    span = write_span(timedelta(seconds=cap.within))
    return Wait(until, f"above its cap of {cap.most} in {span}", turn=True) if until else None


def next_turn(cap: RateCap, pace: Pace, now: datetime) -> datetime | None:
    """When there is room for one more below the cap; None when there is now.

    A newcomer queues behind those that wait; who has waited for his turn only looks at what was sent.
    """
    if pace.turn is not None and pace.turn > now:
        return pace.turn
    within = timedelta(seconds=cap.within)
    taken = [at for at in pace.sent if at > now - within]
    if pace.turn is None:
        taken += [at for at in pace.reserved if at > now]
    if len(taken) < cap.most:
        return None
    return max(sorted(taken)[-cap.most] + within, now + timedelta(milliseconds=1))
