"""Does this change of an incident ring, and why or why not?"""

from dataclasses import dataclass

from services.classifier.incidents.wording import number
from shared.contracts import AlertKind, ClaimStatus, Incident, Reason

KILLED_BANDS = (1, 4, 10, 26, 101, 251, 501, 1000)
"""Lower ends of the fatality bands whose crossing is told: MID's, with finer steps below 25."""


@dataclass(frozen=True)
class Verdict:
    """Ring as ``kind``, or stay silent when ``kind`` is None; ``reason`` explains either."""

    kind: AlertKind | None
    reason: Reason
    changes: tuple[str, ...] = ()


def judge_opening(*, main: bool, stale: bool) -> Verdict:
    """An incident was opened by this event."""
    if stale:
        return Verdict(None, Reason.STALE)
    if not main:
        return Verdict(None, Reason.SECONDARY)
    return Verdict(AlertKind.OPENED, Reason.FIRST_REPORT)


def judge_change(before: Incident, after: Incident, *, main: bool, stale: bool) -> Verdict:
    """A report joined, changed or left an incident; ``before`` and ``after`` are its two states."""
    if stale:
        return Verdict(None, Reason.STALE)
    if not before.announced:
        return Verdict(AlertKind.OPENED, Reason.FIRST_MAIN) if main else Verdict(None, Reason.SECONDARY)
    if after.severity.tier.rank > before.severity.tier.rank:
        change = f"severity rose from {before.severity.tier} to {after.severity.tier}"
        return Verdict(AlertKind.ESCALATED, Reason.TIER_UP, (change, *_casualty_changes(before, after)))
    if casualties := _casualty_changes(before, after):
        return Verdict(AlertKind.UPDATED, Reason.MORE_KILLED, casualties)
    if after.event.claim.status == ClaimStatus.CLAIMED and before.event.claim.status != ClaimStatus.CLAIMED:
        return Verdict(AlertKind.UPDATED, Reason.NOW_CLAIMED, (f"claimed by {after.event.claim.by}",))
    return Verdict(None, Reason.NOTHING_NEW)


def judge_withdrawal(before: Incident) -> Verdict:
    """The last report that supported an incident is gone: whoever was told is told."""
    if before.announced:
        return Verdict(AlertKind.RETRACTED, Reason.SOURCE_WITHDREW)
    return Verdict(None, Reason.SOURCE_WITHDREW)


def _casualty_changes(before: Incident, after: Incident) -> tuple[str, ...]:
    earlier, later = before.event.casualties.killed, after.event.casualties.killed
    if later is None or _band(later.low) <= (_band(earlier.low) if earlier else 0):
        return ()
    return (f"killed: {number(earlier)} to {number(later)}" if earlier else f"killed: {number(later)}",)


def _band(killed: int) -> int:
    return sum(1 for lower in KILLED_BANDS if killed >= lower)
