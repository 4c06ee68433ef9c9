"""What `tocsin up` decides, without starting anything."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.cli import up
from services.cli.health import is_here
from services.cli.house import household
from services.cli.house.supervisor import Program
from shared.names import SERVICES
from shared.settings import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)


def test_a_service_without_a_beat_is_silent_only_after_its_time() -> None:
    young, old = NOW - up.SILENT_AFTER, NOW - up.SILENT_AFTER - timedelta(seconds=1)
    assert up.fallen_silent({"worker": young, "poller": old}, {}, NOW) == ["poller"]


def test_a_recent_beat_or_a_recent_start_is_a_sign_of_life() -> None:
    running = {"worker": LONG_AGO, "notifier": NOW}
    assert up.fallen_silent(running, {"worker": NOW, "notifier": LONG_AGO}, NOW) == []


def test_redis_has_no_heartbeat_and_is_never_called_silent() -> None:
    assert up.fallen_silent({"redis": LONG_AGO}, {}, NOW) == []


def test_children_are_told_where_redis_is_and_write_for_whoever_reads() -> None:
    config = Settings(_env_file=None, data_dir=Path("/somewhere"), worker_concurrency=3)
    members = household.household(config, None, "redis://example:1/0", 9)
    assert [member.name for member in members] == ["poller", "worker", "notifier", "api"]
    worker = members[1]
    assert isinstance(worker, Program)
    assert worker.environment["TOCSIN_REDIS_URL"] == "redis://example:1/0"
    assert worker.environment["TOCSIN_API_PORT"] == "9"
    assert "--concurrency=3" in worker.command
    assert "-Q" in worker.command


@pytest.mark.parametrize(
    ("chosen", "on_terminal", "form"),
    [
        ("auto", True, "console"),
        ("auto", False, "auto"),
        ("json", True, "json"),
        ("console", False, "console"),
    ],
)
def test_the_log_is_for_people_only_on_a_terminal(chosen: str, on_terminal: bool, form: str) -> None:
    assert household.log_format(chosen, on_terminal=on_terminal) == form


@pytest.mark.parametrize(
    ("instance", "here"),
    [("box-12", True), ("worker-9@box", True), ("box-2-12", False), ("other-12", False), ("up@other", False)],
)
def test_a_health_check_asks_after_this_host_only(instance: str, here: bool) -> None:
    assert is_here(instance, "box") is here


# ---- the attendant ----------------------------------------------------------------------------------

CONFIG = Settings(_env_file=None)
LATER = datetime(2100, 1, 1, tzinfo=UTC)


class Household:
    """Stands where the supervisor does; the story ends when ``enough`` was said and done."""

    def __init__(self, *, enough: int) -> None:
        self.stopping = asyncio.Event()
        self.running_since: Mapping[str, datetime] = {"worker": LONG_AGO}
        self.heard: list[str] = []
        self._enough = enough

    def say(self, line: str) -> None:
        self.heard.append(line)
        if len(self.heard) >= self._enough:
            self.stopping.set()

    def replace(self, name: str, why: str) -> None:
        self.say(f"{name} {why}")


async def _attended(
    household: Household, monkeypatch: pytest.MonkeyPatch, *looks: Any, greet: Any = lambda *_: ["ready"]
) -> list[str]:
    """What was heard while each look showed the next of ``looks``, or raised it; the last one repeats."""
    seen = iter(looks)

    def look(*_: Any) -> Any:
        shown = next(seen, looks[-1])
        if isinstance(shown, Exception):
            raise shown
        return shown

    monkeypatch.setattr(up, "_signs_of_life", look)
    monkeypatch.setattr(up.heartbeat, "EVERY", 0.001)
    supervisor: Any = household
    await up._attend(supervisor, CONFIG, "redis://h", 1, greet=greet)
    return household.heard


async def test_a_greeting_that_fails_is_told_and_the_services_are_looked_after_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def greet(*_: Any) -> list[str]:
        return [b"\xff".decode()]

    alive = dict.fromkeys(SERVICES, LATER)
    heard = await _attended(Household(enough=2), monkeypatch, alive, {}, greet=greet)
    assert heard[0].startswith("Tocsin is ready; the rest could not be told (UnicodeDecodeError: ")
    assert heard[0].endswith("see `tocsin doctor`")
    assert heard[1] == "worker has shown no sign of life for 120 s"


async def test_a_look_that_fails_is_told_once_and_the_next_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ValueError("no date")
    alive = dict.fromkeys(SERVICES, LATER)
    heard = await _attended(Household(enough=2), monkeypatch, broken, broken, broken, alive)
    assert heard == [
        "could not look after the services (ValueError: no date): see `tocsin doctor`",
        "ready",
    ]
