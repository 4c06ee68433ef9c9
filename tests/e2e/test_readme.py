"""Every command of the README is typed, in the order of the page, and does what the page says."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_demo import COMMAND as DEMO
from tests.support.system import FeedServer, feed_server, wait_until

pytestmark = pytest.mark.timeout(300)

ROOT = Path(__file__).parents[2]
TITLE = "Gunmen of Boko Haram kill eleven soldiers in Borno, Nigeria"
SUMMARY = "Boko Haram fighters attacked an army post near Maiduguri on Monday and killed eleven soldiers."
ARCHIVE = '{"id": "a", "published_at": "2026-03-02T09:00:00Z", "title": "' + TITLE + '"}\n'

SHOWS = {
    "make run": "Tocsin is ready",
    ". .venv/bin/activate": "",
    "tocsin feeds import --default": r"\b[5-7]\d added, 0 known before, 0 refused",
    "tocsin tail --since 1h": r"Boko Haram",
    "tocsin subscribe slack": r"sub_[0-9a-f]+",
    "tocsin subscribe webhook": r"secret  whsec_",
    "tocsin subscriptions": r"(?s)(slack|webhook).*(slack|webhook)",
    "KEY=$(tocsin keys add dashboard": "",
    "curl": r'"headline":\s*"Gunmen of Boko Haram',
    "echo": r"ASSAULT clash",
    "tocsin classify article.txt": r"escalation \(score",
    "tocsin incidents": r"inc_[0-9a-f]{16}.*Boko Haram",
    "tocsin dyads": "Nigeria",
    "tocsin backtest archive.jsonl": r'"kind": "opened"',
}
"""What each command shows, by how its line begins; a new line in the README needs a line here."""
END = "-- so far --"
FOLLOWS = ("make run", "tocsin tail")
"""Commands that run until they are stopped."""


def blocks() -> list[list[str]]:
    """The README's shell blocks, line by line, without their comments."""
    found = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    lines = [[re.sub(r"\s+#.*", "", line) for line in block.splitlines()] for block in found]
    return [[line for line in block if line] for block in lines]


def commands() -> list[str]:
    return [line for block in blocks() for line in block]


def expected(command: str) -> str:
    return next(shows for begins, shows in SHOWS.items() if command.startswith(begins))


class Desk:
    """A newcomer's terminal: a home of its own, the README open, feeds on loopback that carry one story."""

    def __init__(self, directory: Path, feeds: FeedServer) -> None:
        self.directory = directory
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")},
            "HOME": str(directory),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TOCSIN_DATA_DIR": str(directory / "data"),
            "TOCSIN_API_PORT": str(self.port),
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_POLL_INTERVAL": "1",
            "COLUMNS": "120",
        }
        (directory / "article.txt").write_text(f"{TITLE}\n\n{SUMMARY}\n")
        (directory / "archive.jsonl").write_text(ARCHIVE)
        self.feeds = feeds
        self.running: list[subprocess.Popen[bytes]] = []

    def follows(self, command: str) -> Path:
        """Leave a command running; returns the file that its output goes to."""
        seen = self.directory / f"seen{len(self.running)}"
        with seen.open("wb") as out:
            self.running.append(
                subprocess.Popen(
                    ["bash", "-c", f"exec {self._here(command)}"],
                    stdout=out,
                    stderr=out,
                    env=self.environment,
                    cwd=ROOT if command.startswith("make") else self.directory,
                    start_new_session=True,
                )
            )
        return seen

    def sees(self, pattern: str, where: Path) -> None:
        wait_until(lambda: re.search(pattern, where.read_text()), pattern)

    def types(self, lines: list[str]) -> dict[str, str]:
        """What each line says, typed one after another into one shell; none may fail."""
        script = "\n".join(f"{self._here(line)}\necho '{END}'" for line in lines)
        environment = dict(self.environment)
        if any(line.startswith("tocsin feeds") for line in lines):
            # A house without a poller: what the page names must not be asked for from a test.
            environment["TOCSIN_DATA_DIR"] += "-unpolled"
        done = subprocess.run(
            ["bash", "-c", f"set -eu\n{script}"],
            env=environment,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return dict(zip(lines, done.stdout.split(f"{END}\n"), strict=False))

    def _here(self, command: str) -> str:
        """The line as it stands in the README, at this machine's port and environment."""
        command = command.replace("127.0.0.1:8600", f"127.0.0.1:{self.port}")
        command = command.replace(". .venv/bin/activate", f". {sys.prefix}/bin/activate")
        return f"{command} VENV={sys.prefix}" if command.startswith("make") else command

    def gets_news(self) -> None:
        """Add our own feed to the house that runs, with one story in it."""
        self.feeds.publishes("/desk", TITLE, SUMMARY)
        add = [sys.executable, "-m", "services.cli", "feeds", "add", f"{self.feeds.url}/desk"]
        subprocess.run(add, env=self.environment, cwd=ROOT, check=True, capture_output=True)

    def leaves(self) -> None:
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            process.wait(60)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with feed_server() as feeds:
        one = Desk(tmp_path, feeds)
        try:
            yield one
        finally:
            one.leaves()


def test_each_command_has_its_expectation() -> None:
    typed = [command for command in commands() if command != DEMO]
    for command in typed:
        assert any(command.startswith(begins) for begins in SHOWS), command
    for begins in SHOWS:
        assert any(command.startswith(begins) for command in typed), f"the README has lost {begins!r}"


def test_the_demo_is_what_the_page_begins_with() -> None:
    """``test_demo`` plays it to its end."""
    assert commands()[0] == DEMO


def test_the_rest_of_the_page_does_what_it_says(desk: Desk) -> None:
    without_curl = shutil.which("curl") is None
    for block in blocks()[1:]:
        if without_curl:
            block = [line for line in block if not line.startswith("curl")]
        for line, said in desk.types([line for line in block if not line.startswith(FOLLOWS)]).items():
            assert re.search(expected(line), said), f"{line}\n{said}"
        for line in block:
            if line.startswith(FOLLOWS):
                desk.sees(expected(line), desk.follows(line))
        if "make run" in block:
            desk.gets_news()
    if without_curl:
        pytest.skip("all but one line was typed: the README asks the api with curl, which is not here")
