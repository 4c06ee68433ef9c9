"""The Redis that Tocsin is told to use: is it there, and does it keep what it is given?"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from services.cli.checks.finding import Finding, amount, fault, ok, warning
from services.poller.pressure import MEMORY_CEILING
from shared import store
from shared.store import Refusal

CHECK = "redis"
PATIENCE = 2.0
"""Seconds for one answer: who asks a doctor does not want to wait as long as a service would."""
OLDEST = (6, 2)
MEMORY_FAULT = 0.95
"""Of ``maxmemory``: here the next writes are refused."""
SLOW = 0.1
"""Seconds for one answer; each article needs several, one after the other."""
_FOR_GOOD = ", and write the same into its configuration file."
_PORTS = {"redis": 6379, "rediss": 6379, "valkey": 6379, "valkeys": 6379}


class Trouble(StrEnum):
    """Why a server could not be asked that did not even refuse."""

    NOBODY = "nobody"
    SILENT = "silent"
    ODD = "odd"


@dataclass(frozen=True)
class Unreached:
    """A server that could not be asked; ``said`` is the reason in the words of the other side."""

    place: str
    trouble: Trouble | Refusal
    said: str


@dataclass(frozen=True)
class Server:
    """What a server says of itself, and how our clocks compare."""

    place: str
    product: str = "Redis"
    version: str = ""
    mode: str = "standalone"
    is_replica: bool = False
    loading: str = ""
    """How far it is with reading its data after a start; empty when it is through."""
    policy: str = ""
    appends: bool = False
    append_fault: bool = False
    used: int = 0
    limit: int = 0
    round_trip: float = 0.0
    ahead: float = 0.0
    """Seconds by which its clock is ahead of ours; negative when it is behind."""


def place(url: str) -> str:
    """Where the URL leads, without user, password and options."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parts.path
    host = parts.hostname or "localhost"
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or _PORTS.get(parts.scheme, 6379)}"


def impatient(url: str) -> "redis.Redis":
    """A client that answers, or raises, within ``PATIENCE`` and asks only once."""
    client = store.connect(url)
    client.set_retry(Retry(NoBackoff(), 0))
    # No health check on connecting: a server that loads its data refuses that, and still tells of itself.
    client.get_connection_kwargs().update(
        socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=0
    )
    return client


def look(url: str) -> Server | Unreached:
    """Ask the server at ``url`` about itself; a server that is not well is an answer, too."""
    where = place(url)
    try:
        with impatient(url) as client:
            info: Any = client.info()
            round_trip, ahead = min((_trip(client) for _ in range(3)), key=lambda trip: trip[0])
    except (redis.RedisError, OSError) as exc:
        return Unreached(where, _trouble(exc), str(exc).rstrip("."))
    return from_info(where, info, round_trip, ahead)


def _trip(client: "redis.Redis") -> tuple[float, float]:
    """How long one answer takes, and how far the server's clock is ahead of ours meanwhile."""
    sent = time.time()
    begun = time.monotonic()
    seconds, micros = client.time()
    took = time.monotonic() - begun
    return took, seconds + micros / 1e6 - (sent + took / 2)


def _trouble(exc: Exception) -> Trouble | Refusal:
    # First, as for redis-py what asks for a password is a ConnectionError as well.
    if (no := store.refusal(exc)) is not None:
        return no
    if isinstance(exc, redis.TimeoutError | TimeoutError):
        return Trouble.SILENT
    return Trouble.ODD if isinstance(exc, redis.InvalidResponse | redis.ResponseError) else Trouble.NOBODY


def from_info(where: str, info: Mapping[str, Any], round_trip: float, ahead: float) -> Server:
    """What ``INFO`` says, where it says it: managed servers leave some lines out."""
    valkey = info.get("server_name") == "valkey"
    version = str(info.get("valkey_version" if valkey else "redis_version", ""))
    loading = ""
    if info.get("loading"):
        loading = f"{info.get('loading_loaded_perc', '0')} % read"
    return Server(
        place=where,
        product="Valkey" if valkey else "Redis",
        version=version,
        mode=str(info.get("redis_mode", info.get("server_mode", "standalone"))),
        is_replica=info.get("role") == "slave",
        loading=loading,
        policy=str(info.get("maxmemory_policy", "")),
        appends=bool(info.get("aof_enabled")),
        append_fault=info.get("aof_last_write_status", "ok") != "ok",
        used=int(info.get("used_memory", 0)),
        limit=int(info.get("maxmemory", 0)),
        round_trip=round_trip,
        ahead=ahead,
    )


