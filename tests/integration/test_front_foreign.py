"""Started where a `services`, a `shared` or a `celery.py` of somebody else lies: ours run, not those."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli import up, worker
from services.cli.house.supervisor import Program
from services.poller.reader import Readers, Task
from shared.names import SERVICES
from shared.settings import Settings
from tests.support.poller import NOW, entry, rss

FOREIGN = "raise SystemExit('a foreign module runs: ' + __name__)\n"


@pytest.fixture
def abroad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current directory: every name in it is one that our processes import."""
    directory = tmp_path / "abroad"
    for package in ("services", "shared"):
        (directory / package).mkdir(parents=True)
        (directory / package / "__init__.py").write_text(FOREIGN)
    for module in ("celery", "redis", "json", "typer"):
        (directory / f"{module}.py").write_text(FOREIGN)
    monkeypatch.chdir(directory)
    return directory


def _environment(settings: Settings) -> dict[str, str]:
    assert settings.redis_url is not None
    return {**os.environ, "TOCSIN_REDIS_URL": settings.redis_url, "TOCSIN_DATA_DIR": str(settings.data_dir)}


@pytest.mark.parametrize("service", SERVICES)
def test_the_children_of_up_are_ours(abroad: Path, settings: Settings, service: str) -> None:
    (child,) = (member for member in up.household(settings, None, "", 0) if member.name == service)
    assert isinstance(child, Program)
    # A setting of no use, so that each comes as far as its own code and then leaves.
    environment = {**os.environ, **child.environment, "TOCSIN_LOG_LEVEL": "LOUD"}
    done = subprocess.run(
        child.command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"tocsin {service}: TOCSIN_LOG_LEVEL")


def test_celery_is_ours_and_finds_our_application(abroad: Path, settings: Settings) -> None:
    line = worker.command(name="abroad", concurrency=1, log_level="INFO")
    with subprocess.Popen(
        line,
        env=_environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            assert running.stderr is not None
            said = []
            for words in running.stderr:
                said.append(words)
                if "ready" in words:
                    break
            assert "ready" in said[-1], said
        finally:
            os.killpg(running.pid, signal.SIGKILL)


async def test_the_readers_of_the_poller_are_ours(abroad: Path) -> None:
    readers = Readers(1)
    try:
        task = Task("feed_1", "https://herald.example.org/rss", "text/xml", NOW.isoformat())
        assert len((await readers.read(task, rss(entry(1)))).drafts) == 1
    finally:
        await readers.close()
