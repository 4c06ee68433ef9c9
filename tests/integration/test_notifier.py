"""Alerts in, messages out, on a real Redis and real endpoints: told once in effect, whatever goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifier import janitor, message, visit
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.consumer import MAX_FAILURES
from services.notifier.service import serve
from shared import breaker, subscriptions
from shared.clock import FakeClock
from shared.contracts import AlertKind, DeliveryState, SubscriptionState
from shared.errors import StoreUnavailable
from shared.settings import Settings
from tests.support.notifier import HOOK_PATH, Endpoint, Notifier, alert, endpoint, event, notifier, trend


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


async def the(tocsin: Notifier, alert_id: str = "inc_1-1") -> Any:
    return (await tocsin.deliveries())[alert_id]


# ---- told, and told once ------------------------------------------------------------------------


async def test_an_alert_arrives_signed_and_is_at_rest(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()

    (heard,) = hook.heard
    assert hook.forged == []
    assert heard.id == "msg_" + heard.id.removeprefix("msg_")
    assert len(heard.id) == 28
    assert heard.body["type"] == "incident.opened"
    assert heard.body["data"]["headline"] == "Drones hit Port Ander"
    delivery = await the(tocsin)
    assert (delivery.state, delivery.attempts_count, delivery.body) == (DeliveryState.DELIVERED, 1, "")
    assert delivery.attempts[0].status == 200
    assert await tocsin.client.hgetall(tocsin.names.outcomes) == {"webhook:delivered": "1"}
    assert await tocsin.client.zcard(tocsin.names.lanes) == 0


async def test_the_signature_satisfies_the_reference_library(settings: Settings, hook: Endpoint) -> None:
    async with notifier(settings) as tocsin:
        await tocsin.subscribes(hook)
        await tocsin.rings(alert(headline="Ünïcode, “quotes” and \\ and \x00"))
        await tocsin.works()
    (heard,) = hook.heard
    body = Webhook(hook.secrets[0]).verify(heard.raw, dict(heard.headers))
    assert body["data"]["headline"] == "Ünïcode, “quotes” and \\ and \x00"
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.secrets[0]).verify(heard.raw + b" ", dict(heard.headers))


async def test_filters_decide_and_a_slack_gets_blocks(tocsin: Notifier, hook: Endpoint) -> None:
    async with endpoint() as slack, endpoint() as elsewhere:
        await tocsin.subscribes(hook, "severity>=Severe")
        await tocsin.subscribes(slack, 'country="QQB"', slack=True)
        await tocsin.subscribes(elsewhere, "country=QQA")
        await tocsin.rings(alert())
        await tocsin.works()

        assert hook.alert_ids() == ["inc_1-1"]
        (said,) = slack.heard
        assert "Drones hit Port Ander" in said.body["text"]
        assert said.body["unfurl_links"] is False
        assert elsewhere.heard == []


async def test_a_trend_goes_to_who_asked_for_its_kind_and_every_one_of_them(
    tocsin: Notifier, hook: Endpoint
) -> None:
    async with endpoint() as slack, endpoint() as nobody:
        await tocsin.subscribes(hook, 'kind=~"opened|trend.escalated",country=QQB')
        await tocsin.subscribes(slack, 'kind=trend.escalated,subject="Coast Front|QQB"', slack=True)
        await tocsin.subscribes(nobody, "severity>=Minor")
        second = trend().model_copy(update={"id": "trend_of_the_next_week"})
        await tocsin.rings(trend(), second)
        await tocsin.works()

        assert sorted(hook.alert_ids()) == ["trend_0123456789abcdef", "trend_of_the_next_week"]
        assert {each.body["type"] for each in hook.heard} == {"trend.escalated"}
        assert len(slack.heard) == 2
        assert "Trend: *Coast Front and Northland" in slack.heard[0].body["text"]
        assert nobody.heard == []


async def test_the_same_entry_twice_is_one_message(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert(), alert())
    await tocsin.works()
    assert len(hook.heard) == 1


async def test_a_crash_after_the_post_repeats_only_under_the_same_id(
    settings: Settings, clock: FakeClock, tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()

    async def dies(*_: Any) -> None:
        raise RuntimeError("killed between post and record")

    with monkeypatch.context() as fault:
        fault.setattr(tocsin.journal, "settle_attempt", dies)
        await tocsin.sends()
    assert (await the(tocsin)).state == DeliveryState.PENDING

    async with notifier(settings, clock, "two") as heir:
        later(clock, seconds=16)
        await heir.sends()
    assert len(hook.heard) == 2
    assert len(set(hook.ids())) == 1
    assert (await the(tocsin)).state == DeliveryState.DELIVERED


async def test_a_crash_before_the_record_loses_no_alert(
    settings: Settings, clock: FakeClock, tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.consumes()
    await tocsin.rings(alert())

    async def dies(*_: Any) -> None:
        raise StoreUnavailable("killed before the record")

    with monkeypatch.context() as fault:
        fault.setattr(tocsin.journal, "record", dies)
        with pytest.raises(StoreUnavailable):
            await tocsin.consumer.turn()
    async with notifier(settings, clock) as again:
        await again.works()
    assert hook.alert_ids() == ["inc_1-1"]


async def test_a_lost_answer_records_nothing_twice(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    for name in ("_record", "_settle"):
        whole = getattr(tocsin.journal, name)

        async def twice(name: str = name, whole: Any = whole, **arguments: Any) -> Any:
            monkeypatch.setattr(tocsin.journal, name, whole)
            await whole(**arguments)
            return await whole(**arguments)

        monkeypatch.setattr(tocsin.journal, name, twice)
    await tocsin.works()

    assert len(hook.heard) == 1
    assert await tocsin.client.hgetall(tocsin.names.outcomes) == {"webhook:delivered": "1"}
    assert len(await tocsin.deliveries()) == 1


async def test_two_notifiers_share_a_lane_and_neither_repeats(
    settings: Settings, clock: FakeClock, tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(20)))
    async with notifier(settings, clock, "two") as other:
        await asyncio.gather(tocsin.works(), other.works())
        await asyncio.gather(tocsin.sends(), other.sends())
    assert sorted(hook.ids()) == sorted(set(hook.ids()))
    assert len(hook.ids()) == 20


# ---- corrections --------------------------------------------------------------------------------


async def test_whoever_was_told_hears_of_the_retraction_whatever_the_filter_says(
    tocsin: Notifier, hook: Endpoint
) -> None:
    async with endpoint() as stranger:
        await tocsin.subscribes(hook, 'country="QQB"')
        await tocsin.subscribes(stranger, 'country="QQC"')
        await tocsin.rings(alert())
        await tocsin.works()
        elsewhere = event(place=None)
        await tocsin.rings(alert(AlertKind.RETRACTED, sequence=2, references=("inc_1-1",), event=elsewhere))
        await tocsin.works()

        assert hook.alert_ids() == ["inc_1-1", "inc_1-2"]
        assert stranger.heard == []


async def test_a_correction_waits_for_a_paused_subscriber(tocsin: Notifier, hook: Endpoint) -> None:
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await _set_state(tocsin, made.id, SubscriptionState.PAUSED)
    await tocsin.rings(alert(AlertKind.UPDATED, sequence=2), alert(AlertKind.CORRECTED, sequence=3))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]

    await _set_state(tocsin, made.id, SubscriptionState.ACTIVE)
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_1-1", "inc_1-3"]


async def test_a_retraction_that_overtakes_the_opening_silences_it(
    settings: Settings, clock: FakeClock, tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two notifiers: one has read the opening, the other tells of the retraction before it is recorded."""
    await tocsin.subscribes(hook)
    await tocsin.consumes()
    await tocsin.rings(alert())
    record = tocsin.journal.record

    async with notifier(settings, clock, "two") as other:

        async def overtaken(*arguments: Any) -> bool:
            monkeypatch.setattr(tocsin.journal, "record", record)
            await other.rings(alert(AlertKind.RETRACTED, sequence=2))
            while not await other.consumer.turn():
                pass
            return await record(*arguments)

        monkeypatch.setattr(tocsin.journal, "record", overtaken)
        await tocsin.consumer.turn()
        await tocsin.sends()
    assert hook.heard == []


