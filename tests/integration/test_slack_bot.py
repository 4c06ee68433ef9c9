"""A Slack bot on a real Redis and a Slack of our own, through ``slack_sdk``: one message an incident."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.cli import subscribe
from services.cli.terminal.usage import BadUsage
from services.notifier.again import Again
from services.notifier.channels import slack_api, slack_bot
from services.notifier.channels.slack_threads import SlackThreads
from shared.clock import FakeClock
from shared.contracts import (
    Alert,
    AlertKind,
    DeliveryState,
    RateCap,
    Severity,
    Subscription,
    SubscriptionState,
    Tier,
)
from shared.errors import StoreUnavailable
from shared.settings import Settings
from shared.slack_subscriptions import new_slack_bot
from tests.support.notifier import Notifier, alert, notifier, trend
from tests.support.slack import CHANNEL, TOKEN, Fault, Slack, slack

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
async def workspace(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Slack]:
    async with slack() as served:
        monkeypatch.setattr(slack_api, "BASE_URL", served.api)
        yield served


@pytest.fixture
async def tocsin(settings: Settings, clock: FakeClock, workspace: Slack) -> AsyncIterator[Notifier]:
    async with notifier(settings, clock) as running:
        yield running


async def subscribes(tocsin: Notifier, filter_text: str = "", channel: str = CHANNEL) -> Subscription:
    made = new_slack_bot(channel, TOKEN, vault=tocsin.vault, now=LONG_AGO, filter_text=filter_text)
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, made.to_json())
    return made


async def tells(tocsin: Notifier, *alerts: Alert) -> None:
    """Ring, and let each be sent before the next."""
    for each in alerts:
        await tocsin.rings(each)
        await tocsin.works()
        later(tocsin.clock, seconds=2)


def later(clock: Any, **span: float) -> None:
    clock.move_to(clock.now() + timedelta(**span))


def change(kind: AlertKind, sequence: int, **changes: Any) -> Alert:
    told = {
        "changes": (f"killed: {sequence} to {sequence + 1}",),
        "headline": f"Drones, told {sequence} times",
    }
    return alert(kind, sequence=sequence, **(told | changes))


SEVERE = {"severity": Severity(score=62, tier=Tier.SEVERE)}
EXTREME = {"severity": Severity(score=95, tier=Tier.EXTREME)}
MINOR = {"severity": Severity(score=12, tier=Tier.MINOR)}


# ---- one message an incident --------------------------------------------------------------------


async def test_an_incident_is_one_message_rewritten_with_each_change_in_its_thread(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert(), change(AlertKind.UPDATED, 2), change(AlertKind.CORRECTED, 3))

    (parent,) = workspace.parents()
    assert parent.text == "\N{LARGE ORANGE CIRCLE} Correction: *Drones, told 3 times*"
    assert parent.edited == 2
    assert "killed: 3 to 4" not in parent.words()
    first, second = workspace.replies(parent)
    assert "killed: 2 to 3" in first.words()
    assert "killed: 3 to 4" in second.words()
    assert (first.broadcast, second.broadcast) == (False, False)
    assert set(workspace.seen_tokens) == {TOKEN}
    assert {each.state for each in (await tocsin.deliveries()).values()} == {DeliveryState.DELIVERED}


@pytest.mark.parametrize(
    ("kind", "severity", "loud"),
    [
        (AlertKind.ESCALATED, MINOR, True),
        (AlertKind.RETRACTED, SEVERE, True),
        (AlertKind.RETRACTED, MINOR, False),
        (AlertKind.UPDATED, SEVERE, False),
        (AlertKind.CORRECTED, SEVERE, False),
    ],
)
async def test_the_channel_hears_of_escalation_and_of_something_grave_taken_back(
    tocsin: Notifier, workspace: Slack, kind: AlertKind, severity: dict[str, Any], loud: bool
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert(**severity), change(kind, 2, **severity))
    (reply,) = workspace.replies(workspace.parents()[0])
    assert reply.broadcast is loud


async def test_what_once_was_grave_is_taken_back_loudly_though_it_was_milder_last(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    milder = change(AlertKind.CORRECTED, 2, **MINOR)
    await tells(tocsin, alert(**SEVERE), milder, change(AlertKind.RETRACTED, 3, **MINOR))
    assert [reply.broadcast for reply in workspace.replies(workspace.parents()[0])] == [False, True]


async def test_a_late_predecessor_does_not_put_the_message_back(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    workspace.faults = [Fault("internal_error")]
    await tells(tocsin, change(AlertKind.UPDATED, 2), change(AlertKind.UPDATED, 3))
    later(clock, seconds=30)
    await tocsin.sends()

    (parent,) = workspace.parents()
    assert "told 3 times" in parent.text
    assert len(workspace.replies(parent)) == 2


async def test_a_deleted_message_is_posted_anew_with_the_change_below_it(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    workspace.deletes(workspace.parents()[0])
    await tells(tocsin, change(AlertKind.UPDATED, 2))

    (parent,) = workspace.parents()
    assert "told 2 times" in parent.text
    assert "killed: 2 to 3" in workspace.replies(parent)[0].words()
    await tells(tocsin, change(AlertKind.UPDATED, 3))
    assert len(workspace.replies(parent)) == 2


async def test_a_message_deleted_between_rewriting_and_reply_is_posted_anew(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    workspace.faults = [Fault("thread_not_found", method="chat.postMessage")]
    await tells(tocsin, change(AlertKind.UPDATED, 2))
    old, new = workspace.parents()
    assert (len(workspace.replies(old)), len(workspace.replies(new))) == (0, 1)


async def test_of_a_deleted_message_an_overtaken_change_is_not_told_as_the_newest(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    workspace.faults = [Fault("internal_error")]
    await tells(tocsin, change(AlertKind.UPDATED, 2), change(AlertKind.UPDATED, 3))
    workspace.deletes(workspace.parents()[0])
    later(clock, seconds=30)
    await tocsin.sends()
    assert workspace.posts == []
    late = (await tocsin.deliveries())["inc_1-2"]
    assert (late.state, late.state_reason) == (DeliveryState.DELIVERED, "overtaken, and its message is gone")

    await tells(tocsin, change(AlertKind.UPDATED, 4))
    assert "told 4 times" in workspace.parents()[0].text


async def test_two_subscriptions_and_two_incidents_have_messages_of_their_own(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    await subscribes(tocsin, "severity>=Severe")
    await tells(tocsin, alert(), alert(incident="inc_2"))
    later(tocsin.clock, seconds=5)
    await tocsin.sends()
    assert len(workspace.parents()) == 4


async def test_a_trend_is_a_message_of_its_own(tocsin: Notifier, workspace: Slack) -> None:
    await subscribes(tocsin, "kind=trend.escalated")
    await tells(tocsin, trend())
    assert "Trend: *Coast Front" in workspace.parents()[0].text
    assert not await tocsin.client.keys(f"{tocsin.names.prefix}:slack:thread:*")


async def test_what_is_remembered_of_a_thread_expires_forty_days_after_its_last_change(
    tocsin: Notifier, workspace: Slack
) -> None:
    made = await subscribes(tocsin)
    await tells(tocsin, alert())
    key = tocsin.names.slack_thread(made.id, "inc_1")
    assert 0 <= 40 * 86_400 - await tocsin.client.ttl(key) < 60
    assert (await tocsin.client.hmget(key, "channel", "ts")) == [CHANNEL, workspace.parents()[0].ts]
    await tocsin.client.expire(key, 5)
    await tells(tocsin, change(AlertKind.UPDATED, 2))
    assert await tocsin.client.ttl(key) > 39 * 86_400


async def test_a_link_leads_to_the_incident_where_the_installation_says_where_it_is(
    settings: Settings, clock: FakeClock, workspace: Slack
) -> None:
    known = settings.model_copy(update={"public_url": "https://tocsin.example.org"})
    async with notifier(known, clock) as tocsin:
        await subscribes(tocsin)
        await tells(tocsin, alert())
    assert "<https://tocsin.example.org/incidents/inc_1|inc_1> no. 1" in workspace.parents()[0].words()


# ---- crashes ------------------------------------------------------------------------------------


async def test_what_was_taken_and_noted_is_not_said_again(
    tocsin: Notifier, workspace: Slack, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await tocsin.rings(alert())
    await tocsin.consumes()

    async def dies(*_: Any) -> None:
        raise RuntimeError("killed between the note and the record")

    with monkeypatch.context() as fault:
        fault.setattr(tocsin.journal, "settle_attempt", dies)
        await tocsin.sends()
    later(clock, seconds=20)
    await tocsin.sends()
    assert len(workspace.posts) == 1
    (delivery,) = (await tocsin.deliveries()).values()
    assert (delivery.state, delivery.attempts_count) == (DeliveryState.DELIVERED, 1)


async def test_what_may_have_been_taken_is_said_again_and_says_so(
    tocsin: Notifier, workspace: Slack, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    await tocsin.rings(change(AlertKind.UPDATED, 2))
    await tocsin.consumes()
    whole = SlackThreads.note

    async def dies(self: SlackThreads, subscription_id: str, incident_id: str, fields: Any) -> None:
        if "done" in fields.values():
            raise RuntimeError("killed between the post and the note")
        await whole(self, subscription_id, incident_id, fields)

    with monkeypatch.context() as fault:
        fault.setattr(SlackThreads, "note", dies)
        await tocsin.sends()
    later(clock, seconds=20)
    await tocsin.sends()

    (parent,) = workspace.parents()
    first, second = workspace.replies(parent)
    assert "May be a repeat" not in first.words()
    assert "May be a repeat" in second.words()


async def test_a_redis_that_is_away_for_a_moment_makes_no_repeat(
    tocsin: Notifier, workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribes(tocsin)
    whole, away = SlackThreads.note, ["done", "done"]

    async def late(self: SlackThreads, subscription_id: str, incident_id: str, fields: Any) -> None:
        if away and away[-1] in fields.values():
            away.pop()
            raise StoreUnavailable("away for a moment")
        await whole(self, subscription_id, incident_id, fields)

    monkeypatch.setattr(SlackThreads, "note", late)
    monkeypatch.setattr(slack_bot, "backoff", lambda *_, **__: 0.0)
    await tells(tocsin, alert())
    assert len(workspace.posts) == 1
    assert [each.attempts_count for each in (await tocsin.deliveries()).values()] == [1]


@pytest.mark.parametrize("fault", [Fault(status=503, after=True), Fault("internal_error", after=True)])
async def test_an_accident_after_slack_took_it_is_called_a_possible_repeat(
    tocsin: Notifier, workspace: Slack, clock: FakeClock, fault: Fault
) -> None:
    await subscribes(tocsin)
    workspace.faults = [Fault(**vars(fault))]
    await tells(tocsin, alert())
    later(clock, seconds=10)
    await tocsin.sends()
    assert ["May be a repeat" in post.words() for post in workspace.posts] == [False, True]


async def test_what_a_person_has_sent_again_is_said_again_each_time_once(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await tells(tocsin, alert())
    (delivery,) = (await tocsin.deliveries()).values()
    workspace.deletes(workspace.parents()[0])
    for times in (1, 2):
        again = Again(tocsin.client, tocsin.names, tocsin.journal, clock)
        await again.resend(delivery.id)
        await tocsin.sends()
        later(clock, seconds=5)
        await tocsin.sends()
        (parent,) = workspace.parents()
        assert len(workspace.replies(parent)) == times
    assert not any("May be a repeat" in each.words() for each in workspace.posts)


# ---- limits and errors --------------------------------------------------------------------------


async def test_a_channel_gets_three_at_once_and_then_one_a_second(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    await subscribes(tocsin)  # of the same channel: the bucket is the channel's
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(4)))
    await tocsin.works()
    assert len(workspace.posts) == 3
    for second in range(1, 6):
        later(clock, seconds=1)
        await tocsin.sends()
        assert len(workspace.posts) == 3 + second
    waited = [each for each in (await tocsin.deliveries()).values() if each.attempts_count > 1]
    assert waited == []


async def test_what_a_cap_holds_takes_no_place_in_the_channel(tocsin: Notifier, workspace: Slack) -> None:
    capped, other = await subscribes(tocsin), await subscribes(tocsin, "severity>=Extreme")
    capped = capped.model_copy(update={"rate_cap": RateCap(most=1, within=3600)})
    await tocsin.client.hset(tocsin.names.subscriptions, capped.id, capped.to_json())
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(12)))
    await tocsin.works()
    assert len(workspace.posts) == 1
    held = [each for each in (await tocsin.deliveries()).values() if "above its cap" in each.state_reason]
    assert len(held) == 11, "all are put off in one visit"
    await tocsin.rings(alert(incident="inc_99", severity=Severity(score=90, tier=Tier.EXTREME)))
    await tocsin.works()
    assert len(workspace.posts) == 3, "one for each of the two subscriptions"
    assert other.id != capped.id


async def test_what_waits_for_its_time_takes_no_place_from_what_may_go(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    made = await subscribes(tocsin)
    capped = made.model_copy(update={"rate_cap": RateCap(most=1, within=3600)})
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, capped.to_json())
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(9)))
    await tocsin.works()
    await subscribes(tocsin)
    later(clock, seconds=10)
    await tocsin.rings(alert(AlertKind.OPENED, incident="inc_9", **EXTREME))
    await tocsin.works()
    assert len(workspace.posts) == 3, "one below the cap, and the grave one for both"


async def test_whose_turn_it_is_keeps_it_while_the_channel_has_no_room(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    made = await subscribes(tocsin)
    capped = made.model_copy(update={"rate_cap": RateCap(most=1, within=3600)})
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, capped.to_json())
    await tocsin.rings(*(alert(incident=f"inc_{number}") for number in range(3)))
    await tocsin.works()
    later(clock, minutes=61)
    threads = SlackThreads(tocsin.client, tocsin.names)
    await threads.close(CHANNEL, clock.now(), 5)
    await tocsin.sends()
    assert len(workspace.posts) == 1
    later(clock, seconds=6)
    await tocsin.sends()
    assert len(workspace.posts) == 2


async def test_asking_for_patience_is_no_failure_and_no_step_of_the_schedule(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    made = await subscribes(tocsin)
    workspace.limit = 0
    await tocsin.rings(alert())
    for _ in range(14):
        await tocsin.works()
        later(clock, seconds=8)
    assert await tocsin.client.hget(tocsin.names.failures, made.id) is None
    workspace.faults.append(Fault(status=503))
    await tocsin.works()
    (delivery,) = (await tocsin.deliveries()).values()
    assert delivery.state == DeliveryState.PENDING, delivery.state_reason


async def test_a_rate_limit_is_waited_out_by_the_due_time_and_never_parks(
    tocsin: Notifier, workspace: Slack, clock: FakeClock
) -> None:
    await subscribes(tocsin)
    other = await subscribes(tocsin)
    workspace.limit = 0
    await tocsin.rings(alert())
    for _ in range(12):
        await tocsin.works()
        later(clock, seconds=8)
        rested = clock.now()
    deliveries = list((await tocsin.deliveries()).values())
    assert {each.state for each in deliveries} == {DeliveryState.PENDING}
    assert "ratelimited: Slack asks us to wait" in {each.state_reason for each in deliveries}
    assert all(each.due_at <= rested + timedelta(seconds=7) for each in deliveries)
    workspace.limit = 1000
    later(clock, minutes=2)
    await tocsin.sends()
    later(clock, minutes=2)
    await tocsin.sends()
    assert len(workspace.posts) == 2
    assert (await tocsin.subscription(other.id)).state == SubscriptionState.ACTIVE


@pytest.mark.parametrize(
    "word",
    [
        "account_inactive",
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "not_in_channel",
        "token_revoked",
    ],
)
async def test_what_is_for_good_disables_and_keeps_what_waits(
    tocsin: Notifier, workspace: Slack, word: str
) -> None:
    made = await subscribes(tocsin)
    workspace.faults = [Fault(word)]
    await tells(tocsin, alert())
    found = await tocsin.subscription(made.id)
    assert found.state == SubscriptionState.DISABLED
    assert found.state_reason.startswith(f"{word}: ")
    assert [each.state for each in (await tocsin.deliveries()).values()] == [DeliveryState.PARKED]


async def test_slacks_own_words_for_a_wrong_token_a_wrong_channel_and_an_archive(
    tocsin: Notifier, workspace: Slack
) -> None:
    unknown = await subscribes(tocsin, channel="C0000000000")
    await tells(tocsin, alert())
    assert "channel_not_found" in (await tocsin.subscription(unknown.id)).state_reason
    workspace.archived.add(CHANNEL)
    archived = await subscribes(tocsin)
    await tells(tocsin, alert(incident="inc_2"))
    assert "is_archived" in (await tocsin.subscription(archived.id)).state_reason


@pytest.mark.parametrize(
    "fault",
    [
        Fault("fatal_error"),
        Fault("internal_error"),
        Fault("request_timeout"),
        Fault("service_unavailable", status=503),
        Fault("a_word_of_tomorrow"),
        Fault(status=500),
        Fault(status=302),
        Fault(status=200),
    ],
)
async def test_what_passes_is_tried_again(
    tocsin: Notifier, workspace: Slack, clock: FakeClock, fault: Fault
) -> None:
    await subscribes(tocsin)
    workspace.faults = [Fault(**vars(fault))]
    await tells(tocsin, alert())
    (delivery,) = (await tocsin.deliveries()).values()
    assert delivery.state == DeliveryState.PENDING
    later(clock, seconds=10)
    await tocsin.sends()
    assert len(workspace.posts) == 1


async def test_a_message_that_slack_refuses_is_dropped_and_its_channel_stays(
    tocsin: Notifier, workspace: Slack
) -> None:
    made = await subscribes(tocsin)
    workspace.faults = [Fault("msg_too_long")]
    await tells(tocsin, alert())
    (delivery,) = (await tocsin.deliveries()).values()
    assert delivery.state == DeliveryState.DROPPED
    assert (await tocsin.subscription(made.id)).state == SubscriptionState.ACTIVE


async def test_a_token_goes_through_the_guard_and_past_every_proxy(
    settings: Settings, clock: FakeClock, workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with notifier(settings, clock) as tocsin:
        await subscribes(tocsin)
        await tells(tocsin, alert())
        assert len(workspace.posts) == 1
    async with notifier(settings.model_copy(update={"allow_networks": ()}), clock) as strict:
        await tells(strict, alert(incident="inc_2"))
        (delivery,) = [each for each in (await strict.deliveries()).values() if "inc_2" in each.alert_id]
    assert "not dialled" in delivery.state_reason
    assert len(workspace.posts) == 1


async def test_a_redirect_is_not_followed_and_the_token_stays_out_of_what_is_written(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin)
    workspace.faults = [Fault(status=307)]
    await tells(tocsin, alert())
    assert workspace.calls == ["chat.postMessage"]
    for key in await tocsin.client.keys("*"):
        kind = await tocsin.client.type(key)
        held = {"string": tocsin.client.get, "hash": tocsin.client.hgetall}.get(kind)
        assert held is None or TOKEN not in json.dumps(await held(key))


# ---- the command line ---------------------------------------------------------------------------


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Awaitable[Result]]:
    monkeypatch.setenv("TOCSIN_REDIS_URL", settings.redis_url or "")
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TOCSIN_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.chdir(settings.data_dir.parent)
    runner = CliRunner()
    return lambda *words, **rest: asyncio.to_thread(
        lambda: runner.invoke(subscribe.subscribe_app, list(words), **rest)
    )


async def test_a_token_from_the_environment_is_sealed_and_a_test_is_sent_at_once(
    run: Callable[..., Awaitable[Result]], tocsin: Notifier, workspace: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    said = await run("slack-bot", "--channel", CHANNEL, "--token-from-env", "MY_TOKEN", "--name", "desk")
    assert said.exit_code == 0, said.output
    assert f"https://slack.com/archives/{CHANNEL}" in said.output
    assert "test    delivered: posted after" in said.output
    assert TOKEN not in said.output
    assert workspace.posts[0].text == "\N{BELL} Test: *A test from Tocsin: nothing has happened*"
    (stored,) = [
        Subscription.from_json(raw)
        for raw in (await tocsin.client.hgetall(tocsin.names.subscriptions)).values()
    ]
    assert TOKEN not in stored.to_json()
    assert (stored.channel, stored.slack_channel) == ("slack-bot", CHANNEL)
    assert tocsin.vault.open(stored.sealed_url) == TOKEN


async def test_a_token_may_come_through_a_pipe_and_a_test_that_fails_says_what_to_do(
    run: Callable[..., Awaitable[Result]], workspace: Slack
) -> None:
    workspace.channels.clear()
    said = await run("slack-bot", "--channel", CHANNEL, input=f"{TOKEN}\n")
    assert said.exit_code == 0, said.output
    assert "test    not delivered: channel_not_found: the channel does not exist, or the bot" in said.output
    assert "tocsin subscriptions test sub_" in said.output


@pytest.mark.parametrize(
    ("channel", "token", "error"),
    [
        ("#alerts", TOKEN, "is not a channel's id"),
        ("U0123456789", TOKEN, "is not a channel's id"),
        (CHANNEL, "xoxp-1-2-abcdefghijklmnop", "a user's or an app's token"),
        (CHANNEL, "secret", "no bot token"),
        (CHANNEL, "", "no bot token"),
    ],
)
async def test_what_could_never_work_is_refused_and_the_token_not_repeated(
    run: Callable[..., Awaitable[Result]], channel: str, token: str, error: str
) -> None:
    said = await run("slack-bot", "--channel", channel, input=f"{token}\n")
    assert isinstance(said.exception, BadUsage)
    assert error in str(said.exception)
    assert not token or token not in str(said.exception)


async def test_a_variable_that_is_not_set_is_named(run: Callable[..., Awaitable[Result]]) -> None:
    said = await run("slack-bot", "--channel", CHANNEL, "--token-from-env", "NOT_SET_HERE")
    assert "NOT_SET_HERE is empty or not set" in str(said.exception)


async def test_a_hook_may_be_laid_out_plainly_and_no_other_way(
    run: Callable[..., Awaitable[Result]], tocsin: Notifier
) -> None:
    hook = "https://chat.example.org/hooks/abcdefghijkl"
    assert (await run("slack", hook, "--layout", "plain")).exit_code == 0
    ((raw),) = (await tocsin.client.hgetall(tocsin.names.subscriptions)).values()
    assert Subscription.from_json(raw).layout == "plain"
    said = await run("slack", hook, "--layout", "fancy")
    assert "'fancy' is no layout: say blocks or plain" in str(said.exception)
