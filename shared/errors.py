"""The errors of the house, told apart by what to do next.

    TocsinError
    ├── BadInput            this record will never work: dead-letter it, or tell who gave it
    │   ├── UnreadableFeed      not a feed, or broken beyond reading
    │   ├── BadFilter           a subscription's filter does not parse
    │   ├── BadCorrection       what a person set a field of an incident to can't be read
    │   ├── BadSetting          a setting has a value that can't be used
    │   └── NewerSchema         written by a newer major version: leave it for a newer reader
    ├── TryLater            the world is unwell: retry with back-off
    │   ├── FeedUnreachable     no answer, a timeout, a 429 or 5xx
    │   └── StoreUnavailable    Redis does not answer
    └── GiveUp              the other side said no for good: record it, stop
        └── ForbiddenAddress    the SSRF guard refused the address

Only code that touches the other side raises these, and it translates at once: no ``redis``,
``aiohttp`` or ``feedparser`` exception travels further than the file that imports the package.
Every message says what happened and what to do about it.
"""


class TocsinError(Exception):
    """The root: ``str(error)`` is one sentence for a person, with what to do next."""


class BadInput(TocsinError):
    """This record will never work as it is: dead-letter it, or tell whoever gave it."""


class UnreadableFeed(BadInput):
    """The body is not a feed, or is broken beyond reading."""


class BadFilter(BadInput):
    """A subscription's filter does not parse; the message points at the place."""


class BadCorrection(BadInput):
    """A person's correction of an incident can't be read; the message says what can be written."""


class BadSetting(BadInput):
    """A setting or argument has a value that can't be used; the message names one that can."""


class NewerSchema(BadInput):
    """The record was written by a newer major version; leave it for a newer reader."""

    def __init__(self, record: str, found: str, known: str) -> None:
        super().__init__(
            f"{record} has schema version {found}, this release reads {known}: "
            "it is left in place; upgrade this service to handle it"
        )


class TryLater(TocsinError):
    """The world is unwell: retry with back-off.

    ``retry_after`` is the wait in seconds that the other side asked for, or None.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FeedUnreachable(TryLater):
    """The feed gave no answer, or one that may be better later (timeout, 429, 5xx)."""


class StoreUnavailable(TryLater):
    """Redis does not answer, or refuses writes."""


class GiveUp(TocsinError):
    """The other side said no for good: record it and stop."""


class ForbiddenAddress(GiveUp):
    """The SSRF guard refused an address; the message names the address and the setting that allows it."""
