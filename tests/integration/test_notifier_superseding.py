"""A message that waits while its incident goes on: one stands for both, and order where it was asked for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifier.again import Again
from shared.clock import FakeClock
from shared.contracts import (
    AlertKind,
    Casualties,
    Count,
    DeliveryState,
    Reason,
    Subscription,
    SubscriptionState,
)
from shared.settings import Settings
from tests.support.notifier import Endpoint, Notifier, alert, endpoint, event, notifier


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def tocsin(settings: Settings, clock: FakeClock) -> AsyncIterator[Notifier]:
    async with notifier(settings, clock) as running:
        yield running


@pytest.fixture
async def hook() -> AsyncIterator[Endpoint]:
    async with endpoint() as served:
        yield served


def later(clock: FakeClock, **span: float) -> None:
    clock.move_to(clock.now() + timedelta(**span))


def escalated(sequence: int = 2, **changes: Any) -> Any:
    told = {"reason": Reason.MORE_KILLED, "changes": ("killed: 3 to 12",), "headline": "Twelve dead"}
    return alert(AlertKind.ESCALATED, sequence=sequence, **(told | changes))


def retracted(sequence: int = 2, **changes: Any) -> Any:
    return alert(AlertKind.RETRACTED, sequence=sequence, **changes)


async def change(tocsin: Notifier, made: Subscription, **fields: Any) -> None:
    found = (await tocsin.subscription(made.id)).model_copy(update=fields)
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, found.to_json())
    await tocsin.client.zadd(tocsin.names.lanes, {made.id: 0})


async def test_an_opening_that_waits_goes_out_once_in_its_present_state(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()
    (opening,) = (await tocsin.deliveries()).values()
    await tocsin.rings(escalated(), alert(AlertKind.UPDATED, sequence=3, headline="Thirteen dead"))
    await tocsin.consumes()
    (waiting,) = (await tocsin.deliveries()).values()
    assert waiting.state_reason == "tells of inc_1-3 as well, which rang before it was sent"
    assert (waiting.sequence, waiting.incident_id, waiting.rang_at) == (3, "inc_1", opening.rang_at)

    await tocsin.sends()
    (heard,) = hook.heard
    assert hook.forged == []
    assert (heard.id, heard.body["type"]) == (opening.id, "incident.opened")
    data = heard.body["data"]
    assert (data["id"], data["sequence"], data["headline"]) == ("inc_1-1", 3, "Thirteen dead")
    assert await tocsin.client.keys("*untried*") == []

    await tocsin.rings(alert(AlertKind.UPDATED, sequence=4))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_1-4"]


async def test_what_was_retracted_before_it_was_told_is_never_told(tocsin: Notifier, hook: Endpoint) -> None:
    async with endpoint() as told:
        first = await tocsin.subscribes(hook)
        await tocsin.subscribes(told)
        await tocsin.rings(alert())
        await tocsin.consumes()
        await change(tocsin, first, state=SubscriptionState.PAUSED)
        await tocsin.sends()
        await tocsin.rings(retracted())
        await tocsin.works()
        assert told.alert_ids() == ["inc_1-1", "inc_1-2"]
        dropped = (await tocsin.deliveries())[f"inc_1-1/{first.id}"]
        assert dropped.state == DeliveryState.DROPPED
        assert dropped.state_reason == "retracted by inc_1-2 before anything was told"

        # It was never told, so it is told of no correction either: only of what its filter wants.
        await change(tocsin, first, state=SubscriptionState.ACTIVE)
        await tocsin.rings(retracted(3))
        await tocsin.works()
        assert hook.heard == []
        assert await tocsin.client.zcard(tocsin.names.parked(first.id)) == 0


async def test_what_no_longer_matches_before_it_was_told_is_never_told(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook, "killed>=3")
    nobody = event(casualties=Casualties(killed=Count(low=0, high=0)))
    await tocsin.rings(alert(), alert(AlertKind.CORRECTED, sequence=2, event=nobody))
    await tocsin.works()
    assert hook.heard == []
    await tocsin.rings(alert(AlertKind.ESCALATED, sequence=3))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-3"]


async def test_what_was_attempted_once_is_left_as_it_is(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 200]
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(retracted())
    await tocsin.works()
    later(clock, seconds=10)
    await tocsin.sends()
    assert [each.body["data"]["id"] for each in hook.heard] == ["inc_1-1", "inc_1-2", "inc_1-1"]


async def test_what_is_under_way_is_not_taken_back(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The retraction is read while the opening waits, and recorded once the opening has been handed out."""
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()
    whole = tocsin.journal.untried

    async def meanwhile(*arguments: Any) -> Any:
        found = await whole(*arguments)
        monkeypatch.setattr(tocsin.journal, "untried", whole)
        await tocsin.sends()
        return found

    monkeypatch.setattr(tocsin.journal, "untried", meanwhile)
    await tocsin.rings(retracted())
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_1-2"]


