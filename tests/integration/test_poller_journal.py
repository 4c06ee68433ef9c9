"""The atomic step and the lease, on a real Redis: all or nothing, and the same again under one token."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis
import redis.asyncio

from services.poller import journal
from services.poller.entries import Draft
from services.poller.journal import FORGET_AFTER, MOST_REVISIONS, Journal, Step
from services.poller.outcome import Outcome
from services.poller.schedule import plan
from services.poller.sweeper import FAR_TOO_LONG, FEW, SHORT_QUEUE, Sweeper
from shared import articles, feeds, store
from shared.contracts import Article, Feed, FeedState, derive_id
from shared.errors import StoreUnavailable
from shared.names import Names
from shared.settings import Settings
from tests.support.poller import NOW

NAMES = Names()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["redis.asyncio.Redis"]:
    async with store.connect_async(redis_url) as opened:
        yield opened


@pytest.fixture
def log_book(client: "redis.asyncio.Redis") -> Journal:
    return Journal(client, NAMES)


@pytest.fixture
def feed(redis_client: "redis.Redis", settings: Settings) -> Feed:
    return feeds.add(redis_client, settings, "https://herald.example.org/rss", now=NOW)[0]


@pytest.fixture
def other(redis_client: "redis.Redis", settings: Settings) -> Feed:
    return feeds.add(redis_client, settings, "https://herald.example.org/world", now=NOW)[0]


def draft(name: str, fingerprint: str = "A") -> Draft:
    article = Article(
        id=derive_id(f"https://herald.example.org/{name}"),
        title=fingerprint,
        published_at=NOW,
        fetched_at=NOW,
    )
    return Draft(article.id, fingerprint, article.to_json(), NOW.timestamp())


def read(feed: Feed, *drafts: Draft, **rest: Any) -> Step:
    return Step(
        feed=feed,
        outcome=Outcome.READ,
        plan=plan(feed, Outcome.READ, NOW),
        etag='W/"1"',
        drafts=drafts,
        was_read=True,
        **rest,
    )


def key(name: str, revision: int = 1) -> str:
    return f"{draft(name).article_id}:{revision}"


async def test_a_new_article_is_stored_pending_and_answered(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    assert await log_book.record(read(feed, draft("one"), draft("two")), NOW) == [key("one"), key("two")]

    assert redis_client.zrange(NAMES.pending, 0, -1) == sorted([key("one"), key("two")])
    stored = articles.load(redis_client, NAMES, key("one"))
    assert stored is not None
    assert (stored.key, stored.title) == (key("one"), "A")
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert (known.etag, known.articles, known.succeeded_at, known.state) == (
        'W/"1"',
        2,
        NOW,
        FeedState.ACTIVE,
    )


async def test_what_was_seen_is_not_taken_again(log_book: Journal, feed: Feed) -> None:
    await log_book.record(read(feed, draft("one")), NOW)
    assert await log_book.record(read(feed, draft("one")), NOW) == []


async def test_a_changed_title_is_the_next_revision(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(read(feed, draft("one", "A")), NOW)
    assert await log_book.record(read(feed, draft("one", "B")), NOW) == [key("one", 2)]
    stored = articles.load(redis_client, NAMES, key("one", 2))
    assert stored is not None
    assert (stored.revision, stored.title) == (2, "B")


async def test_one_article_in_two_feeds_is_taken_once(log_book: Journal, feed: Feed, other: Feed) -> None:
    assert await log_book.record(read(feed, draft("one")), NOW) == [key("one")]
    assert await log_book.record(read(other, draft("one")), NOW) == []


async def test_two_feeds_that_disagree_about_a_title_never_take_turns(
    log_book: Journal, feed: Feed, other: Feed
) -> None:
    assert await log_book.record(read(feed, draft("one", "A")), NOW) == [key("one", 1)]
    assert await log_book.record(read(other, draft("one", "B")), NOW) == [key("one", 2)]
    for _ in range(3):
        assert await log_book.record(read(feed, draft("one", "A")), NOW) == []
        assert await log_book.record(read(other, draft("one", "B")), NOW) == []
    assert await log_book.record(read(feed, draft("one", "B")), NOW) == []


async def test_an_edit_that_is_taken_back_is_the_next_revision(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    shown = ["A", "B", "A", "A", "B", "C", "A"]
    keys = [await log_book.record(read(feed, draft("one", text)), NOW) for text in shown]
    assert keys == [[key("one", n)] if n else [] for n in (1, 2, 3, 0, 4, 5, 6)]
    stored = articles.load(redis_client, NAMES, key("one", 3))
    assert stored is not None
    assert (stored.revision, stored.title) == (3, "A")


async def test_two_feeds_that_take_an_edit_back_make_one_revision(
    log_book: Journal, feed: Feed, other: Feed
) -> None:
    taken = [
        await log_book.record(read(where, draft("one", text)), NOW)
        for text in ("A", "B", "A")
        for where in (feed, other)
    ]
    assert taken == [[key("one", 1)], [], [key("one", 2)], [], [key("one", 3)], []]


async def test_a_feed_that_follows_late_takes_nothing_back(
    log_book: Journal, feed: Feed, other: Feed
) -> None:
    for text in ("A", "B", "C"):
        await log_book.record(read(feed, draft("one", text)), NOW)
    for text in ("A", "B", "C"):
        assert await log_book.record(read(other, draft("one", text)), NOW) == []


async def test_a_counter_in_a_summary_does_not_ring_for_ever(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    # Ever new, and two that take turns: no article has more revisions than so many.
    every = [f"{number}" for number in range(40)] + ["A", "B"] * 20
    for fingerprint in every:
        await log_book.record(read(feed, draft("one", fingerprint)), NOW)
    assert redis_client.zcard(NAMES.pending) == MOST_REVISIONS
    assert await log_book.record(read(feed, draft("two")), NOW) == [key("two")]
    marks = redis_client.hget(NAMES.seen(feed.id), draft("one").article_id)
    assert isinstance(marks, str)
    assert (marks.split()[:2], len(marks.split())) == (["B", "A"], MOST_REVISIONS)


async def test_revisions_are_remembered_as_long_as_a_feed_shows_the_article(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    unmodified = Step(feed, Outcome.NOT_MODIFIED, plan(feed, Outcome.NOT_MODIFIED, NOW))
    failed = Step(feed, Outcome.UNREACHABLE, plan(feed, Outcome.UNREACHABLE, NOW), problem="no answer")
    whole = int(FORGET_AFTER.total_seconds())
    await log_book.record(read(feed, draft("stays"), draft("leaves")), NOW)
    table, left = (NAMES.revisions(draft(name).article_id) for name in ("stays", "leaves"))
    for step in (read(feed, draft("stays")), unmodified, failed):
        redis_client.expire(table, 60)
        redis_client.expire(left, 60)
        await log_book.record(step, NOW + timedelta(hours=1))
        assert whole - 60 < redis_client.ttl(table) <= whole
        assert redis_client.ttl(left) <= 60
    assert await log_book.record(read(feed, draft("stays", "B")), NOW) == [key("stays", 2)]


async def test_the_old_part_of_a_new_feed_is_marked_seen_in_silence(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    old, new = draft("old"), draft("new")
    first = read(feed, old, new, silent=frozenset({old.article_id}))
    assert await log_book.record(first, NOW) == [key("new")]
    assert await log_book.record(read(feed, old, new), NOW) == []
    edited = read(feed, replace(old, fingerprint="B"), silent=frozenset({old.article_id}))
    assert await log_book.record(edited, NOW) == [key("old")], "an edit of what was shown is never silent"


async def test_a_feed_that_is_always_cut_off_rings_for_what_comes_on_top(
    log_book: Journal, feed: Feed
) -> None:
    async def shows(*names: str) -> list[str] | None:
        """From the feed's beginning to its end; none has a date, and no body was ever read whole."""
        drafts = [draft(name) for name in reversed(names)]
        return await log_book.record(
            read(feed, *drafts, undated=frozenset(one.article_id for one in drafts)), NOW
        )

    assert await shows("3", "2", "1") == []
    assert await shows("4", "3", "2") == [key("4")]
    assert await shows("6", "5", "4", "3", "2", "1", "0") == [key("5"), key("6")], "0 is older than all"
    assert await shows("9", "8") == [key("8"), key("9")], "all new"


