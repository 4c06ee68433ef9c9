"""`tocsin keys` and what it leaves in Redis; the admin key of the first start."""

import contextlib
import errno
import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.cli.house import first
from shared import keys
from shared.errors import BadInput
from shared.keys import Scope
from shared.settings import Settings
from shared.store import connect_async
from tests.support.front import Done, tocsin

if TYPE_CHECKING:
    import redis

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Verb = Callable[..., Done]


@pytest.fixture
def verb(settings: Settings) -> Verb:
    """Run ``tocsin keys`` with these arguments."""

    def run(*arguments: str) -> Done:
        assert settings.redis_url is not None
        return tocsin(
            "keys", *arguments, TOCSIN_REDIS_URL=settings.redis_url, TOCSIN_DATA_DIR=str(settings.data_dir)
        )

    return run


def test_a_key_is_printed_once_listed_by_name_and_revoked(
    verb: Verb, redis_client: "redis.Redis", settings: Settings
) -> None:
    added = verb("add", "grafana", "--scope", "write")
    assert added.returncode == 0
    key = added.stdout.strip()
    assert key.startswith("tocsin_")
    assert key not in added.stderr
    stored = str(redis_client.hgetall(settings.names.api_keys))
    assert key not in stored
    assert keys.digest(key) in stored

    (listed,) = [json.loads(line) for line in verb("list", "--json").stdout.splitlines()]
    assert (listed["name"], listed["scope"]) == ("grafana", "write")
    assert "digest" not in listed
    assert "grafana" in verb("list").stdout

    assert verb("revoke", "grafana").returncode == 0
    assert verb("list", "--json").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (("add", "two words"), "can't name a key", 2),
        (("add", "taken"), "revoke it first", 1),
        (("revoke", "nobody"), "tocsin keys list", 1),
    ],
)
def test_a_fault_is_one_line_that_says_what_to_do(
    verb: Verb,
    redis_client: "redis.Redis",
    settings: Settings,
    arguments: tuple[str, ...],
    words: str,
    code: int,
) -> None:
    keys.add(redis_client, settings.names, "taken", Scope.READ, now=NOW)
    done = verb(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert done.stderr.startswith("tocsin: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_adding_the_same_key_twice_is_once_as_a_client_repeats_after_a_lost_answer(
    redis_client: "redis.Redis", settings: Settings
) -> None:
    key = keys.draw()
    for _ in range(2):
        assert keys.add(redis_client, settings.names, "a", Scope.READ, now=NOW, key=key) == key
    assert len(keys.everyone(redis_client, settings.names)) == 1


async def test_a_record_that_can_not_be_read_opens_nothing_and_closes_nothing(
    redis_url: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    key = keys.add(redis_client, settings.names, "a", Scope.READ, now=NOW)
    redis_client.hset(settings.names.api_keys, "b", "not JSON")
    async with connect_async(redis_url) as client:
        found = await keys.holder(client, settings.names, key)
    assert found is not None
    assert found.name == "a"


# ---- the admin key ----------------------------------------------------------------------------------


@pytest.fixture
def token(settings: Settings) -> Path:
    return settings.data_dir / "admin.token"


def _admin(client: "redis.Redis", settings: Settings, token: Path) -> str:
    first.keep_admin_token(client, settings, token, now=NOW)
    (record,) = keys.everyone(client, settings.names)
    key = token.read_text().strip()
    assert keys.find(key, [record]) is not None
    assert (record.name, record.scope) == ("admin", Scope.ADMIN)
    return key


def test_the_first_start_makes_an_admin_key_for_its_owner_alone(
    redis_client: "redis.Redis", settings: Settings, token: Path
) -> None:
    _admin(redis_client, settings, token)
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


def test_later_starts_keep_the_key_and_an_emptied_redis_gets_it_again(
    redis_client: "redis.Redis", settings: Settings, token: Path
) -> None:
    key = _admin(redis_client, settings, token)
    assert _admin(redis_client, settings, token) == key
    redis_client.flushall()
    assert _admin(redis_client, settings, token) == key


def test_somebody_elses_admin_key_is_left_alone(
    redis_client: "redis.Redis", settings: Settings, token: Path
) -> None:
    keys.add(redis_client, settings.names, "admin", Scope.ADMIN, now=NOW)
    with pytest.raises(BadInput, match="exists"):
        first.keep_admin_token(redis_client, settings, token, now=NOW)
    assert not token.exists()


def test_revoking_the_admin_key_takes_its_file_too(
    verb: Verb, redis_client: "redis.Redis", settings: Settings, token: Path
) -> None:
    key = _admin(redis_client, settings, token)
    assert verb("revoke", "admin").returncode == 0
    assert not token.exists()
    assert _admin(redis_client, settings, token) != key


def test_a_revoked_key_stays_revoked_though_another_machine_still_has_it_in_a_file(
    redis_client: "redis.Redis", settings: Settings, token: Path, tmp_path: Path
) -> None:
    key = _admin(redis_client, settings, token)
    elsewhere = tmp_path / "elsewhere" / "admin.token"
    elsewhere.parent.mkdir()
    elsewhere.write_text(key + "\n")
    keys.revoke(redis_client, settings.names, "admin")
    with pytest.raises(BadInput, match="was revoked"):
        keys.add(redis_client, settings.names, "admin", Scope.ADMIN, now=NOW, key=key)
    assert _admin(redis_client, settings, elsewhere) != key
    assert keys.find(key, keys.everyone(redis_client, settings.names)) is None


@pytest.mark.parametrize(
    "lying", [b"", b"\n", b"\xff\xfe\0", b"my own words\n", b"tocsin_cut-off\n"], ids=str
)
def test_what_is_no_key_of_ours_gives_way_to_one(
    redis_client: "redis.Redis", settings: Settings, token: Path, lying: bytes
) -> None:
    token.parent.mkdir()
    token.write_bytes(lying)
    token.chmod(0o644)
    assert keys.is_ours(_admin(redis_client, settings, token))
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert list(token.parent.iterdir()) == [token], "no draft is left"


@pytest.mark.parametrize("given", ["", "hush", "tocsin_" + "x" * 42])
def test_only_a_whole_key_of_ours_opens_the_api(
    redis_client: "redis.Redis", settings: Settings, given: str
) -> None:
    with pytest.raises(BadInput, match="no key of ours"):
        keys.add(redis_client, settings.names, "admin", Scope.ADMIN, now=NOW, key=given)
    assert keys.everyone(redis_client, settings.names) == []


def test_a_file_that_lost_its_key_is_told_and_left_when_another_key_is_called_admin(
    redis_client: "redis.Redis", settings: Settings, token: Path
) -> None:
    _admin(redis_client, settings, token)
    token.write_text("overwritten\n")
    assert settings.redis_url is not None
    said = "\n".join(first.welcome(settings, settings.redis_url, 1))
    assert f"no admin key: {token} does not hold it" in said
    assert "`tocsin keys revoke admin`" in said
    assert token.read_text() == "overwritten\n"


def test_a_key_that_can_not_be_written_whole_leaves_no_file(
    redis_client: "redis.Redis", settings: Settings, token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert settings.redis_url is not None
    said = "\n".join(first.welcome(settings, settings.redis_url, 1))
    assert f"no admin key: {token} can't be used (No space left on device)" in said
    assert list(token.parent.iterdir()) == []
    assert keys.everyone(redis_client, settings.names) == []


def test_two_first_starts_at_once_leave_a_key_that_somebody_has(
    redis_client: "redis.Redis", settings: Settings, tmp_path: Path
) -> None:
    """Two installations on one data directory and one Redis: whoever is second takes the first one's key."""
    for turn in range(40):
        redis_client.delete(settings.names.api_keys)
        token, gate = tmp_path / f"{turn}.token", threading.Barrier(2)

        def start(token: Path = token, gate: threading.Barrier = gate) -> None:
            gate.wait()
            with contextlib.suppress(BadInput):
                first.keep_admin_token(redis_client, settings, token, now=NOW)

        starts = [threading.Thread(target=start) for _ in range(2)]
        for thread in starts:
            thread.start()
        for thread in starts:
            thread.join()

        assert keys.digest(token.read_text().strip()) in str(redis_client.hgetall(settings.names.api_keys))
