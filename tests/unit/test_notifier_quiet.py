"""When a subscription is left in peace: quiet hours, mutes, and what comes through all the same."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifier.routing import Decision, Route, Told, Why, decide
from services.notifier.routing.quiet import quiet_until
from shared.contracts import Alert, AlertKind, Mute, QuietHours, Severity, Subscription, Tier
from shared.mutes import new_mute
from tests.support.notifier import NOON, alert, event, trend
from tests.unit.test_notifier_routing import subscription

ATHENS = ZoneInfo("Europe/Athens")
NIGHT = QuietHours(begins=time(22), ends=time(6, 30), zone="Europe/Athens")
MIDDAY = QuietHours(begins=time(11), ends=time(13))


def in_athens(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ATHENS).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-03-02T21:59:59", None),
        ("2026-03-02T22:00:00", "2026-03-03T06:30:00"),
        ("2026-03-03T00:00:00", "2026-03-03T06:30:00"),
        ("2026-03-03T06:29:59", "2026-03-03T06:30:00"),
        ("2026-03-03T06:30:00", None),
    ],
)
def test_quiet_hours_go_over_midnight_in_their_own_zone(now: str, ends: str | None) -> None:
    assert quiet_until(NIGHT, in_athens(now)) == (in_athens(ends) if ends else None)


def test_the_night_in_which_the_clock_is_put_on_is_an_hour_shorter() -> None:
    ends = quiet_until(NIGHT, in_athens("2026-03-28T22:00:00"))
    assert ends == in_athens("2026-03-29T06:30:00")
    assert ends - in_athens("2026-03-28T22:00:00") == timedelta(hours=7.5)


def test_an_end_that_the_clock_leaves_out_comes_after_the_gap_and_one_that_comes_twice_is_the_second() -> (
    None
):
    left_out = QuietHours(begins=time(22), ends=time(3, 30), zone="Europe/Athens")
    assert quiet_until(left_out, in_athens("2026-03-29T01:00:00")) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert quiet_until(left_out, in_athens("2026-10-25T01:00:00")) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize("hours", [None, QuietHours(begins=time(9), ends=time(9)), NIGHT])
def test_hours_that_are_none_hold_nothing(hours: QuietHours | None) -> None:
    nowhere = hours.model_copy(update={"zone": "Nowhere/Land"}) if hours else None
    assert quiet_until(nowhere, in_athens("2026-03-02T23:00:00")) is None
    assert quiet_until(hours, in_athens("2026-03-02T12:00:00")) is None


# ---- decisions ----------------------------------------------------------------------------------


def only(each: Alert, to: Subscription, told: Told | None = None, mutes: tuple[Mute, ...] = ()) -> Decision:
    (decision,) = decide(each, [to], told or Told(), NOON, mutes, NOON)
    return decision


def test_what_matches_in_quiet_hours_is_held_until_they_end() -> None:
    held = only(alert(), subscription(quiet_hours=MIDDAY))
    assert (held.route, held.until) == (Route.HOLD, NOON + timedelta(hours=1))
    assert held.reason == "quiet hours until 13:00 UTC; the filter takes every incident"
    assert only(alert(), subscription(quiet_hours=MIDDAY, filter="score>99")).route is Route.SKIP


def test_the_override_tier_and_above_come_through() -> None:
    severe = MIDDAY.model_copy(update={"override": Tier.SEVERE})
    assert only(alert(), subscription(quiet_hours=severe)).route is Route.SEND
    extreme = alert(severity=Severity(score=90, tier=Tier.EXTREME))
    assert only(extreme, subscription(quiet_hours=severe)).route is Route.SEND
    assert only(extreme, subscription(quiet_hours=MIDDAY)).route is Route.SEND
    unknown = MIDDAY.model_copy(update={"override": "Catastrophic"})
    assert only(extreme, subscription(quiet_hours=unknown)).route is Route.SEND
    assert only(alert(), subscription(quiet_hours=unknown)).route is Route.HOLD


def test_a_correction_of_what_was_told_waits_for_no_morning() -> None:
    told = Told({"sub_a": 1})
    for kind in (AlertKind.CORRECTED, AlertKind.RETRACTED):
        assert only(alert(kind, sequence=2), subscription(quiet_hours=MIDDAY), told).route is Route.SEND
    never_told = only(alert(AlertKind.CORRECTED, sequence=2), subscription(quiet_hours=MIDDAY))
    assert never_told.route is Route.HOLD


def test_what_the_system_says_of_itself_is_never_held() -> None:
    heard = subscription(filter="kind=system.degraded", quiet_hours=MIDDAY)
    assert (
        only(alert(AlertKind.DEGRADED, incident=None, sequence=0, severity=None), heard).route is Route.SEND
    )


# ---- threshold crossing -------------------------------------------------------------------------


def test_the_first_that_a_subscription_hears_of_an_incident_that_rang_before_is_said_to_be_it() -> None:
    wants = subscription(filter="severity>=Severe")
    mild = alert(severity=Severity(score=30, tier=Tier.MODERATE))
    assert only(mild, wants).route is Route.SKIP
    crossed = only(alert(AlertKind.ESCALATED, sequence=2), wants)
    assert (crossed.route, crossed.first) == (Route.SEND, True)
    assert crossed.reason == f"matches severity>=Severe; {Why.FIRST_HEARD}"
    after = only(alert(AlertKind.UPDATED, sequence=3), wants, Told({"sub_a": 2}))
    assert (after.route, after.first) == (Route.SEND, False)
    assert not only(alert(), wants).first
    assert not only(trend(), subscription(filter="kind=trend.escalated")).first


# ---- mutes --------------------------------------------------------------------------------------


def muted(what: str, value: str, whose: str = "", why: str = "") -> tuple[Mute, ...]:
    until = NOON + timedelta(hours=6)
    return (new_mute(what, value, until=until, now=NOON, subscription_id=whose, why=why),)


@pytest.mark.parametrize(
    "mutes",
    [
        muted("incident", "inc_1"),
        muted("actor", "COAST front"),
        muted("actor", "rebels"),
        muted("country", "qqb"),
        muted("country", "QQB", whose="sub_a"),
    ],
)
def test_what_is_muted_is_skipped_with_the_mutes_name(mutes: tuple[Mute, ...]) -> None:
    decision = only(alert(), subscription(), mutes=mutes)
    assert decision.route is Route.SKIP
    assert mutes[0].id in decision.reason
    told = Told({"sub_a": 1})
    assert only(alert(AlertKind.UPDATED, sequence=2), subscription(), told, mutes).route is Route.SKIP
    assert only(alert(AlertKind.CORRECTED, sequence=2), subscription(), told, mutes).route is Route.SEND
    assert only(alert(AlertKind.RETRACTED, sequence=2), subscription(), told, mutes).route is Route.SEND


def test_the_reason_says_until_when_and_why() -> None:
    (mute,) = mutes = muted("country", "QQB", why="the desk in Tyre has it")
    said = f"muted by {mute.id}: country QQB until 2026-03-02 18:00 UTC (the desk in Tyre has it)"
    assert only(alert(), subscription(), mutes=mutes).reason == said


@pytest.mark.parametrize(
    "mutes",
    [
        muted("incident", "inc_2"),
        muted("actor", "Northland"),
        muted("country", "QQA"),
        muted("country", "QQB", whose="sub_b"),
        (muted("country", "QQB")[0].model_copy(update={"what": "weather"}),),
    ],
)
def test_what_another_mute_is_about_is_sent(mutes: tuple[Mute, ...]) -> None:
    assert only(alert(), subscription(), mutes=mutes).route is Route.SEND
    assert only(alert(event=None), subscription(), mutes=muted("country", "QQB")).route is Route.SEND
    assert (
        only(alert(event=event(place=None)), subscription(), mutes=muted("country", "QQB")).route
        is Route.SEND
    )
