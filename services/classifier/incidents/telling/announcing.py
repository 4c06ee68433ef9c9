"""Does this change of an incident ring, and why or why not?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.classifier.incidents.comparing.places import places_agree
from services.classifier.incidents.comparing.sides import is_unnamed, same_side
from services.classifier.incidents.telling.wording import number
from shared.contracts import AlertKind, ClaimStatus, Incident, Place, Precision, Reason, Told

KILLED_BANDS = (1, 4, 10, 26, 101, 251, 501, 1000)
"""Lower ends of the fatality bands whose crossing is told: MID's, with finer steps below 25."""


_RUNGS = ("", "none", "a threat of force", "a display of force", "a use of force", "war")
"""The MID's levels of hostility in words, from 1 to 5."""
NO_QUIET = timedelta(0)
"""A quiet period of no length: every change worth telling rings at once."""


@dataclass(frozen=True)
class Verdict:
    """Ring as ``kind``, or stay silent when ``kind`` is None; ``reason`` explains either."""

    kind: AlertKind | None
    reason: Reason
    changes: tuple[str, ...] = ()
    wakes_at: datetime | None = None
    """When a change that must wait is looked at again."""


def judge_opening(*, main: bool, stale: bool) -> Verdict:
    """An incident was opened by this event."""
    if stale:
        return Verdict(None, Reason.STALE)
    if not main:
        return Verdict(None, Reason.SECONDARY)
    return Verdict(AlertKind.OPENED, Reason.FIRST_REPORT)


def judge_change(
    before: Incident,
    after: Incident,
    *,
    main: bool,
    stale: bool,
    revised: bool = False,
    now: datetime | None = None,
    quiet: timedelta = NO_QUIET,
) -> Verdict:
    """A report joined, changed or left an incident; ``before`` and ``after`` are its two states.

    ``revised`` says that a source changed what it had reported, so that what was told may be wrong.
    What is new is judged against the worst that was told, not against the last state: figures that waver
    between outlets, or moved in silence, ring once. For one reason an incident rings once in ``quiet``.
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
    return _unless_quiet(_news(told, before, after), after, now, quiet)


def judge_waking(incident: Incident, *, now: datetime, quiet: timedelta = NO_QUIET) -> Verdict:
    """A change had to wait, and its time is over: what is still news of the incident as it now stands?"""
    if incident.told is None or incident.retracted:
        return Verdict(None, Reason.NOTHING_NEW)
    return _unless_quiet(_news(incident.told, incident, incident), incident, now, quiet)


def _unless_quiet(
    news: Sequence[Verdict], after: Incident, now: datetime | None, quiet: timedelta
) -> Verdict:
    """The gravest news whose reason has not rung within ``quiet``, with all that is new; else it waits."""
    if not news:
        return Verdict(None, Reason.NOTHING_NEW)
    changes = tuple(dict.fromkeys(change for each in news for change in each.changes))
    over = {each.reason: _quiet_until(each.reason, after, quiet) for each in news}
    free = [each for each in news if now is None or (until := over[each.reason]) is None or until <= now]
    if free:
        return replace(free[0], changes=changes)
    return Verdict(None, Reason.WAITS, changes, min(until for until in over.values() if until is not None))


def _quiet_until(reason: Reason, incident: Incident, quiet: timedelta) -> datetime | None:
    rang = [step.at for step in incident.history if step.kind is not None and step.reason == reason]
    return max(rang) + quiet if rang and quiet else None


def _news(told: Told, before: Incident, after: Incident) -> list[Verdict]:
    """All that goes beyond what was told, the gravest first."""
    found = []
    if after.severity.tier.rank > told.tier.rank:
        change = f"severity rose from {told.tier} to {after.severity.tier}"
        found.append(Verdict(AlertKind.ESCALATED, Reason.TIER_UP, (change,)))
    rung = told.hostility if told.hostility is not None else before.event.hostility
    if after.event.hostility > rung:
        change = f"hostility rose from {_RUNGS[rung]} to {_RUNGS[after.event.hostility]}"
        found.append(Verdict(AlertKind.ESCALATED, Reason.HOSTILITY_UP, (change,)))
    if more_killed := _more_killed(told, after):
        found.append(Verdict(AlertKind.UPDATED, Reason.MORE_KILLED, more_killed))
    if after.event.claim.status == ClaimStatus.CLAIMED and not told.claimed:
        found.append(Verdict(AlertKind.UPDATED, Reason.NOW_CLAIMED, (f"claimed by {after.event.claim.by}",)))
    # What an older release did not note was as its last state tells.
    named = told.actor_named if told.actor_named is not None else _is_named(before)
    if _is_named(after) and not named:
        found.append(Verdict(AlertKind.UPDATED, Reason.ACTOR_KNOWN, (f"by: {_doers(after)}",)))
    placed = told.placed if told.placed is not None else _is_placed(before)
    if after.event.place and _is_placed(after) and not placed:
        found.append(Verdict(AlertKind.UPDATED, Reason.PLACE_KNOWN, (_moved(before, after.event.place),)))
    return found


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
    event = now_told.event
    now = Told(
        tier=now_told.severity.tier,
        killed=_killed(now_told),
        claimed=event.claim.status == ClaimStatus.CLAIMED,
        placed=_is_placed(now_told),
        actor_named=_is_named(now_told),
        hostility=event.hostility,
    )
    if told is None:
        return now
    return Told(
        tier=max(told.tier, now.tier, key=lambda each: each.rank),
        killed=max(told.killed, now.killed),
        claimed=told.claimed or now.claimed,
        placed=bool(told.placed or now.placed),
        actor_named=bool(told.actor_named or now.actor_named),
        hostility=max(told.hostility or 1, event.hostility),
    )


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


def _is_placed(incident: Incident) -> bool:
    """Whether it is known where in the land it was: in a town, or in a region."""
    place = incident.event.place
    return place is not None and place.precision != Precision.COUNTRY


def _is_named(incident: Incident) -> bool:
    """Whether it is known who did it: a named group, or a state."""
    return any(not is_unnamed(actor) for actor in incident.event.actors)


def _moved(before: Incident, now: Place) -> str:
    old = before.event.place
    return f"place: {old.name} to {now.name}" if old and old.name != now.name else f"place: {now.name}"


def _doers(incident: Incident) -> str:
    return ", ".join(actor.name for actor in incident.event.actors if not is_unnamed(actor))
