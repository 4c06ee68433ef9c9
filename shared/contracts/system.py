"""What the house says of itself: a trouble that lasts, as it is noted and as an alert tells it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part, Record


class Trouble(StrEnum):
    """What may be amiss: the same words in alert, log, metric, readiness and `tocsin health`."""

    NO_ARTICLES = "no articles arrive"
    ARTICLES_WAIT = "articles wait too long"
    FEEDS_DARK = "too many feeds are dark"
    NEARLY_FULL = "Redis is nearly full"
    NO_POLLER = "no poller works"
    NO_WORKER = "no worker works"
    GIVEN_UP = "articles or alerts are given up"
    ALERTS_WAIT = "alerts wait too long"
    PARKED = "deliveries wait for an endpoint"
    DISABLED = "a subscription is disabled"


OF_ONE = (Trouble.PARKED, Trouble.DISABLED)
"""Troubles of one endpoint; all others are the whole house's."""


class Condition(Record):
    """A trouble and since when it lasts. It is standing from the moment that it rang.

    ``about`` tells troubles of a kind apart: the subscription, where it is one endpoint's, else empty.
    """

    trouble: Annotated[Trouble | str, Field(union_mode="left_to_right")]
    about: str = ""
    since: Moment
    says: str
    """What was found, in one sentence."""
    do: str = ""
    """What to do about it, in one sentence."""
    rang_at: Moment | None = None
    """When it last rang; None while it has been seen, but not for long enough."""
    rings: Annotated[int, Field(ge=0)] = 0
    absent: Annotated[int, Field(ge=0)] = 0
    """Rounds in a row in which it was seen no more."""

    @property
    def key(self) -> str:
        """What it is noted under: no two conditions that last have the same."""
        return f"{self.trouble}|{self.about}"

    @property
    def stands(self) -> bool:
        """Whether it was told of, and its end was not."""
        return self.rang_at is not None

    @property
    def of_house(self) -> bool:
        """Whether all are concerned by it, and not the readers behind one endpoint."""
        # A newer release may know further troubles of one endpoint: those tell of whom, too.
        return not self.about and self.trouble not in OF_ONE


class Degraded(Part):
    """What a ``system.degraded`` tells of: which trouble, of what, since when, and whether it is over."""

    trouble: Annotated[Trouble | str, Field(union_mode="left_to_right")]
    about: str = ""
    """The subscription, where the trouble is one endpoint's."""
    since: Moment
    over: bool = False
