"""Lists: for people on a terminal and in a pipe, and with --json the same everywhere, an object a line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shared import keys
from shared.contracts import DeadLetter, Feed
from shared.keys import Scope
from shared.settings import Settings
from shared.subscriptions import Register, new_webhook
from shared.vault import open_vault
from tests.support.front import Done, tocsin

if TYPE_CHECKING:
    import redis

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LONG_URL = f"https://herald.example.org/{'world/' * 40}rss.xml"
LONG_REASON = ("the answer was neither RSS nor Atom but a page that asks for a log-in, " * 4).strip()
Verb = Callable[..., Done]


@pytest.fixture
def run(settings: Settings, redis_client: "redis.Redis") -> Verb:
    """Any command, on a Redis with two of everything, one of them long."""
    names = settings.names
    for id_, url in (("feed_1", "https://a.example.org/"), ("feed_2", LONG_URL)):
        feed = Feed(id=id_, url=url, title="Herald", interval=60, added_at=NOW, last_error=LONG_REASON)
        redis_client.hset(names.feeds, id_, feed.to_json())
    for key in ("art_1:1", "art_2:1"):
        letter = DeadLetter(key=key, reason=LONG_REASON, error="e", at=NOW, attempts=3, title="Strike")
        redis_client.hset(names.dead, key, letter.to_json())
    for name in ("grafana", "a" * 64):
        keys.add(redis_client, names, name, Scope.READ, now=NOW)
    for id_ in ("sub_1", "sub_2"):
        made, _ = new_webhook(
            "https://desk.example.org/hook",
            settings=settings,
            vault=open_vault(settings),
            now=NOW,
            filter_text=f'place=~"{"a" * 150}"',
        )
        Register(redis_client, names).add(made.model_copy(update={"id": id_}))

    def run(*words: str, **more: str) -> Done:
        ours = {"TOCSIN_REDIS_URL": settings.redis_url or "", "TOCSIN_DATA_DIR": str(settings.data_dir)}
        return tocsin(*words, **ours | more)

    return run


LISTS = (
    (("feeds", "list"), "id", {"feed_1", "feed_2"}),
    (("dead", "list"), "key", {"art_1:1", "art_2:1"}),
    (("keys", "list"), "name", {"grafana", "a" * 64}),
    (("subscriptions",), "id", {"sub_1", "sub_2"}),
    (("subscriptions", "list"), "id", {"sub_1", "sub_2"}),
)


@pytest.mark.parametrize(("words", "key", "expected"), LISTS, ids=lambda of: str(of)[:30])
def test_json_is_an_object_a_line(run: Verb, words: tuple[str, ...], key: str, expected: set[str]) -> None:
    rows = [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]
    assert {row[key] for row in rows} == expected


@pytest.mark.parametrize(("words", "key", "expected"), LISTS, ids=lambda of: str(of)[:30])
def test_json_of_nothing_is_no_line(
    settings: Settings, redis_client: "redis.Redis", words: tuple[str, ...], key: str, expected: set[str]
) -> None:
    done = tocsin(*words, "--json", TOCSIN_REDIS_URL=settings.redis_url or "")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("columns", ["20", "80"])
def test_nothing_is_cut_in_a_pipe(run: Verb, columns: str) -> None:
    """A pipe has no width, whatever COLUMNS says of the terminal."""

    def cells(*words: str) -> set[str]:
        shown = run(*words, COLUMNS=columns).stdout
        return {cell.strip() for line in shown.splitlines() for cell in line.split("\u2502")}

    assert {LONG_URL, "feed_2", LONG_REASON} <= cells("feeds", "list")
    assert {"art_2:1", LONG_REASON} <= cells("dead", "list")
    assert {"a" * 64} <= cells("keys", "list")
    assert {"sub_2", f'place=~"{"a" * 150}"'} <= cells("subscriptions")


# ---- subscriptions that can't be read ---------------------------------------------------------------


@pytest.fixture
def broken(redis_client: "redis.Redis", settings: Settings) -> str:
    """The id of a subscription whose record no longer parses, with a delivery on its way."""
    redis_client.hset(settings.names.subscriptions, "sub_broken", '{"sealed_url": "gAAAA-secret"}')
    redis_client.hset(settings.names.subscriptions, "sub_newer", '{"schema_version": "9.0"}')
    return "sub_broken"


def test_a_subscription_that_can_not_be_read_is_listed_as_such(run: Verb, broken: str) -> None:
    shown = run("subscriptions").stdout
    assert "sub_1" in shown
    assert f"\u2502 {broken}" in shown
    assert "unreadable: id Field required" in shown
    assert "unreadable: Subscription has schema version 9.0" in shown
    assert "gAAAA" not in shown
    rows = {row["id"]: row for row in map(json.loads, run("subscriptions", "--json").stdout.splitlines())}
    assert rows[broken]["state"] == "unreadable"
    assert "id Field required" in rows[broken]["state_reason"]
    assert "gAAAA" not in str(rows[broken])


def test_a_subscription_that_can_not_be_read_can_be_removed(
    run: Verb, broken: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    for words in (("pause", broken), ("test", "sub_bro")):
        done = run("subscriptions", *words)
        assert done.returncode == 1
        assert f"`tocsin subscriptions remove {broken}`, and make it again" in done.stderr
    done = run("subscriptions", "remove", "broken")
    assert (done.returncode, done.stdout) == (0, f"removed  {broken}  unreadable\n")
    assert run("subscriptions", "remove", "sub_newer").returncode == 0
    assert set(redis_client.hkeys(settings.names.subscriptions)) == {"sub_1", "sub_2"}
    assert redis_client.zscore(settings.names.lanes, broken) is not None, "its lane is visited, and emptied"
    assert "no subscription is called" in run("subscriptions", "remove", broken).stderr
