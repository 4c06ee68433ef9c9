"""Incoming webhooks of Slack, and of chats in its format, against a Slack of our own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import FakeClock
from shared.contracts import DeliveryState, Layout, Subscription, SubscriptionState
from shared.settings import Settings
from shared.subscriptions import new_slack
from tests.support.notifier import Notifier, alert, notifier
from tests.support.slack import Fault, Slack, slack


@pytest.fixture
async def workspace() -> AsyncIterator[Slack]:
    async with slack() as served:
        yield served


@pytest.fixture
async def tocsin(settings: Settings) -> AsyncIterator[Notifier]:
    async with notifier(settings, FakeClock(datetime.now(UTC))) as running:
        yield running


async def subscribes(tocsin: Notifier, to: Slack, layout: Layout = Layout.BLOCKS) -> Subscription:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    made = new_slack(to.hook, settings=tocsin.settings, vault=tocsin.vault, now=long_ago, layout=layout)
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, made.to_json())
    return made


async def test_slack_gets_blocks_and_mattermost_a_plain_attachment(
    tocsin: Notifier, workspace: Slack
) -> None:
    await subscribes(tocsin, workspace)
    await subscribes(tocsin, workspace, Layout.PLAIN)
    await tocsin.rings(alert())
    await tocsin.works()
    blocks, plain = sorted((post.message["attachments"][0] for post in workspace.posts), key=len)
    assert "blocks" in blocks
    assert plain.keys() == {"color", "fallback", "text", "fields"}
    assert {"title": "Who", "value": "Coast Front", "short": True} in plain["fields"]


@pytest.mark.parametrize(
    ("fault", "state", "of_subscription"),
    [
        (Fault("channel_is_archived", 410), DeliveryState.PARKED, SubscriptionState.DISABLED),
        (Fault("no_service", 404), DeliveryState.PARKED, SubscriptionState.DISABLED),
        (Fault("action_prohibited", 403), DeliveryState.PARKED, SubscriptionState.DISABLED),
        (Fault("invalid_payload", 400), DeliveryState.DROPPED, SubscriptionState.ACTIVE),
        (Fault("rollup_error", 500), DeliveryState.PENDING, SubscriptionState.ACTIVE),
        (Fault("rate_limited", 429, "30"), DeliveryState.PENDING, SubscriptionState.ACTIVE),
    ],
)
async def test_slacks_errors_are_told_apart(
    tocsin: Notifier,
    workspace: Slack,
    fault: Fault,
    state: DeliveryState,
    of_subscription: SubscriptionState,
) -> None:
    made = await subscribes(tocsin, workspace)
    workspace.faults = [Fault(**vars(fault))]
    began = tocsin.clock.now()
    await tocsin.rings(alert())
    await tocsin.works()
    (delivery,) = (await tocsin.deliveries()).values()
    assert delivery.state == state
    assert (await tocsin.subscription(made.id)).state == of_subscription
    if fault.retry_after:
        assert delivery.due_at - began >= timedelta(seconds=30)
