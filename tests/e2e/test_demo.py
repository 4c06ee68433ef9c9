"""``tocsin up --demo`` as a newcomer runs it: nothing configured, nothing installed, nothing left behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.system import wait_until

pytestmark = pytest.mark.timeout(300)

COMMAND = "make demo"
"""As the README has it."""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Runs a command with a home and temporary directory of its own; it writes to ``tmp_path/seen``."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()

    def run(*command: str, **environment: str) -> "subprocess.Popen[bytes]":
        plain = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
        with (tmp_path / "seen").open("wb") as seen:
            return subprocess.Popen(
                command,
                env={**plain, "HOME": str(home), "TMPDIR": str(temporary), "COLUMNS": "110", **environment},
                cwd=Path(__file__).parents[2],
                stdout=seen,
                stderr=seen,
                start_new_session=True,
                # A test run in the background of a script ignores Ctrl-C, and hands that on.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    return run


def traces(directory: Path) -> list[str]:
    """What is left of a demo: files in its home and temporary directory, processes started there."""
    files = [str(path) for name in ("home", "tmp") for path in (directory / name).iterdir()]
    processes = [
        str(entry)
        for entry in Path("/proc").glob("[0-9]*/environ")
        if _says(entry, f"TMPDIR={directory / 'tmp'}")
    ]
    return files + processes


def _says(environment: Path, what: str) -> bool:
    try:
        return what in environment.read_text(errors="replace").split("\0")
    except OSError:  # it ended as we looked, or is not ours
        return False


def test_the_demo_plays_to_its_end_whatever_this_user_has_set(start: Start, tmp_path: Path) -> None:
    settings = {
        "TOCSIN_REDIS_URL": "redis://127.0.0.1:1/0",
        "TOCSIN_POLL_INTERVAL": "999",
        "TOCSIN_KEY_PREFIX": "x",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    demo = start(*COMMAND.split(), f"VENV={sys.prefix}", **settings)

    assert demo.wait(200) == 0, (tmp_path / "seen").read_text()

    shown = (tmp_path / "seen").read_text()
    seen = " ".join(shown.split())  # whatever the width, a line may be broken
    bells = re.findall(r"● (\w+) incident", seen)
    assert bells.count("OPENED") >= 3
    assert {"UPDATED", "CORRECTED"} <= set(bells)
    # As many signed webhooks were believed, and as many messages went to Slack, as bells rang.
    assert seen.count("signature verified") == len(bells)
    assert f"{len(bells)} alerts about" in seen
    assert f"{len(bells)} messages went where Slack would be" in seen
    # Silence has its reason, and what to do next stands at the end.
    assert "quiet: a labour strike" in seen
    assert "feeds import --default" in "".join(shown.splitlines()[-8:])
    assert traces(tmp_path) == []


def test_ctrl_c_ends_the_demo_and_leaves_nothing(start: Start, tmp_path: Path) -> None:
    demo = start(sys.executable, "-m", "services.cli", "up", "--demo")
    wait_until(lambda: "OPENED incident" in (tmp_path / "seen").read_text(), "the first bell")
    os.kill(demo.pid, signal.SIGINT)

    assert demo.wait(60) == 130
    assert "Traceback" not in (tmp_path / "seen").read_text()
    assert traces(tmp_path) == []
