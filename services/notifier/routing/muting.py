"""What is muted: whether a mute covers an alert for a subscription, and how that is said."""

from collections.abc import Iterable

from shared.contracts import Alert, Mute, Muted
from shared.filters import FIELDS


def muted_by(alert: Alert, subscription_id: str, mutes: Iterable[Mute]) -> Mute | None:
    """The first mute that covers the alert for this subscription; ``mutes`` are those that run."""
    for mute in mutes:
        if mute.subscription_id in ("", subscription_id) and _covers(mute, alert):
            return mute
    return None


def words(mute: Mute) -> str:
    """The reason that names the mute: what, until when, and why."""
    why = f" ({mute.why})" if mute.why else ""
    return f"muted by {mute.id}: {mute.what} {mute.value} until {mute.until:%Y-%m-%d %H:%M} UTC{why}"


def _covers(mute: Mute, alert: Alert) -> bool:
    if mute.what == Muted.INCIDENT:
        return alert.incident_id == mute.value
    if mute.what in (Muted.ACTOR, Muted.COUNTRY):
        # As the filter's fields of the same name: who did it, and where it was.
        found = FIELDS[str(mute.what)].values(alert)
        return mute.value.casefold() in {str(each).casefold() for each in found if each is not None}
    return False  # of a newer release, which knows what it means
