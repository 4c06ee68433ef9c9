"""`tocsin health` as a container runs it, and the heartbeats that it reads."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from services.cli import worker
from shared import heartbeat, names
from shared.contracts import Condition, Trouble
from shared.settings import Settings
from shared.store import connect_async
from tests.support.front import Done, eventually, free_port, serving, taken_port, tocsin

if TYPE_CHECKING:
    import redis

HOST = socket.gethostname()
Verb = Callable[..., Done]


def _environment(settings: Settings) -> dict[str, str]:
    assert settings.redis_url is not None
    return {"TOCSIN_REDIS_URL": settings.redis_url, "TOCSIN_DATA_DIR": str(settings.data_dir)}


@pytest.fixture
def health(settings: Settings) -> Verb:
    """Run ``tocsin health`` with these arguments, and more of the environment."""

    def run(*arguments: str, **more: str) -> Done:
        return tocsin("health", *arguments, **{**_environment(settings), **more})

    return run


def test_redis_is_well_when_it_takes_writes(health: Verb) -> None:
    done = health("redis")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "redis is well: it answers and takes writes\n"


def test_redis_is_unwell_when_nobody_answers(health: Verb) -> None:
    done = health("redis", TOCSIN_REDIS_URL="unix:///nowhere/redis.sock")
    assert done.returncode == 1
    assert done.stderr.startswith("redis is unwell: Redis does not answer")


def test_a_service_is_well_by_its_heartbeat_on_this_host(
    health: Verb, redis_client: "redis.Redis", settings: Settings
) -> None:
    now = datetime.now(UTC)
    heartbeat.mark(redis_client, settings.names, "poller", "elsewhere-1", now)
    done = health("poller")
    assert done.returncode == 1
    assert "no heartbeat" in done.stderr
    assert "tocsin poller" in done.stderr
    assert health("poller", "--anywhere").returncode == 0
    heartbeat.mark(redis_client, settings.names, "poller", f"{HOST}-1", now)
    assert health("poller").returncode == 0


async def test_the_api_is_well_when_it_answers(health: Verb, settings: Settings) -> None:
    port = free_port()
    async with serving(settings, port):
        done = await asyncio.to_thread(health, "api", TOCSIN_API_PORT=str(port))
        assert done.returncode == 0
        everywhere = await asyncio.to_thread(
            health,
            "api",
            TOCSIN_API_PORT=str(port),
            TOCSIN_API_HOST="0.0.0.0",  # noqa: S104  (asks, and binds nothing)
        )
        assert everywhere.returncode == 0


def test_the_api_is_unwell_when_its_port_is_silent(health: Verb) -> None:
    assert health("api", TOCSIN_API_PORT=str(free_port())).returncode == 1
    with taken_port() as port:  # somebody listens and never answers
        done = health("api", "--timeout", "0.2", TOCSIN_API_PORT=str(port))
    assert done.returncode == 1
    assert "tocsin api" in done.stderr


def test_an_unknown_part_is_bad_usage(health: Verb) -> None:
    assert health("kitchen").returncode == 2


# ---- workers ----------------------------------------------------------------------------------------


@contextmanager
def celery_worker(settings: Settings, name: str) -> Iterator["subprocess.Popen[str]"]:
    """A real worker of the house, but for its tasks: it knows only the canary."""
    others = {"services.classifier.app": "tests.support.front_worker", "services.classifier": "celery"}
    line = [others.get(word, word) for word in worker.command(name=name, concurrency=1, log_level="INFO")]
    with subprocess.Popen(
        line,
        env=os.environ | _environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            assert running.stderr is not None
            assert any("ready." in said for said in running.stderr), "the worker never became ready"
            yield running
        finally:
            os.killpg(running.pid, signal.SIGKILL)


def test_a_worker_is_well_when_it_takes_a_canary_and_deaf_when_it_does_not(
    health: Verb, redis_client: "redis.Redis", settings: Settings
) -> None:
    with celery_worker(settings, "w1") as running:
        assert "no heartbeat" in health("worker").stderr
        heartbeat.mark(redis_client, settings.names, "worker", f"w1@{HOST}", datetime.now(UTC))
        done = health("worker")
        assert done.returncode == 0, done.stderr
        assert "took a canary" in done.stdout
        assert not redis_client.exists(f"{settings.key_prefix}:celery:{names.ARTICLES_QUEUE}")

        # It still runs and its heartbeat is still there: only the canary tells.
        os.killpg(running.pid, signal.SIGSTOP)
        done = health("worker", "--timeout", "0.5")
        assert done.returncode == 1
        assert "took no canary" in done.stderr


def test_a_canary_is_for_the_worker_that_is_asked_after(
    health: Verb, redis_client: "redis.Redis", settings: Settings
) -> None:
    with celery_worker(settings, "well"):
        heartbeat.mark(redis_client, settings.names, "worker", f"deaf@{HOST}", datetime.now(UTC))
        assert health("worker", "--timeout", "0.5").returncode == 1


# ---- heartbeats -------------------------------------------------------------------------------------


async def test_a_heartbeat_is_renewed_and_taken_away_at_the_end(
    redis_url: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    stop = asyncio.Event()
    async with connect_async(redis_url) as client:
        beating = asyncio.create_task(
            heartbeat.beat(client, settings.names, "poller", "here-1", stop, every=0.01)
        )

        def last() -> "datetime | None":
            return heartbeat.alive(redis_client, settings.names, "poller").get("here-1")

        await asyncio.to_thread(eventually, lambda: last() is not None)
        first = last()
        await asyncio.to_thread(eventually, lambda: last() != first)
        ttl = redis_client.ttl(settings.names.heartbeat("poller", "here-1"))
        assert 0 < int(str(ttl)) <= heartbeat.EXPIRES
        stop.set()
        await beating
    assert last() is None


def test_only_living_instances_are_listed_and_the_dead_are_forgotten(
    redis_client: "redis.Redis", settings: Settings
) -> None:
    keys = settings.names
    now = datetime.now(UTC)
    for name in ("a-1", "b-2", "dead-3"):
        heartbeat.mark(redis_client, keys, "poller", name, now)
    redis_client.delete(keys.heartbeat("poller", "dead-3"))  # as its expiry does
    assert heartbeat.alive(redis_client, keys, "poller") == {"a-1": now, "b-2": now}
    assert redis_client.smembers(keys.instances("poller")) == {"a-1", "b-2"}
    assert heartbeat.alive(redis_client, keys, "worker") == {}


def test_the_house_is_well_when_somebody_watches_and_nothing_is_amiss(
    health: Verb, redis_client: "redis.Redis", settings: Settings
) -> None:
    unwatched = health("house")
    assert unwatched.returncode == 1
    assert "nobody watches it" in unwatched.stderr
    redis_client.set(settings.names.watch_lease, "somebody")
    assert health("house").returncode == 0
    now = datetime.now(UTC)
    full = Condition(
        trouble=Trouble.NEARLY_FULL, since=now, says="Redis uses 76%.", do="Raise it.", rang_at=now, rings=1
    )
    redis_client.hset(settings.names.conditions, full.key, full.to_json())
    done = health("house")
    assert (done.returncode, done.stderr) == (1, "house is unwell: Redis uses 76%. Raise it.\n")
