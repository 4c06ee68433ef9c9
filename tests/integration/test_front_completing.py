"""Completion as bash, zsh and fish ask for it: with their own variables, in a process of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared import keys
from shared.contracts import DeadLetter, Feed
from shared.keys import Scope
from shared.settings import Settings
from tests.support.front import PATIENCE

if TYPE_CHECKING:
    import redis

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOCSIN = Path(sys.executable).with_name("tocsin")
Ask = Callable[..., list[str]]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return clean | {
        "TOCSIN_REDIS_URL": settings.redis_url or "",
        "TOCSIN_DATA_DIR": str(settings.data_dir),
        **more,
    }


def complete(
    variables: dict[str, str], settings: Settings, **more: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "services.cli"],
        env=environment(settings, **more) | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def in_bash(*words: str) -> dict[str, str]:
    return {
        "_TOCSIN_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(("tocsin", *words)),
        "COMP_CWORD": str(len(words)),
    }


def in_zsh(line: str) -> dict[str, str]:
    return {"_TOCSIN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": line}


def in_fish(line: str) -> dict[str, str]:
    return {
        "_TOCSIN_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_ARGS": line,
    }


@pytest.fixture
def bash(settings: Settings) -> Ask:
    def ask(*words: str, **more: str) -> list[str]:
        done = complete(in_bash(*words), settings, **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.split()

    return ask


def test_commands_and_their_commands_and_options(bash: Ask) -> None:
    assert bash("s") == ["subscribe", "subscriptions"]
    assert bash("feeds", "re") == ["remove"]
    words = {"list", "change", "rotate", "remove", "pause", "resume", "test", "try"}
    assert set(bash("subscriptions", "")) >= words
    assert bash("feeds", "add", "--f") == ["--folder"]
    assert bash("keys", "add", "x", "--scope", "") == ["read", "write", "admin"]
    assert bash("health", "w") == ["worker"]


def test_zsh_and_fish_are_told_what_a_word_means(settings: Settings) -> None:
    shown = complete(in_zsh("tocsin fee"), settings).stdout
    assert '"feeds":"Add, list, remove, import and export feeds."' in shown
    shown = complete(in_fish("tocsin feeds im"), settings).stdout
    assert shown == "import\tAdd every feed of an OPML file, or the default ones.\n"


@pytest.fixture
def house(settings: Settings, redis_client: "redis.Redis") -> None:
    """A few of everything, and of each one that can't be read."""
    for number, folder in ((1, "World/Asia"), (2, "two words"), (3, "")):
        url = f"https://{number}.example.org/"
        feed = Feed(id=f"feed_{number}", url=url, folder=folder, interval=60, added_at=NOW)
        redis_client.hset(settings.names.feeds, feed.id, feed.to_json())
    letter = DeadLetter(key="art_1:1", reason="r", error="e", at=NOW, attempts=3, title="A\x1b[2J title")
    redis_client.hset(settings.names.dead, letter.key, letter.to_json())
    redis_client.hset(settings.names.subscriptions, "sub_1", json.dumps({"name": "night desk"}))
    keys.add(redis_client, settings.names, "grafana", Scope.READ, now=NOW)
    for stored in (settings.names.feeds, settings.names.dead, settings.names.subscriptions):
        redis_client.hset(stored, "broken", "not JSON")


@pytest.mark.usefixtures("house")
def test_ids_names_and_folders_are_looked_up(bash: Ask) -> None:
    assert bash("feeds", "remove", "") == ["feed_1", "feed_2", "feed_3"]
    assert bash("feeds", "remove", "https://2") == ["https://2.example.org/"]
    assert bash("feeds", "add", "x", "--folder", "W") == ["World/Asia"]
    assert bash("feeds", "add", "x", "--folder", "t") == [], "bash would take it for two words"
    assert bash("dead", "replay", "art") == ["art_1:1"]
    assert bash("subscriptions", "pause", "") == ["sub_1"]
    assert bash("keys", "revoke", "g") == ["grafana"]
    assert "severity" in bash("tail", "--filter", "s")
    assert not {">", "=", '"'} & set("".join(bash("tail", "--filter", "")))


