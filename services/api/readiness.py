"""Is the house ready? A plain answer from plain facts, part by part, each with what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import names

SERVICES = tuple(service for service in names.SERVICES if service != "api")
"""The api answers itself, by answering."""
FRESH = timedelta(seconds=60)


@dataclass(frozen=True)
class Part:
    """One part of the house: whether it is ready, and one sentence."""

    name: str
    ready: bool
    word: str


def judge(store_fault: str | None, beats: Mapping[str, datetime], now: datetime) -> tuple[Part, ...]:
    """Every part's state: Redis (``store_fault`` is why it failed) and the services' last heartbeats."""
    if store_fault is not None:
        unknown = "can't be known while Redis is away"
        return (Part("redis", False, store_fault), *(Part(name, False, unknown) for name in SERVICES))
    return (
        Part("redis", True, "answers and takes writes"),
        *(_service(name, beats, now) for name in SERVICES),
    )


def _service(name: str, beats: Mapping[str, datetime], now: datetime) -> Part:
    last = beats.get(name)
    if last is None or now - last > FRESH:
        return Part(
            name,
            False,
            f"no heartbeat for {FRESH.seconds} s: read its log, or start one with `tocsin {name}`",
        )
    return Part(name, True, f"heartbeat {max((now - last).total_seconds(), 0):.0f} s ago")
