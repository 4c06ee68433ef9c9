"""A service's life as its operator sees it: signals in, exit codes and one clear line out."""

import os
import signal
import subprocess
import sys

import pytest

from tests.support.front import PATIENCE

SERVICE = """
import asyncio, sys
from shared import lifecycle
from shared.errors import StoreUnavailable

async def serve(settings, redis_url, stop):
    print("serving", redis_url, flush=True)
    {body}

sys.exit(lifecycle.run("poller", serve))
"""


def _service(body: str, redis_url: str, **more: str) -> "subprocess.Popen[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    return subprocess.Popen(
        [sys.executable, "-c", SERVICE.format(body=body)],
        env=clean | {"TOCSIN_REDIS_URL": redis_url} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_it_drain_and_leave_with_zero(redis_url: str, signum: int) -> None:
    with _service("await stop.wait(); print('drained', flush=True)", redis_url) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == f"serving {redis_url}\n"
        running.send_signal(signum)
        said, complained = running.communicate(timeout=PATIENCE)
    assert (running.returncode, said, complained) == (0, "drained\n", "")


def test_a_second_signal_ends_a_drain_that_hangs(redis_url: str) -> None:
    body = "await stop.wait(); print('draining', flush=True); await asyncio.Event().wait()"
    with _service(body, redis_url) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        assert running.stdout.readline() == "draining\n"
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=PATIENCE)
    assert running.returncode == 1


@pytest.mark.parametrize(
    "body",
    [
        "raise StoreUnavailable('Redis went to lunch: wait')",
        "async with asyncio.TaskGroup() as g: g.create_task(fail())\n"
        "async def fail(): raise StoreUnavailable('Redis went to lunch: wait')",
    ],
)
def test_an_error_of_ours_is_one_line_and_status_one(redis_url: str, body: str) -> None:
    with _service(body, redis_url) as running:
        _, complained = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert complained == "tocsin poller: Redis went to lunch: wait\n"


def test_a_password_in_the_line_is_masked(redis_url: str) -> None:
    with _service("raise StoreUnavailable(redis_url)", "redis://me:hush@box/0") as running:
        _, complained = running.communicate(timeout=PATIENCE)
    assert "hush" not in complained


def test_a_bad_setting_is_one_line_that_names_it(redis_url: str) -> None:
    with _service("pass", redis_url, TOCSIN_POLL_INTERVAL="soon") as running:
        _, complained = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert "TOCSIN_POLL_INTERVAL" in complained
    assert complained.count("\n") == 1


def test_without_redis_the_line_says_how_to_get_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = str(tmp_path_factory.getbasetemp() / "nowhere")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    done = subprocess.run(
        [sys.executable, "-c", SERVICE.format(body="pass")],
        env=clean | {"TOCSIN_DATA_DIR": nowhere},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert "tocsin up" in done.stderr
    assert "TOCSIN_REDIS_URL" in done.stderr
