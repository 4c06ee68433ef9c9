"""A dry run decides as the notifier does, and tells why."""

from datetime import datetime, time, timedelta
from typing import Any

from services.notifier.routing import Route, Why
from services.notifier.routing.trial import Heard, would_hear
from shared.contracts import Alert, AlertKind, QuietHours, RateCap, Severity, Tier
from shared.mutes import new_mute
from tests.support.notifier import NOON, alert
from tests.unit.test_notifier_routing import subscription

MILD = Severity(score=30, tier=Tier.MODERATE)


def rang(*alerts: Alert, every: float = 60) -> list[tuple[Alert, datetime]]:
    return [(each, NOON + timedelta(seconds=every * number)) for number, each in enumerate(alerts)]


def routes(answers: list[Heard]) -> list[Route]:
    return [each.route for each in answers]


def test_it_is_as_if_the_subscription_had_stood_before_the_first() -> None:
    young = subscription(created_at=NOON + timedelta(days=1), state="paused", filter="severity>=Severe")
    told: list[Any] = rang(
        alert(severity=MILD),
        alert(AlertKind.ESCALATED, sequence=2),
        alert(AlertKind.RETRACTED, sequence=3, severity=MILD),
        alert(AlertKind.RETRACTED, sequence=2, incident="inc_2"),
    )
    answers = would_hear(young, told)
    assert routes(answers) == [Route.SKIP, Route.SEND, Route.SEND, Route.SKIP]
    assert [each.reason for each in answers] == [
        "severity is Moderate, the filter wants severity>=Severe",
        f"matches severity>=Severe; {Why.FIRST_HEARD}",
        Why.TOLD_BEFORE,
        Why.NEVER_TOLD,
    ]


def test_quiet_hours_and_mutes_count_as_they_ran() -> None:
    quiet = subscription(quiet_hours=QuietHours(begins=time(11), ends=time(12, 1)))
    answers = would_hear(quiet, rang(alert(), alert(incident="inc_2")))
    assert routes(answers) == [Route.HOLD, Route.SEND]
    assert answers[0].until == NOON + timedelta(minutes=1)
    mute = new_mute("country", "QQB", until=NOON + timedelta(seconds=90), now=NOON + timedelta(seconds=30))
    heard = would_hear(subscription(), rang(*(alert(incident=f"inc_{n}") for n in range(3))), [mute])
    assert routes(heard) == [Route.SEND, Route.SKIP, Route.SEND]


def test_what_is_above_the_cap_waits_for_its_turn() -> None:
    capped = subscription(rate_cap=RateCap(most=2, within=3600))
    extreme = alert(incident="inc_9", severity=Severity(score=95, tier=Tier.EXTREME))
    correction = alert(AlertKind.CORRECTED, incident="inc_0", sequence=2)
    answers = would_hear(capped, rang(*(alert(incident=f"inc_{n}") for n in range(5)), extreme, correction))
    assert routes(answers) == [Route.SEND] * 2 + [Route.HOLD] * 3 + [Route.SEND] * 2
    assert [(each.until or NOON) - NOON for each in answers[2:5]] == [
        timedelta(seconds=3600),
        timedelta(seconds=3660),
        timedelta(seconds=7200),
    ]
    assert answers[2].reason == "above its cap of 2 in 1h"
