"""What `tocsin up` decides, without starting anything."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.cli import household, up
from services.cli.health import is_here
from services.cli.supervisor import Program
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
