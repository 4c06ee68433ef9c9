"""A subscription: who wants to hear of what, and where."""

from datetime import time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part, Record
from shared.contracts.coding import Tier


class Channel(StrEnum):
    WEBHOOK = "webhook"
    SLACK = "slack"
    """An incoming webhook of Slack, or of a chat that takes Slack's format."""
    SLACK_BOT = "slack-bot"
    """A Slack app's bot token and a channel: one message an incident, with a thread."""


class Layout(StrEnum):
    """How a chat's message is laid out: Slack's blocks, or the plain attachment that Mattermost shows."""

    BLOCKS = "blocks"
    PLAIN = "plain"


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class Muted(StrEnum):
    """What can be muted."""

    INCIDENT = "incident"
    ACTOR = "actor"
    COUNTRY = "country"


class QuietHours(Part):
    """When a subscription is left in peace: each day from ``begins`` to ``ends``, in its own zone.

    ``override``: what is of this tier or above comes through all the same.
    """

    begins: time
    ends: time
    zone: str = "UTC"
    override: Annotated[Tier | str, Field(union_mode="left_to_right")] = Tier.EXTREME


class RateCap(Part):
    """At most ``most`` messages in ``within`` seconds; what is above it is told together when time is up."""

    most: Annotated[int, Field(ge=1)]
    within: Annotated[float, Field(gt=0)]


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
    """A filter, for example ``severity>=Severe,country=~"IRQ|SYR"``, or JSON; empty matches all incidents."""
    state: Annotated[SubscriptionState | str, Field(union_mode="left_to_right")] = SubscriptionState.ACTIVE
    state_reason: str = ""
    created_at: Moment
    quiet_hours: QuietHours | None = None
    rate_cap: RateCap | None = None
    in_order: bool = False
    """Whether of one incident no message goes before its predecessor was taken or given up."""
    sealed_headers: str = ""
    """Headers of the subscriber's own, as a JSON object; empty for none."""
    retire_at: Moment | None = None
    """When the secrets but the newest stop signing; None while no rotation's grace runs."""
    layout: Annotated[Layout | str, Field(union_mode="left_to_right")] = Layout.BLOCKS
    slack_channel: str = ""
    """The id of the channel that a bot writes to; its token is what ``sealed_url`` holds."""
    failing_since: Moment | None = None
    """Since when nothing has been taken; None while its endpoint answers."""


class Mute(Record):
    """Something that nobody, or one subscription, wants to hear of for a time."""

    id: str
    what: Annotated[Muted | str, Field(union_mode="left_to_right")]
    value: str
    """The incident's id, the actor's name or the country's code."""
    until: Moment
    subscription_id: str = ""
    """Whose it is; empty: everybody's."""
    why: str = ""
    created_at: Moment
