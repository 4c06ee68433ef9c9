"""When the poller must wait, and why: a full house takes in no more, and nothing is evicted."""

from dataclasses import dataclass

MEMORY_CEILING = 0.8
"""Of ``maxmemory``: the rest is for what was taken in to be worked off."""


@dataclass(frozen=True)
class Load:
    """How full Redis is: messages in the queue, bytes in use, and the limit (0: none)."""

    depth: int
    used: int
    limit: int


def must_wait(load: Load, ceiling: int) -> str | None:
    """Why nothing may be taken in now, or None."""
    if load.depth > ceiling:
        return f"the queue holds {load.depth} messages, more than {ceiling}: waiting for the workers"
    if load.limit and load.used > load.limit * MEMORY_CEILING:
        return (
            f"Redis uses {load.used / load.limit:.0%} of its maxmemory, more than {MEMORY_CEILING:.0%}: "
            "waiting; raise maxmemory or start more workers"
        )
    return None
