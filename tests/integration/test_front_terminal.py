"""``classify`` and ``backtest`` at a terminal: who types is asked for text, who waits sees how far it is."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import DeadLetter
from shared.settings import Settings
from tests.support.front import PATIENCE
from tests.support.notifier import NOON

LINE = json.dumps(
    {"id": "a1", "published_at": "2024-03-14T09:00:00Z", "title": "Car bomb kills six in Mogadishu"}
)


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: the one that a person holds, the one that a program sees."""
    person, program = pty.openpty()
    try:
        yield person, program
    finally:
        os.close(person)
        os.close(program)


def what_was_shown(person: int) -> str:
    """All that the program has written to the terminal so far."""
    os.set_blocking(person, False)
    shown = b""
    with suppress(BlockingIOError):
        while chunk := os.read(person, 65_536):
            shown += chunk
    return shown.decode()


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "services.cli", *words]


@pytest.mark.parametrize(
    ("words", "typed"), [(("classify",), "Title"), (("classify", "--jsonl"), LINE), (("backtest",), LINE)]
)
def test_who_types_is_told_what_is_waited_for(words: tuple[str, ...], typed: str) -> None:
    with terminal() as (person, program):
        os.write(person, f"{typed}\n\x04".encode())
        done = subprocess.run(
            command(*words), stdin=program, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Waiting for ")
    assert "Ctrl-D" in done.stderr


@pytest.mark.parametrize("words", [("classify", "--jsonl"), ("backtest",)])
def test_what_goes_to_a_file_goes_there_while_a_terminal_shows_how_far(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    archive, out = tmp_path / "archive.jsonl", tmp_path / "out.jsonl"
    archive.write_text(f"{LINE}\nnonsense\n")
    with terminal() as (person, program), out.open("w") as stdout:
        done = subprocess.run(
            command(*words, str(archive)),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=program,
            timeout=PATIENCE,
            check=False,
        )
        shown = what_was_shown(person)
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in out.read_text().splitlines()] == ["a1"]
    assert "line 2: not JSON" in shown
    assert LINE[:20] not in shown


OPML = "".join(
    f'<outline type="rss" text="Herald {number}" xmlUrl="https://{number}.example.org/"/>'
    for number in range(9)
)


@pytest.mark.parametrize("at_terminal", [True, False])
def test_long_work_on_redis_shows_how_far_it_is_to_a_person_only(
    settings: Settings, redis_client: Any, tmp_path: Path, at_terminal: bool
) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(f'<opml version="2.0"><body>{OPML}</body></opml>')
    for number in range(9):
        letter = DeadLetter(key=f"art_{number}:1", reason="r", error="e", at=NOON, attempts=3)
        redis_client.hset(settings.names.dead, letter.key, letter.to_json())
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    for words, doing in (
        (("feeds", "import", str(file)), "importing"),
        (("dead", "replay", "--all"), "replaying"),
    ):
        with terminal() as (person, program):
            done = subprocess.run(
                command(*words),
                env=clean | {"TOCSIN_REDIS_URL": settings.redis_url or "", "TERM": "xterm"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=program if at_terminal else subprocess.PIPE,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            shown = what_was_shown(person) if at_terminal else done.stderr
        assert done.returncode == 0
        assert done.stdout.startswith("9 ")
        assert "\x1b" not in done.stdout
        assert ((doing in shown) and ("9/9" in shown)) is at_terminal
        assert at_terminal or shown == ""
