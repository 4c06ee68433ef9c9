"""Who hears of an alert, and why: one alert, the subscriptions and who was told before, in; decisions out.

Whoever was told of an incident is told of its correction or retraction, whatever his filter or a pause now
says. The rest is the filter's business. Every subscription gets an answer with a reason, also a no.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared import filters
from shared.contracts import Alert, AlertKind, Subscription, SubscriptionState
from shared.errors import BadFilter

CORRECTIONS = (AlertKind.CORRECTED, AlertKind.RETRACTED)


class Route(StrEnum):
    """What happens to an alert for one subscription."""

    SEND = "send"
    HOLD = "hold"
    """Recorded, but kept until the subscription is active again."""
    SKIP = "skip"


class Why(StrEnum):
    """Reasons that are not the filter's own."""

    TOLD_BEFORE = "was told of this incident, so hears of its correction"
    NEVER_TOLD = "was never told of this incident, so its retraction is no news"
    OVERTAKEN = "a later correction of this incident was sent already"
    YOUNGER = "the subscription was made after this alert rang"
    NOT_ACTIVE = "the subscription is not active"
    BAD_FILTER = "the subscription's filter does not parse"


@dataclass(frozen=True)
class Told:
    """Who was told of an incident so far: the newest sequence of each, and the newest correction's."""

    sequences: Mapping[str, int] = field(default_factory=dict)
    corrected: int = 0


@dataclass(frozen=True)
class Decision:
    """What happens to the alert for one subscription, and why, in one sentence."""

    subscription: Subscription
    route: Route
    reason: str


def decide(
    alert: Alert, subscriptions: Iterable[Subscription], told: Told, rang_at: datetime
) -> list[Decision]:
    """One decision for each subscription; ``rang_at`` is when the alert came on the stream."""
    return [_decide(alert, each, told, rang_at) for each in subscriptions]


def wants(subscription: Subscription, alert: Alert) -> bool:
    """Whether the subscription's filter takes the alert, or can't be read and so hides nothing."""
    try:
        return filters.parse(subscription.filter).matches(alert).matched
    except BadFilter:
        return True


def _decide(alert: Alert, subscription: Subscription, told: Told, rang_at: datetime) -> Decision:
    def decision(route: Route, reason: str) -> Decision:
        return Decision(subscription, route, reason)

    was_told = subscription.id in told.sequences
    active = subscription.state == SubscriptionState.ACTIVE
    if alert.incident_id is not None and alert.sequence < told.corrected:
        # Two notifiers, or an entry that came again: the receiver must not hear last what is no longer so.
        return decision(Route.SKIP, Why.OVERTAKEN)
    if alert.kind in CORRECTIONS and was_told:
        return decision(Route.SEND if active else Route.HOLD, Why.TOLD_BEFORE)
    if subscription.created_at > rang_at:
        return decision(Route.SKIP, Why.YOUNGER)
    if not active:
        state = f"{Why.NOT_ACTIVE}: {subscription.state}"
        return decision(
            Route.SKIP, state + f", {subscription.state_reason}" * bool(subscription.state_reason)
        )
    try:
        wanted = filters.parse(subscription.filter)
    except BadFilter as exc:
        return decision(Route.SKIP, f"{Why.BAD_FILTER}: {exc}")
    if alert.kind == AlertKind.RETRACTED and not was_told and not wanted.names_kind():
        return decision(Route.SKIP, Why.NEVER_TOLD)
    verdict = wanted.matches(alert)
    return decision(Route.SEND if verdict.matched else Route.SKIP, verdict.reason)
