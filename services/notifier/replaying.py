"""Which alerts a replay tells a subscription again: what its filter takes, and what takes that back.

Pure. A person asked for it, so the age of the subscription, mutes and quiet hours have no say. The house's
promise stands: whoever is told of an incident is told of its correction, also of one that rang after the time
that was asked for.
"""

from services.notifier.routing import CORRECTIONS
from shared import filters
from shared.contracts import Alert, AlertKind, Subscription


class Selection:
    """Takes the alerts of a replay in the order in which they rang; raises ``BadFilter`` when made."""

    def __init__(self, subscription: Subscription) -> None:
        self._wanted = filters.parse(subscription.filter)
        self._told: set[str] = set()

    def may_owe(self, alert: Alert) -> bool:
        """Whether it matters that its subscriber was told of the incident before."""
        return alert.kind in CORRECTIONS and alert.incident_id not in self._told

    def takes(self, alert: Alert, *, was_told: bool = False, over: bool = False) -> bool:
        """Whether the replay tells it; ``over``: it rang after the time that was asked for."""
        if alert.kind in CORRECTIONS and (alert.incident_id in self._told or (was_told and not over)):
            return True
        # A retraction of what was never told is no news.
        no_news = alert.kind == AlertKind.RETRACTED and not self._wanted.names_kind(alert)
        if over or no_news or not self._wanted.matches(alert).matched:
            return False
        if alert.incident_id is not None:
            self._told.add(alert.incident_id)
        return True
