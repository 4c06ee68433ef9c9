"""The demo's feeds are feeds like any other: read here by the poller's own parser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application

from services.cli.demo.newsstand import Newsstand
from services.poller.parse import parse
from shared.outlets import Outlet
from tests.support.demo import NOON, item, outlet, script

GAZETTE, HERALD = outlet("Gazette"), outlet("Herald")
SCRIPT = script(
    item(GAZETTE, "port", 1, "Port X shelled", "Two hurt & one killed.", "The <port> burns."),
    item(HERALD, "port", 2, "Shells fall on Port X", "Witnesses say so.", "A longer report."),
    item(GAZETTE, "pay", 3, "Pilots strike over pay"),
    item(GAZETTE, "port", 9, "CORRECTION: Port X shelled, nobody killed"),
)


class Moment:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time

    def is_after(self, seconds: float) -> None:
        self.time = NOON + timedelta(seconds=seconds)


class Stand:
    """The newsstand behind real HTTP."""

    def __init__(self, client: "TestClient[Any, Any]", moment: Moment, newsstand: Newsstand) -> None:
        self.client, self.moment, self.newsstand = client, moment, newsstand

    async def titles(self, of: Outlet = GAZETTE) -> list[str]:
        answer = await self.client.get(self.newsstand.path(of))
        assert answer.status == 200
        return [entry.title for entry in parse(await answer.read()).entries]


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    moment = Moment()
    newsstand = Newsstand([GAZETTE, HERALD], moment)
    application = Application()
    application.add_routes(newsstand.routes())
    async with TestClient(TestServer(application)) as client:
        yield Stand(client, moment, newsstand)


async def test_a_feed_is_there_and_empty_before_the_play_begins(stand: Stand) -> None:
    assert await stand.titles() == []


async def test_each_item_appears_when_its_time_has_come(stand: Stand) -> None:
    stand.newsstand.play(SCRIPT)
    stand.moment.is_after(0.9)
    assert await stand.titles() == []
    stand.moment.is_after(1)
    assert await stand.titles() == ["Port X shelled"]
    stand.moment.is_after(4)
    assert await stand.titles() == ["Pilots strike over pay", "Port X shelled"]


async def test_an_edit_takes_the_place_of_what_it_edits(stand: Stand) -> None:
    stand.newsstand.play(SCRIPT)
    stand.moment.is_after(10)
    assert sorted(await stand.titles()) == [
        "CORRECTION: Port X shelled, nobody killed",
        "Pilots strike over pay",
    ]


@pytest.mark.parametrize(("of", "version"), [(GAZETTE, b"<rss"), (HERALD, b"<feed")], ids=["RSS", "Atom"])
async def test_both_formats_carry_title_link_date_summary_and_text(
    stand: Stand, of: Outlet, version: bytes
) -> None:
    stand.newsstand.play(SCRIPT)
    stand.moment.is_after(2)
    body = await (await stand.client.get(stand.newsstand.path(of))).read()
    (entry,) = parse(body).entries
    first = SCRIPT.items[0] if of is GAZETTE else SCRIPT.items[1]

    assert version in body
    assert (entry.title, entry.link, entry.guid) == (first.title, first.url, first.url)
    assert datetime.fromtimestamp(entry.published_at or 0, UTC) == first.published
    assert (entry.summary, entry.content) == (first.summary, first.body)


async def test_who_has_it_all_is_told_so(stand: Stand) -> None:
    stand.newsstand.play(SCRIPT)
    stand.moment.is_after(2)
    first = await stand.client.get(stand.newsstand.path(GAZETTE))
    known = {"If-None-Match": first.headers["ETag"]}
    assert (await stand.client.get(stand.newsstand.path(GAZETTE), headers=known)).status == 304
    stand.moment.is_after(3)
    assert (await stand.client.get(stand.newsstand.path(GAZETTE), headers=known)).status == 200


async def test_another_outlet_has_no_feed_here(stand: Stand) -> None:
    assert (await stand.client.get("/feeds/elsewhere.example")).status == 404
