"""What a round of the watch found, as plain numbers and times."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts import SubscriptionState


@dataclass(frozen=True)
class Endpoint:
    """One subscription: its id, what it may be called in public, its state, what is parked, how it fares."""

    id: str
    shown: str
    state: SubscriptionState | str = SubscriptionState.ACTIVE
    state_reason: str = ""
    parked: int = 0
    failures: int = 0
    """Attempts in a row that it did not take; what is parked while there are none waits for other reasons."""


@dataclass(frozen=True)
class Measured:
    """The house at one moment. Times are None where there is nothing that could be old."""

    feeds: int = 0
    """Feeds that are polled: neither gone nor refused."""
    first_feed_at: datetime | None = None
    dark: int = 0
    """Of these, how many have failed for a day."""
    polled: int = 0
    """Of these, how many were polled within the last hour."""
    articles: int = 0
    """Articles that the feeds of today gave so far."""
    pending: int = 0
    pending_since: datetime | None = None
    """When the oldest pending article was fetched."""
    alert_since: datetime | None = None
    """When the oldest alert rang that the notifiers have not recorded."""
    given_up: int = 0
    """Dead letters, and alerts that could not be read."""
    pollers: int = 0
    workers: int = 0
    memory_used: int = 0
    memory_max: int = 0
    """0 is no limit."""
    endpoints: tuple[Endpoint, ...] = ()


@dataclass(frozen=True)
class LastHour:
    """What a heartbeat counts besides."""

    incidents: int
    alerts: int
