"""The poller at work on real feeds that misbehave: each ends in a clear sentence, and the rest goes on."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from aiohttp import web

from services.poller import service
from services.poller.service import serve
from shared import articles, feeds, names, queue
from shared.contracts import Feed, FeedState, derive_feed_id, split_key
from shared.errors import StoreUnavailable
from shared.settings import Settings
from tests.support.poller import (
    FeedServer,
    endless,
    entry,
    feed_server,
    gzip_bomb,
    hangs_up_after,
    rss,
    slow_loris,
)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


class House:
    """A Redis with feeds in it, and what pollers made of them."""

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self.client = client
        self.settings = settings

    def adds(self, url: str, **rest: Any) -> str:
        return feeds.add(self.client, self.settings, url, now=now(), **rest)[0].id

    def feed(self, feed_id: str) -> Feed:
        found = feeds.get(self.client, self.settings.names, feed_id)
        assert found is not None
        return found

    def is_due_now(self, feed_id: str) -> None:
        self.client.zadd(self.settings.names.feeds_due, {feed_id: 0})

    def pending(self) -> list[str]:
        return list(self.client.zrange(self.settings.names.pending, 0, -1))

    def titles(self) -> list[str]:
        loaded = [articles.load(self.client, self.settings.names, key) for key in self.pending()]
        return sorted(article.title for article in loaded if article)

    def messages(self) -> int:
        return queue.depth(self.client, self.settings)

    @asynccontextmanager
    async def polled(self, **changed: Any) -> AsyncIterator[None]:
        """Run one poller, with settings ``changed``, for the length of the block; it must drain cleanly."""
        stop = asyncio.Event()
        config = self.settings.model_copy(update={"fetch_timeout": 1.0, "host_concurrency": 20, **changed})
        assert config.redis_url is not None
        running = asyncio.create_task(serve(config, config.redis_url, stop))
        try:
            yield
        finally:
            stop.set()
            await asyncio.wait_for(running, 15)


@pytest.fixture
def house(redis_client: "redis.Redis", settings: Settings, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("services.poller.service.IDLE", 0.05)
    return House(redis_client, settings)


async def until(true: Callable[[], bool], within: float = 15.0) -> None:
    """Return when ``true()``; a test that waits in vain fails and names nothing else."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  (what is awaited happens in Redis, which sets no event)
            await asyncio.sleep(0.02)


async def test_bad_feeds_end_in_a_sentence_each_and_the_good_ones_go_on(
    house: House, server: FeedServer
) -> None:
    story = rss(entry(1, at=now()), entry(2, at=now()))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        bad = {
            server.serves("html", b"<!doctype html><html></html>"): "HTML page",
            server.serves("empty"): "body is empty",
            server.serves("json", b"{}"): "not a JSON Feed",
            server.answers("big", endless): "more than 5,000,000 bytes",
            server.answers("bomb", gzip_bomb): "more than 5,000,000 bytes",
            server.answers("slow", slow_loris): "no whole answer within 1 s",
            server.serves("500", status=500): "HTTP 500",
            server.serves("404", status=404): "HTTP 404",
            server.serves("410", status=410): "gone for good",
            server.serves("429", status=429, Retry_After="120"): "asks for patience",
            server.serves(
                "redirect", status=302, Location="http://169.254.169.254/"
            ): "TOCSIN_ALLOW_NETWORKS",
            f"http://127.0.0.1:{unused.getsockname()[1]}/": "can't be reached",
        }
        ids = {house.adds(url): words for url, words in bad.items()}
        good = house.adds(server.serves("good", story, ETag='"1"'))
        async with house.polled():
            await until(lambda: all(house.feed(one).polled_at for one in [good, *ids]))

    for feed_id, words in ids.items():
        assert words in house.feed(feed_id).last_error
        assert house.feed(feed_id).articles == 0
    states = {house.feed(feed_id).url.rpartition("/")[2]: house.feed(feed_id).state for feed_id in ids}
    assert (states["410"], states["redirect"]) == (FeedState.GONE, FeedState.REFUSED)
    well = house.feed(good)
    assert (well.articles, well.last_error, well.etag, well.title) == (2, "", '"1"', "Port X Herald")
    assert house.titles() == ["Report 1", "Report 2"]
    assert house.messages() == 1
    waits = house.client.zscore(house.settings.names.feeds_due, derive_feed_id(server.url("429")))
    assert 100_000 < waits - now().timestamp() * 1000 < 125_000
    assert house.client.zscore(house.settings.names.feeds_due, derive_feed_id(server.url("410"))) is None


