"""The records that cross a process, from Article over Coding, Incident and Alert to Delivery.

Frozen, with ``schema_version``; a new field has a default, a renamed field is a new major version.
"""

from shared.contracts.alert import Alert, AlertKind, Reason, Source, derive_alert_id
from shared.contracts.article import Article, TextPart, derive_id, split_key
from shared.contracts.base import Moment, Part, Record
from shared.contracts.coding import Coding, Severity, SeverityTerm, Tier
from shared.contracts.deadletter import DeadLetter
from shared.contracts.delivery import Attempt, Delivery, DeliveryState
from shared.contracts.event import (
    Actor,
    Casualties,
    Certainty,
    Claim,
    ClaimStatus,
    Count,
    Direction,
    Event,
    EventType,
    Evidence,
    Place,
    Precision,
    Response,
    Sector,
    Status,
    Tally,
)
from shared.contracts.feed import Feed, FeedState, derive_feed_id
from shared.contracts.figure import Counted, Figure, Figures, Sayer
from shared.contracts.handwork import Deed, Handwork
from shared.contracts.incident import (
    Change,
    Correction,
    Incident,
    Report,
    Told,
    independent_reports,
    of_a_side,
    speaks_for,
)
from shared.contracts.ladder import DeedKind, Ladder, Ladders, Past, ReportedTally, Trend, TrendWhy
from shared.contracts.subscription import (
    Channel,
    Layout,
    Mute,
    Muted,
    QuietHours,
    RateCap,
    Subscription,
    SubscriptionState,
)
from shared.contracts.system import Condition, Degraded, Trouble

__all__ = [
    "Actor",
    "Alert",
    "AlertKind",
    "Article",
    "Attempt",
    "Casualties",
    "Certainty",
    "Change",
    "Channel",
    "Claim",
    "ClaimStatus",
    "Coding",
    "Condition",
    "Correction",
    "Count",
    "Counted",
    "DeadLetter",
    "Deed",
    "DeedKind",
    "Degraded",
    "Delivery",
    "DeliveryState",
    "Direction",
    "Event",
    "EventType",
    "Evidence",
    "Feed",
    "FeedState",
    "Figure",
    "Figures",
    "Handwork",
    "Incident",
    "Ladder",
    "Ladders",
    "Layout",
    "Moment",
    "Mute",
    "Muted",
    "Part",
    "Past",
    "Place",
    "Precision",
    "QuietHours",
    "RateCap",
    "Reason",
    "Record",
    "Report",
    "ReportedTally",
    "Response",
    "Sayer",
    "Sector",
    "Severity",
    "SeverityTerm",
    "Source",
    "Status",
    "Subscription",
    "SubscriptionState",
    "Tally",
    "TextPart",
    "Tier",
    "Told",
    "Trend",
    "TrendWhy",
    "Trouble",
    "derive_alert_id",
    "derive_feed_id",
    "derive_id",
    "independent_reports",
    "of_a_side",
    "speaks_for",
    "split_key",
]
