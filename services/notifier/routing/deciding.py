"""Who hears of an alert, and why: one alert, the subscriptions and who was told before, in; decisions out.

Whoever was told of an incident is told of its correction or retraction, whatever his filter, a mute, his
quiet hours or a pause now say. The rest is the filter's business; of what it takes, mutes leave out what
nobody wants to hear of for a time, and quiet hours hold what can wait. Every subscription gets an answer with
a reason, also a no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.notifier.routing import muting, pacing
from shared import filters
from shared.contracts import Alert, AlertKind, Mute, Subscription, SubscriptionState
from shared.errors import BadFilter

CORRECTIONS = (AlertKind.CORRECTED, AlertKind.RETRACTED)


class Route(StrEnum):
    """What happens to an alert for one subscription."""

    SEND = "send"
    HOLD = "hold"
    """Recorded, but kept: until the time that is given, or until the subscription is active again."""
    SKIP = "skip"


class Why(StrEnum):
    """Reasons that are not the filter's own."""

    TOLD_BEFORE = "was told of this incident, so hears of its correction"
    NEVER_TOLD = "was never told of this incident, so its retraction is no news"
    OVERTAKEN = "a later correction of this incident was sent already"
    YOUNGER = "the subscription was made after this alert rang"
    NOT_ACTIVE = "the subscription is not active"
    FIRST_HEARD = "the first it hears of this incident"
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
    until: datetime | None = None
    """When what is held is told; None where it waits for the subscription to be active."""
    first: bool = False
    """Whether it rang before, unheard by this subscription: its first message of the incident tells all."""


def decide(
    alert: Alert,
    subscriptions: Iterable[Subscription],
    told: Told,
    rang_at: datetime,
    mutes: Sequence[Mute] = (),
    now: datetime | None = None,
) -> list[Decision]:
    """One decision for each subscription.

    ``rang_at`` is when the alert came on the stream, ``now`` when it would be told (by default then);
    ``mutes`` are those that run.
    """
    return [_decide(alert, each, told, rang_at, mutes, now or rang_at) for each in subscriptions]


def wants(subscription: Subscription, alert: Alert) -> bool:
    """Whether the subscription's filter takes the alert, or can't be read and so hides nothing."""
    try:
        return filters.parse(subscription.filter).matches(alert).matched
    except BadFilter:
        return True


def _decide(
    alert: Alert,
    subscription: Subscription,
    told: Told,
    rang_at: datetime,
    mutes: Sequence[Mute],
    now: datetime,
) -> Decision:
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
    if alert.kind == AlertKind.RETRACTED and not was_told and not wanted.names_kind(alert):
        return decision(Route.SKIP, Why.NEVER_TOLD)
    verdict = wanted.matches(alert)
    if not verdict.matched:
        return decision(Route.SKIP, verdict.reason)
    if mute := muting.muted_by(alert, subscription.id, mutes):
        return decision(Route.SKIP, muting.words(mute))
    first = alert.incident_id is not None and alert.sequence > 1 and not was_told
    reason = f"{verdict.reason}; {Why.FIRST_HEARD}" if first else verdict.reason
    if wait := pacing.at_record(subscription, alert, now):
        return Decision(subscription, Route.HOLD, f"{wait.reason}; {reason}", wait.until, first)
    return Decision(subscription, Route.SEND, reason, first=first)
