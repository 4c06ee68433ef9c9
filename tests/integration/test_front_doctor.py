"""`tocsin doctor` on real servers, sockets and directories: what it sees, and that it leaves no trace."""

import asyncio
import json
import os
import re
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.cli.checks import attempt, server
from shared import embedded, feeds, heartbeat, server_binary
from shared.embedded import Server
from shared.locks import Lock
from shared.names import SERVICES
from shared.settings import Settings
from shared.store import connect
from shared.subscriptions import Register, new_slack
from shared.vault import open_vault
from tests.support.front import free_port, serving, taken_port, tocsin
from tests.support.system import feed_server

if TYPE_CHECKING:
    import redis

SLACK = "https://hooks.slack.com/services/T0/B0/XXXXXXXX"
TEST = "127.0.0.0/8"


class Told:
    """What the doctor said, line by line, and how it left."""

    def __init__(self, code: int, printed: str) -> None:
        self.code = code
        self.findings: list[dict[str, str]] = [json.loads(line) for line in printed.splitlines()]

    def of(self, check: str) -> list[str]:
        """``verdict: sentence`` of each line about this."""
        return [f"{each['verdict']}: {each['says']}" for each in self.findings if each["check"] == check]

    def worse(self) -> list[str]:
        """``check verdict`` of all that is not ok."""
        return [f"{each['check']} {each['verdict']}" for each in self.findings if each["verdict"] != "ok"]


Ask = Callable[..., Told]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the doctor about an installation in a directory of its own, with more of the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(server, "SLOW", 60)  # a machine that runs many tests at once is no finding

    def examined(*arguments: str, **more: str) -> Told:
        environment = {"TOCSIN_DATA_DIR": str(tmp_path / "data"), "TOCSIN_API_PORT": str(free_port()), **more}
        done = tocsin("doctor", *arguments, "--json", **environment)
        assert done.stderr == ""
        return Told(done.returncode, done.stdout)

    return examined


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, "redis.Redis"]]:
    """A server of this test's own, to be set up badly: its URL, and a client of it."""
    data = tmp_path_factory.getbasetemp() / f"doctor-{time.monotonic_ns()}"
    with (
        Server(Settings(_env_file=None, redis_url=None, data_dir=data)) as running,
        connect(running.url) as client,
    ):
        yield running.url, client


def _everything(client: Any) -> dict[str, bytes | None]:
    """All that lies in Redis, to be compared."""
    return {key: client.execute_command("DUMP", key, NEVER_DECODE=[]) for key in sorted(client.keys("*"))}


@pytest.fixture
def alive(settings: Settings, redis_client: "redis.Redis") -> Settings:
    """An installation with a feed, a subscription, and every service alive."""
    now = datetime.now(UTC)
    for service in SERVICES:
        heartbeat.mark(redis_client, settings.names, service, f"{service}-1", now)
    feed, _ = feeds.add(redis_client, settings, "https://herald.example.org/rss", now=now, title="Herald")
    well = feed.model_copy(update={"polled_at": now, "succeeded_at": now})
    redis_client.hset(settings.names.feeds, feed.id, well.to_json())
    made = new_slack(SLACK, settings=settings, vault=open_vault(settings), now=now)
    Register(redis_client, settings.names).add(made)
    return settings


def _on(settings: Settings) -> dict[str, str]:
    assert settings.redis_url is not None
    return {"TOCSIN_REDIS_URL": settings.redis_url}


# ---- all is well, or nothing is there yet --------------------------------------------------------


def test_a_well_installation_is_called_well_and_left_as_it_was(
    ask: Ask, alive: Settings, redis_client: "redis.Redis", tmp_path: Path
) -> None:
    redis_client.sadd(alive.names.instances("worker"), "long-gone")
    before, files = _everything(redis_client), sorted(tmp_path.rglob("*"))
    told = ask(**_on(alive))
    assert told.worse() == []
    assert told.code == 0
    assert "opens all that was sealed" in told.of("key")[0]
    assert _everything(redis_client) == before
    assert sorted(tmp_path.rglob("*")) == files


def test_people_get_a_table_that_ends_with_the_sum_and_is_cut_nowhere(
    alive: Settings, tmp_path: Path
) -> None:
    environment = {**_on(alive), "TOCSIN_DATA_DIR": str(tmp_path / ("x" * 150)), "COLUMNS": "80"}
    ran = tocsin("doctor", TOCSIN_API_PORT=str(free_port()), **environment)
    assert ran.returncode == 1, "the key is elsewhere"
    assert re.search(r"^ok +redis +Valkey .* answers within", ran.stdout, re.MULTILINE)
    assert "x" * 150 in ran.stdout
    assert ran.stdout.endswith("\n\n1 fault.\n")


