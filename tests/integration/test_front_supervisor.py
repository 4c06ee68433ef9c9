"""The supervisor with tiny programs: what it hands on, restarts, stops, and never leaves behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.cli import up
from services.cli.house import restarts
from services.cli.house.supervisor import Member, PrivateRedis, Supervisor
from shared.embedded import Server
from shared.errors import BadSetting, StoreUnavailable
from shared.settings import Settings
from shared.store import connect
from tests.support.front import (
    PATIENCE,
    Heard,
    board,
    eventually,
    free_port,
    program,
    runs,
    steady,
    taken_port,
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "FIRST_WAIT", 0.02)
    monkeypatch.setattr(restarts, "LONGEST_WAIT", 0.05)


@asynccontextmanager
async def household(
    members: Sequence[Member], heard: Heard, *, drain_within: float = 5, echo: float = 0
) -> AsyncIterator[Supervisor]:
    """A running supervisor; at the end it is asked to stop, if it was not, and must."""
    names = [member.name for member in members]
    supervisor = Supervisor(members, board(heard, *names), drain=names, drain_within=drain_within, echo=echo)
    work = asyncio.create_task(supervisor.run())
    try:
        yield supervisor
        if not supervisor.stopping.is_set():
            supervisor.interrupt()
        await asyncio.wait_for(work, PATIENCE)
    finally:
        for member in members:
            member.kill()
        work.cancel()


async def test_what_members_say_stands_under_their_names() -> None:
    heard = Heard()
    loud = program("loud", "import sys, signal\nprint('out')\nprint('err', file=sys.stderr)\nsignal.pause()")
    async with household([steady("calm"), loud], heard):
        await heard.until("calm   | up")
        await heard.until("loud   | out")
        await heard.until("loud   | err")


async def test_one_that_ends_is_started_again_and_said_so() -> None:
    heard = Heard()
    frail = program("frail", "print('hello')\nraise SystemExit(3)")
    async with household([steady("a"), frail], heard) as supervisor:
        await heard.until("frail  | hello", count=3)
        assert "ended with status 3; starting it again" in await heard.until("starting it again")
        assert "2 times in a row" in await heard.until("starting it again", count=2)
        assert supervisor.ended_in_a_row == {"frail": 2}


async def test_one_that_is_killed_comes_back_and_the_others_never_notice() -> None:
    heard = Heard()
    async with household([steady("a"), steady("b")], heard):
        await heard.until("b      | up")
        os.kill(int((await heard.until("a      | up")).split()[-1]), signal.SIGKILL)
        await heard.until("a was ended by SIGKILL")
        await heard.until("a      | up", count=2)
        assert len([line for line in heard.lines if "b      | up" in line]) == 1


async def test_a_deaf_one_is_replaced() -> None:
    heard = Heard()
    async with household([steady("a")], heard) as supervisor:
        await heard.until("a      | up")
        supervisor.replace("a", "has shown no sign of life")
        await heard.until("a      | up", count=2)


async def test_members_stop_one_after_the_other_in_order() -> None:
    heard = Heard()
    async with household([steady(name) for name in ("first", "second", "third")], heard) as supervisor:
        for name in ("first", "second", "third"):
            await heard.until(f"{name:<6} | up")
        supervisor.interrupt()
    told = [line for line in heard.lines if "bye" in line or "finishing" in line or "stopped" in line]
    assert [line.split("|")[1].strip() for line in told] == [
        *("first: finishing", "bye", "second: finishing", "bye", "third: finishing", "bye"),
        "stopped",
    ]


STUBBORN = (
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up')\nwhile True: signal.pause()"
)


async def test_one_that_does_not_finish_in_time_is_killed() -> None:
    heard = Heard()
    async with household([program("mule", STUBBORN), steady("calm")], heard, drain_within=0.2) as supervisor:
        await heard.until("mule   | up")
        await heard.until("calm   | up")
        supervisor.interrupt()
    assert any("mule did not finish within" in line for line in heard.lines)
    assert any("calm   | bye" in line for line in heard.lines)


async def test_a_second_interrupt_kills_at_once() -> None:
    heard = Heard()
    async with household([program("mule", STUBBORN)], heard, drain_within=60) as supervisor:
        await heard.until("mule   | up")
        supervisor.interrupt()
        await heard.until("mule: finishing")
        supervisor.interrupt()
    assert any("killing what still runs" in line for line in heard.lines)


async def test_a_signal_that_arrives_twice_at_once_still_drains() -> None:
    heard = Heard()
    async with household([steady("calm")], heard, echo=60) as supervisor:
        await heard.until("calm   | up")
        supervisor.interrupt()
        supervisor.interrupt()
    assert any("calm   | bye" in line for line in heard.lines)
    assert not any("killing" in line for line in heard.lines)


async def test_stopping_while_one_waits_to_be_started_again_starts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restarts, "FIRST_WAIT", 60)
    monkeypatch.setattr(restarts, "LONGEST_WAIT", 60)
    heard = Heard()
    async with household([program("frail", "print('hello')")], heard):
        await heard.until("starting it again")
    assert len([line for line in heard.lines if "hello" in line]) == 1


async def test_what_a_member_left_running_is_gone_before_its_successor_comes() -> None:
    heard = Heard()
    parent = program(
        "parent",
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "print('child', child.pid)\n",
    )
    async with household([parent], heard):
        child = int((await heard.until("| child")).split()[-1])
        await heard.until("starting it again")
        eventually(lambda: not runs(child))


async def test_one_that_can_not_be_started_stops_the_rest_and_is_told() -> None:
    class Hopeless:
        name = "redis"

        async def start(self, _say: object) -> None:
            raise StoreUnavailable("its directory is in use")

        async def ended(self) -> int:
            return 0

        def ask_to_stop(self) -> None:
            pass

        def kill(self) -> None:
            pass

    heard = Heard()
    first = steady("first")
    supervisor = Supervisor([first, Hopeless()], board(heard, "first"), drain=["first", "redis"])
    with pytest.raises(StoreUnavailable, match="in use"):
        await supervisor.run()
    assert any("stopped" in line for line in heard.lines)


async def test_a_private_redis_that_dies_comes_back_with_its_data(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    place = Settings(_env_file=None, redis_url=None, data_dir=tmp_path_factory.getbasetemp() / "kept")
    server = Server(place)
    heard = Heard()
    async with household([PrivateRedis(server), steady("api")], heard):
        await heard.until("redis  | answers on")
        with connect(server.url) as client:
            client.set("bell", "rings")
        assert server.process is not None
        server.process.kill()
        await heard.until("redis was ended by SIGKILL")
        await heard.until("redis  | answers on", count=2)
        with connect(server.url) as client:
            assert client.get("bell") == "rings"
    assert not server.socket.exists()
    server.stop()


async def test_one_that_is_told_to_stop_while_it_starts_is_waited_for() -> None:
    class Slow:
        """A member whose start says so and then takes until it is asked to stop; its end takes a while."""

        name = "slow"

        def __init__(self) -> None:
            self.asked = asyncio.Event()
            self.over = asyncio.Event()

        async def start(self, say: Callable[[str], None]) -> None:
            say("starting")
            await self.asked.wait()

        async def ended(self) -> int:
            asyncio.get_running_loop().call_later(0.05, self.over.set)
            await self.over.wait()
            return 0

        def ask_to_stop(self) -> None:
            self.asked.set()

        def kill(self) -> None:
            pass

    heard = Heard()
    slow = Slow()
    async with household([slow], heard) as supervisor:
        await heard.until("slow   | starting")
        supervisor.interrupt()
    assert slow.over.is_set()


KEEPER = """
import asyncio, sys
from services.cli.house.output import Board
from services.cli.house.supervisor import Program, Supervisor
child = [sys.executable, "-u", "-c", "import os, signal; print('up', os.getpid()); signal.pause()"]
members = [Program("one", child), Program("two", child)]
asyncio.run(Supervisor(members, Board(["tocsin", "one", "two"]), drain=["one", "two"]).run())
"""


def _keeper() -> tuple["subprocess.Popen[str]", list[int]]:
    keeper = subprocess.Popen(
        [sys.executable, "-u", "-c", KEEPER], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert keeper.stdout is not None
    return keeper, [int(keeper.stdout.readline().split()[-1]) for _ in range(2)]


def test_a_killed_supervisor_leaves_no_orphans() -> None:
    keeper, children = _keeper()
    assert all(runs(child) for child in children)
    keeper.kill()
    keeper.communicate(timeout=PATIENCE)
    eventually(lambda: not any(runs(child) for child in children))


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_usual_signal_is_a_clean_stop(signum: int) -> None:
    keeper, children = _keeper()
    keeper.send_signal(signum)
    said, _ = keeper.communicate(timeout=PATIENCE)
    assert keeper.returncode == 0
    assert "stopped" in said
    assert not any(runs(child) for child in children)


# ---- before anything starts -------------------------------------------------------------------------


def test_a_taken_port_names_the_setting_to_change() -> None:
    with (
        taken_port() as port,
        pytest.raises(BadSetting, match=rf"127.0.0.1:{port}.*TOCSIN_API_PORT={port + 1}"),
    ):
        up.free_port("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "[::1]", "2001:db8::1"])
def test_an_address_that_is_not_ours_names_its_setting(host: str) -> None:
    with pytest.raises(BadSetting, match="TOCSIN_API_HOST"):
        up.free_port(host, 0)


def test_port_zero_becomes_a_real_one() -> None:
    assert up.free_port("127.0.0.1", 0) > 1024


def _tocsin_up(data_dir: Path, port: int, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    environment |= {"TOCSIN_DATA_DIR": str(data_dir), "TOCSIN_API_PORT": str(port), **more}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "up"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_up_with_a_taken_port_starts_nothing_and_says_one_line(tmp_path: Path) -> None:
    with taken_port() as port:
        done = _tocsin_up(tmp_path / "data", port)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"tocsin: The api can't listen on 127.0.0.1:{port}")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_up_with_a_key_that_can_not_seal_starts_nothing_and_says_one_line(tmp_path: Path) -> None:
    done = _tocsin_up(tmp_path / "data", free_port(), TOCSIN_SECRET_KEY="not a key")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("tocsin: TOCSIN_SECRET_KEY is not a key")
    assert done.stderr.count("\n") == 1


def test_up_beside_another_up_starts_nothing_and_says_one_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data_dir = tmp_path_factory.getbasetemp() / "busy"
    with Server(Settings(_env_file=None, redis_url=None, data_dir=data_dir)):
        done = _tocsin_up(data_dir, free_port())
        with taken_port() as port:
            same_port = _tocsin_up(data_dir, port)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"in use by another Tocsin (process {os.getpid()})" in done.stderr
    assert done.stderr.count("\n") == 1
    assert same_port.returncode == 1
    assert "Tocsin runs already" in same_port.stderr
