"""What becomes of a delivery after an attempt: a plain function of the answer, the count and the schedule."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from services.notifier.channels import Answer, Meaning, Reading
from shared.retry import scheduled

LONGEST_WAIT = 3600.0
"""An endpoint may ask us to wait, but not for ever: after an hour it is asked again."""
SHORTEST_WAIT = 1.0
"""For an endpoint that asks us to wait and does not say how long."""


class Fate(StrEnum):
    """What becomes of a delivery; the words of logs and of the outcomes metric."""

    DELIVERED = "delivered"
    RETRY = "retry"
    PARKED = "parked"
    DROPPED = "dropped"
    DISABLED = "disabled"
    """Parked, and the whole subscription disabled."""


@dataclass(frozen=True)
class Outcome:
    """The fate, the seconds until the next attempt (only for a retry), and why."""

    fate: Fate
    reason: str
    wait: float = 0.0
    pause: float = 0.0
    """Seconds that the endpoint asked everybody to wait, not only this delivery."""
    asked: bool = False
    """Whether it only asked for patience, which is no failure and no step of the schedule."""


def decide(
    reading: Reading, answer: Answer, attempts: int, schedule: Sequence[float], now: datetime
) -> Outcome:
    """The outcome of attempt number ``attempts`` (1 or more)."""
    if reading.meaning is Meaning.DELIVERED:
        return Outcome(Fate.DELIVERED, reading.reason)
    if reading.meaning is Meaning.GONE:
        return Outcome(Fate.DISABLED, reading.reason)
    if reading.meaning is Meaning.REFUSED:
        return Outcome(Fate.DROPPED, reading.reason)
    pause = asked_wait(answer.retry_after, now)
    if reading.meaning is Meaning.ASKED:
        # No failure of the endpoint: it is asked again when it said, however often that was.
        pause = max(pause, SHORTEST_WAIT)
        return Outcome(Fate.RETRY, reading.reason, wait=pause, pause=pause, asked=True)
    wait = scheduled(attempts, schedule)
    if wait is None:
        return Outcome(
            Fate.PARKED, f"{reading.reason} at attempt {attempts}, the schedule's last", pause=pause
        )
    return Outcome(Fate.RETRY, reading.reason, wait=max(wait, pause), pause=pause)


def asked_wait(retry_after: str | None, now: datetime) -> float:
    """The seconds that a ``Retry-After`` asks for, seconds or a date, at most ``LONGEST_WAIT``; 0 if none."""
    if retry_after is None:
        return 0.0
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            moment = parsedate_to_datetime(retry_after)
        except ValueError:
            return 0.0
        seconds = ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else 0.0