async def test_what_was_read_before_it_was_overtaken_is_read_again(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()
    whole = tocsin.journal.begin

    async def meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(tocsin.journal, "begin", whole)
        await tocsin.rings(escalated())
        await tocsin.consumes()
        return await whole(*arguments)

    monkeypatch.setattr(tocsin.journal, "begin", meanwhile)
    await tocsin.sends()
    assert [each.body["data"]["headline"] for each in hook.heard] == ["Twelve dead"]


async def test_an_escalation_that_waits_is_told_with_the_update_after_it(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(escalated(), alert(AlertKind.UPDATED, sequence=3, changes=("claimed",)))
    await tocsin.works()
    _, heard = hook.heard
    assert heard.body["type"] == "incident.escalated"
    assert heard.body["data"]["changes"] == ["killed: 3 to 12", "claimed"]
    assert heard.body["data"]["sequence"] == 3


async def test_the_same_entry_again_adds_nothing_to_what_stands_for_it(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert(), escalated())
    await tocsin.consumes()
    await tocsin.sends()
    await tocsin.rings(alert(), escalated())
    await tocsin.works()
    assert len(hook.heard) == 1


async def test_a_paused_subscription_hears_of_a_correction_in_its_present_state(
    tocsin: Notifier, hook: Endpoint
) -> None:
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await change(tocsin, made, state=SubscriptionState.PAUSED)
    for sequence in (2, 3):
        await tocsin.rings(alert(AlertKind.CORRECTED, sequence=sequence, headline=f"state {sequence}"))
        await tocsin.works()
    await change(tocsin, made, state=SubscriptionState.ACTIVE)
    await tocsin.sends()
    assert [each.body["data"]["headline"] for each in hook.heard[1:]] == ["state 3"]


async def test_what_stood_for_an_escalation_is_resent_as_one(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(escalated(), alert(AlertKind.UPDATED, sequence=3))
    await tocsin.works()
    (sent,) = [each for each in (await tocsin.deliveries()).values() if each.sequence == 3]
    await Again(tocsin.client, tocsin.names, tocsin.journal, clock).resend(sent.id)
    await tocsin.sends()
    assert [each.body["type"].rpartition(".")[2] for each in hook.heard] == [
        "opened",
        "escalated",
        "escalated",
    ]


# ---- in order -----------------------------------------------------------------------------------


async def in_order(tocsin: Notifier, hook: Endpoint) -> Subscription:
    made = await tocsin.subscribes(hook)
    await change(tocsin, made, in_order=True)
    return made


async def test_no_message_goes_before_its_predecessor_was_taken(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 200]
    made = await in_order(tocsin, hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(escalated(), alert(AlertKind.UPDATED, sequence=3), alert(incident="inc_2"))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_2-1"], "another incident does not wait"
    assert await tocsin.client.hlen(tocsin.names.behind(made.id)) == 1

    later(clock, seconds=10)
    await tocsin.sends()
    assert [each.body["data"]["sequence"] for each in hook.heard] == [1, 1, 1, 3]
    assert await tocsin.client.keys("*behind*") == []


async def test_a_parked_predecessor_holds_back_and_a_dropped_one_lets_go(
    settings: Settings, clock: FakeClock, hook: Endpoint
) -> None:
    async with notifier(settings.model_copy(update={"retry_schedule": ()}), clock) as tocsin:
        hook.answers = [500]
        await in_order(tocsin, hook)
        await tocsin.rings(alert())
        await tocsin.works()
        await tocsin.rings(escalated())
        await tocsin.works()
        assert hook.alert_ids() == ["inc_1-1"]

        later(clock, days=15)
        hook.answers = [200]
        await tocsin.janitor.round()
        assert (await tocsin.deliveries())["inc_1-1"].state_reason == "parked too long"
        assert (await tocsin.deliveries())["inc_1-2"].state == DeliveryState.PENDING


async def test_who_was_removed_leaves_nothing_behind(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500]
    made = await in_order(tocsin, hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(escalated())
    await tocsin.works()
    await tocsin.client.hdel(tocsin.names.subscriptions, made.id)
    await tocsin.client.zadd(tocsin.names.lanes, {made.id: 0})
    await tocsin.sends()
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DROPPED}
    for pattern in ("*untried*", "*behind*", "*lane*"):
        assert await tocsin.client.keys(pattern) == []


async def test_a_predecessor_whose_record_is_gone_does_not_hold_back_for_ever(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 200]
    await in_order(tocsin, hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(escalated())
    await tocsin.works()
    await tocsin.client.delete(tocsin.names.delivery((await tocsin.deliveries())["inc_1-1"].id))
    later(clock, seconds=10)
    await tocsin.sends()  # sets it aside
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_1-1", "inc_1-2"]


async def test_what_was_sent_by_hand_past_its_predecessor_is_not_sent_again_behind_it(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 200]
    made = await in_order(tocsin, hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await change(tocsin, made, state=SubscriptionState.PAUSED)
    later(clock, seconds=10)
    await tocsin.sends()
    await tocsin.rings(alert(AlertKind.CORRECTED, sequence=2))
    await tocsin.works()
    held = (await tocsin.deliveries())["inc_1-2"]
    assert held.state == DeliveryState.PARKED
    again = Again(tocsin.client, tocsin.names, tocsin.journal, clock)
    await again.resend(held.id)
    await change(tocsin, made, state=SubscriptionState.ACTIVE)
    for _ in range(4):
        later(clock, minutes=2)
        await tocsin.client.zadd(tocsin.names.lanes, {made.id: 0})
        await tocsin.sends()
    assert sorted(each.body["data"]["sequence"] for each in hook.heard) == [1, 1, 2]
    found = await tocsin.deliveries()
    assert {id_: each.state for id_, each in found.items()} == dict.fromkeys(found, DeliveryState.DELIVERED)
    assert found["inc_1-2"].attempts_count == 1
    assert await tocsin.client.keys("*behind*") == []


async def test_what_waits_behind_a_parked_record_that_is_gone_is_sent_by_the_next_round(
    settings: Settings, clock: FakeClock, hook: Endpoint
) -> None:
    async with notifier(settings.model_copy(update={"retry_schedule": ()}), clock) as tocsin:
        hook.answers = [500, 200]
        await in_order(tocsin, hook)
        await tocsin.rings(alert())
        await tocsin.works()
        await tocsin.rings(escalated())
        await tocsin.consumes()
        await tocsin.client.zrem(tocsin.names.lanes, (await tocsin.deliveries())["inc_1-1"].subscription_id)
        await tocsin.client.delete(tocsin.names.delivery((await tocsin.deliveries())["inc_1-1"].id))
        await tocsin.janitor.round()
        await tocsin.sends()
        assert hook.alert_ids() == ["inc_1-1", "inc_1-2"]


# ---- late ---------------------------------------------------------------------------------------


async def test_a_late_message_says_how_late_it_is_at_each_attempt(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 500, 200]
    async with endpoint(answers=[500, 200]) as slack:
        await tocsin.subscribes(hook)
        await tocsin.subscribes(slack, slack=True)
        await tocsin.rings(alert(at=clock.now()))
        await tocsin.works()
        for minutes in (10, 40):
            later(clock, minutes=minutes)
            await tocsin.sends()
        assert hook.forged == []
        first, second, third = (each.body for each in hook.heard)
        assert "delayed_by" not in first
        assert 599 <= second.pop("delayed_by") <= 601
        assert 2999 <= third.pop("delayed_by") <= 3001
        assert first == second == third
        footers = [each.body["attachments"][0]["blocks"][-1]["elements"][0]["text"] for each in slack.heard]
        assert "after it rang" not in footers[0]
        assert "*Sent 10 minutes after it rang*" in footers[1]
