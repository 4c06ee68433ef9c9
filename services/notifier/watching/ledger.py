"""What the watch remembers from round to round: when something last came, and what it had counted."""

from datetime import datetime, timedelta
from typing import Self

from services.notifier.watching.measured import Measured
from shared.contracts import Moment, Part

AWAY = timedelta(minutes=5)
"""A longer gap between two rounds means that nobody watched: what did not happen meanwhile proves nothing."""
SETTLING = timedelta(minutes=2)
"""After such a gap the other services may still be starting, or be at work on what had waited."""
MARK_EVERY = timedelta(minutes=5)
HOUR = timedelta(hours=1)


class Mark(Part):
    """How many articles had arrived at a moment."""

    at: Moment
    arrived: int


class Ledger(Part):
    """The memory of the watch; ``after`` a round it is another one."""

    looked_at: Moment | None = None
    woke_at: Moment | None = None
    """When it began to look again after a gap."""
    articles: int = 0
    arrived: int = 0
    """Articles that arrived while it watched; unlike ``articles`` it never falls when a feed is removed."""
    arrived_at: Moment | None = None
    """When the last one arrived, or the watch began."""
    marks: tuple[Mark, ...] = ()
    given_up: int = 0
    given_up_at: Moment | None = None
    """When something was last given up."""
    heartbeat_at: Moment | None = None
    """When the last heartbeat was due."""
    heartbeats: tuple[str, ...] = ()
    """The entries of heartbeats that are still on the stream, oldest first."""

    def after(self, found: Measured, now: datetime) -> Self:
        """The ledger after a round that found this."""
        first = self.looked_at is None
        away = self.looked_at is None or now - self.looked_at > AWAY
        new = 0 if first else max(found.articles - self.articles, 0)
        more_given_up = not first and found.given_up > self.given_up
        arrived = self.arrived + new
        return self.model_copy(
            update={
                "looked_at": now,
                "woke_at": now if away else self.woke_at,
                "articles": found.articles,
                "arrived": arrived,
                "arrived_at": now if new or away else self.arrived_at,
                "marks": _marked(self.marks, Mark(at=now, arrived=arrived)),
                "given_up": found.given_up,
                "given_up_at": now if more_given_up else self.given_up_at,
                "heartbeat_at": self.heartbeat_at or now,
            }
        )

    def settling(self, now: datetime) -> bool:
        """Whether it began to look only a moment ago."""
        return self.woke_at is None or now - self.woke_at < SETTLING

    def arrived_within_hour(self) -> int:
        """Articles that arrived in the last hour, as far as it watched; exact to five minutes."""
        return self.arrived - self.marks[0].arrived if self.marks else 0


def _marked(marks: tuple[Mark, ...], now: Mark) -> tuple[Mark, ...]:
    """The marks of the last hour: the newest of the older ones begins it."""
    due = not marks or now.at - marks[-1].at >= MARK_EVERY
    grown = (*marks, now) if due else marks
    older = [mark for mark in grown if now.at - mark.at >= HOUR]
    return (*older[-1:], *(mark for mark in grown if now.at - mark.at < HOUR))
