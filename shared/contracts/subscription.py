"""A subscription: who wants to hear of what, and where."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Record


class Channel(StrEnum):
    WEBHOOK = "webhook"
    SLACK = "slack"


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class Subscription(Record):
    """Where alerts that match ``filter`` go. The URL and the secret are sealed (encrypted at rest).

    ``url_hint`` is what may be shown: scheme, host and the end of the path, masked.
    """

    id: str
    name: str = ""
    channel: Annotated[Channel | str, Field(union_mode="left_to_right")]
    sealed_url: str
    url_hint: str
    sealed_secrets: tuple[str, ...] = ()
    """Signing secrets, newest first; more than one only while a rotation's grace runs."""
    filter: str = ""
    """Matcher shorthand, for example ``severity>=Severe,country=~"IRQ|SYR"``; empty matches all incidents."""
    state: Annotated[SubscriptionState | str, Field(union_mode="left_to_right")] = SubscriptionState.ACTIVE
    state_reason: str = ""
    created_at: Moment
