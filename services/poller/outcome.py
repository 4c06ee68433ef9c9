"""How a poll ended: the same words in the log, in ``Feed.last_error`` and in the tests."""

from enum import StrEnum


class Outcome(StrEnum):
    READ = "entries read"
    CUT_OFF = "cut off, whole entries taken"
    NOT_MODIFIED = "not modified"
    SAME_BODY = "same body as last time"
    ASKED_TO_WAIT = "asked to wait"
    UNREACHABLE = "unreachable"
    MISSING = "missing or closed to us"
    UNREADABLE = "unreadable"
    REFUSED = "address refused"
    GONE = "gone for good"

    @property
    def is_good(self) -> bool:
        """Whether the feed answered as a feed should; one good answer resets its errors."""
        return self in (Outcome.READ, Outcome.CUT_OFF, Outcome.NOT_MODIFIED, Outcome.SAME_BODY)