def judge(found: Server | Unreached) -> list[Finding]:
    """What is the matter with the server, or one line that it is well."""
    if isinstance(found, Unreached):
        return [_unreached(found)]
    who = f"{found.product} {found.version} at {found.place}"
    if found.mode in ("cluster", "sentinel"):
        kind = "a Redis Cluster" if found.mode == "cluster" else "a Sentinel, not the server that it watches"
        return [
            fault(CHECK, f"{who} is {kind}, which Tocsin can't use.", "Set TOCSIN_REDIS_URL to one server.")
        ]
    if found.loading:
        return [
            warning(
                CHECK,
                f"{who} still reads its data after a start ({found.loading}).",
                "Wait for it, and run `tocsin doctor` again.",
            )
        ]
    faults = [*_keeps(found, who), *_memory(found, who)]
    if found.round_trip > SLOW:
        faults.append(
            warning(
                CHECK,
                f"{who} takes {found.round_trip * 1000:.0f} ms to answer, and each article needs several.",
                "Run Tocsin nearer to its Redis.",
            )
        )
    share = f"{amount(found.used)} of {amount(found.limit)}" if found.limit else amount(found.used)
    well = f"{who} answers within {max(found.round_trip * 1000, 0.1):.1f} ms and uses {share} of memory."
    return faults or [ok(CHECK, well)]


def _keeps(found: Server, who: str) -> list[Finding]:
    """Whether it is one that takes writes, and does not lose them."""
    faults = []
    if _numbers(found.version) < OLDEST:
        faults.append(fault(CHECK, f"{who} is too old.", "Use Redis 6.2 or newer, or Valkey."))
    if found.is_replica:
        faults.append(
            fault(CHECK, f"{who} is a replica and takes no writes.", "Set TOCSIN_REDIS_URL to its primary.")
        )
    if found.policy and found.policy != "noeviction":
        faults.append(
            fault(
                CHECK,
                f"{who} throws data away when its memory is full (maxmemory-policy {found.policy}).",
                f"`redis-cli CONFIG SET maxmemory-policy noeviction`{_FOR_GOOD}",
            )
        )
    if found.append_fault:
        faults.append(
            fault(
                CHECK,
                f"{who} could not write its append-only file, and takes no writes until it can.",
                "See whether its disk is full; its log says why.",
            )
        )
    elif not found.appends:
        faults.append(
            warning(
                CHECK,
                f"{who} keeps no append-only file, so that its restart may lose articles and alerts.",
                f"`redis-cli CONFIG SET appendonly yes`{_FOR_GOOD}",
            )
        )
    return faults


def _memory(found: Server, who: str) -> list[Finding]:
    if not found.limit:
        return [
            warning(
                CHECK,
                f"{who} has no maxmemory, so that nothing warns before the machine's memory is used up.",
                f"`redis-cli CONFIG SET maxmemory 1gb`{_FOR_GOOD}",
            )
        ]
    share = found.used / found.limit
    more = "Raise its maxmemory (the private one's: TOCSIN_REDIS_MAXMEMORY, then restart)."
    if share >= MEMORY_FAULT:
        return [fault(CHECK, f"{who} is full: it uses {share:.0%} of its maxmemory.", more)]
    if share >= MEMORY_CEILING:
        return [warning(CHECK, f"{who} uses {share:.0%} of its maxmemory, so that the poller waits.", more)]
    return []


def _unreached(found: Unreached) -> Finding:
    at = f"Redis at {found.place}"
    if isinstance(found.trouble, Refusal):
        do = found.trouble.do
        return fault(CHECK, f"{at} {found.trouble} ({found.said}).", f"{do[0].upper()}{do[1:]}.")
    if found.trouble is Trouble.SILENT:
        return fault(
            CHECK,
            f"{at} takes the connection, or drops it, and says nothing for {PATIENCE:.0f} s.",
            "See that it is a Redis, that it is not stopped or overloaded, and that no firewall is between.",
        )
    if found.trouble is Trouble.ODD:
        return fault(
            CHECK,
            f"{at} answers with an error: {found.said}.",
            "See that TOCSIN_REDIS_URL names a Redis.",
        )
    return fault(
        CHECK,
        f"{at} does not answer ({found.said}).",
        "Start it, or correct TOCSIN_REDIS_URL; without that setting `tocsin up` starts a private one.",
    )


def _numbers(version: str) -> tuple[int, ...]:
    """``7.2.4`` as numbers; a version that can't be read counts as new."""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return numbers or OLDEST
