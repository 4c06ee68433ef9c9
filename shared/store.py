"""Redis, opened one way: the same timeouts, the same errors, for sync and asyncio callers alike.

The only file that chooses connection settings. ``guarded`` translates redis exceptions into
``StoreUnavailable``, so that no caller handles redis-py's own.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import redis
import redis.asyncio
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.retry import Retry

from shared.errors import StoreUnavailable

SOCKET_TIMEOUT = 5.0
"""Seconds without an answer before a connection counts as dead; keep every BLOCK well under it."""
BLOCK_MS = 2000
"""How long a blocking read waits (research: well under SOCKET_TIMEOUT, or redis-py cuts it off)."""

_OPTIONS: dict[str, Any] = {
    "decode_responses": True,
    "socket_timeout": SOCKET_TIMEOUT,
    "socket_connect_timeout": SOCKET_TIMEOUT,
    "health_check_interval": 15,
    # RESP2 everywhere: the shapes of stream answers differ in RESP3.
    "protocol": 2,
}


def connect(url: str) -> "redis.Redis":
    """A lazy synchronous client. A lost answer is retried, so **every write must be idempotent**."""
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), retries=3)
    return redis.Redis.from_url(url, retry=retry, **_OPTIONS)


def connect_async(url: str) -> "redis.asyncio.Redis":
    """A lazy asyncio client, under the same promise as ``connect``."""
    retry = redis.asyncio.retry.Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), retries=3)
    return redis.asyncio.Redis.from_url(url, retry=retry, **_OPTIONS)


@asynccontextmanager
async def unrepeated(client: "redis.asyncio.Redis") -> AsyncIterator["redis.asyncio.Redis"]:
    """The client on one of its connections, where a lost answer raises: for what can't be idempotent."""
    async with client.client() as single:
        connection: Any = single.connection
        repeats, connection.retry = connection.retry, redis.asyncio.retry.Retry(NoBackoff(), retries=0)
        try:
            yield single
        finally:
            connection.retry = repeats


def broker_url(url: str) -> str:
    """The same server as kombu writes it: ``redis+socket`` for a unix socket, ``redis`` for ``valkey``."""
    for ours, theirs in (
        ("unix://", "redis+socket://"),
        ("valkey://", "redis://"),
        ("valkeys://", "rediss://"),
    ):
        if url.startswith(ours):
            return (theirs + url.removeprefix(ours)).replace("?db=", "?virtual_host=")
    return url


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turn redis-py's exceptions into ``StoreUnavailable`` that says what was being done."""
    try:
        yield
    except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError, OSError) as exc:
        raise StoreUnavailable(
            f"Redis does not answer while {doing} ({str(exc).rstrip('.')}): see that the one of "
            "TOCSIN_REDIS_URL runs or, where that is not set, start one with `tocsin up`"
        ) from exc
    except redis.ResponseError as exc:
        # Redis 6.2 answers a script that runs out of memory with a plain error that only says so.
        if isinstance(exc, redis.OutOfMemoryError) or "OOM" in str(exc):
            raise StoreUnavailable(
                f"Redis is out of memory while {doing}: raise its maxmemory; nothing was lost"
            ) from exc
        if isinstance(exc, redis.ReadOnlyError):
            raise StoreUnavailable(
                f"Redis is read-only while {doing}: a fail-over is under way, retrying"
            ) from exc
        raise