async def test_a_step_whose_answer_was_lost_answers_the_same_again(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    class SameToken:
        hex = "token"

    monkeypatch.setattr(journal, "uuid4", SameToken)
    step = read(feed, draft("one"))
    assert await log_book.record(step, NOW) == [key("one")]
    redis_client.zrem(NAMES.pending, key("one"))  # considered before the repeat
    assert await log_book.record(step, NOW) == [key("one")]
    assert redis_client.zcard(NAMES.pending) == 0
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert known.articles == 1


async def test_a_repeat_of_a_step_without_news_is_an_empty_answer(
    log_book: Journal, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SameToken:
        hex = "token"

    monkeypatch.setattr(journal, "uuid4", SameToken)
    assert await log_book.record(read(feed), NOW) == []
    assert await log_book.record(read(feed), NOW) == []


async def test_a_feed_removed_during_its_poll_stays_removed(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    feeds.remove(redis_client, NAMES, feed.id)
    assert await log_book.record(read(feed, draft("one")), NOW) is None
    assert redis_client.keys("*") == []


async def test_an_edit_made_during_the_poll_survives_it(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    edited = feed.model_copy(update={"folder": "World/Asia", "interval": 60, "title": "Mine"})
    raw = edited.to_json()[:-1] + ',"colour":"red"}'
    redis_client.hset(NAMES.feeds, feed.id, raw)
    await log_book.record(read(feed, draft("one"), title="Printed"), NOW)
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert (known.folder, known.interval, known.title) == ("World/Asia", 60, "Mine")
    assert known.model_extra == {"colour": "red"}


async def test_the_printed_title_names_a_feed_that_has_none(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(read(feed, title='Herald "Ü" </b>'), NOW)
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert known.title == 'Herald "Ü" </b>'
    assert known.model_extra == {}


async def test_an_error_is_recorded_and_keeps_validators_and_marks(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(read(feed, draft("one")), NOW)
    failed = Step(
        feed,
        Outcome.UNREACHABLE,
        plan(feed, Outcome.UNREACHABLE, NOW),
        problem="no \x1b[2J\u202eanswer \udcff",
    )
    later = NOW + FORGET_AFTER * 3
    assert await log_book.record(failed, later) == []
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert (known.etag, known.last_error, known.errors_in_a_row) == ('W/"1"', "no [2Janswer", 1)
    assert (known.polled_at, known.succeeded_at) == (later, NOW)
    assert redis_client.hlen(NAMES.seen(feed.id)) == 1


async def test_validators_of_a_body_taken_in_part_are_not_kept(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(read(feed), NOW)
    await log_book.record(replace(read(feed, keeps_validators=False), etag='"2"'), NOW)
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert known.etag == 'W/"1"'


async def test_marks_are_forgotten_thirty_days_after_they_were_last_present(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(read(feed, draft("stays"), draft("leaves")), NOW)
    a_month_later = NOW + FORGET_AFTER + timedelta(hours=1)
    not_modified = Step(feed, Outcome.NOT_MODIFIED, plan(feed, Outcome.NOT_MODIFIED, NOW))
    await log_book.record(not_modified, a_month_later)
    assert redis_client.hlen(NAMES.seen(feed.id)) == 2, "a 304 says nothing about what is present"

    assert await log_book.record(read(feed, draft("stays")), a_month_later) == []
    assert redis_client.hkeys(NAMES.seen(feed.id)) == [draft("stays").article_id]
    assert redis_client.zrange(NAMES.present(feed.id), 0, -1) == [draft("stays").article_id]


async def test_a_feed_that_is_gone_is_due_no_more(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.record(Step(feed, Outcome.GONE, plan(feed, Outcome.GONE, NOW), problem="gone"), NOW)
    assert redis_client.zcard(NAMES.feeds_due) == 0
    known = feeds.get(redis_client, NAMES, feed.id)
    assert known is not None
    assert known.state == FeedState.GONE


async def test_nothing_is_half_written_when_redis_is_full(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    before = sorted(redis_client.keys("*"))
    redis_client.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailable, match="out of memory"):
            await log_book.record(read(feed, draft("one")), NOW)
    finally:
        redis_client.config_set("maxmemory", 0)
    assert sorted(redis_client.keys("*")) == before
    assert await log_book.record(read(feed, draft("one")), NOW) == [key("one")]


# ---- the lease ----------------------------------------------------------------------------------


async def test_a_due_feed_is_leased_to_one_poller_and_comes_back(
    log_book: Journal, feed: Feed, client: "redis.asyncio.Redis"
) -> None:
    until = NOW + timedelta(seconds=60)
    mine = await log_book.lease(10, NOW, until)
    theirs = await Journal(client, NAMES).lease(10, NOW, until)
    assert ([f.id for f in mine.feeds], theirs.feeds) == ([feed.id], [])
    assert theirs.next_due == until
    assert [f.id for f in (await log_book.lease(10, until, until + timedelta(seconds=60))).feeds] == [feed.id]


async def test_a_lease_takes_no_more_than_asked_and_nothing_early(
    log_book: Journal, feed: Feed, other: Feed
) -> None:
    early = await log_book.lease(10, NOW - timedelta(seconds=1), NOW)
    assert (early.feeds, early.next_due) == ([], NOW)
    assert len((await log_book.lease(1, NOW, NOW + timedelta(seconds=60))).feeds) == 1


async def test_with_no_feeds_nothing_is_due(log_book: Journal) -> None:
    leased = await log_book.lease(10, NOW, NOW)
    assert (leased.feeds, leased.next_due) == ([], None)


async def test_a_feed_that_a_newer_release_wrote_is_left_alone_and_the_rest_goes_on(
    log_book: Journal, feed: Feed, other: Feed, redis_client: "redis.Redis"
) -> None:
    raw = feed.to_json().replace('"schema_version":"1.0"', '"schema_version":"9.0"')
    redis_client.hset(NAMES.feeds, feed.id, raw)
    assert [f.id for f in (await log_book.lease(10, NOW, NOW + timedelta(seconds=1))).feeds] == [other.id]
    assert redis_client.hget(NAMES.feeds, feed.id) == raw


async def test_a_postponed_feed_is_due_when_said_unless_it_was_removed(
    log_book: Journal, feed: Feed, redis_client: "redis.Redis"
) -> None:
    await log_book.postpone(feed.id, NOW + timedelta(seconds=5))
    assert redis_client.zscore(NAMES.feeds_due, feed.id) == (NOW.timestamp() + 5) * 1000
    feeds.remove(redis_client, NAMES, feed.id)
    await log_book.postpone(feed.id, NOW)
    assert redis_client.zcard(NAMES.feeds_due) == 0


# ---- the sweeper --------------------------------------------------------------------------------

MINUTE = timedelta(seconds=60)


def waiting(client: "redis.Redis", **since: timedelta) -> None:
    """Articles that were enqueued so long ago by Redis's clock."""
    seconds, micros = client.time()
    now = seconds * 1000 + micros // 1000
    client.zadd(
        NAMES.pending, {f"{name}:1": now - wait / timedelta(milliseconds=1) for name, wait in since.items()}
    )


async def test_what_waited_too_long_is_swept_once(
    client: "redis.asyncio.Redis", redis_client: "redis.Redis"
) -> None:
    waiting(redis_client, old=MINUTE * 2, new=MINUTE / 2)
    sweeper = Sweeper(client, NAMES)
    assert await sweeper.take(MINUTE, depth=0) == ["old:1"]
    assert await Sweeper(client, NAMES).take(MINUTE, depth=0) == []
    assert await sweeper.take(timedelta(0), depth=0) == ["new:1", "old:1"]


async def test_in_a_long_queue_only_a_few_are_swept_that_waited_far_too_long(
    client: "redis.asyncio.Redis", redis_client: "redis.Redis"
) -> None:
    lost = {f"lost{number}": MINUTE * (FAR_TOO_LONG + 1 + number) for number in range(FEW + 1)}
    waiting(redis_client, late=MINUTE * (FAR_TOO_LONG - 1), **lost)
    sweeper = Sweeper(client, NAMES)
    first = await sweeper.take(MINUTE, depth=SHORT_QUEUE + 1)
    assert first == [f"lost{number}:1" for number in range(FEW, 0, -1)]
    assert await sweeper.take(MINUTE, depth=10_000) == ["lost0:1"]
    assert await sweeper.take(MINUTE, depth=10_000) == []


async def test_a_poller_whose_clock_is_wrong_does_not_delay_the_sweeper(
    log_book: Journal, feed: Feed, client: "redis.asyncio.Redis"
) -> None:
    for wrong in (NOW.replace(year=1999), NOW.replace(year=2999)):
        await log_book.record(read(feed, draft(str(wrong.year))), wrong)
    sweeper = Sweeper(client, NAMES)
    assert await sweeper.take(MINUTE, depth=0) == []
    assert await sweeper.take(timedelta(0), depth=0) == [key("1999"), key("2999")]


async def test_the_sweeper_never_resurrects_what_was_considered(
    client: "redis.asyncio.Redis", redis_client: "redis.Redis"
) -> None:
    """A sweeper that read, then touched with a plain ZADD, brought back what workers finished in between."""
    keys = [f"a{number}:1" for number in range(600)]
    redis_client.zadd(NAMES.pending, dict.fromkeys(keys, 1))

    def consider_all() -> None:
        for finished in keys:
            redis_client.zrem(NAMES.pending, finished)

    sweeper = Sweeper(client, NAMES)
    worker = asyncio.create_task(asyncio.to_thread(consider_all))
    sweeps = 0
    while not worker.done():
        sweeps += 1
        await sweeper.take(timedelta(0), depth=0)
    await worker
    assert sweeps > 1
    assert redis_client.zcard(NAMES.pending) == 0
