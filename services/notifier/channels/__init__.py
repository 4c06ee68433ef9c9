"""Ways to tell a subscriber. A channel sends one delivery once and says what the answer means.

It decides nothing about trying again: that is ``outcome``'s business, the same for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from shared.contracts import Delivery, Subscription

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Meaning(StrEnum):
    """What an answer says about the delivery and its endpoint."""

    DELIVERED = "delivered"
    BUSY = "try later"
    ASKED = "asked to wait"
    """It is well, but we are too fast for it."""
    REFUSED = "refused"
    """This message will never be taken; the next one may be."""
    GONE = "gone"
    """Nothing will be taken until a person mends the subscription."""


@dataclass(frozen=True)
class Answer:
    """What came back from one attempt; ``status`` is None when nothing did, and ``error`` says why."""

    status: int | None
    latency_ms: float
    body: str = ""
    """At most 16 kB of it."""
    retry_after: str | None = None
    error: str = ""


@dataclass(frozen=True)
class Reading:
    """What a channel makes of an answer, and why, in words."""

    meaning: Meaning
    reason: str


class Channel(Protocol):
    """One way to tell. ``concurrency`` deliveries at once to one endpoint, ``spacing`` seconds apart.

    A channel that inherits from this one serves every subscription alike and always has room.
    """

    concurrency: int
    spacing: float

    def serving(self, subscription: Subscription) -> "Channel":
        """The channel as this subscription wants it."""
        return self

    async def room(self, now: datetime) -> float:
        """Take the place of one message and answer 0, or the seconds until there is one."""
        return 0.0

    async def give_back(self, now: datetime) -> None:
        """Give the place back that ``room`` took, for nothing was sent."""
        return

    async def send(
        self,
        url: str,
        secrets: Sequence[str],
        delivery: Delivery,
        now: datetime,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """Try once; whatever the endpoint does is an answer, never an exception.

        ``headers`` are the subscriber's own; a channel that has no use for them leaves them out.
        """
        ...

    def read(self, answer: Answer) -> Reading:
        """What the answer means here."""
        ...


def read_status(answer: Answer) -> Reading:
    """What an HTTP answer means by Standard Webhooks: 2xx is success, 410 is the end, all else is later."""
    status = answer.status
    if status is None:
        return Reading(Meaning.BUSY, answer.error or "no answer")
    if 200 <= status < 300:
        return Reading(Meaning.DELIVERED, f"answered {status}")
    if status == 410:
        return Reading(Meaning.GONE, "answered 410 Gone")
    if 300 <= status < 400:
        return Reading(Meaning.BUSY, f"answered {status}: redirects are not followed, give the final address")
    return Reading(Meaning.BUSY, f"answered {status}")
