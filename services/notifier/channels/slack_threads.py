"""What a Slack bot must remember: which message shows an incident, how far each change of it came, and how
many messages a channel may still be sent.

Every step may be repeated. Raises ``StoreUnavailable``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import redis.asyncio

from shared import retention
from shared.contracts import Tier
from shared.names import Names
from shared.store import guarded

INTERVAL, BURST = 1.0, 3
"""A message a second in each channel, as Slack asks; it bears short bursts."""
_MANY = 1_000_000_000
_LIFETIME = round(retention.TOLD.total_seconds())

BEGUN, DONE = "begun", "done"


@dataclass(frozen=True)
class Thread:
    """An incident's message in one channel, as one subscription sees it."""

    channel: str = ""
    ts: str = ""
    """Slack's name of the message; empty when there is none yet."""
    shown: int = 0
    """The newest sequence that the message shows."""
    worst: int = 0
    """The rank of the gravest tier that it ever showed."""
    said: dict[str, str] = field(default_factory=dict)
    """For each delivery ``BEGUN`` before it is said, and ``DONE`` after."""


class SlackThreads:
    """Threads by subscription and incident, and buckets by channel."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._client, self._names = client, names
        script = Path(__file__).with_name("bucket.lua").read_text("utf-8")
        self._bucket = client.register_script(script)

    async def read(self, subscription_id: str, incident_id: str) -> Thread:
        """The thread, or an empty one."""
        with guarded("reading a Slack thread"):
            found: Any = await self._client.hgetall(self._names.slack_thread(subscription_id, incident_id))
        return Thread(
            found.get("channel", ""),
            found.get("ts", ""),
            int(found.get("shown", 0)),
            int(found.get("worst", 0)),
            {name[5:]: how for name, how in found.items() if name.startswith("said:")},
        )

    async def note(self, subscription_id: str, incident_id: str, fields: Mapping[str, str | int]) -> None:
        """Write fields of the thread and renew its lifetime."""
        key = self._names.slack_thread(subscription_id, incident_id)
        with guarded("noting a step of a Slack thread"):
            async with self._client.pipeline(transaction=True) as steps:
                steps.hset(key, mapping=dict[Any, Any](fields))
                steps.expire(key, _LIFETIME)
                await steps.execute()

    async def unsaid(self, subscription_id: str, incident_id: str, delivery_id: str) -> None:
        """Take back that a delivery was begun: Slack said clearly that it was not taken."""
        with guarded("taking back a step of a Slack thread"):
            key = self._names.slack_thread(subscription_id, incident_id)
            await self._client.hdel(key, f"said:{delivery_id}")

    # ---- buckets --------------------------------------------------------------------------------

    async def room(self, channel: str, now: datetime) -> float:
        """Take the place of one message and answer 0, or the seconds until there is one."""
        return await self._ask(channel, now, BURST)

    async def give_back(self, channel: str, now: datetime) -> None:
        """Give a place back that ``room`` took, for nothing was sent."""
        await self._ask(channel, now, BURST, closed=-1)

    async def charge(self, channel: str, now: datetime) -> None:
        """Count a message that goes in any case; those after it wait the longer."""
        await self._ask(channel, now, _MANY)

    async def close(self, channel: str, now: datetime, seconds: float) -> None:
        """Let nothing go for so long: Slack asked for it."""
        await self._ask(channel, now, BURST, closed=_ms(now) + round(seconds * 1000))

    async def _ask(self, channel: str, now: datetime, burst: int, closed: int = 0) -> float:
        args = [_ms(now), round(INTERVAL * 1000), burst, closed]
        with guarded("asking a Slack channel's bucket"):
            wait: Any = await self._bucket(keys=[self._names.slack_bucket(channel)], args=args)
        return int(wait) / 1000


def shown_by(thread: Thread) -> dict[str, str | int]:
    """The fields that say which message shows the incident, and what of it."""
    return {"channel": thread.channel, "ts": thread.ts, "shown": thread.shown, "worst": thread.worst}


def rank(tier: Tier | None) -> int:
    """A tier's rank, 0 for none."""
    return tier.rank if tier else 0


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
