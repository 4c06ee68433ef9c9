"""A later report shows that two incidents are one: the machine merges them, seldom, and says why.

A wrong merge is worse than a missed one: it takes a bell back and hides what happened. So an article must
have matched both, and then the reports of each are asked whether they tell of the other (docs/adr/0015).
"""

from collections.abc import Sequence
from dataclasses import replace

from services.classifier.incidents import placing, uniting
from services.classifier.incidents.filing import buckets
from services.classifier.incidents.matching import matcher
from services.classifier.incidents.telling import announcing
from services.classifier.incidents.telling.announcing import Verdict
from services.classifier.incidents.weighing import Weighing
from shared.contracts import AlertKind, Incident, Reason, Report

MOST = 2 / 3
"""Share of each one's reports that must tell of the other."""
_ASKED = 8
"""Reports of an incident that are asked: the first and the newest."""


def merge(weighing: Weighing) -> None:
    """Merge incidents that one event of this article matched, where the reports of both agree."""
    for first, *others in weighing.matched:
        for other in others:
            one, two = (_now(incident_id, weighing) for incident_id in (first, other))
            if one is None or two is None or one.id == two.id or one.retracted or two.retracted:
                continue
            because = are_one(one, two)
            if because:
                _unite(weighing, *uniting.in_order(one, two), because)


def are_one(one: Incident, two: Incident) -> str:
    """Why two incidents are one, in words; empty where that is not sure, or where a person split them."""
    told_apart = {r.article_id for r in one.reports} & {r.article_id for r in two.reports}
    if told_apart or uniting.held_apart(one, two):
        return ""
    ours, theirs = _asked(one.reports), _asked(two.reports)
    if not (_tell_of(ours, two) and _tell_of(theirs, one)):
        return ""
    return f"the reports of each tell of the other ({len(ours)} and {len(theirs)} asked)"


def _asked(reports: Sequence[Report]) -> list[Report]:
    """Those of whom it is the main event; a copy has nothing of its own to say."""
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    main = [report for report in ordered if report.main and report.copy_of is None] or ordered
    return [*main[:1], *main[1:][-_ASKED + 1 :]]


def _tell_of(reports: Sequence[Report], incident: Incident) -> bool:
    """Whether most of them match the incident, and nothing sets one of them apart from it."""
    matched = 0
    for report in reports:
        article = buckets.article_of(report)
        found = matcher.match(report.event, article, incident)
        if found is not None and found.strength >= matcher.MERGES:
            matched += 1
        elif found is None and matcher.contradicts(report.event, article, incident):
            return False
    return matched >= MOST * len(reports)


def _now(incident_id: str, weighing: Weighing) -> Incident | None:
    """The incident as it now stands, or that into which it was merged; None for one that opens only now."""
    if incident_id not in weighing.before:
        return None
    found = next((each for each in weighing.states if each.id == incident_id), None)
    return placing.home_of(found, weighing) if found else None


def _unite(weighing: Weighing, stays: Incident, goes: Incident, because: str) -> None:
    ids = (stays.id, goes.id)
    main = any(joining.main for joining in weighing.joinings if joining.incident_id in ids)
    new, left = uniting.united(stays, goes, weighing.now)
    before = weighing.before[stays.id]
    revised = matcher.own_report(weighing.article, before) is not None
    verdict = announcing.judge_change(before, new, main=main, stale=weighing.stale, revised=revised)
    # One version above what was read, however many steps this article took.
    weighing.after[stays.id] = new.model_copy(update={"version": before.version + 1})
    weighing.after[goes.id] = left.model_copy(update={"version": weighing.before[goes.id].version + 1})
    weighing.verdicts[stays.id] = verdict
    weighing.verdicts[goes.id] = Verdict(AlertKind.RETRACTED if goes.announced else None, Reason.MERGED)
    filed = (*weighing.filing.get(stays.id, ()), *weighing.filing.get(goes.id, ()))
    weighing.filing[stays.id] = tuple(dict.fromkeys((*filed, *uniting.filing_of(goes.reports))))
    joined = next((j.because for j in weighing.joinings if j.incident_id in ids), "")
    weighing.because[stays.id] = "; ".join(filter(None, (joined, f"now one with {goes.id}: {because}")))
    weighing.because[goes.id] = f"merged into {stays.id}: {because}"
    weighing.joinings[:] = [
        replace(each, incident_id=stays.id) if each.incident_id == goes.id else each
        for each in weighing.joinings
    ]
