"""Subscriptions, the vault, and the words of the command line for them."""

import asyncio
import json
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from cryptography.fernet import Fernet
from standardwebhooks import Webhook
from typer.testing import CliRunner, Result

from services.cli import subscribe, tail
from shared import filters, subscriptions
from shared.contracts import AlertKind, Source, SubscriptionState
from shared.errors import BadFilter, BadInput, BadSetting, ForbiddenAddress, GiveUp
from shared.settings import Settings
from shared.streams import Entry
from shared.subscriptions import Register, hint, new_slack, new_webhook
from shared.vault import KEY_FILE, Vault, open_vault
from tests.support.notifier import NOON, alert, endpoint, trend

HOOK = "https://hooks.example.org/services/abcdefghijklmnop"
SLACK = "https://hooks.slack.com/services/T00/B00/abcdefghijklmnopqrstuvwx"

# ---- vault --------------------------------------------------------------------------------------


def test_what_is_sealed_opens_again_and_says_nothing(settings: Settings) -> None:
    vault = open_vault(settings)
    sealed = vault.seal("https://secret.example/ü")
    assert "secret" not in sealed
    assert open_vault(settings).open(sealed) == "https://secret.example/ü"
    assert vault.seal("x") != vault.seal("x")


def test_the_key_is_private_and_made_once(settings: Settings) -> None:
    made: list[Vault] = []
    threads = [threading.Thread(target=lambda: made.append(open_vault(settings))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = made[0].seal("x")
    assert [vault.open(sealed) for vault in made] == ["x"] * 8
    key = settings.data_dir / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert [path.name for path in settings.data_dir.iterdir()] == [KEY_FILE]


def test_a_key_is_changed_by_putting_the_new_one_in_front() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    sealed = Vault([old]).seal("x")
    both = Vault([new, old])
    assert both.open(sealed) == "x"
    assert Vault([new]).open(both.seal("y")) == "y"
    with pytest.raises(BadSetting, match="sealed with another key"):
        Vault([new]).open(sealed)


@pytest.mark.parametrize("key", ["", "short", "ü" * 43, "not base64!" * 4])
def test_a_bad_key_says_how_to_make_one(settings: Settings, key: str) -> None:
    bad = Settings(_env_file=None, data_dir=settings.data_dir, secret_key=key)
    with pytest.raises(BadSetting, match="openssl rand"):
        open_vault(bad)


def test_what_was_never_sealed_does_not_open(settings: Settings) -> None:
    for broken in ("", "ü", "gAAAAA"):
        with pytest.raises(BadSetting):
            open_vault(settings).open(broken)


# ---- making and keeping -------------------------------------------------------------------------


def make(settings: Settings, url: str = HOOK, **rest: Any) -> tuple[Any, str]:
    return new_webhook(url, settings=settings, vault=open_vault(settings), now=NOON, **rest)


def make_slack(settings: Settings, url: str) -> Any:
    return new_slack(url, settings=settings, vault=open_vault(settings), now=NOON)


def test_a_secret_is_one_that_standard_webhooks_takes(settings: Settings) -> None:
    made, secret = make(settings)
    assert secret.startswith("whsec_")
    assert Webhook(secret).sign("msg_1", datetime.now(UTC), "{}")
    assert open_vault(settings).open(made.sealed_secrets[0]) == secret
    assert open_vault(settings).open(made.sealed_url) == HOOK
    assert HOOK not in made.to_json()
    assert make(settings)[1] != secret


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://hooks.example.org/x", ForbiddenAddress),
        ("https://10.0.0.1/x", ForbiddenAddress),
        ("https://169.254.169.254/latest", ForbiddenAddress),
        ("https://hooks.example.org:22/x", ForbiddenAddress),
        ("https://user:pass@hooks.example.org/x", BadInput),
        ("ftp://hooks.example.org/x", BadInput),
        ("hooks.example.org/x", BadInput),
        ("http://[", BadInput),
    ],
)
def test_a_url_that_could_never_work_is_refused_at_once(
    settings: Settings, url: str, error: type[Exception]
) -> None:
    strict = settings.model_copy(update={"allow_networks": ()})
    with pytest.raises(error):
        make(strict, url)
    with pytest.raises(error):
        make_slack(strict, url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://acme.slack.com/archives/C1", "Slack's own site"),
        ("https://hooks.slack.com/other", "incoming webhook"),
        ("https://chat.example.org", "no path"),
    ],
)
def test_what_is_no_slack_hook_is_told_what_one_looks_like(settings: Settings, url: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        make_slack(settings, url)


def test_slack_and_its_like_are_taken(settings: Settings) -> None:
    for url in (SLACK, "https://chat.example.org/hooks/abc123"):
        assert make_slack(settings, url).sealed_secrets == ()


def test_a_bad_filter_or_name_is_refused(settings: Settings) -> None:
    with pytest.raises(BadFilter):
        make(settings, filter_text="sevrity=Minor")
    with pytest.raises(BadInput):
        make(settings, name="two\nlines")
    with pytest.raises(BadInput):
        make(settings, name="x" * 101)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (SLACK, "https://hooks.slack.com/***uvwx"),
        ("https://e.example/short", "https://e.example/***"),
        ("https://e.example", "https://e.example/"),
        ("https://[2001:db8::1]:8443/abcdefghijklmnopqrst", "https://[2001:db8::1]:8443/***qrst"),
    ],
)
def test_a_hint_recognises_and_does_not_betray(url: str, shown: str) -> None:
    assert hint(url) == shown