async def _set_state(tocsin: Notifier, id_: str, state: SubscriptionState) -> None:
    changed = (await tocsin.subscription(id_)).model_copy(update={"state": state})
    await tocsin.client.hset(tocsin.names.subscriptions, id_, changed.to_json())
    await tocsin.client.zadd(tocsin.names.lanes, {id_: 0})


# ---- endpoints that fail ------------------------------------------------------------------------


async def test_a_500_is_tried_again_by_the_schedule(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500, 200]
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    waiting = await the(tocsin)
    assert waiting.state == DeliveryState.PENDING
    assert waiting.state_reason == "answered 500"
    assert 4 < (waiting.due_at - clock.now()).total_seconds() < 6
    assert await tocsin.client.hget(tocsin.names.failures, made.id) == "1"
    await tocsin.sends()
    assert len(hook.heard) == 1

    later(clock, seconds=6)
    await tocsin.sends()
    done = await the(tocsin)
    assert (done.state, done.attempts_count) == (DeliveryState.DELIVERED, 2)
    assert len(set(hook.ids())) == 1
    assert await tocsin.client.hget(tocsin.names.failures, made.id) is None


async def test_retry_after_is_heeded_for_the_whole_lane(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers, hook.headers = [429], {"Retry-After": "90"}
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.rings(alert(incident="inc_2"))
    later(clock, seconds=60)
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]
    later(clock, seconds=40)
    hook.answers = [200]
    await tocsin.sends()
    assert sorted(hook.alert_ids()) == ["inc_1-1", "inc_2-1"]


