"""What every test may ask for: a real Redis of its own, and settings that read nothing from this machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from shared.embedded import Server
from shared.settings import Settings
from shared.store import connect


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The URL of a real server, started for these tests on a unix socket (whose path must be short)."""
    data = Path(tempfile.mkdtemp(prefix="tocsin-"))
    try:
        with Server(Settings(_env_file=None, redis_url=None, data_dir=data)) as server:
            yield server.url
    finally:
        shutil.rmtree(data)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The same server, empty."""
    with connect(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def redis_client(redis_url: str) -> Iterator["redis.Redis"]:
    """A synchronous client on the empty server."""
    with connect(redis_url) as client:
        yield client


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings on the empty server, with a data directory of the test's own; loopback may be dialled."""
    for name in [name for name in os.environ if name.startswith("TOCSIN_")]:
        monkeypatch.delenv(name)
    return Settings(
        _env_file=None,
        redis_url=redis_url,
        data_dir=tmp_path / "data",
        allow_networks="127.0.0.0/8,::1/128",
    )
