"""What is amiss, judged from what was measured: plain values in, conditions out.

A condition that stands already is held to a lower limit, so that a number which wavers around one limit does
not ring time and again. Whether a condition lasts long enough to ring is ``noting``'s business.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifier.watching.ledger import Ledger
from services.notifier.watching.measured import Endpoint, Measured
from shared.contracts import Condition, SubscriptionState, Trouble
from shared.printable import one_line
from shared.system_alerts import count, span, subscription_disabled

DARK_SHARE, DARK_STILL = 1 / 3, 1 / 4
FULL_SHARE, FULL_STILL = 0.75, 0.70
"""Of Redis' memory: at 80 % the poller waits, so that this is told while there is time."""
GIVEN_UP_TOLD = timedelta(hours=1)
"""What was given up stays until a person looks; that it was is news for so long."""


@dataclass(frozen=True)
class Limits:
    """What the person who runs it calls too long."""

    silent_after: timedelta = timedelta(hours=1)
    lag_after: timedelta = timedelta(minutes=15)


def judge(
    found: Measured, ledger: Ledger, standing: Collection[str], limits: Limits, now: datetime
) -> list[Condition]:
    """Every condition of this moment; ``ledger`` is after this round, ``standing`` holds keys."""

    def stands(trouble: Trouble) -> bool:
        return f"{trouble}|" in standing

    return [
        *_news(found, ledger, limits, now),
        *_dark(found, stands(Trouble.FEEDS_DARK), now),
        *_full(found, stands(Trouble.NEARLY_FULL), now),
        *(() if ledger.settling(now) else _work(found, limits, now)),
        *_given_up(found, ledger, now),
        *(condition for each in found.endpoints for condition in _endpoint(each, now)),
    ]


def _news(found: Measured, ledger: Ledger, limits: Limits, now: datetime) -> Iterator[Condition]:
    if not found.feeds or ledger.arrived_at is None:
        return
    since = max(ledger.arrived_at, found.first_feed_at or ledger.arrived_at)
    if now - since >= limits.silent_after:
        yield Condition(
            trouble=Trouble.NO_ARTICLES,
            since=now,
            says=f"No article has arrived for {span(now - since)}, from {count(found.feeds, 'feed')}.",
            do="`tocsin feeds list` says how the feeds fare; `tocsin doctor --network` asks each now.",
        )


def _dark(found: Measured, stands: bool, now: datetime) -> Iterator[Condition]:
    if found.feeds and found.dark / found.feeds >= (DARK_STILL if stands else DARK_SHARE):
        yield Condition(
            trouble=Trouble.FEEDS_DARK,
            since=now,
            says=f"Of {count(found.feeds, 'feed')} {found.dark} failed for more than a day.",
            do="`tocsin feeds list` says why; `tocsin doctor --network` asks each now.",
        )


def _full(found: Measured, stands: bool, now: datetime) -> Iterator[Condition]:
    if found.memory_max and found.memory_used / found.memory_max >= (FULL_STILL if stands else FULL_SHARE):
        yield Condition(
            trouble=Trouble.NEARLY_FULL,
            since=now,
            says=f"Redis uses {found.memory_used / found.memory_max:.0%} of its memory; "
            "at 80% the poller takes in nothing more.",
            do="Raise its maxmemory (TOCSIN_REDIS_MAXMEMORY for the private one).",
        )


def _work(found: Measured, limits: Limits, now: datetime) -> Iterator[Condition]:
    needed = found.feeds or found.pending
    for trouble, service, alive in (
        (Trouble.NO_POLLER, "poller", found.pollers),
        (Trouble.NO_WORKER, "worker", found.workers),
    ):
        if needed and not alive:
            yield Condition(
                trouble=trouble,
                since=now,
                says=f"No {service} has shown a sign of life for a minute.",
                do=f"Read its log, or start one: `tocsin {service}`.",
            )
    if found.pending_since is not None and now - found.pending_since >= limits.lag_after:
        yield Condition(
            trouble=Trouble.ARTICLES_WAIT,
            since=now,
            says=f"Of {count(found.pending, 'pending article')} the oldest has waited for "
            f"{span(now - found.pending_since)}.",
            do="Start more workers, or read the log of those that run.",
        )
    if found.alert_since is not None and now - found.alert_since >= limits.lag_after:
        yield Condition(
            trouble=Trouble.ALERTS_WAIT,
            since=now,
            says=f"An alert has waited for {span(now - found.alert_since)} to be recorded for its readers.",
            do="Read the notifier's log: it may need a newer release, or another notifier beside it.",
        )


def _given_up(found: Measured, ledger: Ledger, now: datetime) -> Iterator[Condition]:
    if found.given_up and ledger.given_up_at is not None and now - ledger.given_up_at < GIVEN_UP_TOLD:
        yield Condition(
            trouble=Trouble.GIVEN_UP,
            since=now,
            says=f"{count(found.given_up, 'article or alert', 'articles and alerts')} "
            "could not be handled and are set aside; there are new ones.",
            do="`tocsin dead list` shows articles and why; `tocsin doctor` says the rest.",
        )


def _endpoint(each: Endpoint, now: datetime) -> Iterator[Condition]:
    if each.state == SubscriptionState.DISABLED:
        yield subscription_disabled(each.id, each.shown, each.state_reason, now)
    elif each.state == SubscriptionState.ACTIVE and each.parked and each.failures:
        # Without a failure it is no endpoint that is waited for, but quiet hours or a cap after a pause.
        yield Condition(
            trouble=Trouble.PARKED,
            about=each.id,
            since=now,
            says=f"{count(each.parked, 'delivery', 'deliveries')} for {one_line(each.shown) or each.id} "
            f"{'waits' if each.parked == 1 else 'wait'} until its endpoint answers again.",
            do="Mend the endpoint: what is parked follows by itself.",
        )
