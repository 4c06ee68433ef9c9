"""What a person does to incidents: merge, split, correct, retract. States in, a decision out.

Each raises ``BadInput`` that says what to do instead where it can't be done. The machine never undoes one:
reports stay where they were put, what was split is not merged, what was corrected or retracted stays so
(docs/adr/0015).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.classifier.incidents import uniting
from services.classifier.incidents.decision import Decision
from services.classifier.incidents.fusing import fusion, pins
from services.classifier.incidents.telling import announcing, composing, differences
from services.classifier.incidents.telling.announcing import Verdict
from services.classifier.incidents.weighing import retold
from shared.contracts import (
    AlertKind,
    Change,
    Correction,
    Deed,
    Handwork,
    Incident,
    Reason,
    Report,
)
from shared.errors import BadInput


@dataclass(frozen=True)
class Hand:
    """Whose work it is, when, and why."""

    by: str
    at: datetime
    why: str


def merge(one: Incident, other: Incident, hand: Hand) -> Decision:
    """Make two incidents one: the elder goes on with the reports of both, the younger is retracted.

    The elder rings only what it would have rung for those reports; who was told of the younger is told.
    """
    if one.id == other.id:
        raise BadInput(f"{one.id} is one incident already: name two")
    for each in (one, other):
        _stands(each)
    stays, goes = uniting.in_order(one, other)
    new, left = uniting.united(stays, goes, hand.at, by=hand.by)
    main = any(report.main for report in new.reports)
    rings = announcing.judge_change(stays, new, main=main, stale=not (stays.announced or goes.announced))
    if rings.kind is None:
        rings = replace(rings, reason=Reason.MERGED_BY_HAND)
    gone = Verdict(AlertKind.RETRACTED if goes.announced else None, Reason.MERGED_BY_HAND)
    moves = (
        _Move(new, rings, f"merged with {goes.id}", uniting.filing_of(goes.reports)),
        _Move(left, gone, f"merged into {stays.id}"),
    )
    return _decision(hand, Deed.MERGE, Reason.MERGED_BY_HAND, moves)


def split(incident: Incident, article_ids: Sequence[str], hand: Hand) -> Decision:
    """Take these articles' reports out of an incident and open another one with them.

    It rings as opened where the old one had rung and an article tells of it as its main event; the old one
    rings as corrected where what was told of it no longer holds. What a person retracted may be split whole:
    so a report comes back that was retracted by mistake.
    """
    if incident.merged_into or (incident.retracted and not incident.retracted_by):
        _stands(incident)
    named = dict.fromkeys(article_ids)
    unknown = [each for each in named if each not in {report.article_id for report in incident.reports}]
    if unknown or not named:
        there = ", ".join(report.article_id for report in incident.reports)
        raise BadInput(f"no report of {', '.join(unknown) or 'nothing'} in {incident.id}: it has {there}")
    leave = _alone(report for report in incident.reports if report.article_id in named)
    rest = _alone(report for report in incident.reports if report.article_id not in named)
    if not rest and not incident.retracted:
        raise BadInput(
            f"nothing would be left in {incident.id}: name fewer of its articles, or retract it instead"
        )
    opened = _opened(incident, leave, hand)
    old = _without(incident, rest, len(leave), opened.id, hand.at)
    main = any(report.main for report in leave)
    rings = Verdict(AlertKind.OPENED if incident.announced and main else None, Reason.SPLIT_BY_HAND)
    moves = (
        _Move(opened, rings, f"split from {incident.id}", uniting.filing_of(leave)),
        _Move(old, _judge_rest(incident, old), f"{len(leave)} of its reports went to {opened.id}"),
    )
    return _decision(hand, Deed.SPLIT, Reason.SPLIT_BY_HAND, moves, what=tuple(named), first=incident.id)


def correct(
    incident: Incident, corrections: Sequence[Correction], freed: Sequence[str], hand: Hand
) -> Decision:
    """Set fields to a person's word, which stands over the reports; ``freed`` ones are the reports' again.

    It rings as corrected where the incident had rung and something that was told is another now.
    """
    _stands(incident)
    if not incident.reports:
        raise BadInput(f"{incident.id} has no report left that could be corrected")
    kept = [each for each in incident.by_hand if each.field not in freed]
    stands = incident.model_copy(update={"by_hand": pins.set_anew(kept, corrections)})
    after = retold(stands, incident.reports, incident.reports_count, hand.at)
    changes = differences.between(incident.event, after.event)
    rings = AlertKind.CORRECTED if incident.announced and changes else None
    said = (*(each.said for each in corrections), *(f"{each}=" for each in freed))
    move = _Move(after, Verdict(rings, Reason.CORRECTED_BY_HAND, changes), f"corrected: {', '.join(said)}")
    return _decision(hand, Deed.CORRECT, Reason.CORRECTED_BY_HAND, (move,), what=said)


def retract(incident: Incident, hand: Hand) -> Decision:
    """Take an incident back for good: who was told is told, and later reports of it join it in silence."""
    if incident.retracted_by:
        raise BadInput(f"{incident.id} was retracted already, by {incident.retracted_by}")
    if incident.merged_into:
        _stands(incident)
    rings = AlertKind.RETRACTED if incident.announced and not incident.retracted else None
    after = incident.model_copy(
        update={
            "version": incident.version + 1,
            "updated_at": hand.at,
            "retracted": True,
            "retracted_by": hand.by,
        }
    )
    move = _Move(after, Verdict(rings, Reason.RETRACTED_BY_HAND), "retracted")
    return _decision(hand, Deed.RETRACT, Reason.RETRACTED_BY_HAND, (move,))


# ---- what they have in common ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Move:
    """One incident's new state, what it rings, what was done to it, and where it is filed besides."""

    after: Incident
    verdict: Verdict
    done: str
    filing: tuple[str, ...] = field(default=())


