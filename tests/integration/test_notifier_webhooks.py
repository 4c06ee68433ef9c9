"""Webhooks on a real Redis and real endpoints: secrets that change, headers of their own, a first test."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from typer.testing import CliRunner, Result

from services.cli import subscribe
from services.cli.terminal.usage import BadUsage
from shared import subscriptions
from shared.clock import FakeClock
from shared.errors import BadInput
from shared.settings import Settings
from shared.store import connect
from shared.subscriptions import Register, with_headers
from tests.support.notifier import HOOK_PATH, Endpoint, Heard, Notifier, alert, endpoint, notifier

DAY = timedelta(days=1)
PASSWORD = "Basic b3BlbjpzZXNhbWU="


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


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a line of the command line beside the endpoint that it talks to."""
    monkeypatch.setenv("TOCSIN_REDIS_URL", settings.redis_url or "")
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TOCSIN_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("TOCSIN_DELIVERY_TIMEOUT", "5")
    monkeypatch.chdir(settings.data_dir.parent)
    apps = {"subscribe": subscribe.subscribe_app, "subscriptions": subscribe.subscriptions_app}

    def line(word: str, *rest: str, stdin: str | None = None) -> Any:
        return asyncio.to_thread(CliRunner().invoke, apps[word], list(rest), input=stdin)

    return line


def secret_in(said: Result) -> str:
    return said.output.split("secret  ")[1].split()[0]


def verified(heard: Heard, secret: str) -> bool:
    """What the reference library says of a message."""
    try:
        Webhook(secret).verify(
            heard.raw.decode(), {name.lower(): each for name, each in heard.headers.items()}
        )
    except WebhookVerificationError:
        return False
    return True


def rotate(tocsin: Notifier, id_: str, grace: timedelta) -> str:
    assert tocsin.settings.redis_url is not None
    with connect(tocsin.settings.redis_url) as client:
        register = Register(client, tocsin.names)
        return register.rotate(id_, vault=tocsin.vault, now=tocsin.clock.now(), grace=grace)[1]


# ---- a secret is changed ------------------------------------------------------------------------


async def test_both_secrets_verify_in_the_grace_and_only_the_new_one_after_it(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    made = await tocsin.subscribes(hook)
    (old,), hook.secrets = hook.secrets, ()
    # The library compares with the wall clock, so the grace's end is what moves here.
    new = rotate(tocsin, made.id, DAY)
    await tocsin.rings(alert(sequence=1))
    await tocsin.works()
    assert (verified(hook.heard[-1], old), verified(hook.heard[-1], new)) == (True, True)

    newest = rotate(tocsin, made.id, timedelta(hours=1))
    await tocsin.rings(alert(sequence=2))
    await tocsin.works()
    assert [verified(hook.heard[-1], each) for each in (old, new, newest)] == [True, True, True]

    over = (await tocsin.subscription(made.id)).model_copy(update={"retire_at": clock.now()})
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, over.to_json())
    await tocsin.rings(alert(sequence=3))
    await tocsin.works()
    assert [verified(hook.heard[-1], each) for each in (old, new, newest)] == [False, False, True]
    assert len(hook.heard) == 3


async def test_the_janitor_takes_out_what_signs_no_more(
    tocsin: Notifier, hook: Endpoint, clock: FakeClock
) -> None:
    made = await tocsin.subscribes(hook)
    new = rotate(tocsin, made.id, DAY)
    await tocsin.janitor.round()
    assert len((await tocsin.subscription(made.id)).sealed_secrets) == 2
    clock.move_to(clock.now() + DAY)
    await tocsin.janitor.round()
    after = await tocsin.subscription(made.id)
    assert [tocsin.vault.open(each) for each in after.sealed_secrets] == [new]
    assert after.retire_at is None
    assert not await subscriptions.tidy(tocsin.client, tocsin.names, after, clock.now())


async def test_rotate_prints_the_new_secret_once(run: Callable[..., Any], hook: Endpoint) -> None:
    made = await run("subscribe", "webhook", hook.url, "--no-test")
    id_, old = made.output.split()[0], secret_in(made)
    turned = await run("subscriptions", "rotate", id_)
    assert turned.exit_code == 0, turned.output
    new = secret_in(turned)
    assert new != old
    assert "The old ones sign as well until" in turned.output
    await run("subscriptions", "test", id_)
    assert (verified(hook.heard[-1], old), verified(hook.heard[-1], new)) == (True, True)

    leaked = await run("subscriptions", "rotate", id_, "--grace", "0")
    assert "the only one that signs" in leaked.output
    await run("subscriptions", "test", id_)
    assert [verified(hook.heard[-1], each) for each in (old, new, secret_in(leaked))] == [False, False, True]
    assert "whsec_" not in (await run("subscriptions", "list", "--json")).output
    assert isinstance((await run("subscriptions", "rotate", id_, "--grace", "8d")).exception, BadUsage)


# ---- headers of their own -----------------------------------------------------------------------


