"""A dry run: of the alerts that rang, which would a subscription have heard, when, and why not the others.

It decides as the notifier does, with what the subscription would have been told so far; nothing is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notifier.routing import pacing
from services.notifier.routing.deciding import CORRECTIONS, Route, Told, decide
from services.notifier.routing.pacing import Pace, Passing
from shared.contracts import Alert, Mute, Subscription, SubscriptionState


@dataclass(frozen=True)
class Heard:
    """What would become of one alert; ``until`` is when what is held would be told."""

    alert: Alert
    rang_at: datetime
    route: Route
    reason: str
    until: datetime | None = None


def would_hear(
    subscription: Subscription, alerts: Iterable[tuple[Alert, datetime]], mutes: Sequence[Mute] = ()
) -> list[Heard]:
    """One answer for each alert, in the order in which they rang (each with when it came on the stream).

    It is answered as if the subscription had stood before the first of them, active; each mute counts as
    long as it ran. What waits above the cap is shown to wait; what a newer alert overtakes there, too.
    """
    asked = subscription.model_copy(
        update={"created_at": datetime.min.replace(tzinfo=subscription.created_at.tzinfo)}
    ).model_copy(update={"state": SubscriptionState.ACTIVE})
    told: dict[str, Told] = {}
    sent: list[datetime] = []
    answers = []
    for alert, rang_at in alerts:
        before = told.get(alert.incident_id or "", Told())
        ran = [each for each in mutes if each.created_at <= rang_at < each.until]
        (decision,) = decide(alert, [asked], before, rang_at, ran)
        heard = Heard(alert, rang_at, decision.route, decision.reason, decision.until)
        if heard.route is Route.SEND:
            heard = _paced(asked, heard, sent)
        answers.append(heard)
        if heard.route is not Route.SKIP and alert.incident_id is not None:
            corrected = alert.sequence if alert.kind in CORRECTIONS else 0
            told[alert.incident_id] = Told(
                {asked.id: max(alert.sequence, before.sequences.get(asked.id, 0))},
                max(corrected, before.corrected),
            )
    return answers


def _paced(subscription: Subscription, heard: Heard, sent: list[datetime]) -> Heard:
    """The same, put off where it is above the cap; ``sent`` takes up when it goes."""
    cap = subscription.rate_cap
    if cap is None or pacing.is_of_system(str(heard.alert.kind)):
        return heard
    alert, now = heard.alert, heard.rang_at
    urgent = alert.kind in CORRECTIONS
    message = Passing(urgent, alert.severity.tier if alert.severity else None)
    within = timedelta(seconds=cap.within)
    sent[:] = [at for at in sent if at > now - within]
    wait = None if urgent else pacing.above_cap(subscription, message, _pace(sent, now), now)
    sent.append(wait.until if wait else now)
    return replace(heard, route=Route.HOLD, reason=wait.reason, until=wait.until) if wait else heard


def _pace(sent: Sequence[datetime], now: datetime) -> Pace:
    return Pace([at for at in sent if at <= now], [at for at in sent if at > now])