async def test_410_disables_the_subscription_and_keeps_its_deliveries(
    tocsin: Notifier, hook: Endpoint
) -> None:
    hook.answers = [410]
    made = await tocsin.subscribes(hook)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(20)))
    await tocsin.works()

    disabled = await tocsin.subscription(made.id)
    assert (disabled.state, disabled.state_reason) == (SubscriptionState.DISABLED, "answered 410 Gone")
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.PARKED}
    tries = len(hook.heard)
    assert tries <= WebhookChannel.concurrency
    await tocsin.sends()
    assert len(hook.heard) == tries

    hook.answers = [200]
    await _set_state(tocsin, made.id, SubscriptionState.ACTIVE)
    await tocsin.sends()
    assert sorted(hook.alert_ids()) == sorted(f"inc_{number}-1" for number in range(20))
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}


async def test_after_the_schedule_it_is_parked_and_sent_on_recovery(
    settings: Settings, clock: FakeClock, hook: Endpoint
) -> None:
    short = settings.model_copy(update={"retry_schedule": (1.0, 1.0)})
    async with notifier(short, clock) as tocsin:
        hook.answers = [503]
        await tocsin.subscribes(hook)
        await tocsin.rings(alert(), alert(incident="inc_2"))
        await tocsin.consumes()
        for _ in range(5):
            await tocsin.sends()
            later(clock, seconds=120)
        parked = await tocsin.deliveries()
        assert {each.state for each in parked.values()} == {DeliveryState.PARKED}
        assert parked["inc_1-1"].state_reason == "answered 503 at attempt 3, the schedule's last"
        assert len(hook.heard) == 6

        hook.answers = [200]
        hook.heard.clear()
        await tocsin.rings(alert(incident="inc_3"))
        await tocsin.works()
        assert sorted(hook.alert_ids()) == ["inc_1-1", "inc_2-1", "inc_3-1"]
        assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}


async def test_the_janitor_knocks_at_an_endpoint_with_parked_deliveries(
    settings: Settings, clock: FakeClock, hook: Endpoint
) -> None:
    async with notifier(settings.model_copy(update={"retry_schedule": ()}), clock) as tocsin:
        hook.answers = [503]
        await tocsin.subscribes(hook)
        await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
        await tocsin.works()
        assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.PARKED}
        tries = len(hook.heard)
        later(clock, minutes=10)
        await tocsin.janitor.round()
        await tocsin.sends()
        assert len(hook.heard) == tries + 1
        assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.PARKED}

        hook.answers = [200]
        later(clock, minutes=10)
        await tocsin.janitor.round()
        await tocsin.sends()
        assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}


async def test_what_is_parked_too_long_is_dropped_with_its_reason(
    settings: Settings, clock: FakeClock, hook: Endpoint
) -> None:
    async with notifier(settings.model_copy(update={"retry_schedule": ()}), clock) as tocsin:
        hook.answers = [503]
        await tocsin.subscribes(hook)
        await tocsin.rings(alert())
        await tocsin.works()
        later(clock, days=15)
        await tocsin.janitor.round()
        dropped = await the(tocsin)
        assert (dropped.state, dropped.state_reason) == (DeliveryState.DROPPED, "parked too long")


