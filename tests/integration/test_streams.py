"""A stream read by a group loses nothing and skips nothing, whatever happens to the group."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import redis.asyncio

from shared import streams
from shared.errors import StoreUnavailable
from shared.names import Names
from shared.store import connect_async
from shared.streams import Entry, GroupReader

NAMES = Names("t")
STREAM = "t:s"
GROUP = "g"


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["redis.asyncio.Redis"]:
    async with connect_async(redis_url) as connected:
        yield connected


def reader(client: "redis.asyncio.Redis", consumer: str = "one", **options: Any) -> GroupReader:
    return GroupReader(client, NAMES, STREAM, GROUP, consumer, **({"block_ms": 10} | options))


async def add(client: "redis.asyncio.Redis", *values: str) -> list[str]:
    return [str(await client.xadd(STREAM, {"v": value})) for value in values]


async def read_all(reader: GroupReader) -> list[Entry]:
    """Everything there is to read now; the first read may only make the group."""
    await reader.read()
    found: list[Entry] = []
    reader.rewind()
    while entries := await reader.read():
        found += entries
    return found


def values(entries: list[Entry]) -> list[str]:
    return [entry.fields["v"] for entry in entries]


async def position(client: "redis.asyncio.Redis") -> str | None:
    return await client.get(NAMES.group_position(STREAM, GROUP))  # type: ignore[return-value]


async def test_a_new_group_begins_at_the_beginning(client: "redis.asyncio.Redis") -> None:
    await add(client, "a", "b")
    assert values(await read_all(reader(client))) == ["a", "b"]


async def test_a_reader_may_come_before_the_stream(client: "redis.asyncio.Redis") -> None:
    one = reader(client)
    assert await one.read() == []
    await add(client, "a")
    assert values(await one.read()) == ["a"]


async def test_own_unfinished_entries_come_first_after_a_crash(client: "redis.asyncio.Redis") -> None:
    await add(client, "a", "b")
    first = reader(client)
    before = await read_all(first)
    await first.ack(before[0].id)
    await add(client, "c")

    after = reader(client)  # the same consumer, started again
    assert values(await after.read()) == ["b"]
    assert values(await after.read()) == ["c"]


async def test_what_another_left_is_claimed(client: "redis.asyncio.Redis") -> None:
    await add(client, "a")
    await read_all(reader(client, "dead"))
    heir = reader(client, "heir", claim_after=0, claim_every=0)
    assert values(await heir.read()) == ["a"]


async def test_an_entry_that_is_being_handled_is_not_claimed(client: "redis.asyncio.Redis") -> None:
    await add(client, "a")
    await read_all(reader(client, "busy"))
    assert await reader(client, "eager", claim_every=0).read() == []


async def test_the_position_follows_the_acknowledgements(client: "redis.asyncio.Redis") -> None:
    ids = await add(client, "a", "b", "c")
    one = reader(client)
    await read_all(one)

    await one.ack(ids[1])
    assert streams.after(str(await position(client))) == ids[0]
    await one.ack(ids[0])
    assert streams.after(str(await position(client))) == ids[2]
    await one.ack(ids[2])
    assert await position(client) == ids[2]
    await one.ack(ids[2])
    assert await position(client) == ids[2]


async def test_a_group_that_vanished_goes_on_where_it_was(client: "redis.asyncio.Redis") -> None:
    ids = await add(client, "a", "b", "c")
    one = reader(client)
    await read_all(one)
    await one.ack(ids[0])
    await client.xgroup_destroy(STREAM, GROUP)
    await add(client, "d")

    assert values(await read_all(one)) == ["b", "c", "d"]


async def test_an_acknowledgement_without_a_group_does_not_move_the_position(
    client: "redis.asyncio.Redis",
) -> None:
    ids = await add(client, "a", "b")
    one = reader(client)
    await read_all(one)
    await one.ack(ids[0])
    await client.xgroup_destroy(STREAM, GROUP)
    await one.ack(ids[1])

    assert values(await read_all(one)) == ["b"]


async def test_a_flushed_server_begins_anew(client: "redis.asyncio.Redis") -> None:
    await add(client, "a")
    one = reader(client)
    await read_all(one)
    await client.flushall()
    assert await one.read() == []
    await add(client, "b")
    assert values(await one.read()) == ["b"]


async def test_a_stream_made_anew_is_read_from_its_beginning(client: "redis.asyncio.Redis") -> None:
    """Its ids may be lower than the saved position: the server's clock went back."""
    ids = await add(client, "a", "b")
    one = reader(client)
    await read_all(one)
    await one.ack(*ids)
    await client.delete(STREAM)
    await one.read()
    await client.xadd(STREAM, {"v": "c"}, id="1000-0")
    assert values(await one.read()) == ["c"]

    await client.delete(STREAM)
    await client.xadd(STREAM, {"v": "d"}, id="900-0")
    await add(client, "e")
    assert values(await read_all(one)) == ["d", "e"]


