"""``tocsin deliveries``, ``recover`` and ``replay`` on a real Redis, with a notifier and a real endpoint."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifier.journal import SETTLED_LISTED
from shared.clock import FakeClock
from shared.contracts import AlertKind, Delivery, DeliveryState, Subscription, SubscriptionState
from shared.settings import Settings
from tests.support.front import Done, tocsin
from tests.support.notifier import Endpoint, Notifier, alert, endpoint, notifier


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


class Desk:
    """A notifier, an endpoint that is subscribed, and the command line."""

    def __init__(self, house: Notifier, hook: Endpoint, made: Subscription, clock: FakeClock) -> None:
        self.house, self.hook, self.made, self.clock = house, hook, made, clock

    async def types(self, *words: str, **environment: str) -> Done:
        url = self.house.settings.redis_url or ""
        directory = str(self.house.settings.data_dir)
        shown = {"TOCSIN_REDIS_URL": url, "TOCSIN_DATA_DIR": directory, "COLUMNS": "300", **environment}
        return await asyncio.to_thread(lambda: tocsin(*words, **shown))

    async def listed(self, *words: str) -> list[dict[str, Any]]:
        done = await self.types("deliveries", *words, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    async def the(self, alert_id: str = "inc_1-1") -> Delivery:
        return (await self.house.deliveries())[alert_id]

    async def sends(self, **span: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**(span or {"seconds": 30})))
        await self.house.sends()

    async def audit(self) -> list[dict[str, Any]]:
        done = await self.types("incident", "audit", "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
async def desk(settings: Settings, clock: FakeClock) -> AsyncIterator[Desk]:
    async with notifier(settings, clock) as house, endpoint() as hook:
        yield Desk(house, hook, await house.subscribes(hook), clock)


# ---- what was sent ------------------------------------------------------------------------------


async def test_deliveries_are_listed_newest_first_in_every_state(desk: Desk) -> None:
    desk.hook.answers, desk.hook.words = [200, 503], "come [/x] \x1b[2Jlater"
    await desk.house.rings(alert())
    await desk.house.works()
    desk.clock.move_to(desk.clock.now() + timedelta(seconds=1))
    await desk.house.rings(alert(incident="inc_2"))
    await desk.house.works()

    found = await desk.listed()
    assert [(each["alert_id"], each["state"]) for each in found] == [
        ("inc_2-1", "pending"),
        ("inc_1-1", "delivered"),
    ]
    assert "body" not in found[0]
    assert [each["alert_id"] for each in await desk.listed("--state", "delivered")] == ["inc_1-1"]
    assert [each["alert_id"] for each in await desk.listed("--incident", "inc_2")] == ["inc_2-1"]
    assert [each["alert_id"] for each in await desk.listed("--most", "1")] == ["inc_2-1"]
    assert [each["alert_id"] for each in await desk.listed("--subscription", desk.made.id[:8])] != []
    shown = (await desk.types("deliveries")).stdout
    assert (found[0]["id"] in shown, "503 in " in shown, "answered 503" in shown) == (True, True, True)


async def test_one_delivery_tells_its_attempts_and_shows_what_was_sent(desk: Desk) -> None:
    desk.hook.answers, desk.hook.words = [503, 200], "come [/x] \x1b[2Jlater"
    await desk.house.rings(alert())
    await desk.house.works()
    await desk.sends()
    delivery = await desk.the()
    assert (delivery.state, delivery.body) == (DeliveryState.DELIVERED, "")

    shown = (await desk.types("deliveries", "show", delivery.id)).stdout
    assert "2 attempts" in shown
    assert "503 in " in shown
    assert "come [/x] [2Jlater" in shown
    assert "\x1b" not in shown
    with_body = json.loads((await desk.types("deliveries", "show", delivery.id, "--body", "--json")).stdout)
    assert with_body["body"].encode() == desk.hook.heard[0].raw
    assert "Drones hit Port Ander" in (await desk.types("deliveries", "show", delivery.id, "--body")).stdout


async def test_what_is_not_there_is_told_with_what_to_do(desk: Desk) -> None:
    assert "No such deliveries" in (await desk.types("deliveries")).stdout
    unknown = await desk.types("deliveries", "show", "msg_none")
    assert (unknown.returncode, "`tocsin deliveries` lists them" in unknown.stderr) == (1, True)
    state = await desk.types("deliveries", "--state", "lost")
    assert (state.returncode, "pending, delivered, parked, dropped" in state.stderr) == (2, True)


async def test_the_list_of_what_came_to_rest_is_bounded_and_forgets_with_its_records(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SETTLED_LISTED == 10_000
    monkeypatch.setattr("services.notifier.journal.SETTLED_LISTED", 2)
    settled = desk.house.names.settled(desk.made.id)
    await desk.house.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await desk.house.works()
    assert await desk.house.client.zcard(settled) == 2
    desk.clock.move_to(desk.clock.now() + timedelta(days=15))
    await desk.house.rings(alert(incident="inc_late"))
    await desk.house.works()
    assert await desk.house.client.zcard(settled) == 1
    assert 0 < await desk.house.client.ttl(settled) <= 14 * 86_400


# ---- once more ----------------------------------------------------------------------------------


async def test_a_resent_message_has_its_id_and_body_and_a_schedule_of_its_own(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.works()
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=1))
    before = await desk.the()
    done = await desk.types("deliveries", "resend", before.id, "--why", "they lost it", "--by", "ana")
    assert (done.returncode, before.id in done.stdout) == (0, True)
    again = await desk.the()
    assert (again.state, again.forgiven, again.body != "") == (DeliveryState.PENDING, 1, True)
    assert await desk.house.client.zcard(desk.house.names.settled(desk.made.id)) == 0

    await desk.sends()
    first, second = desk.hook.heard
    assert second.id == first.id
    assert second.body.pop("delayed_by") > 60
    assert second.body == first.body
    assert (await desk.the()).attempts_count == 2
    (work,) = await desk.audit()
    assert (work["by"], work["deed"], work["why"], work["incidents"]) == (
        "ana",
        "resend",
        "they lost it",
        ["inc_1"],
    )


async def test_as_new_it_has_an_id_of_its_own(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.works()
    before = await desk.the()
    assert (await desk.types("deliveries", "resend", before.id, "--as-new")).returncode == 0
    await desk.sends()
    assert len(set(desk.hook.ids())) == 2
    assert [each["replayed"] for each in await desk.listed("--state", "delivered")] == [True, False]


async def test_what_stood_for_two_alerts_is_resent_as_it_was_told(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.consumes()
    await desk.house.rings(alert(AlertKind.ESCALATED, sequence=2, headline="Worse", changes=("9 killed",)))
    await desk.house.works()
    (told,) = desk.hook.heard
    assert (told.body["data"]["headline"], told.body["data"]["id"]) == ("Worse", "inc_1-1")

    await desk.types("deliveries", "resend", told.id)
    await desk.sends(seconds=1)
    assert desk.hook.heard[1].body == told.body


async def test_what_waits_for_its_predecessor_is_listed(desk: Desk) -> None:
    changed = desk.made.model_copy(update={"in_order": True})
    await desk.house.client.hset(desk.house.names.subscriptions, changed.id, changed.to_json())
    desk.hook.answers = [503]
    await desk.house.rings(alert())
    await desk.house.works()
    await desk.house.rings(alert(AlertKind.UPDATED, sequence=2))
    await desk.house.works()
    assert {each["alert_id"] for each in await desk.listed("--state", "pending")} == {"inc_1-1", "inc_1-2"}


async def test_what_is_on_its_way_is_not_resent(desk: Desk) -> None:
    desk.hook.answers = [503]
    await desk.house.rings(alert())
    await desk.house.works()
    done = await desk.types("deliveries", "resend", (await desk.the()).id)
    assert (done.returncode, f"tocsin recover {desk.made.id}" in done.stderr) == (1, True)


async def test_a_dropped_opening_is_not_told_after_its_retraction(desk: Desk) -> None:
    desk.hook.answers = [503]
    await desk.house.rings(alert())
    await desk.house.works()
    for waiting in await desk.house.journal.waiting(desk.made.id, 1):
        await desk.house.journal.move(waiting, DeliveryState.DROPPED, "as a test", desk.clock.now())
    dropped = await desk.the()
    await desk.house.rings(alert(AlertKind.RETRACTED, sequence=2))
    await desk.house.consumes()
    done = await desk.types("deliveries", "resend", dropped.id)
    assert (done.returncode, "retracted since" in done.stderr) == (1, True)


# ---- recover ------------------------------------------------------------------------------------


async def test_all_that_failed_goes_out_at_once_with_a_new_schedule(desk: Desk) -> None:
    desk.hook.answers = [503]
    await desk.house.rings(*(alert(incident=f"inc_{number}") for number in range(4)))
    await desk.house.works()
    for waiting in (await desk.house.journal.waiting(desk.made.id, 10))[:2]:
        await desk.house.journal.move(
            waiting, DeliveryState.PARKED, "the schedule is spent", desk.clock.now()
        )

    desk.hook.answers, desk.hook.heard = [200], []
    done = await desk.types("recover", desk.made.id)
    assert (done.returncode, "4 sent again" in done.stdout) == (0, True)
    await desk.sends(seconds=1)
    assert len(desk.hook.heard) == 4
    assert {each.state for each in (await desk.house.deliveries()).values()} == {DeliveryState.DELIVERED}
    assert {each.forgiven for each in (await desk.house.deliveries()).values()} == {1}
    assert "0 sent again" in (await desk.types("recover", desk.made.id)).stdout


async def test_after_recovery_the_schedule_begins_anew_and_the_wait_too(desk: Desk) -> None:
    desk.hook.answers = [503]
    await desk.house.rings(alert())
    await desk.house.works()
    (waiting,) = await desk.house.journal.waiting(desk.made.id, 1)
    await desk.house.journal.move(waiting, DeliveryState.PARKED, "as a test", desk.clock.now())
    (parked,) = await desk.house.journal.parked(desk.made.id, 1)
    old = parked.delivery.model_copy(
        update={"created_at": desk.clock.now() - timedelta(days=20), "attempts_count": 10}
    )
    await desk.house.client.set(desk.house.names.delivery(old.id), old.to_json())

    await desk.types("recover", desk.made.id)
    await desk.sends(seconds=1)
    again = await desk.the()
    assert (again.state, again.attempts_count, again.forgiven) == (DeliveryState.PENDING, 11, 10)
    assert timedelta() < again.due_at - desk.clock.now() < timedelta(seconds=10)


async def test_a_disabled_subscription_is_enabled_only_on_request(desk: Desk) -> None:
    desk.hook.answers = [410]
    await desk.house.rings(alert())
    await desk.house.works()
    assert (await desk.house.subscription(desk.made.id)).state == SubscriptionState.DISABLED

    refused = await desk.types("recover", desk.made.id)
    assert (refused.returncode, f"tocsin recover {desk.made.id} --resume" in refused.stderr) == (1, True)
    assert (await desk.types("recover", "--all")).returncode == 1
    desk.hook.answers = [200]
    assert "1 sent again" in (await desk.types("recover", "--all", "--resume", "--why", "mended")).stdout
    await desk.sends()
    assert len(desk.hook.heard) == 2
    assert (await desk.the()).state == DeliveryState.DELIVERED


async def test_which_ones_must_be_said(desk: Desk) -> None:
    for words in ((), (desk.made.id, "--all")):
        done = await desk.types("recover", *words)
        assert (done.returncode, "say --all" in done.stderr) == (2, True)


# ---- replay -------------------------------------------------------------------------------------


async def test_a_new_subscriber_hears_what_rang_before_in_order_and_once(desk: Desk) -> None:
    await desk.house.rings(*(alert(incident=f"inc_{number}") for number in range(5)))
    await desk.house.rings(alert(incident="inc_low", severity=None))
    await desk.house.works()
    async with endpoint() as late:
        made = await desk.house.subscribes(late, "severity>=Severe")
        words = ("replay", "--subscription", made.id, "--since", "1h", "--as", "move")
        dry = await desk.types(*words, "--dry-run")
        assert "5 of 6 alerts would be told again" in dry.stdout
        assert "inc_3-1" in dry.stdout
        assert await desk.house.client.zcard(desk.house.names.retries(made.id)) == 0

        assert "5 of 6 alerts put into the lane" in (await desk.types(*words)).stdout
        assert "0 of 6 alerts put into the lane" in (await desk.types(*words)).stdout
        await desk.sends()
        assert "; 5 were before" in (await desk.types(*words)).stdout
        await desk.sends()
        assert sorted(late.alert_ids()) == [f"inc_{number}-1" for number in range(5)]
        assert len(late.heard) == 5
        assert late.forged == []

        await desk.types("replay", "--subscription", made.id, "--since", "1h")
        await desk.sends()
        assert len(late.heard) == 10
        assert len(set(late.ids())) == 10


async def test_who_is_told_again_hears_of_the_retraction_also_of_a_later_one(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.works()
    ((first, _),) = await desk.house.client.xrange(desk.house.names.alerts)
    await desk.house.rings(alert(AlertKind.RETRACTED, sequence=2), alert(incident="inc_2"))
    await desk.house.works()
    async with endpoint() as late:
        made = await desk.house.subscribes(late)
        done = await desk.types("replay", "--subscription", made.id, "--since", first, "--until", first)
        assert "2 of 2 alerts" in done.stdout
        await desk.sends()
        assert sorted(late.alert_ids()) == ["inc_1-1", "inc_1-2"]


async def test_what_was_replayed_is_corrected_afterwards(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.works()
    async with endpoint() as late:
        made = await desk.house.subscribes(late)
        await desk.types("replay", "--subscription", made.id, "--since", "1h")
        await desk.sends()
        await desk.house.rings(alert(AlertKind.RETRACTED, sequence=2))
        await desk.house.works()
        assert late.alert_ids() == ["inc_1-1", "inc_1-2"]


async def test_what_was_told_again_while_the_first_waits_is_retracted_all_the_same(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.consumes()
    await desk.types("replay", "--subscription", desk.made.id, "--since", "1h")
    await desk.house.rings(alert(AlertKind.RETRACTED, sequence=2))
    await desk.house.consumes()
    await desk.sends()
    assert "retracted" in {heard.body["data"]["kind"] for heard in desk.hook.heard}
    assert not [each for each in await desk.listed() if each["state"] == "dropped"]


async def test_what_was_retracted_unheard_is_listed_as_dropped(desk: Desk) -> None:
    await desk.house.rings(alert())
    await desk.house.consumes()
    await desk.house.rings(alert(AlertKind.RETRACTED, sequence=2))
    await desk.house.works()
    assert desk.hook.heard == []
    (dropped,) = await desk.listed("--state", "dropped")
    assert (await desk.types("deliveries", "resend", dropped["id"])).returncode == 1


async def test_more_than_the_most_goes_on_where_it_ended(desk: Desk) -> None:
    await desk.house.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await desk.house.works()
    words = ("replay", "--subscription", desk.made.id, "--as", "move", "--most", "2")
    done = await desk.types(*words, "--since", "1h")
    assert "2 of 2 alerts" in done.stdout
    goes_on = done.stdout.split("--since ")[1].split()[0]
    assert "1 of 1 alerts" in (await desk.types(*words, "--since", goes_on)).stdout


async def test_a_paused_subscription_is_told_nothing_again(desk: Desk) -> None:
    changed = desk.made.model_copy(update={"state": SubscriptionState.PAUSED})
    await desk.house.client.hset(desk.house.names.subscriptions, changed.id, changed.to_json())
    done = await desk.types("replay", "--subscription", desk.made.id, "--since", "1h")
    assert (done.returncode, "tocsin subscriptions resume" in done.stderr) == (1, True)
    assert (await desk.types("replay", "--subscription", desk.made.id, "--since", "soon")).returncode == 2


async def test_news_does_not_wait_for_what_is_told_again(desk: Desk) -> None:
    await desk.house.rings(*(alert(incident=f"inc_{number}") for number in range(30)))
    await desk.house.works()
    desk.hook.heard = []
    await desk.types("replay", "--subscription", desk.made.id, "--since", "1h")
    await desk.house.rings(alert(incident="inc_new"))
    await desk.house.consumes()
    await desk.sends()
    assert "inc_new-1" in desk.hook.alert_ids()[:8]
    assert len(desk.hook.heard) == 31
