"""The heartbeat: when it is due, and what it says. Plain values in, an alert out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.notifier.watching.ledger import Ledger
from services.notifier.watching.measured import LastHour, Measured
from shared.contracts import Alert, AlertKind, Condition
from shared.system_alerts import ALL_WELL, NOT_WELL, count, derive_id, span


def due(ledger: Ledger, every: timedelta, now: datetime) -> datetime | None:
    """When the heartbeat that is to be told now was due; None while none is. Missed ones are left out."""
    if not every or ledger.heartbeat_at is None or now - ledger.heartbeat_at < every:
        return None
    return ledger.heartbeat_at + every * ((now - ledger.heartbeat_at) // every)


def heartbeat(
    slot: datetime,
    found: Measured,
    ledger: Ledger,
    hour: LastHour,
    standing: Sequence[Condition],
    now: datetime,
) -> Alert:
    """The heartbeat that was due at ``slot``: what came in and went out, and whether anything is amiss."""
    counts = (
        f"{count(ledger.arrived_within_hour(), 'article')}, {count(hour.incidents, 'incident')} and "
        f"{count(hour.alerts, 'alert')} in the last hour"
    )
    waits = f"{count(found.pending, 'article')} pending"
    if found.pending_since:
        waits += f", the oldest for {span(now - found.pending_since)}"
    amiss = "; ".join(each.says.rstrip(".") for each in standing[:5])
    return Alert(
        id=derive_id("heartbeat", slot.isoformat()),
        kind=AlertKind.HEARTBEAT,
        reason=NOT_WELL if standing else ALL_WELL,
        at=now,
        headline=f"Tocsin {'is degraded' if standing else 'is well'}: {counts}",
        sentence=f"{found.polled:,} of {found.feeds:,} feeds were polled in the last hour; {waits}."
        + (f" Amiss: {amiss}." if amiss else ""),
    )
