"""The queue lies where our settings say, whatever another project's Celery was told on this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from services.cli import worker
from shared import names, queue, store
from shared.embedded import Server
from shared.redis_url import for_kombu
from shared.settings import Settings
from tests.support.front import eventually

if TYPE_CHECKING:
    import redis

VARIABLES = (
    "CELERY_BROKER_URL",
    "CELERY_BROKER_READ_URL",
    "CELERY_BROKER_WRITE_URL",
    "CELERY_RESULT_BACKEND",
    "BROKER_URL",
)
OURS = worker.command(name="ours", concurrency=1, log_level="INFO")
BY_HAND = [sys.executable, "-m", "celery", "-A", "tests.support.front_worker", "worker", "-c", "1"]


@pytest.fixture
def theirs(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator["redis.Redis"]:
    """Another project's Redis, to which every variable of Celery's leads."""
    data = tmp_path_factory.mktemp("theirs")
    with (
        Server(Settings(_env_file=None, redis_url=None, data_dir=data)) as server,
        store.connect(server.url) as client,
    ):
        for name in VARIABLES:
            monkeypatch.setenv(name, for_kombu(server.url))
        monkeypatch.setenv("CELERY_WORKER_PURGE", "1")
        yield client


def test_articles_are_enqueued_on_ours(
    theirs: "redis.Redis", redis_client: "redis.Redis", settings: Settings
) -> None:
    assert settings.redis_url is not None
    with queue.application(settings, settings.redis_url) as app:
        queue.enqueue(app, ["art_1:1"])
    assert queue.depth(redis_client, settings) == 1
    assert theirs.dbsize() == 0


@pytest.mark.parametrize("line", [OURS, BY_HAND], ids=["tocsin worker", "celery"])
def test_a_worker_takes_what_waits_on_ours(
    theirs: "redis.Redis", redis_client: "redis.Redis", settings: Settings, line: list[str]
) -> None:
    assert settings.redis_url is not None
    environment = {
        **os.environ,
        "TOCSIN_REDIS_URL": settings.redis_url,
        "TOCSIN_DATA_DIR": str(settings.data_dir),
    }
    with queue.application(settings, settings.redis_url) as app:
        app.send_task(names.CANARY, args=["canary-1"], queue=names.ARTICLES_QUEUE)
    answer = settings.names.heartbeat("worker", "canary-1")
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            eventually(lambda: bool(redis_client.exists(answer)))
        finally:
            os.killpg(running.pid, signal.SIGKILL)
    assert theirs.dbsize() == 0