def test_a_register_keeps_finds_changes_and_removes(settings: Settings, redis_client: "redis.Redis") -> None:
    register = Register(redis_client, settings.names)
    one, two = register.add(make(settings)[0]), register.add(make_slack(settings, SLACK))
    assert {each.id for each in register.all()} == {one.id, two.id}
    assert register.get(one.id) == one
    assert register.get(one.id[:12]) == one
    assert register.get(one.id.removeprefix("sub_")[:8]) == one
    with pytest.raises(BadInput, match="2 subscriptions begin with"):
        register.get("sub_")
    with pytest.raises(BadInput, match="no subscription"):
        register.get("")

    paused = register.set_state(one.id, SubscriptionState.PAUSED, "a holiday")
    assert register.get(one.id) == paused
    assert redis_client.zscore(settings.names.lanes, one.id) == 0
    register.remove(two.id)
    assert register.all() == [paused]
    assert register.waiting(one.id) == (0, 0, 0)


def test_a_subscription_is_made_by_the_clock_that_dates_the_alerts(
    settings: Settings, redis_client: "redis.Redis"
) -> None:
    before: Any = redis_client.xadd("t:s", {"v": "before"})
    made = Register(redis_client, settings.names).add(make(settings)[0])
    after: Any = redis_client.xadd("t:s", {"v": "after"})
    assert Entry(before, {}).added_at <= made.created_at <= Entry(after, {}).added_at


def test_a_lane_that_is_being_served_keeps_its_lease(settings: Settings, redis_client: "redis.Redis") -> None:
    register, made = Register(redis_client, settings.names), make(settings)[0]
    register.add(made)
    redis_client.set(settings.names.lane_lease(made.id), "0123456789abcdef")
    register.set_state(made.id, SubscriptionState.PAUSED)
    assert redis_client.get(settings.names.lane_lease(made.id)) == "0123456789abcdef"
    assert redis_client.zscore(settings.names.lanes, made.id) == 0


def test_resuming_ends_a_rest(settings: Settings, redis_client: "redis.Redis") -> None:
    register, made = Register(redis_client, settings.names), make(settings)[0]
    register.add(made)
    redis_client.set(settings.names.lane_lease(made.id), "rest:99999999999999")
    register.set_state(made.id, SubscriptionState.ACTIVE)
    assert redis_client.get(settings.names.lane_lease(made.id)) is None


