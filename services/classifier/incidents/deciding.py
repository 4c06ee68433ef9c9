"""One article's coding, weighed against the incidents it may belong to: what changes, what rings, and why.

Pure and deterministic: the same article against the same candidates gives the same decision, ids and all.
That is what lets a worker be killed anywhere and its work be done again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.classifier.incidents import answering, joining, merging, withdrawing
from services.classifier.incidents.decision import Decision
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling import announcing, composing
from services.classifier.incidents.weighing import PastOf, Weighing
from shared.contracts import Alert, Article, Coding, Incident, Past, Reason


def _nothing_known(after: Incident, before: Incident | None) -> Past | None:
    """An incident keeps the past that it has."""
    return before.past if before else None


def consider(
    article: Article,
    coding: Coding,
    candidates: Sequence[Incident],
    *,
    now: datetime,
    stale: bool = False,
    voice: Voice | None = None,
    earlier: Sequence[Incident] = (),
    past_of: PastOf = _nothing_known,
    quiet: timedelta = announcing.NO_QUIET,
) -> Decision:
    """Decide what the article's events do to the ``candidates`` (those that ``Sought`` chooses).

    ``stale`` records silently: incidents open and change, and nothing rings but what takes back an alert.
    ``voice`` is whose report the article is; without it, its outlet's own. ``earlier`` are incidents that it
    may answer (those in ``answering.sought``); they are not changed. ``past_of`` knows what lay
    behind an incident, for its severity; without it, nothing is known. For one reason an incident rings
    once in ``quiet``; what falls into it waits (``waking.py``).
    """
    before = {incident.id: incident for incident in candidates}
    weighing = Weighing(article, coding, now, stale, voice or Voice(), quiet, before, past_of)
    joining.place(weighing)
    withdrawing.withdraw(weighing)
    merging.merge(weighing)
    answering.link(weighing, earlier)
    mains = {each.incident_id for each in weighing.joinings if each.main}
    main_first = sorted(weighing.after, key=lambda each: each not in mains)
    alerts = [_announce(weighing, incident_id) for incident_id in main_first]
    for incident_id in main_first:
        _write_down(weighing, incident_id)
    return Decision(
        article=article,
        reason=_reason(weighing, main_first),
        joinings=tuple(sorted(weighing.joinings, key=lambda each: each.event)),
        incidents=tuple(weighing.after.values()),
        filing=weighing.filing,
        alerts=tuple(alert for alert in alerts if alert is not None),
        at=now,
    )


def _reason(weighing: Weighing, main_first: Sequence[str]) -> Reason:
    verdicts = [weighing.verdicts[incident_id] for incident_id in main_first]
    rung = next((verdict.reason for verdict in verdicts if verdict.kind is not None), None)
    unmoved = Reason.NOT_ENGLISH if weighing.coding.set_aside else Reason.NOT_ESCALATION
    silent = verdicts[0].reason if verdicts else unmoved
    return rung or silent


def _announce(weighing: Weighing, incident_id: str) -> Alert | None:
    verdict, incident = weighing.verdicts[incident_id], weighing.after[incident_id]
    if verdict.kind is None:
        return None
    incident = announcing.rung(incident, verdict)
    weighing.after[incident_id] = incident
    ordinal = next((j.event for j in weighing.joinings if j.incident_id == incident_id), None)
    told = weighing.coding.events[ordinal] if ordinal is not None else None
    return composing.alert_of(
        incident,
        verdict,
        weighing.now,
        article_id=weighing.article.id,
        evidence=told.evidence if told else (),
        tallies=weighing.coding.tallies if told and told.main else (),
    )


def _write_down(weighing: Weighing, incident_id: str) -> None:
    """Add to an incident's history what this article did to it, and why that rang or did not."""
    incident, verdict = weighing.after[incident_id], weighing.verdicts[incident_id]
    joined = next((j for j in weighing.joinings if j.incident_id == incident_id), None)
    because = weighing.because.get(incident_id) or (
        joined.because if joined else "a newer revision no longer tells of it"
    )
    weighing.after[incident_id] = composing.with_step(
        incident, verdict, weighing.now, because=because, article_id=weighing.article.id
    )
