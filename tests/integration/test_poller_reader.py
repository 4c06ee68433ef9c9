"""Readers: processes that parse feeds, and that a bad feed cannot stop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from services.poller import entries, reader
from services.poller.reader import Readers, Task
from shared.errors import UnreadableFeed
from tests.support.poller import NOW, entry, rss

TASK = Task("feed_1", "https://herald.example.org/rss", "text/xml", NOW.isoformat())
SLOW = b'<rss version="2.0"><channel>' + b"<item>" * 700_000
"""Keeps feedparser busy for half a minute."""


@asynccontextmanager
async def running(count: int, deadline: float = 20.0) -> AsyncIterator[Readers]:
    readers = Readers(count, deadline=deadline)
    try:
        yield readers
    finally:
        await readers.close()


async def test_a_body_comes_back_as_drafts() -> None:
    async with running(1) as readers:
        reading = await readers.read(TASK, rss(entry(1), entry(2), title="A & <b>B</b>"))
    assert (reading.title, len(reading.drafts), reading.cut_off) == ("A & B", 2, False)
    assert '"feed_id":"feed_1"' in reading.drafts[0].article


async def test_many_bodies_share_few_readers_and_keep_apart() -> None:
    async with running(2) as readers:
        readings = await asyncio.gather(
            *(readers.read(TASK, rss(*(entry(n) for n in range(count)))) for count in range(20))
        )
    assert [len(reading.drafts) for reading in readings] == list(range(20))


async def test_what_is_no_feed_is_told_and_the_reader_goes_on() -> None:
    async with running(1) as readers:
        with pytest.raises(UnreadableFeed, match="HTML page"):
            await readers.read(TASK, b"<html></html>")
        assert len((await readers.read(TASK, rss(entry(1)))).drafts) == 1


def test_a_fault_of_ours_costs_one_feed_one_poll_and_says_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(reader, "drafts", faulty)
    assert "ZeroDivisionError" in str(reader.answer(TASK, rss(entry(1)))["error"])


def test_an_entry_that_breaks_us_is_told_and_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(markup: str) -> str:
        if markup == "broken":
            raise ZeroDivisionError("oops")
        return markup

    monkeypatch.setattr(entries, "plain", breaks)
    answer = reader.answer(TASK, rss(entry(1), entry(2, "broken"), entry(3)))
    assert [article["title"] for article in _articles(answer)] == ["Report 3", "Report 1"]
    assert str(answer["fault"]).startswith(
        "1 entry was left out, which is our fault (ZeroDivisionError('oops'))"
    )


def _articles(answer: dict[str, Any]) -> list[dict[str, str]]:
    return [json.loads(draft["article"]) for draft in answer["drafts"]]


async def test_a_body_that_takes_too_long_is_stopped_and_the_next_one_is_read() -> None:
    async with running(1, deadline=1.0) as readers:
        await readers.read(TASK, rss(entry(1)))
        with pytest.raises(UnreadableFeed, match="took longer than 1 s"):
            await readers.read(TASK, SLOW)
        assert len((await readers.read(TASK, rss(entry(1)))).drafts) == 1


async def test_a_read_that_is_called_off_leaves_no_answer_for_the_next() -> None:
    async with running(1) as readers:
        called_off = asyncio.create_task(readers.read(TASK, SLOW))
        await asyncio.wait([called_off], timeout=0.2)
        called_off.cancel()
        await asyncio.gather(called_off, return_exceptions=True)
        assert len((await readers.read(TASK, rss(entry(1)))).drafts) == 1


async def test_a_reader_that_died_is_replaced() -> None:
    async with running(1) as readers:
        await readers.read(TASK, rss(entry(1)))
        process = readers._free.get_nowait()
        assert process is not None
        process.kill()
        await process.wait()
        readers._free.put_nowait(process)
        assert len((await readers.read(TASK, rss(entry(1)))).drafts) == 1