def test_after_incident_stand_commands_and_the_ids_that_may_stand_in_their_place(
    bash: Ask, settings: Settings, redis_client: "redis.Redis"
) -> None:
    redis_client.set(settings.names.incident("inc_1"), json.dumps({"headline": "Kharkiv struck"}))
    redis_client.zadd(settings.names.incidents, {"inc_1": 1})

    assert bash("incident", "m") == ["merge"]
    assert bash("incident", "") == ["show", "merge", "split", "correct", "retract", "audit", "inc_1"]
    assert bash("incident", "merge", "inc_1", "i") == ["inc_1"]
    assert bash("incident", "inc_1", "--j") == ["--json"]
    assert complete(in_fish("tocsin incident inc"), settings).stdout == "inc_1\tKharkiv struck\n"


@pytest.mark.usefixtures("house")
def test_what_is_shown_beside_an_id_can_not_speak_to_the_terminal(settings: Settings) -> None:
    assert complete(in_fish("tocsin subscriptions test "), settings).stdout == "sub_1\tnight desk\n"
    assert complete(in_fish("tocsin dead show "), settings).stdout == "art_1:1\tA [2J title\n"


def test_without_redis_nothing_is_said_started_or_made(settings: Settings, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    for url in ("", "unix:///nowhere/redis.sock", "no URL"):
        done = complete(
            in_bash("feeds", "remove", ""), settings, TOCSIN_REDIS_URL=url, TOCSIN_DATA_DIR=str(nowhere)
        )
        assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
    assert not nowhere.exists()


def test_a_redis_that_hangs_does_not_hold_up_a_hand_on_the_tab_key(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        done = complete(in_bash("feeds", "remove", ""), settings, TOCSIN_REDIS_URL=url)
        spent = time.monotonic() - begun
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
    # Redis' own timeout would take 5 s and be tried again; what is left is starting Python on a busy machine.
    assert spent < 4


def test_a_broken_setting_or_room_is_not_told_into_a_line_that_is_typed(settings: Settings) -> None:
    done = complete(in_bash("feeds", "remove", ""), settings, TOCSIN_POLL_INTERVAL="soon")
    assert (done.stdout.strip(), done.stderr) == ("", "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash, which is what is tested")
@pytest.mark.usefixtures("house")
def test_the_script_that_we_show_works_in_bash(settings: Settings) -> None:
    """The real script, sourced by the real shell, asked as the shell asks at a press of Tab."""
    asked = """
        eval "$(_TOCSIN_COMPLETE=source_bash tocsin)"
        complete -p tocsin
        COMP_WORDS=(tocsin feeds remove feed_2); COMP_CWORD=3
        _tocsin_completion tocsin
        echo "${COMPREPLY[@]}"
    """
    path = f"{TOCSIN.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", asked],
        env=environment(settings, PATH=path),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "complete -o default -F _tocsin_completion tocsin\nfeed_2\n"


@pytest.mark.parametrize(
    ("shell", "begins"),
    [("bash", "_tocsin_completion()"), ("zsh", "#compdef tocsin"), ("fish", "complete --command tocsin")],
)
def test_the_script_is_shown_and_installed_for_each_shell(
    settings: Settings, tmp_path: Path, shell: str, begins: str
) -> None:
    # Which shell runs us is found by looking at our parents; told by name, as here, where none is one.
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1", "HOME": str(tmp_path)}
    shown, installed = (
        subprocess.run(
            [sys.executable, "-m", "services.cli", option, shell],
            env=environment(settings, **named),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        for option in ("--show-completion", "--install-completion")
    )
    assert shown.returncode == installed.returncode == 0, shown.stderr + installed.stderr
    assert shown.stdout.startswith(begins)
    written = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(text.strip() == shown.stdout.strip() for text in written)
