"""A sign of life: a key in Redis that each running service renews and that expires when it stops.

Readiness, ``tocsin health`` and the supervisor all look at these keys, so that they agree.
"""

import asyncio
import contextlib
import os
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared import log
from shared.errors import StoreUnavailable
from shared.names import Names
from shared.store import guarded

if TYPE_CHECKING:
    import redis
    import redis.asyncio

EVERY = 10.0
EXPIRES = 60
"""Seconds after which a silent service counts as gone: five missed beats, more than one Redis restart."""

_log = log.get(__name__)


def instance() -> str:
    """This process as others may tell it from its siblings: host name and process id."""
    return f"{socket.gethostname()}-{os.getpid()}"


async def beat(
    client: "redis.asyncio.Redis",
    names: Names,
    service: str,
    instance: str,
    stop: asyncio.Event,
    *,
    every: float = EVERY,
) -> None:
    """Renew the heartbeat until ``stop`` is set, then take it away; outlasts a Redis that goes and comes."""
    key = names.heartbeat(service, instance)
    well = True
    while not stop.is_set():
        try:
            with guarded("writing the heartbeat"):
                await client.set(key, datetime.now(UTC).isoformat(), ex=EXPIRES)
                await client.sadd(names.instances(service), instance)
            well = True
        except StoreUnavailable as exc:
            if well:  # once an outage, not every ten seconds
                _log.warning("no heartbeat", reason=str(exc))
            well = False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every)
    with contextlib.suppress(StoreUnavailable), guarded("ending the heartbeat"):
        await client.delete(key)


def mark(client: "redis.Redis", names: Names, service: str, instance: str, now: datetime) -> None:
    """Renew one heartbeat, for a service that has a synchronous client; raises ``StoreUnavailable``."""
    with guarded("writing the heartbeat"):
        client.set(names.heartbeat(service, instance), now.isoformat(), ex=EXPIRES)
        client.sadd(names.instances(service), instance)


def alive(client: "redis.Redis", names: Names, service: str) -> dict[str, datetime]:
    """The instances of ``service`` that beat within the last minute, and when each last did."""
    with guarded("reading heartbeats"):
        listed = {str(name) for name in client.smembers(names.instances(service))}
        found = _beats(client, names, service, listed)
        if gone := listed - found.keys():
            # One that comes back at this very moment is listed again by its next beat.
            client.srem(names.instances(service), *gone)
    return found


async def count(client: "redis.asyncio.Redis", names: Names, service: str) -> int:
    """How many instances of ``service`` beat within the last minute; the list is tidied by ``alive``."""
    with guarded("counting heartbeats"):
        listed = await client.smembers(names.instances(service))
        beats = [names.heartbeat(service, str(name)) for name in listed]
        return int(await client.exists(*beats)) if beats else 0


def _beats(client: "redis.Redis", names: Names, service: str, instances: set[str]) -> dict[str, datetime]:
    order = sorted(instances)
    said = client.mget([names.heartbeat(service, name) for name in order]) if order else []
    found: dict[str, datetime] = {}
    for name, moment in zip(order, said, strict=True):
        if isinstance(moment, str):
            found[name] = datetime.fromisoformat(moment)
    return found
