"""When a feed is next due, and why: plain values in, a plan out. Nothing here reads a clock."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.poller.outcome import Outcome
from shared.contracts import Feed, FeedState
from shared.retry import backoff

JITTER = 0.1
"""Feeds that were added together drift apart by up to this part of their interval."""
LONGEST_WAIT = timedelta(hours=6)
"""The most that we wait after errors, and the most that a Retry-After may ask for."""
SHORTEST_WAIT = 60.0
"""Seconds that a server gets which asked for patience and named no time, or one in the past."""
PROBE_MISSING = timedelta(hours=24)
"""Missing feeds come back now and then: they are probed, ever more slowly, down to once a day."""


@dataclass(frozen=True)
class Plan:
    """What follows from a poll. ``due`` is None when the feed is polled no more."""

    due: datetime | None
    reason: str
    state: FeedState
    errors_in_a_row: int


def plan(feed: Feed, outcome: Outcome, now: datetime, *, retry_after: float | None = None) -> Plan:
    """When ``feed`` is due after ``outcome``; ``retry_after`` is what its server asked for, in seconds."""
    if outcome is Outcome.GONE:
        return Plan(None, "gone for good: polled no more", FeedState.GONE, feed.errors_in_a_row + 1)
    if outcome.is_good:
        wait = feed.interval * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  (spreads load)
        return Plan(now + timedelta(seconds=wait), "its interval", FeedState.ACTIVE, 0)
    # To be asked for patience is no fault of the feed: it counts neither for nor against it.
    errors = feed.errors_in_a_row + (outcome is not Outcome.ASKED_TO_WAIT)
    longest = (PROBE_MISSING if outcome is Outcome.MISSING else LONGEST_WAIT).total_seconds()
    wait = backoff(max(errors, 1), base=feed.interval, cap=max(longest, feed.interval))
    reason = f"back-off after {errors} errors in a row" if errors != 1 else "back-off after an error"
    if retry_after is not None:
        asked = min(retry_after, LONGEST_WAIT.total_seconds())
        if asked >= wait or outcome is Outcome.ASKED_TO_WAIT:
            wait = max(asked, min(SHORTEST_WAIT, feed.interval))
            reason = f"its server asked for {retry_after:g} s"
    state = FeedState.REFUSED if outcome is Outcome.REFUSED else FeedState.ACTIVE
    return Plan(now + timedelta(seconds=wait), reason, state, errors)
