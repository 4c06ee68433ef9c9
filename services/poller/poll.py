"""One poll of one feed, from the request to what is to be written. Decides; writes nothing."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

import aiohttp

from services.poller.entries import Draft
from services.poller.fetch import Answer, fetch
from services.poller.journal import Step
from services.poller.outcome import Outcome
from services.poller.reader import Readers, Reading, Task
from services.poller.schedule import plan
from shared.clock import Clock
from shared.contracts import Feed
from shared.errors import UnreadableFeed
from shared.settings import Settings


async def poll(
    feed: Feed,
    settings: Settings,
    http: aiohttp.ClientSession,
    place: AbstractAsyncContextManager[None],
    readers: Readers,
    clock: Clock,
) -> tuple[Step, datetime]:
    """Fetch ``feed``, from a ``place`` at its host, and read it: what came of it, and when.

    Raises nothing for what the other side does.
    """
    async with place:
        answer = await fetch(feed, settings, http, clock.now())
    now = clock.now()
    if answer.outcome is not Outcome.READ:
        return without_entries(feed, answer, now), now
    task = Task(feed.id, answer.url, answer.content_type, now.isoformat())
    try:
        reading = await readers.read(task, answer.body)
    except UnreadableFeed as exc:
        return without_entries(feed, Answer(Outcome.UNREADABLE, _sentence(str(exc))), now), now
    return with_entries(feed, answer, reading, now, timedelta(seconds=settings.stale_after)), now


def without_entries(feed: Feed, answer: Answer, now: datetime) -> Step:
    """The step after a poll that gave nothing to read: nothing new, or a problem."""
    return Step(
        feed=feed,
        outcome=answer.outcome,
        plan=plan(feed, answer.outcome, now, retry_after=answer.retry_after),
        problem=answer.problem,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=answer.body_hash,
    )


def with_entries(feed: Feed, answer: Answer, reading: Reading, now: datetime, stale_after: timedelta) -> Step:
    """The step after a feed was read, whole or in part."""
    whole = answer.complete and not reading.cut_off
    outcome = Outcome.READ if whole else Outcome.CUT_OFF
    cut_off = f"The feed was cut off: what arrived whole was taken ({len(reading.drafts)} entries)"
    # A body was never read whole: what stands further down in this one may never have been offered to us.
    first_time = feed.body_hash is None
    return Step(
        feed=feed,
        outcome=outcome,
        plan=plan(feed, outcome, now),
        problem=". ".join(filter(None, ("" if whole else cut_off, reading.fault))),
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=answer.body_hash,
        # With the validators of a body that we have in part, we would be told that we have it all.
        keeps_validators=whole,
        title=reading.title,
        drafts=reading.drafts,
        silent=silent(reading.drafts, now - stale_after) if first_time else frozenset(),
        undated=undated(reading.drafts) if first_time else frozenset(),
        was_read=True,
    )


def silent(drafts: Sequence[Draft], stale_before: datetime) -> frozenset[str]:
    """The old ones: a feed that we read for the first time does not ring for its past."""
    stale = stale_before.timestamp()
    return frozenset(d.article_id for d in drafts if d.published_at is not None and d.published_at < stale)


def undated(drafts: Sequence[Draft]) -> frozenset[str]:
    """Those that may be old, though nobody can tell: the step judges by where they stand in the feed."""
    return frozenset(d.article_id for d in drafts if d.published_at is None)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
