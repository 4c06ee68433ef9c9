"""Tells one subscription again what rang since a time: reads the stream, asks ``replaying``, fills the lane.

Each alert goes out as a delivery of its own beside the first one. Its id is derived from alert, subscription
and the replay's name, so that a replay that was interrupted may be asked for again and doubles nothing.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from services.notifier.again import PAGE, Again, readable
from services.notifier.delivery import told_again
from services.notifier.replaying import Selection
from shared.contracts import Alert, Subscription
from shared.store import guarded
from shared.streams import Entry, order

NEWEST = "+"


class Result(StrEnum):
    """What a replay makes of one alert."""

    TOLD = "told again"
    TOLD_BEFORE = "was told again under this name before"
    NOT_WANTED = "the filter does not take it"
    UNREADABLE = "this release can't read it"


@dataclass(frozen=True)
class Asked:
    """What a person asked for; ``since`` and ``until`` are places on the stream, both included."""

    subscription: Subscription
    name: str
    since: str
    until: str = NEWEST
    most: int = 10_000
    dry: bool = False
    """Whether nothing shall be written: then TOLD says what would be."""


@dataclass(frozen=True)
class Step:
    """One alert of the stream, where it stands, and what became of it."""

    entry_id: str
    result: Result
    alert: Alert | None = None


async def replay(again: Again, asked: Asked) -> AsyncIterator[Step]:
    """Go through the stream, oldest first, until ``asked.most`` alerts were told; a step for each alert.

    Raises ``BadFilter`` and ``StoreUnavailable``.
    """
    selection, now, told = Selection(asked.subscription), again.clock.now(), 0
    async for entry in _entries(again, asked.since):
        over = asked.until != NEWEST and _is_after(entry.id, asked.until)
        alert = readable(entry)
        if alert is None:
            yield Step(entry.id, Result.UNREADABLE)
            continue
        was_told = selection.may_owe(alert) and await _was_told(again, alert, asked.subscription)
        if not selection.takes(alert, was_told=was_told, over=over):
            if not over:
                yield Step(entry.id, Result.NOT_WANTED, alert)
            continue
        # A millisecond apart, so that they leave in the order in which they rang.
        due = now + timedelta(milliseconds=told)
        told += 1
        body = "" if asked.dry else again.body(alert)
        made = told_again(alert, body, asked.subscription.id, asked.name, entry.added_at, now)
        is_new = asked.dry or await again.record(made.model_copy(update={"due_at": due}))
        yield Step(entry.id, Result.TOLD if is_new else Result.TOLD_BEFORE, alert)
        if told >= asked.most:
            return


async def _entries(again: Again, since: str) -> AsyncIterator[Entry]:
    place = since
    while True:
        with guarded("reading the alerts"):
            page: Any = await again.client.xrange(again.names.alerts, min=place, count=PAGE)
        for id_, fields in page:
            yield Entry(str(id_), fields)
        if not page:
            return
        place = f"({page[-1][0]}"


async def _was_told(again: Again, alert: Alert, subscription: Subscription) -> bool:
    told, _ = await again.journal.told(alert.incident_id)
    return subscription.id in told.sequences


def _is_after(id_: str, until: str) -> bool:
    """Whether an entry stands behind ``until``, which may be a whole millisecond."""
    return order(id_) > order(until) if "-" in until else order(id_)[0] > int(until)
