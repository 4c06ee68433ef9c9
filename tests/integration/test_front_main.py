"""The command line itself: help, version, exit codes."""

import os
import subprocess
import sys
import time

import pytest

from services.cli.main import COMMANDS, Command, build
from shared.errors import BadSetting
from tests.support.front import PATIENCE, tocsin


def _tocsin(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        env=clean | more,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_help_names_every_command_and_shows_how_to_begin() -> None:
    done = _tocsin("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert f"  {command.name} " in done.stdout
    assert "tocsin feeds add" in done.stdout


def test_help_is_quick_because_it_imports_no_room() -> None:
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        _tocsin("--help")
        spent.append(time.perf_counter() - begun)
    assert min(spent) < 0.5
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, services.cli.main as m; m.build(None); print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    ).stdout.split()
    assert not {"celery", "redis", "aiohttp", "fastapi", "lxml"} & set(loaded)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_its_room_and_its_help(command: Command) -> None:
    done = tocsin(command.name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"Usage: tocsin {command.name}" in done.stdout


def test_version() -> None:
    assert _tocsin("--version").stdout == "tocsin 0.1.0\n"


def test_an_unknown_command_is_bad_usage() -> None:
    done = _tocsin("ring")
    assert done.returncode == 2
    assert "ring" in done.stderr


def test_an_error_is_one_line_and_status_one() -> None:
    done = _tocsin("keys", "revoke", "nobody", TOCSIN_REDIS_URL="unix:///nowhere/redis.sock")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("tocsin: Redis does not answer")
    assert done.stderr.count("\n") == 1


def test_a_room_that_does_not_import_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "services.cli.keys", None)
    build("health")
    build(None)
    with pytest.raises(BadSetting, match="tocsin keys"):
        build("keys")
