"""A Redis stream read by a group, so that no entry is lost and none blocks the rest.

What a caller may rely on:

- An entry comes again until it is acknowledged: to its own consumer when that returns after a crash, to
  another after ``CLAIM_AFTER``. Handle it so that a repeat changes nothing.
- A group that vanished (Redis restored from an older file, flushed, a new server) is made again at its saved
  position, never at ``$``; at the beginning without one, or when the stream is not that one any more.
- ``trim`` drops old entries, but never one that a group has not acknowledged.

The position is saved by ``acknowledge`` in ``streams_ack.lua``, in the same step as the acknowledgement.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
import redis.asyncio

from shared import log
from shared.errors import StoreUnavailable
from shared.names import Names
from shared.store import BLOCK_MS, guarded, unrepeated

CLAIM_AFTER = 60.0
"""Seconds without an acknowledgement before another consumer takes an entry: far longer than handling one."""
CLAIM_EVERY = 15.0
COUNT = 50
START = "0-0"

ACKNOWLEDGE = Path(__file__).with_name("streams_ack.lua").read_text(encoding="utf-8")
"""Lua that defines ``acknowledge(stream, group, position, ids)``: put it before a script that needs it."""

_ACK = ACKNOWLEDGE + "return acknowledge(KEYS[1], ARGV[1], KEYS[2], {unpack(ARGV, 2)})"
_BURY = (
    ACKNOWLEDGE
    + """
if acknowledge(KEYS[1], ARGV[1], KEYS[2], {ARGV[2]}) == 1 then
  redis.call('XADD', KEYS[3], '*', 'id', ARGV[2], 'reason', ARGV[3], unpack(ARGV, 4))
end
return 1
"""
)
_FORGET = """
local known, gone = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1]), 0
if known.err then
  return 0
end
for _, flat in ipairs(known) do
  local info = {}
  for i = 1, #flat, 2 do
    info[flat[i]] = flat[i + 1]
  end
  if info['pending'] == 0 and info['idle'] >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info['name'])
    gone = gone + 1
  end
end
return gone
"""

_log = log.get(__name__)


@dataclass(frozen=True)
class Entry:
    """One entry of a stream."""

    id: str
    fields: Mapping[str, str]

    @property
    def added_at(self) -> datetime:
        """When the server took it, by the server's clock."""
        return datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1000, UTC)


class GroupReader:
    """One consumer of one group. ``read`` until told to stop, ``ack`` what is done."""

    def __init__(
        self,
        client: "redis.asyncio.Redis",
        names: Names,
        stream: str,
        group: str,
        consumer: str,
        *,
        block_ms: int = BLOCK_MS,
        claim_after: float = CLAIM_AFTER,
        claim_every: float = CLAIM_EVERY,
    ) -> None:
        self.stream, self.group, self.consumer = stream, group, consumer
        self.position_key = names.group_position(stream, group)
        self._client = client
        self._block_ms = block_ms
        self._claim_after, self._claim_every = claim_after, claim_every
        # Where the reading of our own unacknowledged entries stands; None once they are all read.
        self._own: str | None = START
        self._claimed_at = time.monotonic()
        self._claim_from = START
        self._ack = client.register_script(_ACK)
        self._bury = client.register_script(_BURY)

    async def read(self, count: int = COUNT) -> list[Entry]:
        """The next entries: own unacknowledged ones first, then what others left, then new ones.

        Waits at most ``block_ms`` for new ones and may return none. Raises ``StoreUnavailable``.
        """
        try:
            with guarded(f"reading {self.stream}"):
                return await self._read(count)
        except StoreUnavailable:
            # The answer that was lost may have handed us entries.
            self.rewind()
            raise
        except redis.ResponseError as exc:
            if not str(exc).startswith(("NOGROUP", "UNBLOCKED")):
                raise
            await self._make_group()
            return []

    def rewind(self) -> None:
        """Read own unacknowledged entries again before anything new, as after a start."""
        self._own = START

    async def ack(self, *ids: str) -> None:
        """Acknowledge entries and save the position; repeating it changes nothing."""
        if ids:
            with guarded(f"acknowledging {self.stream}"):
                await self._ack(keys=[self.stream, self.position_key], args=[self.group, *ids])

    async def bury(self, entry: Entry, reason: str, into: str) -> None:
        """Move an entry that can't be handled to the stream ``into``, with the reason, and acknowledge it."""
        flat = [part for pair in entry.fields.items() for part in pair]
        with guarded(f"burying an entry of {self.stream}"):
            await self._bury(
                keys=[self.stream, self.position_key, into], args=[self.group, entry.id, reason, *flat]
            )
        _log.error("entry buried", stream=self.stream, entry_id=entry.id, reason=reason, into=into)

    # ---- the three sources, in their order ------------------------------------------------------

    async def _read(self, count: int) -> list[Entry]:
        while self._own is not None:
            answer = await self._readgroup(self._own, count, None)
            self._own = answer[-1][0] if answer else None
            if entries := await self._whole(answer):
                return entries
        if time.monotonic() - self._claimed_at >= self._claim_every:
            answer = await self._autoclaim(count)
            if entries := await self._whole(answer):
                return entries
        return await self._whole(await self._readgroup(">", count, self._block_ms))

    async def _readgroup(self, after: str, count: int, block: int | None) -> list[Any]:
        # Sent again after a lost answer, it would hand us the entries behind those that the answer held.
        async with unrepeated(self._client) as client:
            answer: Any = await client.xreadgroup(
                self.group, self.consumer, {self.stream: after}, count=count, block=block
            )
        return list(answer[0][1]) if answer else []

    async def _autoclaim(self, count: int) -> list[Any]:
        async with unrepeated(self._client) as client:
            answer: Any = await client.xautoclaim(
                self.stream,
                self.group,
                self.consumer,
                min_idle_time=round(self._claim_after * 1000),
                start_id=self._claim_from,
                count=count,
            )
        self._claim_from = str(answer[0])
        if self._claim_from == START:
            # Through the whole list; until then the next read goes on at once.
            self._claimed_at = time.monotonic()
        return list(answer[1])

    async def _whole(self, answer: Sequence[Any]) -> list[Entry]:
        """The entries of an answer; those that were trimmed away before anybody handled them are let go."""
        entries = [Entry(str(id_), fields) for id_, fields in answer if id_ is not None and fields]
        if gone := [str(id_) for id_, fields in answer if id_ is not None and not fields]:
            _log.error("entries are gone from the stream unread", stream=self.stream, entry_ids=gone)
            await self.ack(*gone)
        return entries

    async def _make_group(self) -> None:
        with guarded(f"making group {self.group}"):
            position = await self._position()
            with suppress(redis.ResponseError):  # BUSYGROUP: another consumer was first
                await self._client.xgroup_create(self.stream, self.group, id=position, mkstream=True)
                _log.info("group made", stream=self.stream, group=self.group, position=position)
        self._own = START

    async def _position(self) -> str:
        """The saved position, if the stream still is the one that it was saved for."""
        saved: Any = await self._client.get(self.position_key)
        # A position is an entry's id, or the one right before. When that entry is gone, either all up to it
        # was trimmed, or this stream was made anew, with lower ids if the server's clock went back since.
        near = await self._client.xrange(self.stream, saved, after(saved), count=1) if saved else []
        return str(saved) if near else START