async def test_a_failing_endpoint_is_tried_one_at_a_time(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    hook.answers = [500]
    await tocsin.subscribes(hook)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(30)))
    await tocsin.works()
    at_first = len(hook.heard)
    assert breaker.PATIENCE <= at_first < 2 * breaker.PATIENCE
    later(clock, seconds=1.1)
    await tocsin.sends()
    assert len(hook.heard) <= at_first + 1

    at_first = len(hook.heard)
    await tocsin.rings(alert(incident="inc_new"))
    await tocsin.works()
    assert len(hook.heard) == at_first, "a new alert must not end the rest"

    hook.answers = [200]
    hook.heard.clear()
    later(clock, seconds=120)
    await tocsin.sends()
    assert len(set(hook.ids())) == 31


async def test_first_attempts_go_before_retries(tocsin: Notifier, hook: Endpoint, clock: FakeClock) -> None:
    hook.answers = [500, 500, 500, 200]
    await tocsin.subscribes(hook)
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await tocsin.works()
    hook.heard.clear()
    later(clock, seconds=10)
    await tocsin.rings(*(alert(incident=f"new_{number}") for number in range(8)))
    await tocsin.works()
    assert {id_[:3] for id_ in hook.alert_ids()[:8]} == {"new"}
    assert len(hook.alert_ids()) == 11


async def test_an_endpoint_that_hangs_does_not_delay_another(settings: Settings, hook: Endpoint) -> None:
    quick = settings.model_copy(update={"delivery_timeout": 2.0})
    async with notifier(quick) as tocsin, endpoint(hang=True) as stuck:
        await tocsin.subscribes(stuck)
        await tocsin.subscribes(hook)
        stop = asyncio.Event()
        running = asyncio.gather(tocsin.consumer.run(stop), tocsin.lanes.run(stop))
        await tocsin.rings(alert())
        await asyncio.wait_for(stuck.arrived.wait(), 5)
        await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(2, 12)))
        while len(hook.heard) < 11:
            hook.arrived.clear()
            await asyncio.wait_for(hook.arrived.wait(), 1.5)
        still_hanging = [each for each in (await tocsin.deliveries()).values() if not each.attempts_count]
        assert len(still_hanging) >= 1
        stop.set()
        await asyncio.wait_for(running, 5)
        timed_out = [
            each for each in (await tocsin.deliveries()).values() if each.state_reason.startswith("no ans")
        ]
        assert timed_out
        assert timed_out[0].state_reason == "no answer within 2 s"


async def test_redirects_are_not_followed(tocsin: Notifier, hook: Endpoint) -> None:
    async with endpoint() as elsewhere:
        hook.answers, hook.headers = [307], {"Location": elsewhere.url}
        await tocsin.subscribes(hook)
        await tocsin.rings(alert())
        await tocsin.works()
        assert elsewhere.heard == []
        assert "redirects are not followed" in (await the(tocsin)).state_reason


async def test_a_private_address_is_not_dialled(settings: Settings, clock: FakeClock, hook: Endpoint) -> None:
    async with notifier(settings, clock) as tocsin:
        await tocsin.subscribes(hook)
    async with notifier(settings.model_copy(update={"allow_networks": ()}), clock) as strict:
        await strict.rings(alert())
        await strict.works()
        assert hook.heard == []
        assert (await the(strict)).state_reason.startswith("not dialled: 127.0.0.1 is refused")


async def test_a_connection_that_was_closed_while_idle_costs_no_attempt(tocsin: Notifier) -> None:
    requests = 0

    async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        while b"\r\n\r\n" in (head := await reader.readuntil(b"\r\n\r\n")):
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            requests += 1
            if requests == 2:
                break  # the second one on this connection finds it closing
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve_connection, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await tocsin.subscribes(Endpoint(url=f"http://127.0.0.1:{port}{HOOK_PATH}"))
        for number in (1, 2):
            await tocsin.rings(alert(incident=f"inc_{number}"))
            await tocsin.works()
        done = [(each.state, each.attempts_count) for each in (await tocsin.deliveries()).values()]
    assert done == [(DeliveryState.DELIVERED, 1)] * 2
    assert requests == 3


