"""Who hears of an alert, and why."""

from datetime import timedelta

import pytest

from services.notifier.routing import Decision, Route, Told, Why, decide
from shared.contracts import Alert, AlertKind, Subscription, SubscriptionState
from tests.support.notifier import NOON, alert, trend


def subscription(id_: str = "sub_a", **changes: object) -> Subscription:
    told = {
        "id": id_,
        "channel": "webhook",
        "sealed_url": "x",
        "url_hint": "https://e.example/***",
        "created_at": NOON - timedelta(days=1),
    }
    return Subscription.model_validate(told | changes)


def only(each: Alert, to: Subscription, told: Told | None = None) -> Decision:
    (decision,) = decide(each, [to], told or Told(), NOON)
    return decision


def test_the_filter_decides() -> None:
    assert only(alert(), subscription()).route is Route.SEND
    no = only(alert(), subscription(filter="severity>=Extreme"))
    assert no.route is Route.SKIP
    assert no.reason == "severity is Severe, the filter wants severity>=Extreme"


def test_a_trend_goes_to_nobody_who_did_not_ask_for_its_kind() -> None:
    no = only(trend(), subscription())
    assert (no.route, no.reason) == (
        Route.SKIP,
        "trend.escalated is sent only to a filter that names its kind",
    )
    assert only(trend(), subscription(filter="severity>=Minor")).route is Route.SKIP
    asked = subscription(filter='kind=~"opened|trend.escalated",severity>=Severe')
    assert only(trend(), asked).route is Route.SEND
    assert only(alert(), asked).route is Route.SEND


def test_every_subscription_gets_an_answer() -> None:
    answers = decide(alert(), [subscription("sub_a"), subscription("sub_b", filter="score>99")], Told(), NOON)
    assert [(each.subscription.id, each.route) for each in answers] == [
        ("sub_a", Route.SEND),
        ("sub_b", Route.SKIP),
    ]


@pytest.mark.parametrize("kind", [AlertKind.CORRECTED, AlertKind.RETRACTED])
def test_who_was_told_hears_of_its_correction_whatever_the_filter_says(kind: AlertKind) -> None:
    told = Told({"sub_a": 1})
    decision = only(alert(kind, sequence=2), subscription(filter="country=SYR"), told)
    assert (decision.route, decision.reason) == (Route.SEND, Why.TOLD_BEFORE)


@pytest.mark.parametrize("state", [SubscriptionState.PAUSED, SubscriptionState.DISABLED, "asleep"])
def test_a_correction_is_held_for_who_was_told_and_is_not_active(state: str) -> None:
    decision = only(alert(AlertKind.CORRECTED, sequence=2), subscription(state=state), Told({"sub_a": 1}))
    assert decision.route is Route.HOLD


def test_a_paused_subscription_hears_nothing_new() -> None:
    decision = only(alert(), subscription(state="paused", state_reason="by command"))
    assert decision.route is Route.SKIP
    assert decision.reason == "the subscription is not active: paused, by command"


def test_a_retraction_is_no_news_to_who_was_never_told() -> None:
    assert only(alert(AlertKind.RETRACTED, sequence=2), subscription()).reason == Why.NEVER_TOLD
    auditor = subscription(filter="kind=retracted")
    assert only(alert(AlertKind.RETRACTED, sequence=2), auditor).route is Route.SEND


def test_a_correction_that_comes_to_match_is_told_to_who_was_never_told() -> None:
    assert only(alert(AlertKind.CORRECTED, sequence=2), subscription(filter="score>50")).route is Route.SEND


def test_what_a_correction_has_overtaken_is_not_sent() -> None:
    late = only(alert(AlertKind.UPDATED, sequence=2), subscription(), Told({"sub_a": 1}, corrected=3))
    assert (late.route, late.reason) == (Route.SKIP, Why.OVERTAKEN)
    assert (
        only(alert(AlertKind.UPDATED, sequence=4), subscription(), Told({"sub_a": 1}, corrected=3)).route
        is Route.SEND
    )
    again = only(alert(AlertKind.CORRECTED, sequence=3), subscription(), Told({"sub_a": 3}, corrected=3))
    assert again.route is Route.SEND


def test_a_system_alert_is_never_overtaken() -> None:
    heard = subscription(filter="kind=system.degraded")
    assert only(alert(AlertKind.DEGRADED, incident=None, sequence=0), heard).route is Route.SEND


def test_alerts_from_before_the_subscription_are_not_sent() -> None:
    young = subscription(created_at=NOON + timedelta(seconds=1))
    assert only(alert(), young).reason == Why.YOUNGER


def test_a_filter_that_does_not_parse_is_a_reason() -> None:
    decision = only(alert(), subscription(filter="sevrity>=Severe"))
    assert decision.route is Route.SKIP
    assert decision.reason.startswith(Why.BAD_FILTER)
    assert "did you mean severity?" in decision.reason
