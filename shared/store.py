"""Redis, opened one way: the same timeouts, the same errors, for sync and asyncio callers alike.

The only file that chooses connection settings. ``guarded`` translates redis exceptions into
``StoreUnavailable``, so that no caller handles redis-py's own.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from enum import StrEnum
from typing import Any

import redis
import redis.asyncio
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.retry import Retry

from shared.errors import StoreUnavailable
from shared.redis_url import for_redis

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
    return redis.Redis.from_url(for_redis(url), retry=retry, **_OPTIONS)


def connect_async(url: str) -> "redis.asyncio.Redis":
    """A lazy asyncio client, under the same promise as ``connect``."""
    retry = redis.asyncio.retry.Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), retries=3)
    return redis.asyncio.Redis.from_url(for_redis(url), retry=retry, **_OPTIONS)


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


class Refusal(StrEnum):
    """What a server that answers holds against us, and in ``do`` what helps; read it after ``Redis``."""

    LOCKED = "wants another password"
    FEWER = "has fewer databases"
    FORBIDDEN = "forbids its user to do that"
    UNWRITABLE = "can't write its file, and takes no writes until it can"

    @property
    def do(self) -> str:
        """What to do about it."""
        return _HELPS[self]


_HELPS = {
    Refusal.LOCKED: "correct TOCSIN_REDIS_URL, as in redis://USER:PASSWORD@HOST:6379/0",
    Refusal.FEWER: "end TOCSIN_REDIS_URL with the number of one that it has, such as /0",
    Refusal.FORBIDDEN: "give that user its rights (`ACL SETUSER`), or name another in TOCSIN_REDIS_URL",
    Refusal.UNWRITABLE: "see whether its disk is full; its log says why",
}


def refusal(exc: Exception) -> Refusal | None:
    """What the server refused us for; None when it did not answer, or answered something else."""
    if isinstance(exc, redis.AuthenticationError | redis.exceptions.AuthorizationError):
        return Refusal.LOCKED
    if isinstance(exc, redis.exceptions.NoPermissionError):
        return Refusal.FORBIDDEN
    if isinstance(exc, redis.ResponseError):
        said = str(exc)
        if "DB index" in said:
            return Refusal.FEWER
        if said.startswith("MISCONF"):
            return Refusal.UNWRITABLE
    return None


@contextmanager
def guarded(doing: str) -> Iterator[None]:
    """Turn redis-py's exceptions into ``StoreUnavailable`` that says what was being done.

    An answer that can only be a fault of ours, or that a caller reads (NOGROUP), stays what it is.
    """
    try:
        yield
    except (redis.RedisError, OSError) as exc:
        why = _why(exc, doing)
        if why is None:
            raise
        raise StoreUnavailable(why) from exc


def _why(exc: Exception, doing: str) -> str | None:
    said = str(exc).rstrip(".")
    if (no := refusal(exc)) is not None:
        return f"Redis {no} while {doing} ({said}): {no.do}"
    if isinstance(exc, redis.ConnectionError | redis.TimeoutError | OSError):
        return (
            f"Redis does not answer while {doing} ({said}): see that the one of "
            "TOCSIN_REDIS_URL runs or, where that is not set, start one with `tocsin up`"
        )
    # Redis 6.2 answers a script that runs out of memory with a plain error that only says so.
    if isinstance(exc, redis.OutOfMemoryError) or (isinstance(exc, redis.ResponseError) and "OOM" in said):
        return f"Redis is out of memory while {doing}: raise its maxmemory; nothing was lost"
    if isinstance(exc, redis.ReadOnlyError):
        return f"Redis is read-only while {doing}: a fail-over is under way, retrying"
    return None