async def test_headers_go_with_each_message_and_stand_nowhere(
    tocsin: Notifier, hook: Endpoint, capfd: pytest.CaptureFixture[str]
) -> None:
    made = await tocsin.subscribes(hook)
    told = with_headers(made, [f"Authorization: {PASSWORD}", "X-Desk: night"], tocsin.vault)
    await tocsin.client.hset(tocsin.names.subscriptions, made.id, told.to_json())
    hook.words = json.dumps({"you sent": PASSWORD})
    await tocsin.rings(alert())
    await tocsin.works()
    (heard,) = hook.heard
    assert (heard.headers["authorization"], heard.headers["x-desk"]) == (PASSWORD, "night")
    assert hook.forged == []
    ((_, kept),) = (await tocsin.deliveries()).items()
    assert kept.attempts[0].answer == '{"you sent": "***"}'
    assert PASSWORD[6:] not in told.to_json() + kept.to_json() + "".join(capfd.readouterr())


async def test_headers_are_given_changed_and_taken_away(
    run: Callable[..., Any], hook: Endpoint, tmp_path: Path
) -> None:
    lines = tmp_path / "headers.txt"
    lines.write_text(f"Authorization: {PASSWORD}\n\nX-Desk: night\n")
    made = await run("subscribe", "webhook", hook.url, "--headers-from", str(lines), "--header", "X-One: 1")
    assert made.exit_code == 0, made.output
    id_ = made.output.split()[0]
    sent = hook.heard[-1].headers
    assert (sent["authorization"], sent["x-desk"], sent["x-one"]) == (PASSWORD, "night", "1")

    piped = await run("subscriptions", "change", id_, "--headers-from", "-", stdin="X-Key: hunter2\n")
    assert piped.output.endswith("with headers X-Key\n")
    await run("subscriptions", "test", id_)
    assert hook.heard[-1].headers["x-key"] == "hunter2"
    assert "authorization" not in hook.heard[-1].headers
    for shown in ((), ("--json",)):
        listed = (await run("subscriptions", *shown)).output
        assert "hunter2" not in listed
        assert "sealed" not in listed

    await run("subscriptions", "change", id_, "--no-headers")
    await run("subscriptions", "test", id_)
    assert "x-key" not in hook.heard[-1].headers


@pytest.mark.parametrize(
    "words",
    [(), ("--header", "hunter2"), ("--header", "X: hunter2", "--no-headers"), ("--headers-from", "none")],
)
async def test_a_change_that_can_not_be_meant_changes_nothing(
    run: Callable[..., Any], hook: Endpoint, words: tuple[str, ...]
) -> None:
    id_ = (await run("subscribe", "webhook", hook.url, "--no-test")).output.split()[0]
    failed = await run("subscriptions", "change", id_, *words)
    assert isinstance(failed.exception, BadUsage)
    assert "hunter2" not in str(failed.exception)


async def test_a_slack_takes_no_headers(run: Callable[..., Any]) -> None:
    made = await run("subscribe", "slack", "https://hooks.slack.com/services/T00/B00/abcdefghijklmnop")
    failed = await run("subscriptions", "change", made.output.split()[0], "--header", "X-A: b")
    assert isinstance(failed.exception, BadInput)
    assert "only a webhook" in str(failed.exception)


# ---- a first test -------------------------------------------------------------------------------


async def test_a_new_webhook_is_tried_at_once(run: Callable[..., Any], hook: Endpoint) -> None:
    made = await run("subscribe", "webhook", hook.url)
    assert made.exit_code == 0, made.output
    assert "test    delivered: answered 200" in made.output
    (heard,) = hook.heard
    assert heard.body["type"] == "system.test"
    assert verified(heard, secret_in(made))


async def test_one_that_fails_stands_and_says_what_to_do(run: Callable[..., Any], hook: Endpoint) -> None:
    hook.answers = [401]
    made = await run("subscribe", "webhook", hook.url)
    assert made.exit_code == 0, made.output
    id_ = made.output.split()[0]
    assert "test    not delivered: answered 401" in made.output
    assert made.output.endswith(f"  tocsin subscriptions test {id_}\n")
    assert secret_in(made)
    assert hook.url not in made.output
    assert id_ in (await run("subscriptions")).output


async def test_one_that_does_not_answer_yet_can_be_left_alone(
    run: Callable[..., Any], hook: Endpoint
) -> None:
    made = await run("subscribe", "webhook", hook.url, "--no-test")
    assert made.exit_code == 0, made.output
    assert hook.heard == []
    assert "Try it now: tocsin subscriptions test" in made.output


async def test_an_answer_that_names_our_url_does_not_tell_it(tocsin: Notifier, hook: Endpoint) -> None:
    await tocsin.subscribes(hook)
    last = HOOK_PATH.rpartition("/")[2]
    hook.answers, hook.words = [404], f"Cannot POST {HOOK_PATH} ({hook.url}; no such hook: {last})"
    await tocsin.rings(alert())
    await tocsin.works()
    (delivery,) = (await tocsin.deliveries()).values()
    assert delivery.attempts[-1].answer == "Cannot POST *** (***; no such hook: ***)"