@pytest.mark.parametrize("broken", ["inside", "transport"])
async def test_a_feed_cut_off_gives_what_it_has_and_then_the_rest(
    house: House, server: FeedServer, broken: str
) -> None:
    old = now() - timedelta(days=3)
    whole = rss(entry(1, at=now()), entry(2, at=now()), entry(3, at=old))
    url = server.serves("cut", whole[:-50], ETag='"cut"')
    if broken == "transport":
        server.answers("cut", hangs_up_after(whole[:-50]))
    feed_id = house.adds(url)
    async with house.polled():
        await until(lambda: house.feed(feed_id).succeeded_at is not None)
        assert "cut off" in house.feed(feed_id).last_error
        assert house.feed(feed_id).etag is None
        server.serves("cut", whole, ETag='"whole"')
        house.is_due_now(feed_id)
        await until(lambda: house.feed(feed_id).etag == '"whole"')
    assert house.titles() == ["Report 1", "Report 2"]
    assert house.feed(feed_id).last_error == ""


async def test_a_feed_that_is_always_cut_off_rings_for_its_undated_news(
    house: House, server: FeedServer
) -> None:
    def shows(*numbers: int) -> str:
        return server.serves("cut", rss(*(entry(number, at=None) for number in numbers))[:-20])

    feed_id = house.adds(shows(2, 1))
    async with house.polled():
        await until(lambda: house.feed(feed_id).polled_at is not None)
        assert "cut off" in house.feed(feed_id).last_error
        assert house.pending() == []
        shows(3, 2, 1, 0)
        house.is_due_now(feed_id)
        await until(lambda: house.feed(feed_id).articles > 0)
    assert house.titles() == ["Report 3"]


async def test_a_feed_with_half_a_character_rings_with_all_its_entries(
    house: House, server: FeedServer
) -> None:
    body = rss(entry(1, "Boom XX", at=now()), entry(2, at=now())).replace(b"XX", b"&#55357;&#56485;")
    feed_id = house.adds(server.serves("feed", body))
    async with house.polled():
        await until(lambda: house.feed(feed_id).polled_at is not None)
    assert house.titles() == ["Boom 💥", "Report 2"]
    assert house.feed(feed_id).last_error == ""


async def test_validators_go_back_and_a_304_costs_nothing(house: House, server: FeedServer) -> None:
    async def conditional(request: web.Request) -> web.StreamResponse:
        known = request.headers.get("If-None-Match") == 'W/"a b"' and "If-Modified-Since" in request.headers
        headers = {"ETag": 'W/"a b"', "Last-Modified": "Thu, 05 Mar 2026 11:59:59 GMT"}
        return web.Response(
            status=304 if known else 200, body=None if known else rss(entry(1, at=now())), headers=headers
        )

    feed_id = house.adds(server.answers("feed", conditional))
    async with house.polled():
        await until(lambda: house.feed(feed_id).articles == 1)
        first = house.feed(feed_id).polled_at
        house.is_due_now(feed_id)
        await until(lambda: house.feed(feed_id).polled_at != first)
    sent = server.headers_of_last("feed")
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"a b"', "Thu, 05 Mar 2026 11:59:59 GMT")
    assert house.feed(feed_id).etag == 'W/"a b"'
    assert len(house.pending()) == 1


