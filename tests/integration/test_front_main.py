"""The command line itself: help, version, exit codes."""

import os
import re
import subprocess
import sys
import time

import pytest

from services.cli.commands import COMMANDS, Command
from services.cli.main import build
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


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_names_every_command_and_shows_how_to_begin(words: tuple[str, ...]) -> None:
    done = _tocsin(*words)
    assert (done.returncode, done.stderr) == (0, "")
    for command in COMMANDS:
        assert f"  {command.name} " in done.stdout
    first = re.findall(r"tocsin \w+.*", done.stdout.partition("Options:")[0])[0]
    assert first == "tocsin up --demo"
    assert "Exit codes: 0 done, 1 failed or partly failed, 2 bad usage, 130 interrupted" in done.stdout


def test_a_group_alone_is_bad_usage_and_shows_its_help() -> None:
    done = _tocsin("feeds")
    assert (done.returncode, done.stdout) == (2, "")
    assert "tocsin feeds import --default" in done.stderr


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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ring",), "tocsin: no such command 'ring'. See `tocsin --help`."),
        (("fedes",), "tocsin: no such command 'fedes'. Did you mean 'feeds'? See `tocsin --help`."),
        (
            ("feeds", "ad"),
            "tocsin: no such command 'ad'. Did you mean 'add'? See `tocsin feeds --help`.",
        ),
        (("--loud",), "tocsin: no such option: --loud. See `tocsin --help`."),
        (("feeds", "list", "--jsn"), "no such option: --jsn (Possible options: --json). See `tocsin feeds"),
        (("feeds", "add"), "tocsin: missing argument 'URL...'. See `tocsin feeds add --help`."),
        (("feeds", "list", "more"), "(more). See `tocsin feeds list --help`."),
        (("feeds", "add", "x", "--interval", "soon"), "invalid value for '--interval': "),
        (("feeds", "add", "x", "--interval", "0"), "invalid value for '--interval': "),
        (("keys", "add", "x", "--scope", "all"), "'--scope': 'all' is not one of 'read', 'write', 'admin'"),
        (("health", "tea"), "'tea' is not one of 'poller', 'worker', 'notifier', 'api', 'redis'"),
        (("tail", "--since"), "option '--since' requires an argument. See `tocsin tail --help`."),
        (("ring\x1b[2J",), "tocsin: no such command"),
    ],
)
def test_misuse_is_one_line_that_shows_where_help_is(words: tuple[str, ...], said: str) -> None:
    done = tocsin(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert re.fullmatch(r"tocsin: .* See `tocsin.* --help`\.\n", done.stderr)
    assert "\x1b" not in done.stderr


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