async def test_a_lost_answer_loses_no_entry(
    client: "redis.asyncio.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    one = reader(client)
    await one.read()
    await one.read()
    await add(client, "a")
    connection: Any = client.connection_pool.connection_class
    whole = connection.read_response

    async def lost(self: Any, *arguments: Any, **options: Any) -> Any:
        answer = await whole(self, *arguments, **options)
        if isinstance(answer, list) and STREAM in str(answer):
            monkeypatch.setattr(connection, "read_response", whole)
            await self.disconnect()
            raise redis.ConnectionError("lost")
        return answer

    monkeypatch.setattr(connection, "read_response", lost)
    with pytest.raises(StoreUnavailable):
        await one.read()
    await add(client, "b")
    assert values(await one.read()) == ["a"]
    assert values(await one.read()) == ["b"]


async def test_consumers_that_are_no_more_are_forgotten(client: "redis.asyncio.Redis") -> None:
    assert await streams.forget_consumers(client, STREAM, GROUP, idle=timedelta(0)) == 0
    await add(client, "a")
    await read_all(reader(client, "busy"))
    await read_all(reader(client, "done"))

    assert await streams.forget_consumers(client, STREAM, GROUP, idle=timedelta(hours=1)) == 0
    assert await streams.forget_consumers(client, STREAM, GROUP, idle=timedelta(0)) == 1
    left: Any = await client.xinfo_consumers(STREAM, GROUP)
    assert [consumer["name"] for consumer in left] == ["busy"]


async def test_two_consumers_share_the_entries(client: "redis.asyncio.Redis") -> None:
    one, two = reader(client, "one"), reader(client, "two")
    await one.read()
    await add(client, "a", "b", "c")
    shared = values(await one.read(count=2)) + values(await two.read(count=2))
    assert sorted(shared) == ["a", "b", "c"]


async def test_a_buried_entry_moves_once_with_its_reason(client: "redis.asyncio.Redis") -> None:
    await add(client, "a")
    one = reader(client)
    (entry,) = await read_all(one)
    await one.bury(entry, "unreadable", "t:dead")
    await one.bury(entry, "unreadable", "t:dead")

    buried: Any = await client.xrange("t:dead")
    assert [fields for _, fields in buried] == [{"id": entry.id, "reason": "unreadable", "v": "a"}]
    assert await position(client) == entry.id


async def test_entries_trimmed_before_they_were_handled_do_not_block(client: "redis.asyncio.Redis") -> None:
    await add(client, "a", "b")
    one = reader(client)
    await read_all(one)
    await client.xtrim(STREAM, maxlen=0, approximate=False)
    await add(client, "c")

    one.rewind()
    assert values(await one.read()) == ["c"]
    pending: Any = await client.xpending(STREAM, GROUP)
    assert pending["pending"] == 1


async def test_trimming_keeps_what_is_not_acknowledged(client: "redis.asyncio.Redis") -> None:
    # Nodes of one entry, so that an approximate trim is an exact one.
    await client.config_set("stream-node-max-entries", 1)
    try:
        ids = await add(client, "a", "b", "c", "d")
        one = reader(client)
        await one.read()
        taken = await one.read(count=3)
        far = datetime.now(UTC) + timedelta(days=1)

        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=far) == 0
        await one.ack(taken[0].id, taken[2].id)
        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=far) == 1
        await one.ack(taken[1].id)
        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=far) == 2
        left: Any = await client.xrange(STREAM)
        assert [id_ for id_, _ in left] == [ids[3]]
    finally:
        await client.config_set("stream-node-max-entries", 100)


async def test_trimming_waits_for_a_group_that_is_not_there(client: "redis.asyncio.Redis") -> None:
    await client.config_set("stream-node-max-entries", 1)
    try:
        ids = await add(client, "a", "b")
        far = datetime.now(UTC) + timedelta(days=1)
        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=far) == 0

        one = reader(client)
        await read_all(one)
        await one.ack(ids[0])
        await client.xgroup_destroy(STREAM, GROUP)
        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=far) == 1
        assert await streams.trim(client, NAMES, "t:none", [GROUP], cutoff=far) == 0
    finally:
        await client.config_set("stream-node-max-entries", 100)


async def test_young_entries_stay_though_acknowledged(client: "redis.asyncio.Redis") -> None:
    await client.config_set("stream-node-max-entries", 1)
    try:
        ids = await add(client, "a", "b")
        one = reader(client)
        await read_all(one)
        await one.ack(*ids)
        cutoff = datetime.now(UTC) - timedelta(days=1)
        assert await streams.trim(client, NAMES, STREAM, [GROUP], cutoff=cutoff) == 0
    finally:
        await client.config_set("stream-node-max-entries", 100)


async def test_a_follower_sees_only_what_is_new(client: "redis.asyncio.Redis") -> None:
    assert await streams.last_id(client, STREAM) == "0-0"
    await add(client, "a")
    here = await streams.last_id(client, STREAM)
    assert await streams.read_after(client, STREAM, here, block_ms=5) == []
    await add(client, "b")
    (seen,) = await streams.read_after(client, STREAM, here, block_ms=5)
    assert seen.fields == {"v": "b"}
    assert abs(seen.added_at - datetime.now(UTC)) < timedelta(minutes=1)