async def test_an_endless_answer_is_cut_off(tocsin: Notifier, hook: Endpoint) -> None:
    hook.words = "x" * 5_000_000
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    delivery = await the(tocsin)
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.attempts[0].answer == "x" * 200


async def test_what_an_endpoint_answers_can_not_speak_to_the_terminal(
    tocsin: Notifier, hook: Endpoint
) -> None:
    hook.words = "\x1b[2J\u202ethank\r\nyou"
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    assert (await the(tocsin)).attempts[0].answer == "[2Jthank you"


async def test_a_slack_hook_that_was_removed_disables_the_subscription(tocsin: Notifier) -> None:
    async with endpoint(answers=[404], words="no_service") as slack:
        made = await tocsin.subscribes(slack, slack=True)
        await tocsin.rings(alert())
        await tocsin.works()
        found = await tocsin.subscription(made.id)
        assert found.state == SubscriptionState.DISABLED
        assert found.state_reason.startswith("no_service")


# ---- state that is gone or strange --------------------------------------------------------------


async def test_a_group_that_vanished_goes_on_without_repeats(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.client.xgroup_destroy(tocsin.names.alerts, "notifier")
    await tocsin.rings(alert(incident="inc_2"))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_2-1"]
    assert len(hook.heard) == 2


async def test_a_flushed_redis_works_on(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.client.flushall()
    await tocsin.client.script_flush()
    await tocsin.subscribes(hook)
    await tocsin.rings(alert(incident="inc_2"))
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1", "inc_2-1"]


async def test_what_is_no_alert_is_buried_and_the_rest_goes_on(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.client.xadd(tocsin.names.alerts, {"alert": "{}"})
    await tocsin.client.xadd(tocsin.names.alerts, {"something": "else"})
    await tocsin.rings(alert())
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]
    buried: Any = await tocsin.client.xrange(tocsin.names.alerts_dead)
    assert [fields["reason"].partition(":")[0] for _, fields in buried] == ["not an alert", "not an alert"]


async def test_a_full_redis_delays_alerts_and_buries_none(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    assert await tocsin.consumer.turn() == 0  # makes the group
    await tocsin.client.config_set("maxmemory", 1)
    try:
        for _ in range(2 * MAX_FAILURES):
            with pytest.raises(StoreUnavailable):
                await tocsin.consumer.turn()
            tocsin.reader.rewind()
    finally:
        await tocsin.client.config_set("maxmemory", 0)
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]


async def test_one_fault_after_many_repeats_buries_nothing(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Redis comes and goes an entry is read again and again, and no fault is ours."""
    await tocsin.subscribes(hook)
    await tocsin.consumer.turn()
    await tocsin.rings(alert())
    for _ in range(2 * MAX_FAILURES):
        await tocsin.reader.read()
        tocsin.reader.rewind()

    def fails(_: Any) -> str:
        raise ZeroDivisionError("a fault of ours")

    with monkeypatch.context() as fault:
        fault.setattr(message, "body", fails)
        await tocsin.consumer.turn()
    tocsin.reader.rewind()
    await tocsin.works()
    assert hook.alert_ids() == ["inc_1-1"]


async def test_an_alert_that_always_fails_is_buried_and_the_rest_goes_on(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.consumer.turn()
    await tocsin.rings(alert(headline="poison"), alert(incident="inc_2"))
    whole = message.body

    def body(each: Any, *more: Any) -> str:
        if each.headline == "poison":
            raise ZeroDivisionError("a fault of ours")
        return whole(each, *more)

    monkeypatch.setattr(message, "body", body)
    for _ in range(MAX_FAILURES + 2):
        await tocsin.consumer.turn()
        tocsin.reader.rewind()
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_2-1"]
    buried: Any = await tocsin.client.xrange(tocsin.names.alerts_dead)
    assert [fields["reason"] for _, fields in buried] == [
        "failed 6 times: ZeroDivisionError: a fault of ours"
    ]


async def test_an_alert_of_a_newer_schema_is_left_for_a_newer_notifier(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.consumes()
    await tocsin.rings(alert(schema_version="1.0"))
    newer = alert(incident="inc_2").to_json().replace('"schema_version":"1.0"', '"schema_version":"2.0"', 1)
    await tocsin.client.xadd(tocsin.names.alerts, {"alert": newer})
    await tocsin.consumer.turn()
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_1-1"]
    pending: Any = await tocsin.client.xpending(tocsin.names.alerts, "notifier")
    assert pending["pending"] == 1


async def test_a_subscription_of_a_newer_schema_is_told_by_a_newer_notifier(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    async with endpoint() as newer_hook, endpoint() as idle:
        await tocsin.subscribes(hook)
        paused = await tocsin.subscribes(idle)
        await _set_state(tocsin, paused.id, SubscriptionState.PAUSED)
        made = await tocsin.subscribes(newer_hook)
        newer = made.to_json().replace('"schema_version":"1.0"', '"schema_version":"2.0"', 1)
        await tocsin.client.hset(tocsin.names.subscriptions, made.id, newer)
        await tocsin.consumer.turn()
        await tocsin.rings(alert())
        for _ in range(3):
            await tocsin.consumer.turn()
            await tocsin.sends()
            tocsin.reader.rewind()
        assert hook.alert_ids() == ["inc_1-1"]
        assert newer_hook.heard == []
        pending: Any = await tocsin.client.xpending(tocsin.names.alerts, "notifier")
        assert pending["pending"] == 1

        # A newer notifier takes over, long after: records have expired, and one was resumed.
        await tocsin.client.delete(tocsin.names.delivery((await the(tocsin)).id))
        await _set_state(tocsin, paused.id, SubscriptionState.ACTIVE)
        await tocsin.client.hset(tocsin.names.subscriptions, made.id, made.to_json())
        tocsin.reader.rewind()
        await tocsin.works()
        assert newer_hook.alert_ids() == ["inc_1-1"]
        assert idle.heard == []
        assert len(hook.heard) == 1
        pending = await tocsin.client.xpending(tocsin.names.alerts, "notifier")
        assert pending["pending"] == 0
        assert await tocsin.client.keys("*:left:*") == []


async def test_a_correction_parked_for_a_subscription_removed_meanwhile_is_dropped(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await _set_state(tocsin, made.id, SubscriptionState.PAUSED)
    await tocsin.sends()
    whole = subscriptions.fetch_all

    async def then_removed(*arguments: Any) -> Any:
        found = await whole(*arguments)
        await _remove(tocsin, made.id)
        await tocsin.sends()
        return found

    with monkeypatch.context() as fault:
        fault.setattr(subscriptions, "fetch_all", then_removed)
        await tocsin.rings(alert(AlertKind.CORRECTED, sequence=2))
        await tocsin.consumes()
    assert (await the(tocsin, "inc_1-2")).state == DeliveryState.PARKED
    await tocsin.sends()
    assert (await the(tocsin, "inc_1-2")).state == DeliveryState.DROPPED
    assert await tocsin.client.zcard(tocsin.names.lanes) == 0


async def test_what_is_put_by_for_a_subscription_removed_meanwhile_is_dropped(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()
    await _set_state(tocsin, made.id, SubscriptionState.PAUSED)
    whole = subscriptions.fetch

    async def then_removed(*arguments: Any) -> Any:
        found = await whole(*arguments)
        await _remove(tocsin, made.id)
        return found

    with monkeypatch.context() as fault:
        fault.setattr(subscriptions, "fetch", then_removed)
        await tocsin.sends()
    assert (await the(tocsin)).state == DeliveryState.PARKED
    await tocsin.sends()
    assert (await the(tocsin)).state == DeliveryState.DROPPED
    assert await tocsin.client.zcard(tocsin.names.lanes) == 0


async def _remove(tocsin: Notifier, id_: str) -> None:
    await tocsin.client.hdel(tocsin.names.subscriptions, id_)
    await tocsin.client.zadd(tocsin.names.lanes, {id_: 0})


async def test_the_janitor_forgets_notifiers_that_are_no_more(
    settings: Settings, clock: FakeClock, tocsin: Notifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.janitor.round()  # nothing to forget, not even a group
    async with notifier(settings, clock, "two") as other:
        await other.rings(alert())
        await other.consumes()
        monkeypatch.setattr(janitor, "CONSUMERS_KEPT", timedelta(0))
        await tocsin.janitor.round()
        assert await tocsin.client.xinfo_consumers(tocsin.names.alerts, "notifier") == []
        await other.rings(alert(incident="inc_2"))
        await other.consumes()


async def test_a_removed_subscription_drops_what_was_on_its_way(tocsin: Notifier, hook: Endpoint) -> None:
    hook.answers = [500]
    made = await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.works()
    await tocsin.client.hdel(tocsin.names.subscriptions, made.id)
    await tocsin.client.zadd(tocsin.names.lanes, {made.id: 0})
    await tocsin.sends()
    dropped = await the(tocsin)
    assert (dropped.state, dropped.state_reason) == (DeliveryState.DROPPED, "the subscription was removed")
    assert await tocsin.client.zcard(tocsin.names.lanes) == 0
    assert await tocsin.client.hgetall(tocsin.names.failures) == {}


async def test_a_delivery_whose_record_is_gone_does_not_block_its_lane(
    tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert(), alert(incident="inc_2"))
    await tocsin.consumes()
    await tocsin.client.delete(tocsin.names.delivery((await the(tocsin)).id))
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_2-1"]


async def test_another_key_leaves_deliveries_waiting(
    settings: Settings, clock: FakeClock, tocsin: Notifier, hook: Endpoint
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    other_key = settings.model_copy(update={"data_dir": settings.data_dir / "elsewhere"})
    async with notifier(other_key, clock) as stranger:
        await stranger.works()
    assert hook.heard == []
    assert (await the(tocsin)).attempts_count == 0
    later(clock, seconds=visit.REST_UNREADY + 1)
    await tocsin.sends()
    assert hook.alert_ids() == ["inc_1-1"]


async def test_an_outcome_outlasts_a_redis_that_is_away_for_a_moment(
    tocsin: Notifier, hook: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tocsin.subscribes(hook)
    await tocsin.rings(alert())
    await tocsin.consumes()
    whole, away = tocsin.journal.settle_attempt, [True]

    async def settle(*arguments: Any) -> Any:
        if away.pop() if away else False:
            raise StoreUnavailable("away")
        return await whole(*arguments)

    monkeypatch.setattr(tocsin.journal, "settle_attempt", settle)
    await tocsin.sends()
    assert len(hook.heard) == 1
    assert (await the(tocsin)).state == DeliveryState.DELIVERED


# ---- secrets ------------------------------------------------------------------------------------


async def test_no_secret_stands_in_redis_or_in_the_log(
    tocsin: Notifier, hook: Endpoint, capfd: pytest.CaptureFixture[str]
) -> None:
    hook.answers = [500, 200]
    async with endpoint(answers=[403], words="invalid_token") as slack:
        await tocsin.subscribes(hook)
        await tocsin.subscribes(slack, slack=True)
        await tocsin.rings(alert(), alert(incident="inc_2"))
        await tocsin.works()
        secret = hook.secrets[0].removeprefix("whsec_")
        path = "xYzzySecretPartOfTheUrl"
        stored = await _everything(tocsin)
    logged = "".join(capfd.readouterr())
    assert "delivery attempted" in logged
    for hidden in (secret, path, path[:12]):
        assert hidden not in stored
        assert hidden not in logged


async def _everything(tocsin: Notifier) -> str:
    """All that stands in Redis, as text."""
    found: list[str] = []
    client: Any = tocsin.client
    for key in await client.keys("*"):
        kind = await client.type(key)
        read = {
            "string": client.get,
            "hash": client.hgetall,
            "stream": client.xrange,
            "zset": lambda name: client.zrange(name, 0, -1),
        }[kind]
        found.append(f"{key} {await read(key)}")
    assert len(found) > 3
    return "\n".join(found)


# ---- the whole service --------------------------------------------------------------------------


async def test_the_service_delivers_and_drains(settings: Settings, hook: Endpoint) -> None:
    async with notifier(settings) as tools:
        await tools.subscribes(hook)
        stop = asyncio.Event()
        assert settings.redis_url is not None
        running = asyncio.create_task(serve(settings, settings.redis_url, stop))
        await tools.rings(alert())
        await asyncio.wait_for(hook.arrived.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
        assert (await the(tools)).state == DeliveryState.DELIVERED
        assert await tools.client.keys("*lease*") == []
        assert await tools.client.keys("*heartbeat*") == []
