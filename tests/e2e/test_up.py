"""``tocsin up`` as a newcomer runs it: it starts, says so, rings, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.system import feed_server, wait_until

pytestmark = pytest.mark.timeout(240)

TITLE = "Gunmen of Boko Haram kill eleven soldiers in Borno, Nigeria"
SUMMARY = (
    "Boko Haram fighters attacked an army post near Maiduguri on Monday and killed eleven Nigerian soldiers."
)


class Installation:
    """A data directory of its own and a free port, and the commands a user types against them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")},
            "TOCSIN_DATA_DIR": str(directory / "data"),
            "TOCSIN_API_PORT": str(self.port),
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_POLL_INTERVAL": "1",
        }
        self.log = directory / "up.log"

    def up(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "services.cli", "up"],
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd=Path(__file__).parents[2],
            )

    def types(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "services.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).parents[2],
        )

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def asks(self, path: str) -> tuple[int, str]:
        token = (self.directory / "data" / "admin.token").read_text().strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (loopback)
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as exc:
            return exc.code, exc.read().decode()


@pytest.fixture
def installation() -> Iterator[Installation]:
    directory = Path(tempfile.mkdtemp(prefix="tocsin-up-"))
    try:
        yield Installation(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _mine(directory: Path) -> list[str]:
    """Command lines of the processes that still run for this installation."""
    found = []
    for entry in Path("/proc").iterdir() if Path("/proc").exists() else ():
        try:
            if entry.name.isdigit() and str(directory).encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def test_up_rings_and_leaves_nothing_behind(installation: Installation) -> None:
    process = installation.up()
    try:
        wait_until(lambda: "Tocsin is ready" in installation.said(), f"it is ready; {installation.said()}")
        assert installation.asks("/healthz")[0] == 200
        assert installation.asks("/readyz")[0] == 200

        with feed_server() as feeds:
            feeds.publishes("/harbour", TITLE, SUMMARY)
            added = installation.types("feeds", "add", feeds.url + "/harbour")
            assert added.returncode == 0, added.stderr
            wait_until(
                lambda: TITLE in installation.asks("/v1/alerts")[1], f"it rings; {installation.said()}"
            )

        assert "tocsin_" in installation.asks("/metrics")[1]
        second = installation.types("up")
        assert second.returncode == 1
        assert "TOCSIN_API_PORT" in second.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
    assert code == 0, installation.said()
    assert _mine(installation.directory) == []
    assert "Traceback" not in installation.said()

    # What was rung is still there the next time.
    listed = installation.types("feeds", "list", "--json")
    assert "/harbour" in listed.stdout, listed.stderr


def test_a_killed_supervisor_leaves_no_orphans(installation: Installation) -> None:
    process = installation.up()
    wait_until(lambda: "Tocsin is ready" in installation.said(), "it is ready")
    process.kill()
    process.wait(10)

    wait_until(lambda: _mine(installation.directory) == [], f"all are gone: {_mine(installation.directory)}")


def _shown(said: str) -> list[str]:
    """The lines of the supervisor itself, without its name in front."""
    return [line.partition("| ")[2] for line in said.splitlines() if line.startswith("tocsin ")]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_shows_the_way_and_the_second_only_counts(installation: Installation) -> None:
    process = installation.up()
    try:
        wait_until(
            lambda: "as they ring" in "".join(_shown(installation.said())),
            f"all is said; {installation.said()}",
        )
        data = installation.directory / "data"
        assert _mode(data) == 0o700
        assert _mode(data / "secret.key") == _mode(data / "admin.token") == 0o600

        shown = _shown(installation.said())
        assert f"Tocsin is ready on http://127.0.0.1:{installation.port}" in shown
        way = [line.partition("#")[0].strip() for line in shown if line.startswith("  ")]
        (import_,) = (line for line in way if line.endswith(" feeds import --default"))
        assert any(line.endswith(" subscribe slack URL") for line in way)
        assert any(line.endswith(" tail") for line in way)

        # Typed in another terminal, where nothing is set and nothing activated.
        before = [line for line in way if line.startswith(("cd ", "export "))]
        typed = "\n".join(
            [*before, import_.replace("import --default", "add https://herald.example.org/rss")]
        )
        done = subprocess.run(
            ["sh", "-e", "-c", typed],
            env={"PATH": "/usr/bin:/bin", "HOME": str(installation.directory)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd="/",
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("added")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, installation.said()

    installation.log.unlink()
    process = installation.up()
    try:
        wait_until(lambda: "Tocsin is ready" in installation.said(), f"it is ready; {installation.said()}")
        assert f"Tocsin is ready on http://127.0.0.1:{installation.port}: 1 feed, 0 subscriptions" in _shown(
            installation.said()
        )
        assert "admin.token" not in installation.said()
        examined = installation.types("doctor", "--json")
        assert examined.returncode == 0, examined.stdout + examined.stderr
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