async def test_an_edited_title_is_a_new_revision_and_a_comma_is_not(house: House, server: FeedServer) -> None:
    feed_id = house.adds(server.serves("feed", rss(entry(1, "Two killed in Port X", at=now()))))
    async with house.polled():
        await until(lambda: len(house.pending()) == 1)
        server.serves("feed", rss(entry(1, "TWO KILLED, in Port X", at=now())), ETag='"comma"')
        house.is_due_now(feed_id)
        await until(lambda: house.feed(feed_id).etag == '"comma"')
        assert len(house.pending()) == 1
        server.serves("feed", rss(entry(1, "Nine killed in Port X", at=now())))
        house.is_due_now(feed_id)
        await until(lambda: len(house.pending()) == 2)
    assert sorted(split_key(key)[1] for key in house.pending()) == [1, 2]


async def test_a_feed_due_again_before_its_last_poll_is_through_is_not_forgotten(
    house: House, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = asyncio.Event()
    enqueue = service.Poller._enqueue

    async def held_up(poller: service.Poller, keys: list[str]) -> None:
        await enqueue(poller, keys)
        await held.wait()

    monkeypatch.setattr(service.Poller, "_enqueue", held_up)
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    async with house.polled(sweep_after=600.0):
        await until(lambda: house.messages() == 1)
        house.is_due_now(feed_id)
        await until(lambda: house.client.zscore(house.settings.names.feeds_due, feed_id) > 0)
        held.set()
        await until(lambda: len(server.asked) == 2)


async def test_a_new_feed_does_not_flood(house: House, server: FeedServer) -> None:
    old = now() - timedelta(days=3)
    story = rss(entry(1, at=now()), *(entry(n, at=old) for n in range(2, 60)), entry(60, at=None))
    feed_id = house.adds(server.serves("feed", story))
    async with house.polled():
        await until(lambda: house.feed(feed_id).succeeded_at is not None)
    assert house.titles() == ["Report 1"]


async def test_two_pollers_share_the_work_and_take_nothing_twice(house: House, server: FeedServer) -> None:
    ids = [
        house.adds(server.serves(f"feed-{n}", rss(*(entry(n * 100 + m, at=now()) for m in range(5)))))
        for n in range(12)
    ]
    async with house.polled(fetch_concurrency=3), house.polled(fetch_concurrency=3):
        await until(lambda: all(house.feed(one).succeeded_at for one in ids))
    assert len(house.pending()) == 60
    assert len(server.asked) == 12


async def test_above_the_ceiling_the_poller_waits_and_then_goes_on(house: House, server: FeedServer) -> None:
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    waiting = f"{house.settings.key_prefix}:celery:{names.ARTICLES_QUEUE}"
    house.client.rpush(waiting, *["x"] * 6)
    async with house.polled(queue_ceiling=5):
        beat = house.settings.names.heartbeat("poller", "*")
        await until(lambda: bool(house.client.keys(beat)))
        assert house.feed(feed_id).polled_at is None
        house.client.ltrim(waiting, 0, 4)
        await until(lambda: house.feed(feed_id).polled_at is not None)


async def test_near_the_memory_limit_the_poller_waits_and_then_goes_on(
    house: House, server: FeedServer
) -> None:
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    used = int(house.client.info("memory")["used_memory"])
    house.client.config_set("maxmemory", int(used * 1.15))
    try:
        async with house.polled():
            await until(lambda: bool(house.client.keys(house.settings.names.heartbeat("poller", "*"))))
            assert house.feed(feed_id).polled_at is None
            house.client.config_set("maxmemory", 0)
            await until(lambda: house.feed(feed_id).polled_at is not None)
    finally:
        house.client.config_set("maxmemory", 0)


async def test_a_full_house_with_a_full_poller_does_not_spin(
    house: House, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    well = service.Poller._load

    async def full_after_the_first(poller: service.Poller) -> Any:
        nonlocal looks
        looks += 1
        load = await well(poller)
        return load if looks == 1 else replace(load, depth=10**6)

    monkeypatch.setattr(service, "IDLE", 0.2)
    monkeypatch.setattr(service.Poller, "_load", full_after_the_first)
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    async with house.polled(fetch_concurrency=1):
        await until(lambda: house.feed(feed_id).polled_at is not None)
        begun, before = time.monotonic(), looks
        await until(lambda: looks >= before + 4)
        assert time.monotonic() - begun > 0.4


async def test_a_poller_told_to_stop_gives_its_feeds_back(
    house: House, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.poller.service.DRAIN", 0.1)
    feed_id = house.adds(server.answers("slow", slow_loris))
    async with house.polled(fetch_timeout=30.0):
        await until(lambda: bool(server.asked))
    due = house.client.zscore(house.settings.names.feeds_due, feed_id)
    assert due <= time.time() * 1000 + 1000


async def test_a_lost_message_is_sent_again_by_the_sweeper(house: House, server: FeedServer) -> None:
    house.adds(server.serves("feed", rss(entry(1, at=now()))))
    async with house.polled(sweep_after=0.4):
        await until(lambda: house.messages() == 1)
        house.client.delete(f"{house.settings.key_prefix}:celery:{names.ARTICLES_QUEUE}")
        await until(lambda: house.messages() >= 1)
    assert len(house.pending()) == 1


_KILLED_BEFORE_ITS_MESSAGE = """
import asyncio, os, signal, sys
from shared import queue
from shared.settings import Settings
from services.poller.service import serve

queue.enqueue = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
settings = Settings(_env_file=None, redis_url=sys.argv[1], allow_networks="127.0.0.0/8")
asyncio.run(serve(settings, sys.argv[1], asyncio.Event()))
"""


async def test_a_kill_between_the_step_and_the_message_is_healed_by_another_poller(
    house: House, server: FeedServer
) -> None:
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()), entry(2, at=now()))))
    assert house.settings.redis_url is not None
    command = [sys.executable, "-c", _KILLED_BEFORE_ITS_MESSAGE, house.settings.redis_url]
    died = await asyncio.to_thread(
        subprocess.run, command, timeout=30, check=False, stderr=subprocess.DEVNULL
    )
    assert died.returncode == -signal.SIGKILL
    assert len(house.pending()) == 2, "the step stands"
    assert house.messages() == 0, "nobody was told"

    async with house.polled(sweep_after=0.2):
        await until(lambda: house.messages() >= 1)
    assert house.titles() == ["Report 1", "Report 2"]
    assert house.feed(feed_id).articles == 2


async def test_an_outage_of_redis_is_told_once_and_the_poller_goes_on(
    house: House, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    for level in ("warning", "info"):
        monkeypatch.setattr(service._log, level, lambda event, **_: told.append(event))
    well = service.Poller._load
    looked = 0

    async def down(_: service.Poller) -> Any:
        nonlocal looked
        looked += 1
        raise StoreUnavailable("Redis does not answer")

    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    monkeypatch.setattr(service.Poller, "_load", down)
    async with house.polled():
        await until(lambda: looked > 3)
        monkeypatch.setattr(service.Poller, "_load", well)
        await until(lambda: house.feed(feed_id).articles == 1)
    assert told.count("can't look for due feeds") == 1
    assert told.count("feeds are polled again") == 1


async def test_cut_connections_to_redis_do_not_end_the_poller(house: House, server: FeedServer) -> None:
    feed_id = house.adds(server.serves("feed", rss(entry(1, at=now()))))
    async with house.polled():
        await until(lambda: house.feed(feed_id).articles == 1)
        house.client.client_kill_filter(_type="normal", skipme=True)
        server.serves("feed", rss(entry(1, at=now()), entry(2, at=now())))
        house.is_due_now(feed_id)
        await until(lambda: len(house.pending()) == 2)
