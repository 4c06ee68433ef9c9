"""When it is told: quiet hours, caps, mutes and late listeners, on a real Redis and real endpoints."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from services.notifier.watching.judging import Limits, judge
from services.notifier.watching.ledger import Ledger
from services.notifier.watching.measuring import measure
from shared import incidents
from shared.clock import FakeClock
from shared.contracts import (
    AlertKind,
    Change,
    DeliveryState,
    Incident,
    QuietHours,
    RateCap,
    Reason,
    Severity,
    SubscriptionState,
    Tier,
    Trouble,
)
from shared.mutes import new_mute
from shared.settings import Settings
from tests.support.notifier import Endpoint, Notifier, alert, endpoint, event, notifier

EVENING = datetime(2031, 3, 2, 20, 30, tzinfo=UTC)  # half past ten in Athens, in winter
NIGHT = QuietHours(begins=time(22), ends=time(6, 30), zone="Europe/Athens")
MILD = Severity(score=30, tier=Tier.MODERATE)
EXTREME = Severity(score=95, tier=Tier.EXTREME)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(EVENING)


@pytest.fixture
async def tocsin(settings: Settings, clock: FakeClock) -> AsyncIterator[Notifier]:
    async with notifier(settings, clock) as running:
        yield running


@pytest.fixture
async def hook() -> AsyncIterator[Endpoint]:
    async with endpoint() as served:
        yield served


async def subscribes(tocsin: Notifier, hook: Endpoint, filter_text: str = "", **peace: Any) -> str:
    made = (await tocsin.subscribes(hook, filter_text)).model_copy(update=peace)
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, made.to_json())
    return made.id


def later(clock: FakeClock, **span: float) -> None:
    clock.move_to(clock.now() + timedelta(**span))


# ---- quiet hours --------------------------------------------------------------------------------


async def test_what_rings_at_night_is_told_in_the_morning(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await subscribes(tocsin, hook, quiet_hours=NIGHT)
    await tocsin.rings(alert())
    await tocsin.works()
    assert hook.heard == []
    (waiting,) = (await tocsin.deliveries()).values()
    assert waiting.state == DeliveryState.PENDING
    assert waiting.state_reason.startswith("quiet hours until 06:30 Europe/Athens; ")
    assert waiting.due_at == EVENING + timedelta(hours=8)

    later(clock, hours=7.9)
    await tocsin.works()
    assert hook.heard == []
    later(clock, hours=0.1)
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]


async def test_what_is_extreme_rings_at_night_and_so_does_a_correction_of_what_was_told(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await subscribes(tocsin, hook, quiet_hours=NIGHT)
    await tocsin.rings(alert(severity=EXTREME))
    await tocsin.works()
    await tocsin.rings(alert(AlertKind.CORRECTED, sequence=2, severity=MILD), alert(incident="inc_2"))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_1-2"]


async def test_a_retry_does_not_come_at_night_either(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    clock.move_to(EVENING + timedelta(hours=-1))
    hook.answers = [503, 503, 200]
    await subscribes(tocsin, hook, quiet_hours=NIGHT)
    await tocsin.rings(alert())
    await tocsin.works()
    clock.move_to(EVENING)
    await tocsin.works()
    assert len(hook.heard) == 1
    later(clock, hours=8)
    await tocsin.works()
    assert len(hook.heard) == 2


async def test_a_night_is_told_once_an_incident_in_its_present_state(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await subscribes(tocsin, hook, quiet_hours=NIGHT)
    await tocsin.rings(alert(), alert(incident="inc_2"), alert(incident="inc_3"))
    await tocsin.works()
    later(clock, hours=3)
    await tocsin.rings(
        alert(AlertKind.UPDATED, sequence=2, headline="Port Ander burns"),
        alert(AlertKind.RETRACTED, sequence=2, incident="inc_2"),
        alert(AlertKind.CORRECTED, sequence=2, incident="inc_3", headline="It was Port Bay"),
    )
    await tocsin.works()
    assert hook.heard == []

    later(clock, hours=5)
    await tocsin.works()
    told = {each.body["data"]["incident_id"]: each.body for each in hook.heard}
    assert len(hook.heard) == 2
    assert {id_: each["data"]["headline"] for id_, each in told.items()} == {
        "inc_1": "Port Ander burns",
        "inc_3": "It was Port Bay",
    }
    assert {each["type"] for each in told.values()} == {"incident.opened"}


async def test_what_is_held_goes_at_once_when_it_becomes_extreme(tocsin: Notifier, hook: Endpoint) -> None:
    await subscribes(tocsin, hook, quiet_hours=NIGHT)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(alert(AlertKind.ESCALATED, sequence=2, severity=EXTREME))
    await tocsin.works()
    (heard,) = hook.heard
    assert heard.body["type"] == "incident.opened"
    assert heard.body["data"]["severity"]["tier"] == "Extreme"


async def test_what_waits_for_the_morning_is_not_told_as_waiting_for_its_endpoint(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    id_ = await subscribes(tocsin, hook, quiet_hours=NIGHT)
    made = await tocsin.subscription(id_)

    async def becomes(state: SubscriptionState) -> None:
        await tocsin.client.hset(
            tocsin.names.subscriptions, id_, made.model_copy(update={"state": state}).to_json()
        )
        await tocsin.journal.visit([id_], clock.now())
        await tocsin.sends()

    clock.move_to(EVENING + timedelta(hours=-1))
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await tocsin.consumes()
    await becomes(SubscriptionState.PAUSED)
    clock.move_to(EVENING)
    await becomes(SubscriptionState.ACTIVE)
    assert hook.heard == []

    found = await measure(tocsin.client, tocsin.names, clock.now())
    (desk,) = found.endpoints
    assert desk.parked
    troubles = [each.trouble for each in judge(found, Ledger(), (), Limits(), clock.now())]
    assert Trouble.PARKED not in troubles


# ---- caps ---------------------------------------------------------------------------------------


async def test_above_its_cap_a_message_waits_for_its_turn(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    id_ = await subscribes(tocsin, hook, rate_cap=RateCap(most=2, within=3600))
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(5)))
    await tocsin.works()
    assert len(hook.heard) == 2
    waiting = [each for each in (await tocsin.deliveries()).values() if each.state == DeliveryState.PENDING]
    assert {each.state_reason for each in waiting} == {"above its cap of 2 in 1h"}
    assert sorted((each.due_at - EVENING).total_seconds() for each in waiting) == [3600, 3600, 7200]
    # Not among the retries: nothing failed, and that is what their number says.
    assert await tocsin.client.zcard(tocsin.names.lane(id_)) == 3
    assert await tocsin.client.zcard(tocsin.names.retries(id_)) == 0

    later(clock, minutes=59)
    await tocsin.rings(alert(incident="inc_9", severity=EXTREME))
    await tocsin.works()
    assert len(hook.heard) == 3
    for _ in range(4):
        later(clock, minutes=61)
        await tocsin.works()
    assert sorted(hook.alert_ids()) == sorted([*(f"inc_{number}-1" for number in range(5)), "inc_9-1"])
    assert await tocsin.client.ttl(tocsin.names.spent(id_)) > 0


async def test_heartbeats_take_no_room_below_the_cap_from_the_news(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await subscribes(tocsin, hook, 'kind=~".*"', rate_cap=RateCap(most=2, within=3600))
    for number in range(13):
        beat = {"id": f"sys_{number}", "incident_id": None, "sequence": 0, "event": None, "severity": None}
        await tocsin.rings(alert(AlertKind.HEARTBEAT).model_copy(update=beat))
        if number == 12:
            await tocsin.rings(alert())
        await tocsin.works()
        later(clock, minutes=5)
    assert len(hook.heard) == 14
    assert hook.alert_ids().count("inc_1-1") == 1


async def test_a_failed_attempt_takes_no_second_turn_of_its_own(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [503, 200]
    await subscribes(tocsin, hook, rate_cap=RateCap(most=1, within=3600))
    await tocsin.rings(alert())
    await tocsin.works()
    later(clock, seconds=7)
    await tocsin.works()
    assert len(hook.heard) == 2
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}


async def test_what_waits_for_its_turn_is_told_once_and_keeps_its_place(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await subscribes(tocsin, hook, rate_cap=RateCap(most=1, within=3600))
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await tocsin.works()
    (first,) = hook.alert_ids()
    waiting = {
        each.incident_id: each.due_at
        for each in (await tocsin.deliveries()).values()
        if each.state == DeliveryState.PENDING
    }
    (nearest, *_) = sorted(waiting, key=lambda id_: waiting[id_])
    assert nearest is not None
    for sequence in range(2, 6):
        later(clock, minutes=5)
        await tocsin.rings(alert(AlertKind.UPDATED, sequence=sequence, incident=nearest))
        await tocsin.works()
    assert hook.alert_ids() == [first]
    later(clock, minutes=40)
    await tocsin.works()
    assert [each.body["data"]["incident_id"] for each in hook.heard][1:] == [nearest]
    assert hook.heard[-1].body["data"]["sequence"] == 5
    later(clock, minutes=60)
    await tocsin.works()
    assert len(hook.heard) == 3


# ---- mutes --------------------------------------------------------------------------------------


async def test_what_is_muted_is_not_told_until_the_mute_ends(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await subscribes(tocsin, hook)
    mute = new_mute("country", "QQB", until=EVENING + timedelta(hours=1), now=EVENING)
    await tocsin.client.hset(tocsin.names.mutes, mute.id, mute.to_json())
    await tocsin.rings(alert())
    await tocsin.works()
    assert hook.heard == []
    later(clock, hours=1)
    await tocsin.rings(alert(AlertKind.UPDATED, sequence=2))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-2"]


# ---- a threshold is crossed ---------------------------------------------------------------------


def known() -> Incident:
    def rang(sequence: int, kind: AlertKind | None, *changes: str) -> Change:
        return Change(
            at=EVENING + timedelta(minutes=sequence),
            article_id=f"art_{sequence}",
            because="the first report of it",
            kind=kind,
            reason=Reason.FIRST_REPORT,
            changes=changes,
            sequence=sequence,
        )

    return Incident(
        id="inc_1",
        sequence=3,
        opened_at=EVENING,
        updated_at=EVENING,
        event=event(),
        severity=EXTREME,
        headline="Drones hit Port Ander",
        history=(
            rang(1, AlertKind.OPENED),
            rang(0, None),
            rang(2, AlertKind.UPDATED, "killed: 1 to 3"),
            rang(3, AlertKind.ESCALATED, "severity: Moderate to Severe"),
        ),
    )


async def test_who_hears_when_it_becomes_severe_is_told_the_whole_story_once(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    packed: Any = incidents.pack(known())
    await tocsin.client.set(tocsin.names.incident("inc_1"), packed)
    await subscribes(tocsin, hook, "severity>=Severe")
    async with endpoint() as chat, endpoint() as early:
        await tocsin.subscribes(chat, "severity>=Severe", slack=True)
        await tocsin.subscribes(early)
        await tocsin.rings(alert(severity=MILD), alert(AlertKind.UPDATED, sequence=2, severity=MILD))
        await tocsin.works()
        assert (hook.heard, chat.heard) == ([], [])
        await tocsin.rings(alert(AlertKind.ESCALATED, sequence=3))
        await tocsin.works()
        later(clock, seconds=5)  # a chat takes one message a second
        await tocsin.rings(alert(AlertKind.UPDATED, sequence=4))
        await tocsin.works()

        assert hook.alert_ids() == ["inc_1-3", "inc_1-4"]
        story = hook.heard[0].body["data"]["story"]
        assert [(each["sequence"], each["kind"], each["changes"]) for each in story] == [
            (1, "opened", []),
            (2, "updated", ["killed: 1 to 3"]),
        ]
        assert "story" not in hook.heard[1].body["data"]
        assert not any("story" in each.body["data"] for each in early.heard)
        said = "First heard here. Before: opened 2 Mar 20:31 UTC, updated 2 Mar 20:32 UTC."
        assert said in str(chat.heard[0].body)
        assert "First heard here" not in str(chat.heard[1].body)


async def test_the_story_of_an_incident_that_is_kept_no_more_is_empty(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await subscribes(tocsin, hook, "severity>=Severe")
    await tocsin.rings(alert(AlertKind.ESCALATED, sequence=3))
    await tocsin.works()
    assert hook.heard[0].body["data"]["story"] == []


async def test_a_story_is_not_lost_when_the_first_message_is_overtaken(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    packed: Any = incidents.pack(known())
    await tocsin.client.set(tocsin.names.incident("inc_1"), packed)
    await subscribes(tocsin, hook, "severity>=Severe", quiet_hours=NIGHT)
    await tocsin.rings(
        alert(severity=MILD),
        alert(AlertKind.ESCALATED, sequence=3),
        alert(AlertKind.UPDATED, sequence=4),
    )
    await tocsin.works()
    later(clock, hours=8)
    await tocsin.works()
    (heard,) = hook.heard
    assert heard.body["type"] == "incident.escalated"
    assert [each["sequence"] for each in heard.body["data"]["story"]] == [1, 2]