async def read_after(
    client: "redis.asyncio.Redis", stream: str, after: str, *, count: int = COUNT, block_ms: int = BLOCK_MS
) -> list[Entry]:
    """The entries after id ``after``, for a follower without a group; waits ``block_ms``, may be empty."""
    with guarded(f"following {stream}"):
        answer: Any = await client.xread({stream: after}, count=count, block=block_ms)
    return [Entry(str(id_), fields) for id_, fields in answer[0][1]] if answer else []


async def last_id(client: "redis.asyncio.Redis", stream: str) -> str:
    """The newest entry's id, or ``0-0``: follow from here to see only what is new."""
    with guarded(f"looking at the end of {stream}"):
        newest: Any = await client.xrevrange(stream, count=1)
    return str(newest[0][0]) if newest else START


# ---- trimming -----------------------------------------------------------------------------------


def order(id_: str) -> tuple[int, int]:
    """A stream id as numbers, so that ids compare as the server compares them."""
    ms, _, seq = id_.partition("-")
    return int(ms), int(seq or 0)


def after(id_: str) -> str:
    """The lowest id that is greater."""
    ms, seq = order(id_)
    return f"{ms}-{seq + 1}" if seq < 2**64 - 1 else f"{ms + 1}-0"


def keep_from(cutoff_ms: int, needed: Iterable[str]) -> str:
    """The lowest id to keep: that of the age limit, or of the first entry that some group still needs."""
    return min([f"{max(cutoff_ms, 0)}-0", *needed], key=order)


async def trim(
    client: "redis.asyncio.Redis", names: Names, stream: str, groups: Sequence[str], *, cutoff: datetime
) -> int:
    """Drop entries older than ``cutoff`` that every one of ``groups`` has acknowledged; how many went.

    A group that does not exist needs all after its saved position, and everything if none was saved.
    """
    with guarded(f"trimming {stream}"):
        if not await client.exists(stream):
            return 0
        needed = [await _needs(client, names, stream, group) for group in groups]
        # Both ends only ever move on, so that what was safe to drop when we looked is safe to drop now.
        keep = keep_from(round(cutoff.timestamp() * 1000), needed)
        return int(await client.xtrim(stream, minid=keep, approximate=True))


async def forget_consumers(client: "redis.asyncio.Redis", stream: str, group: str, *, idle: timedelta) -> int:
    """Drop a group's consumers that hold no entry and have not read for so long; how many went."""
    with guarded(f"forgetting consumers of {stream}"):
        gone: Any = await client.register_script(_FORGET)(
            keys=[stream], args=[group, round(idle.total_seconds() * 1000)]
        )
    return int(gone)


async def _needs(client: "redis.asyncio.Redis", names: Names, stream: str, group: str) -> str:
    known: Any = await client.xinfo_groups(stream)
    info = next((entry for entry in known if entry["name"] == group), None)
    if info is None:
        saved = await client.get(names.group_position(stream, group))
        return after(str(saved)) if saved else START
    if info["pending"]:
        summary: Any = await client.xpending(stream, group)
        if summary["min"] is not None:
            return str(summary["min"])
    return after(str(info["last-delivered-id"]))
