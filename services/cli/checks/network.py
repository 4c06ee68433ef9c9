"""``tocsin doctor --network``: each feed is fetched once, now, as the poller would; nothing is kept of it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

import aiohttp

from services.cli.checks import clock
from services.cli.checks.finding import Finding, Verdict, count, fault, ok, span, warning
from services.poller import fetch
from services.poller.reader import Readers, Task
from shared import guard
from shared.contracts import Feed
from shared.errors import TocsinError
from shared.settings import Settings

CHECK = "network"
FEED = "feed"
AT_ONCE = 20
READERS = 2
ENOUGH = 3
"""Answers whose dates together tell the time: one alone may come from a cache, or be wrong."""


@dataclass(frozen=True)
class Answered:
    """What one feed answered. ``problem`` is empty when it was a feed, as it should be."""

    feed: Feed
    problem: str = ""
    took: float = 0.0
    entries: int = 0
    newest: datetime | None = None
    ahead: float | None = None
    """Seconds by which its server's clock is ahead of ours, if it told."""


def ask(feeds: Sequence[Feed], config: Settings) -> Iterator[Answered]:
    """Fetch and read each feed, as they come; never raises for what the other side does."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        waiting = runner.run(_begin(feeds, config, stack))
        try:
            while waiting:
                done, waiting = runner.run(asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED))
                for task in done:
                    yield task.result()
        finally:
            runner.run(_end(waiting, stack))


async def _begin(
    feeds: Sequence[Feed], config: Settings, stack: AsyncExitStack
) -> "set[asyncio.Task[Answered]]":
    http = await stack.enter_async_context(
        guard.session(guard.feed_policy(config), timeout=config.fetch_timeout, user_agent=config.user_agent)
    )
    readers = Readers(READERS)
    stack.push_async_callback(readers.close)
    places = asyncio.Semaphore(AT_ONCE)

    async def one(feed: Feed) -> Answered:
        async with places:
            return await _ask(feed, config, http, readers)

    return {asyncio.create_task(one(feed)) for feed in feeds}


async def _end(waiting: "Iterable[asyncio.Task[Answered]]", stack: AsyncExitStack) -> None:
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await stack.aclose()


async def _ask(feed: Feed, config: Settings, http: aiohttp.ClientSession, readers: Readers) -> Answered:
    # As if for the first time: the whole body tells more than "not modified".
    new = feed.model_copy(update={"etag": None, "last_modified": None, "body_hash": None})
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        fetched = await guard.fetch(
            feed.url,
            policy=guard.feed_policy(config),
            max_bytes=config.max_feed_bytes,
            timeout=config.fetch_timeout,
            user_agent=config.user_agent,
            headers=fetch.request_headers(new),
            within=http,
        )
        now, took = datetime.now(UTC), loop.time() - begun
        ahead = clock_of(fetched.headers, now)
        answer = fetch.judge(new, fetched, now)
        if answer.problem:
            return Answered(feed, answer.problem, took, ahead=ahead)
        task = Task(feed.id, answer.url, answer.content_type, now.isoformat())
        reading = await readers.read(task, answer.body)
    except TocsinError as exc:
        return Answered(feed, str(exc), loop.time() - begun)
    dates = [draft.published_at for draft in reading.drafts if draft.published_at is not None]
    newest = datetime.fromtimestamp(max(dates), UTC) if dates else None
    return Answered(feed, reading.fault, took, len(reading.drafts), newest, ahead)


def clock_of(headers: Mapping[str, str], now: datetime) -> float | None:
    """By how many seconds the server's clock is ahead of ours, by what its answer says."""
    try:
        dated = parsedate_to_datetime(headers.get("Date", ""))
        age = float(headers.get("Age", "0"))
    except (TypeError, ValueError):
        return None
    dated = dated if dated.tzinfo else dated.replace(tzinfo=UTC)
    return (dated - now).total_seconds() + age


def judge(answers: Sequence[Answered], now: datetime) -> list[Finding]:
    """A line for each feed, those that failed last, then what they have in common."""
    each = sorted(
        (_one(answer, now) for answer in answers), key=lambda finding: finding.verdict != Verdict.OK
    )
    failed = sum(bool(answer.problem) for answer in answers)
    if not answers:
        return [ok(CHECK, "There are no feeds to ask.")]
    if failed == len(answers) > 1:
        do = "Check this machine's network, DNS and firewall; Tocsin goes through no proxy."
        return [*each, fault(CHECK, f"None of {len(answers)} feeds answered as a feed should.", do)]
    clocks = [answer.ahead for answer in answers if answer.ahead is not None]
    theirs = clock.judge(now, median(clocks), "the feeds' servers") if len(clocks) >= ENOUGH else []
    apart = [finding for finding in theirs if finding.verdict != Verdict.OK]
    return [*each, *apart, ok(CHECK, f"{len(answers) - failed} of {count(len(answers), 'feed')} answered.")]


def _one(answer: Answered, now: datetime) -> Finding:
    name = answer.feed.title or answer.feed.url
    if answer.problem:
        do = f"If it stays so: `tocsin feeds remove {answer.feed.id}`"
        return warning(FEED, f"{name}: {answer.problem.rstrip('.')}.", do)
    newest = "none of them dated"
    if answer.newest is not None:
        newest = f"the newest {span(max(now - answer.newest, timedelta()))} old"
    entries = f"1 entry, {newest}" if answer.entries == 1 else f"{answer.entries} entries, {newest}"
    return ok(FEED, f"{name}: {entries if answer.entries else 'no entries'} ({answer.took:.1f} s).")