def _stands(incident: Incident) -> None:
    """Raise ``BadInput`` where there is nothing more to work on."""
    if incident.merged_into:
        raise BadInput(f"{incident.id} was merged into {incident.merged_into}: name that one")
    if incident.retracted:
        raise BadInput(
            f"{incident.id} is retracted: `tocsin incident {incident.id}` says why; "
            "`tocsin incident split` takes reports out of one that a person retracted"
        )


def _opened(incident: Incident, reports: tuple[Report, ...], hand: Hand) -> Incident:
    """The new incident of a split; its id is derived from what was split, as it stood, and from what left."""
    seed = "/".join(["split", incident.id, str(incident.version), *sorted(r.article_id for r in reports)])
    first = next((report for report in reports if report.main), reports[0])
    blank = incident.model_copy(
        update={
            "id": "inc_" + hashlib.sha256(seed.encode()).hexdigest()[:16],
            "version": 0,
            "sequence": 0,
            "opened_at": hand.at,
            "headline": first.title or incident.headline,
            "responds_to": None,
            "announced": False,
            "told": None,
            "retracted": False,
            "retracted_by": "",
            "merged": (),
            "split_from": incident.id,
            "apart_from": (incident.id,),
            "by_hand": (),
            "history": (),
        }
    )
    placed = tuple(report.model_copy(update={"placed_by": hand.by}) for report in reports)
    return retold(blank, placed, len(placed), hand.at)


def _without(incident: Incident, rest: tuple[Report, ...], left: int, opened: str, now: datetime) -> Incident:
    """The incident that was split, by what stays in it."""
    split_off = incident.model_copy(
        update={"apart_from": tuple(sorted({*incident.apart_from, opened})), "retracted_by": ""}
    )
    if rest:
        kept = split_off.model_copy(update={"retracted_by": incident.retracted_by})
        return retold(kept, rest, max(len(rest), incident.reports_count - left), now)
    # A retracted one that nothing is left of holds nothing back any more.
    return split_off.model_copy(
        update={"version": incident.version + 1, "updated_at": now, "reports": (), "reports_count": 0}
    )


def _alone(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports, of which none copies one that is not among them."""
    found = tuple(reports)
    ids = {report.article_id for report in found}
    return tuple(
        report if report.copy_of in ids else report.model_copy(update={"copy_of": None}) for report in found
    )


def _judge_rest(before: Incident, after: Incident) -> Verdict:
    """Whether what was told of the old incident still holds; it is a person that changed it, not a source."""
    if before.retracted:
        return Verdict(None, Reason.MOVED_BY_HAND)
    main = any(report.main for report in after.reports)
    judged = announcing.judge_change(before, after, main=main, stale=not before.announced, revised=True)
    if judged.kind in (None, AlertKind.CORRECTED):
        return replace(judged, reason=Reason.MOVED_BY_HAND)
    return judged


def _decision(
    hand: Hand,
    deed: Deed,
    reason: Reason,
    moves: Sequence[_Move],
    what: tuple[str, ...] = (),
    first: str | None = None,
) -> Decision:
    """All new states with their step of history, what rings in order, and the audit's record."""
    states, alerts, filing = [], [], {}
    for move in moves:
        incident, verdict = move.after, move.verdict
        if verdict.kind is not None:
            incident = announcing.rung(incident, verdict)
            alerts.append(composing.alert_of(incident, verdict, hand.at, article_id=None))
        states.append(_written_down(incident, move, hand))
        filing[incident.id] = move.filing
    ids = tuple(state.id for state in states)
    record = Handwork(
        at=hand.at,
        by=hand.by,
        deed=deed,
        incidents=tuple(sorted(ids, key=lambda each: each != first)) if first else ids,
        what=what,
        why=hand.why,
    )
    return Decision(None, reason, (), tuple(states), filing, tuple(alerts), record)


def _written_down(incident: Incident, move: _Move, hand: Hand) -> Incident:
    step = Change(
        at=hand.at,
        article_id="",
        because=f"{move.done}: {hand.why}",
        kind=move.verdict.kind,
        reason=move.verdict.reason,
        changes=move.verdict.changes,
        sequence=incident.sequence if move.verdict.kind is not None else 0,
        by=hand.by,
    )
    return incident.model_copy(update={"history": fusion.keep_changes((*incident.history, step))})
