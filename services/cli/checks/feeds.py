"""The feeds, judged by their recorded health: nothing is fetched."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.cli.checks.finding import Finding, count, fault, named, ok, span, warning
from services.cli.checks.records import Records
from shared.contracts import Feed, FeedState

CHECK = "feeds"
DARK_AFTER = timedelta(days=1)
FAILING_AFTER = 3
"""Errors in a row: one or two come and go with any feed."""
LATE_AFTER = timedelta(minutes=5)
"""A poller looks for due feeds every second, so that nothing waits this long unless all places are taken."""


def judge(records: Records, now: datetime) -> list[Finding]:
    """What is the matter with the feeds, or one line that they come in."""
    feeds = records.feeds
    if not feeds and not records.feeds_unreadable:
        do = "`tocsin feeds import --default` adds about 60 of world news, `tocsin feeds add URL` one."
        return [warning(CHECK, "There are no feeds yet, so that nothing can ring.", do)]
    found = [*_records(records), *_given_up(feeds), *_troubled(feeds, now), *_late(records, now)]
    return found or [_well(feeds)]


def _well(feeds: Sequence[Feed]) -> Finding:
    new = sum(feed.polled_at is None for feed in feeds)
    waiting = f", {new} of them not polled yet" if new else ""
    return ok(CHECK, f"{count(len(feeds), 'feed')}{waiting}; none has failed {FAILING_AFTER} times in a row.")


def _records(records: Records) -> list[Finding]:
    if not records.feeds_unreadable:
        return []
    says = f"{count(records.feeds_unreadable, 'feed record')} can't be read, and is not polled."
    return [warning(CHECK, says, "A newer release has most likely written it: upgrade Tocsin here.")]


def _given_up(feeds: Sequence[Feed]) -> list[Finding]:
    gone = [feed for feed in feeds if feed.state != FeedState.ACTIVE]
    if not gone:
        return []
    return [
        warning(
            CHECK,
            f"{count(len(gone), 'feed', 'is')} given up, being gone or refused: {_names(gone)}.",
            "`tocsin feeds list` says why; `tocsin feeds add URL` tries one again, "
            "`tocsin feeds remove URL` forgets it.",
        )
    ]


def _troubled(feeds: Sequence[Feed], now: datetime) -> list[Finding]:
    active = [feed for feed in feeds if feed.state == FeedState.ACTIVE and feed.polled_at is not None]
    failing = [feed for feed in active if feed.errors_in_a_row]
    if len(failing) == len(active) > 1:
        says = f"None of {len(active)} feeds answered when last polled: the fault is most likely on our side."
        do = "Check this machine's network, DNS and firewall; `tocsin doctor --network` asks each feed now."
        return [fault(CHECK, says, do)]
    never = [feed for feed in failing if feed.succeeded_at is None]
    dark = [feed for feed in failing if feed.succeeded_at and now - feed.succeeded_at > DARK_AFTER]
    others = [
        feed
        for feed in failing
        if feed not in never and feed not in dark and feed.errors_in_a_row >= FAILING_AFTER
    ]
    why = "`tocsin feeds list` says why, `tocsin doctor --network` asks each feed now."
    return [
        warning(CHECK, f"{count(len(them), 'feed', 'has')} {what}: {_names(them)}.", why)
        for them, what in (
            (never, "never answered as a feed should"),
            (dark, "been dark for more than a day"),
            (others, f"failed {FAILING_AFTER} times in a row or more"),
        )
        if them
    ]


def _late(records: Records, now: datetime) -> list[Finding]:
    # Without a poller every feed is late, and the services tell of that.
    if records.due is None or not records.beats.get("poller") or now - records.due < LATE_AFTER:
        return []
    return [
        warning(
            CHECK,
            f"The poller is behind: a feed has waited for {span(now - records.due)}.",
            "Run another `tocsin poller`, raise TOCSIN_FETCH_CONCURRENCY, or poll less often.",
        )
    ]


def _names(feeds: Sequence[Feed]) -> str:
    return named([feed.title or feed.url for feed in feeds])
