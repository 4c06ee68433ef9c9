"""Does this change of an incident ring, and why or why not?"""

from dataclasses import dataclass

from services.classifier.incidents.places import places_agree
from services.classifier.incidents.sides import same_side
from services.classifier.incidents.wording import number
from shared.contracts import AlertKind, ClaimStatus, Incident, Reason, Told

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


def judge_change(
    before: Incident, after: Incident, *, main: bool, stale: bool, revised: bool = False
) -> Verdict:
    """A report joined, changed or left an incident; ``before`` and ``after`` are its two states.

    ``revised`` says that a source changed what it had reported, so that what was told may be wrong.
    What is new is judged against the worst that was told, not against the last state: figures that waver
    between outlets, or moved in silence, ring once.
    """
    if before.retracted:
        return Verdict(None, Reason.STAYS_RETRACTED)
    told = before.told or worst(None, before)
    if before.announced and revised and (corrections := _corrections(told, before, after)):
        # However late it is: whoever was told is told that it was wrong.
        return Verdict(AlertKind.CORRECTED, Reason.SOURCE_CORRECTED, corrections)
    if stale:
        return Verdict(None, Reason.STALE)
    if not before.announced:
        return Verdict(AlertKind.OPENED, Reason.FIRST_MAIN) if main else Verdict(None, Reason.SECONDARY)
    more_killed = _more_killed(told, after)
    if after.severity.tier.rank > told.tier.rank:
        change = f"severity rose from {told.tier} to {after.severity.tier}"
        return Verdict(AlertKind.ESCALATED, Reason.TIER_UP, (change, *more_killed))
    if more_killed:
        return Verdict(AlertKind.UPDATED, Reason.MORE_KILLED, more_killed)
    if after.event.claim.status == ClaimStatus.CLAIMED and not told.claimed:
        return Verdict(AlertKind.UPDATED, Reason.NOW_CLAIMED, (f"claimed by {after.event.claim.by}",))
    return Verdict(None, Reason.NOTHING_NEW)


def judge_withdrawal(before: Incident) -> Verdict:
    """The last report that supported an incident is gone: whoever was told is told."""
    if before.announced:
        return Verdict(AlertKind.RETRACTED, Reason.SOURCE_WITHDREW)
    return Verdict(None, Reason.SOURCE_WITHDREW)


def rung(incident: Incident, verdict: Verdict) -> Incident:
    """The incident once the verdict's alert has rung: one sequence on, and what was told noted."""
    # A correction takes back what was told; from then on its own figures are what was told.
    told = worst(None if verdict.kind == AlertKind.CORRECTED else incident.told, incident)
    return incident.model_copy(update={"sequence": incident.sequence + 1, "announced": True, "told": told})


def worst(told: Told | None, now_told: Incident) -> Told:
    """The worst of what was told before and what this state of the incident tells."""
    tier, killed = now_told.severity.tier, _killed(now_told)
    claimed = now_told.event.claim.status == ClaimStatus.CLAIMED
    if told is None:
        return Told(tier=tier, killed=killed, claimed=claimed)
    worse = max(told.tier, tier, key=lambda each: each.rank)
    return Told(tier=worse, killed=max(told.killed, killed), claimed=told.claimed or claimed)


def _corrections(told: Told, before: Incident, after: Incident) -> tuple[str, ...]:
    """What was told and no longer holds: fewer killed, another place, another hand."""
    found = []
    if _band(_killed(after)) < _band(told.killed):
        now = after.event.casualties.killed
        found.append(f"killed: {told.killed} to {number(now) if now else 'not stated'}")
    old, new = before.event.place, after.event.place
    if old and new and not places_agree(old, new):
        found.append(f"place: {old.name} to {new.name}")
    hands = before.event.actors, after.event.actors
    if all(hands) and not any(same_side(one, other) for one in hands[0] for other in hands[1]):
        found.append(f"by: {hands[0][0].name} to {hands[1][0].name}")
    return tuple(found)


def _more_killed(told: Told, after: Incident) -> tuple[str, ...]:
    later = after.event.casualties.killed
    if later is None or _band(later.low) <= _band(told.killed):
        return ()
    return (f"killed: {told.killed} to {number(later)}" if told.killed else f"killed: {number(later)}",)


def _killed(incident: Incident) -> int:
    killed = incident.event.casualties.killed
    return killed.low if killed else 0


def _band(killed: int) -> int:
    return sum(1 for lower in KILLED_BANDS if killed >= lower)
