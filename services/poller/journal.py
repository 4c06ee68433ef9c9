"""What the poller writes: one atomic step a poll, and the lease before it.

The step (``journal.lua``) takes articles into ``pending``, marks them seen, stores the feed's new validators
and health and when it is next due: all or nothing. Only then may a Celery message be sent, for the keys that
the step answers; if the process dies in between, the sweeper sends it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis.asyncio

from services.poller.entries import Draft
from services.poller.outcome import Outcome
from services.poller.schedule import Plan
from shared import log, printable
from shared.contracts import Feed
from shared.errors import BadInput
from shared.feeds import read
from shared.names import Names
from shared.store import guarded

FORGET_AFTER = timedelta(days=30)
"""A seen mark and an article's revisions outlive the entry's last presence in a feed by so much."""
MOST_REVISIONS = 20
"""Of an article; no editor changes one so often, but a counter in its summary does."""
LONGEST_ERROR = 500
REMEMBER_ANSWER = timedelta(minutes=10)
"""Far longer than a lost answer is asked for again."""

_log = log.get(__name__)
_here = Path(__file__).parent


@dataclass(frozen=True)
class Step:
    """All that one poll of one feed found out."""

    feed: Feed
    outcome: Outcome
    plan: Plan
    problem: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    keeps_validators: bool = True
    """False: the old validators stay, because the body that came with the new ones was not taken whole."""
    title: str = ""
    drafts: Sequence[Draft] = ()
    silent: frozenset[str] = frozenset()
    """Ids of articles that are only marked seen, unless this feed showed them before."""
    undated: frozenset[str] = frozenset()
    """Ids of articles that are so if all was new, or if they stand below one that this feed showed before."""
    was_read: bool = False


@dataclass(frozen=True)
class Leased:
    """Feeds that this poller alone may poll now, and when the next one is due (None: there is none)."""

    feeds: list[Feed]
    next_due: datetime | None


class Journal:
    """The poller's writes, on an asyncio client; raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._client = client
        self._names = names
        self._lease = client.register_script((_here / "lease.lua").read_text())
        self._record = client.register_script((_here / "journal.lua").read_text())

    async def lease(self, count: int, now: datetime, until: datetime) -> Leased:
        """Take at most ``count`` due feeds; they come back by themselves at ``until``."""
        with guarded("leasing feeds"):
            next_due, *taken = await self._lease(
                keys=[self._names.feeds_due, self._names.feeds], args=[_ms(now), _ms(until), count]
            )
        feeds = []
        for raw in taken:
            try:
                feeds.append(read(raw))
            except BadInput as exc:
                _log.error("feed left alone", reason=str(exc))
        return Leased(feeds, _moment(next_due))

    async def postpone(self, feed_id: str, until: datetime) -> None:
        """Give a lease back: the feed is due at ``until``."""
        with guarded("giving a feed back"):
            await self._client.zadd(self._names.feeds_due, {feed_id: _ms(until)}, xx=True)

    async def record(self, step: Step, now: datetime) -> list[str] | None:
        """Write one poll; answers the keys to enqueue, or None when the feed was removed meanwhile."""
        names, feed_id = self._names, step.feed.id
        drafts = [
            part
            for draft in step.drafts
            for part in (
                draft.article_id,
                draft.fingerprint,
                draft.article,
                _manner(step, draft),
            )
        ]
        with guarded("recording a poll"):
            keys = await self._record(
                keys=[
                    names.feeds,
                    names.feeds_due,
                    names.seen(feed_id),
                    names.present(feed_id),
                    names.polled(feed_id),
                    names.pending,
                ],
                args=[
                    feed_id,
                    uuid4().hex,
                    _ms(now),
                    "" if step.plan.due is None else _ms(step.plan.due),
                    json.dumps(changes(step, now)),
                    names.revisions(""),
                    names.article(""),
                    _ms(now - FORGET_AFTER) if step.was_read else "",
                    int(FORGET_AFTER.total_seconds()),
                    int(REMEMBER_ANSWER.total_seconds()),
                    MOST_REVISIONS,
                    *drafts,
                ],
            )
        return None if keys is None else [str(key) for key in keys]


def _manner(step: Step, draft: Draft) -> str:
    if draft.article_id in step.silent:
        return "silently"
    return "undated" if draft.article_id in step.undated else "aloud"


def changes(step: Step, now: datetime) -> dict[str, Any]:
    """The fields of the Feed that this poll changes; those that it does not name stay as they are."""
    changed: dict[str, Any] = {
        "polled_at": now.isoformat(),
        "state": str(step.plan.state),
        "errors_in_a_row": step.plan.errors_in_a_row,
        "last_error": printable.one_line(step.problem)[:LONGEST_ERROR],
    }
    if step.title:
        changed["printed_title"] = step.title
    if step.outcome.is_good:
        changed["succeeded_at"] = now.isoformat()
        if step.keeps_validators:
            changed |= {
                "etag": step.etag,
                "last_modified": step.last_modified,
                "body_hash": step.body_hash,
            }
    return changed


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(score: str) -> datetime | None:
    return datetime.fromtimestamp(float(score) / 1000, UTC) if score else None