def test_a_change_does_not_undo_anothers(
    settings: Settings, redis_client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    register = Register(redis_client, settings.names)
    made = register.add(make(settings)[0])
    whole = register._replace

    def slow(**arguments: Any) -> Any:
        monkeypatch.setattr(register, "_replace", whole)
        renamed = made.model_copy(update={"name": "renamed meanwhile"})
        redis_client.hset(settings.names.subscriptions, made.id, renamed.to_json())
        return whole(**arguments)

    monkeypatch.setattr(register, "_replace", slow)
    register.set_state(made.id, SubscriptionState.PAUSED)
    found = register.get(made.id)
    assert (found.name, found.state) == ("renamed meanwhile", SubscriptionState.PAUSED)


def test_an_unreadable_subscription_does_not_hide_the_others(
    settings: Settings, redis_client: "redis.Redis"
) -> None:
    made = make(settings)[0]
    newer = made.to_json().replace('"schema_version":"1.0"', '"schema_version":"2.0"')
    stored = {"sub_x": "{}", "sub_y": newer, made.id: made.to_json()}
    assert subscriptions.read_all(stored) == ([made], ["sub_y"])


# ---- command line -------------------------------------------------------------------------------


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("TOCSIN_REDIS_URL", settings.redis_url or "")
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TOCSIN_ALLOW_NETWORKS", "127.0.0.0/8")
    monkeypatch.chdir(settings.data_dir.parent)
    monkeypatch.setenv("COLUMNS", "200")
    apps = {"subscribe": subscribe.subscribe_app, "subscriptions": subscribe.subscriptions_app}
    return lambda word, *arguments: CliRunner().invoke(apps[word], list(arguments))


def test_subscribing_shows_the_secret_once(run: Callable[..., Result]) -> None:
    said = run("subscribe", "webhook", HOOK, "--name", "desk", "--filter", "severity>=Severe", "--no-test")
    assert said.exit_code == 0, said.output
    assert said.output.count("whsec_") == 2  # the secret, and the example of how to use one
    secret = said.output.split("secret  ")[1].split()[0]
    assert "Webhook(" in said.output

    for arguments in ((), ("list",), ("--json",), ("list", "--json")):
        listed = run("subscriptions", *arguments)
        assert listed.exit_code == 0, listed.output
        assert "desk" in listed.output
        assert "severity>=Severe" in listed.output
        assert secret not in listed.output
        assert "abcdefghij" not in listed.output
        assert "sealed" not in listed.output
    (shown,) = [json.loads(line) for line in run("subscriptions", "--json").output.splitlines()]
    assert (shown["waiting"], shown["parked"], shown["state"]) == (0, 0, "active")


def test_pause_resume_and_remove(run: Callable[..., Result], settings: Settings, redis_client: Any) -> None:
    id_ = run("subscribe", "slack", SLACK).output.split()[0]
    assert run("subscriptions", "pause", id_).output.startswith("paused")
    assert "paused by command" in run("subscriptions").output
    assert run("subscriptions", "resume", id_).output.startswith("active")
    assert run("subscriptions", "remove", id_).output.startswith("removed")
    assert "No subscriptions yet" in run("subscriptions").output
    assert isinstance(run("subscriptions", "remove", id_).exception, BadInput)


@pytest.mark.parametrize("columns", ["80", "60"])
def test_an_id_is_shown_whole_to_be_copied_and_no_reason_speaks_to_the_terminal(
    run: Callable[..., Result],
    settings: Settings,
    redis_client: Any,
    monkeypatch: pytest.MonkeyPatch,
    columns: str,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = run(
        "subscribe", "slack", SLACK, "--name", "[/x] " + "n" * 90, "--filter", 'place=~"' + "a" * 90 + '"'
    )
    id_ = said.output.split()[0]
    reason = "404 [/x]\x1b[2J\x9b31m\u202e"
    Register(redis_client, settings.names).set_state(id_, SubscriptionState.DISABLED, reason)
    shown = run("subscriptions")
    assert shown.exit_code == 0
    assert id_ in shown.output
    assert "[/x]" in shown.output
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown.output)


def test_mistakes_are_told(run: Callable[..., Result]) -> None:
    assert isinstance(run("subscribe", "webhook", "https://10.0.0.1/x").exception, ForbiddenAddress)
    assert isinstance(run("subscribe", "webhook", HOOK, "--filter", "kiled>3").exception, BadFilter)
    assert run("subscribe", "webhook").exit_code == 2


async def test_a_test_goes_through_the_real_channel(run: Callable[..., Result]) -> None:

    async with endpoint() as hook:
        made = await asyncio.to_thread(run, "subscribe", "webhook", hook.url, "--no-test")
        hook.secrets = (made.output.split("secret  ")[1].split()[0],)
        said = await asyncio.to_thread(run, "subscriptions", "test", made.output.split()[0])
        assert said.exit_code == 0, said.output
        assert "answered 200" in said.output
        assert hook.forged == []
        assert hook.heard[0].body["type"] == "system.test"

        hook.answers = [500]
        failed = await asyncio.to_thread(run, "subscriptions", "test", made.output.split()[0])
        assert isinstance(failed.exception, GiveUp)
        assert "answered 500" in str(failed.exception)
        assert hook.url not in str(failed.exception)


# ---- tail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "position"),
    [
        ("30m", "1772451000000"),
        ("2 d", "1772280000000"),
        ("2026-03-02T11:00Z", "1772449200000"),
        ("2026-03-02T12:00+01:00", "1772449200000"),
        ("2026-03-02", "1772409600000"),
        ("999999d", "1"),
    ],
)
def test_since_is_an_age_or_a_time(since: str, position: str) -> None:
    assert tail.stream_id(since, NOON) == f"{int(position) - 1}-0"


