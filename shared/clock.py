"""What time it is, in one place, so that tests and replays can say otherwise."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time; ``now()`` is aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FakeClock:
    """A clock that stands still until it is told to move: for tests and for replays of an archive."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def now(self) -> datetime:
        return self.time

    def move_to(self, moment: datetime) -> None:
        """Set the time; moving backwards is allowed, as real clocks do it too."""
        self.time = moment