def test_before_the_first_start_nothing_is_a_fault_and_nothing_is_made(ask: Ask, tmp_path: Path) -> None:
    told = ask()
    assert told.code == 0
    assert told.worse() == ["redis warning", "records warning"]
    assert "can be started" in told.of("redis")[0]
    assert list(tmp_path.iterdir()) == []


def test_the_private_redis_is_found_while_it_runs(ask: Ask, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.getbasetemp() / "doctor-private"
    with Server(Settings(_env_file=None, redis_url=None, data_dir=data)):
        told = ask(TOCSIN_DATA_DIR=str(data))
    assert told.of("redis")[0].startswith("ok: Valkey")
    assert told.worse() == ["feeds warning", "services warning"]


# ---- redis ---------------------------------------------------------------------------------------


def test_a_redis_that_evicts_and_does_not_append_is_told(ask: Ask, own: tuple[str, "redis.Redis"]) -> None:
    url, client = own
    client.config_set("maxmemory-policy", "allkeys-lru")
    client.config_set("appendonly", "no")
    told = ask(TOCSIN_REDIS_URL=url)
    evicts, forgets = told.of("redis")
    assert "fault" in evicts
    assert "allkeys-lru" in evicts
    assert "warning" in forgets
    assert "append-only" in forgets
    assert told.code == 1


def test_a_redis_that_demands_a_password_is_told_and_the_wrong_one_not_repeated(
    ask: Ask, own: tuple[str, "redis.Redis"]
) -> None:
    url, client = own
    client.config_set("requirepass", "open sesame")
    try:
        for given in (url, f"{url}?password=hush"):
            told = ask(TOCSIN_REDIS_URL=given)
            assert "wants another password" in told.of("redis")[0]
            assert "hush" not in json.dumps(told.findings)
            assert told.worse() == ["redis fault", "records warning"]
    finally:
        client.config_set("requirepass", "")


def test_a_user_who_may_not_ask_is_told(ask: Ask, own: tuple[str, Any]) -> None:
    url, client = own
    client.execute_command("ACL", "SETUSER", "guest", "on", "nopass", "+ping", "+client")
    told = ask(TOCSIN_REDIS_URL=f"{url}?username=guest&password=any")
    assert "forbids its user to do that" in told.of("redis")[0]


def test_a_database_that_is_not_there_is_told(ask: Ask, own: tuple[str, Any]) -> None:
    told = ask(TOCSIN_REDIS_URL=f"{own[0]}?db=99")
    assert "has fewer databases (DB index is out of range)" in told.of("redis")[0]
    assert told.worse() == ["redis fault", "records warning"]


@pytest.mark.parametrize("raised", [UnicodeError("label too long"), TypeError("no such option")])
def test_what_our_client_stumbles_over_hides_no_other_check(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, raised: Exception
) -> None:
    def stumble(_url: str) -> None:
        raise raised

    monkeypatch.setattr(server, "look", stumble)
    told = ask(TOCSIN_REDIS_URL="redis://box:6379/0")
    assert str(raised) in told.of("redis")[0]
    assert told.worse() == ["redis fault", "records warning"]


def test_a_redis_that_is_not_there_hides_no_other_check(ask: Ask) -> None:
    told = ask(TOCSIN_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert told.worse() == ["redis fault", "records warning"]
    assert "does not answer" in told.of("redis")[0]
    assert [each["check"] for each in told.findings][:5] == ["settings", "versions", "disk", "ports", "clock"]


def test_a_redis_that_hangs_is_given_up_within_seconds(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    with taken_port() as port:
        begun = time.monotonic()
        told = ask(TOCSIN_REDIS_URL=f"redis://127.0.0.1:{port}/0")
        spent = time.monotonic() - begun
    assert "says nothing" in told.of("redis")[0]
    assert told.worse() == ["redis fault", "records warning"]
    assert spent < 5


def test_a_name_that_nobody_resolves_in_time_is_a_redis_that_says_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(server, "look", lambda _url: over.wait())
    monkeypatch.setattr("services.cli.doctor.DEADLINE", 0.05)
    told = ask(TOCSIN_REDIS_URL="redis://nowhere.example:6379/0")
    over.set()
    assert "Redis at nowhere.example:6379" in told.of("redis")[0]
    assert told.code == 1


@contextmanager
def speaking(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A server that answers each command with what ``answer`` says to its name; yields its URL."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while heard := self.request.recv(65_536):
                for name in re.findall(rb"\*\d+\r\n\$\d+\r\n(\w+)", heard):
                    self.request.sendall(answer(name.upper()))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield f"redis://127.0.0.1:{listening.server_address[1]}/0"
        finally:
            listening.shutdown()


def test_another_program_behind_the_url_is_told(ask: Ask) -> None:
    with speaking(lambda _name: b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        told = ask(TOCSIN_REDIS_URL=url)
    assert "answers with an error" in told.of("redis")[0]


def test_a_redis_that_still_loads_is_waited_for(ask: Ask) -> None:
    info = b"redis_version:7.2.4\r\nloading:1\r\nloading_loaded_perc:40.00\r\n"
    seconds = str(int(time.time())).encode()
    spoken = {
        b"INFO": b"$%d\r\n%s\r\n" % (len(info), info),
        b"TIME": b"*2\r\n$%d\r\n%s\r\n$1\r\n0\r\n" % (len(seconds), seconds),
    }
    with speaking(lambda name: spoken.get(name, b"+OK\r\n")) as url:
        told = ask(TOCSIN_REDIS_URL=url)
    assert told.of("redis")[0].startswith("warning: Redis 7.2.4")
    assert "40.0 % read" in told.of("redis")[0]
    assert told.code == 0


def test_what_another_program_wrote_under_our_names_hides_no_other_check(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    redis_client.delete(alive.names.feeds)
    redis_client.set(alive.names.feeds, "mine")
    told = ask(**_on(alive))
    assert told.worse() == ["records fault"]
    assert "WRONGTYPE" in told.of("records")[0]


def test_a_data_directory_held_by_a_dead_redis_names_its_holder(
    ask: Ask, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.getbasetemp() / "doctor-held"
    home = embedded.home(Settings(_env_file=None, data_dir=data))
    home.mkdir(parents=True)
    data.chmod(0o700)
    with Lock(home / "lock") as held:
        held.take()
        held.sign()
        told = ask(TOCSIN_DATA_DIR=str(data))
    assert f"held by process {os.getpid()}" in told.of("redis")[0]
    assert "can be started" in ask(TOCSIN_DATA_DIR=str(data)).of("redis")[0], "the lock is free again"


def test_a_private_redis_that_hangs_names_who_started_it(
    ask: Ask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    data = tmp_path_factory.getbasetemp() / "doctor-hangs"
    with Server(Settings(_env_file=None, redis_url=None, data_dir=data)) as running:
        assert running.process is not None
        running.process.send_signal(signal.SIGSTOP)
        told = ask(TOCSIN_DATA_DIR=str(data))
        running.process.send_signal(signal.SIGCONT)
    assert f"runs and does not answer (process {os.getpid()} started it)" in told.of("redis")[0]
    assert told.code == 1


def test_without_a_server_to_start_that_is_the_fault(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_binary, "find_spec", lambda _name: None)
    told = ask(PATH="/nowhere")
    assert "none to start" in told.of("redis")[0]
    assert told.code == 1


# ---- disk, ports, settings -----------------------------------------------------------------------


def test_a_data_directory_that_can_not_be_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = ask(TOCSIN_DATA_DIR=str(tmp_path / "file" / "data"))
    assert told.worse()[:2] == ["disk fault", "redis fault"]
    assert "is a file" in told.of("disk")[0]


def test_a_data_directory_that_can_not_be_written_is_told(ask: Ask, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("root may write everywhere")
    told = ask(TOCSIN_DATA_DIR=str(closed))
    assert "can't be written" in told.of("disk")[0]
    assert told.code == 1


def test_open_directories_and_keys_are_told_with_what_closes_them(ask: Ask, alive: Settings) -> None:
    alive.data_dir.chmod(0o755)
    (alive.data_dir / "secret.key").chmod(0o644)
    told = ask(**_on(alive))
    assert told.worse() == ["disk warning", "key warning"]
    assert [each["do"] for each in told.findings if each["verdict"] == "warning"] == [
        f"`chmod 700 {alive.data_dir}`",
        f"`chmod 600 {alive.data_dir}/secret.key`",
    ]


def test_a_subscription_that_our_key_does_not_open_is_told(ask: Ask, alive: Settings) -> None:
    told = ask(TOCSIN_SECRET_KEY="c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=", **_on(alive))
    assert "1 subscription was sealed with another key than that of TOCSIN_SECRET_KEY" in told.of("key")[0]
    (alive.data_dir / "secret.key").unlink()
    assert "is missing" in ask(**_on(alive)).of("key")[0]
    assert not (alive.data_dir / "secret.key").exists(), "the doctor makes none"


def test_a_port_that_another_program_holds_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.checks.ports.PATIENCE", 0.2)
    with taken_port() as port:
        told = ask(TOCSIN_API_PORT=str(port))
    assert f"Another program listens on 127.0.0.1:{port}" in told.of("ports")[0]
    assert told.code == 1


async def test_a_port_that_our_own_api_holds_is_well(ask: Ask, alive: Settings) -> None:
    port = free_port()
    async with serving(alive, port):
        told = await asyncio.to_thread(ask, TOCSIN_API_PORT=str(port), **_on(alive))
    assert told.of("ports") == [f"ok: An api of ours answers on 127.0.0.1:{port}."]


def test_an_address_of_another_machine_is_told(ask: Ask) -> None:
    told = ask(TOCSIN_API_HOST="192.0.2.1")
    assert "no address of this machine" in told.of("ports")[0]


def test_a_bad_setting_is_told_and_the_rest_is_judged_without_it(ask: Ask, alive: Settings) -> None:
    told = ask(TOCSIN_POLL_INTERVAL="soon", TOCSIN_LOG_LEVEL="LOUD", TOCSIN_API_PROT="1", **_on(alive))
    assert told.worse() == ["settings fault", "settings warning"]
    bad, misspelt = told.of("settings")
    assert "TOCSIN_POLL_INTERVAL is 'soon'" in bad
    assert "TOCSIN_LOG_LEVEL is 'LOUD'" in bad
    assert "TOCSIN_API_PROT" in misspelt
    assert told.of("redis")[0].startswith("ok"), "the settings that are good hold"


def test_what_another_project_set_for_its_celery_is_told(ask: Ask, alive: Settings) -> None:
    told = ask(CELERY_BROKER_URL="redis://:hush@elsewhere/0", BROKER_URL="redis://elsewhere", **_on(alive))
    assert told.of("settings") == [
        "warning: Tocsin does not heed CELERY_BROKER_URL: its queue lies in its own Redis."
    ]
    assert "hush" not in json.dumps(told.findings)
    assert told.code == 0


def test_in_a_directory_that_was_deleted_all_is_judged_the_same(
    ask: Ask, alive: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert ask(**_on(alive)).worse() == []
    done = tocsin("doctor", TOCSIN_DATA_DIR="here")
    assert done.returncode == 1
    assert done.stderr == (
        "tocsin: the current directory is no longer there: `cd` into one that is, and try again\n"
    )


def test_an_env_file_is_read_and_its_unknown_names_are_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TOCSIN_KEY_PREFIX=night\nTOCSIN_FEED_PORT=443\nREDIS_FSYNC=always\n")
    told = ask()
    assert "TOCSIN_FEED_PORT is set and means nothing" in told.of("settings")[0]
    (tmp_path / ".env").write_text("TOCSIN_KEY_PREFIX=night\n")
    assert f"1 from {tmp_path}/.env" in ask().of("settings")[0]


def test_an_env_file_that_can_not_be_read_is_told(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("TOCSIN_USER_AGENT=Café\n".encode("latin-1"))
    told = ask()
    assert told.worse()[0] == "settings fault"
    assert "UTF-8" in told.of("settings")[0]


def test_a_list_of_outlets_that_can_not_be_read_is_told(ask: Ask, tmp_path: Path) -> None:
    told = ask(TOCSIN_OUTLETS=str(tmp_path / "none.tsv"))
    assert "none.tsv" in told.of("settings")[0]
    assert told.code == 1


def test_a_check_that_breaks_hides_no_other(
    ask: Ask, alive: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a fault of ours")

    monkeypatch.setattr("services.cli.checks.disk.look", broken)
    monkeypatch.setattr("services.cli.checks.feeds.judge", broken)
    told = ask(**_on(alive))
    assert told.worse() == ["disk warning", "feeds warning"]
    assert told.of("services")[0].startswith("ok")


# ---- the records ---------------------------------------------------------------------------------


def test_records_of_a_newer_release_are_counted_not_stumbled_over(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    redis_client.hset(alive.names.feeds, "feed_new", '{"schema_version": "9.0"}')
    redis_client.hset(alive.names.subscriptions, "sub_new", '{"schema_version": "9.0"}')
    told = ask(**_on(alive))
    assert told.worse() == ["feeds warning", "subscriptions fault"]
    assert "sub_new" in told.of("subscriptions")[0]


def test_an_alert_that_rang_before_any_notifier_came_is_seen(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    redis_client.xadd(alive.names.alerts, {"alert": "{}"}, id=f"{int(time.time() - 5 * 3600) * 1000}-0")
    redis_client.delete(alive.names.instances("notifier"))
    told = ask(**_on(alive))
    assert told.of("alerts") == ["warning: Alerts have waited for 5 hours: no notifier takes them."]


def test_what_waits_and_what_was_given_up_is_counted(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    names = alive.names
    an_hour_ago = (time.time() - 3600) * 1000
    redis_client.zadd(names.pending, {"article": an_hour_ago})
    redis_client.hset(names.dead, "article", "{}")
    redis_client.xadd(names.alerts, {"alert": "{}"}, id=f"{int(an_hour_ago)}-1")
    redis_client.xgroup_create(names.alerts, "notifier", id="0")
    redis_client.xadd(names.alerts_dead, {"reason": "newer"})
    (id_,) = redis_client.hkeys(names.subscriptions)
    redis_client.hset(names.failures, str(id_), 3)
    redis_client.zadd(names.parked(str(id_)), {"delivery": 1})
    redis_client.zadd(names.feeds_due, {"feed_x": an_hour_ago})
    assert ask(**_on(alive)).worse() == [
        "feeds warning",
        "articles fault",
        "articles warning",
        "alerts fault",
        "alerts warning",
        "subscriptions warning",
        "subscriptions warning",
    ]


def test_an_alert_that_the_notifier_has_taken_up_is_no_news(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    names = alive.names
    rang = redis_client.xadd(names.alerts, {"alert": "{}"}, id=f"{int((time.time() - 3600) * 1000)}-1")
    redis_client.xgroup_create(names.alerts, "notifier", id=str(rang))
    assert ask(**_on(alive)).worse() == []


# ---- asking the feeds ----------------------------------------------------------------------------


def test_each_feed_is_asked_when_wanted_and_nothing_is_kept_of_it(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    redis_client.delete(alive.names.feeds)
    with feed_server() as served:
        served.publishes("/herald", "A headline", "A summary")
        for path in ("/herald", "/empty"):
            feeds.add(redis_client, alive, served.url + path, now=datetime.now(UTC), title=path)
        feeds.add(
            redis_client, alive, f"http://127.0.0.1:{free_port()}/away", now=datetime.now(UTC), title="Away"
        )
        before = _everything(redis_client)
        told = ask("--network", TOCSIN_ALLOW_NETWORKS=TEST, **_on(alive))
        assert _everything(redis_client) == before
    said = sorted(told.of("feed"))
    assert said[0].startswith("ok: /empty: no entries")
    assert said[1].startswith("ok: /herald: 1 entry, the newest ")
    assert said[2].startswith("warning: Away: 127.0.0.1 can't be reached")
    assert told.of("network") == ["ok: 2 of 3 feeds answered."]
    assert told.code == 0


def test_a_forbidden_feed_is_not_asked_and_the_setting_is_named(
    ask: Ask, alive: Settings, redis_client: "redis.Redis"
) -> None:
    with feed_server() as served:
        feeds.add(redis_client, alive, served.url + "/inside", now=datetime.now(UTC))
        redis_client.hdel(alive.names.feeds, *_others(redis_client, alive, served.url))
        told = ask("--network", **_on(alive))
    assert "TOCSIN_ALLOW_NETWORKS" in told.of("feed")[0]


def _others(client: "redis.Redis", settings: Settings, url: str) -> list[str]:
    return [feed.id for feed in feeds.listing(client, settings.names) if not feed.url.startswith(url)]


def test_without_redis_nobody_knows_which_feeds_to_ask(ask: Ask) -> None:
    told = ask("--network", TOCSIN_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert told.of("network")[0].startswith("warning: The feeds can't be asked")


def test_a_check_has_time_for_its_own_patience() -> None:
    """Or a Redis that hangs would be told as a check that does."""
    assert attempt.DEADLINE > 2 * server.PATIENCE