def test_a_since_that_is_neither_is_told() -> None:
    with pytest.raises(BadInput, match="30m"):
        tail.stream_id("yesterday", NOON)


def test_a_glance_at_a_trend_says_its_arithmetic_and_shows_its_days() -> None:
    shown = tail.glance(trend(), NOON).plain
    assert "Severe   trend: Between Coast Front and Northland: 9 in 7 days; usually 2" in shown
    assert "tipped by: Coast Front attacked Northland" in shown
    assert "█" in shown
    assert "30 days" in shown


def test_a_glance_says_when_how_severe_what_and_why() -> None:
    shown = tail.glance(alert(), NOON).plain
    assert "Severe" in shown
    assert "Coast Front attacked Northland" in shown
    assert "because: first report of the incident" in shown
    named = Source(outlet="post.example", name="The Port Post", title="", url="", published_at=NOON)
    assert "· The Port Post post.example" in tail.glance(alert(sources=(named,)), NOON).plain
    later = tail.glance(
        alert(AlertKind.UPDATED, changes=("killed 3 to 9",), headline="a\x1b[2Jb"), NOON
    ).plain
    assert "updated: " in later
    assert "(killed 3 to 9)" in later
    assert "\x1b" not in later
    nasty = "\x1b[2J\x9b31m\u202e[/x]"
    shown = tail.glance(
        alert(
            kind=f"system.{nasty}",
            sentence=nasty,
            reason=nasty,
            changes=(nasty,),
            sources=(Source(outlet=nasty, name=nasty, title="", url="", published_at=NOON),),
        ),
        NOON,
    ).plain
    assert shown.count("[/x]") == 6
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


async def test_tail_follows_the_stream(
    settings: Settings, redis_client: "redis.Redis", capsys: pytest.CaptureFixture[str]
) -> None:

    names = settings.names
    redis_client.xadd(names.alerts, {"alert": alert(incident="inc_old").to_json()})
    wanted = filters.parse("score>=60")
    following = asyncio.create_task(
        tail.follow(settings, settings.redis_url or "", wanted, "0-0", as_json=True)
    )
    redis_client.xadd(names.alerts, {"alert": "{}"})
    redis_client.xadd(names.alerts, {"alert": alert(incident="inc_low", severity=None).to_json()})
    redis_client.xadd(names.alerts, {"alert": alert(incident="inc_new").to_json()})
    seen = ""
    async with asyncio.timeout(5):
        while "inc_new" not in seen:
            await asyncio.sleep(0)
            seen += capsys.readouterr().out
    following.cancel()
    ids = [json.loads(line)["incident_id"] for line in seen.splitlines()]
    assert ids == ["inc_old", "inc_new"]
