"""One event finds its incident, or opens one."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from services.classifier.coding.events.severity import severity_of
from services.classifier.incidents import placing
from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.decision import Joining
from services.classifier.incidents.fusing import figures, fusion
from services.classifier.incidents.matching import matcher
from services.classifier.incidents.matching.matcher import Match
from services.classifier.incidents.telling import announcing, composing, wording
from services.classifier.incidents.weighing import Weighing
from shared.contracts import Article, ClaimStatus, Event, Incident

_OWN = 100.0
"""Worth more than any likeness: what this article itself told before."""


def incident_id_of(article: Article, ordinal: int) -> str:
    """``inc_`` and 16 hex digits, derived from the opening article's revision and the event's ordinal."""
    seed = f"{article.key}/{ordinal}"
    return "inc_" + hashlib.sha256(seed.encode()).hexdigest()[:16]


def place(weighing: Weighing) -> None:
    """Give every event that escalates its incident, the main one first."""
    events = [(i, event) for i, event in enumerate(weighing.coding.events) if event.escalates]
    events.sort(key=lambda pair: not pair[1].main)
    for home, ordinal, event in placing.held(weighing, events):
        _join(weighing, ordinal, event, home, Match(placing.BECAUSE, _OWN))
    placed = {joining.event for joining in weighing.joinings}
    events = [pair for pair in events if pair[0] not in placed]
    # First what truly matches; only then may a revision's event take over what its article opened.
    unplaced = [pair for pair in events if not _join_match(weighing, *pair, weighing.states)]
    for ordinal, event in enumerate(weighing.coding.events):
        if event.recalled:
            _join_match(weighing, ordinal, event, weighing.states)
    for ordinal, event in unplaced:
        # What has not changed since would refuse it again.
        changed = tuple(weighing.after.values())
        if not (_join_match(weighing, ordinal, event, changed) or _join_own(weighing, ordinal, event)):
            _open(weighing, ordinal, event)


def _join_match(weighing: Weighing, ordinal: int, event: Event, among: Sequence[Incident]) -> bool:
    found: list[tuple[Incident, Match]] = []
    for incident in among:
        home = placing.home_of(incident, weighing)
        if home is None or (event.recalled and not _told_by_others(weighing.article, home)):
            continue  # what no other report tells is not upheld by one that only looks back
        # What matches a merged incident belongs to the one that it was merged into.
        told = incident if home is incident else placing.as_it_led(incident, home)
        matched = matcher.match(event, weighing.article, told) if told else None
        if matched is not None:
            own = matcher.own_report(weighing.article, home) is not None
            found.append((home, replace(matched, strength=matched.strength + _OWN * own)))
    if not found:
        return False
    # The best match; among equals the incident that opened first, so that a tie never depends on order.
    found.sort(key=lambda pair: (-pair[1].strength, pair[0].retracted, pair[0].opened_at, pair[0].id))
    sure = (
        home.id
        for number, (home, match) in enumerate(found)
        if not number or match.strength >= matcher.MERGES
    )
    weighing.matched.append(tuple(dict.fromkeys(sure)))
    _join(weighing, ordinal, event, *found[0])
    return True


def _told_by_others(article: Article, incident: Incident) -> bool:
    others = (report for report in incident.reports if report.article_id != article.id)
    return any(not report.event.recalled for report in others)


def _join_own(weighing: Weighing, ordinal: int, event: Event) -> bool:
    """Take over what an earlier revision of this article alone had opened, and no other event claims."""
    for incident in sorted(weighing.before.values(), key=lambda each: each.id):
        own = matcher.own_report(weighing.article, incident)
        free = own is not None and len(incident.reports) == 1 and incident.id not in weighing.after
        if own and free and not incident.retracted and family(own.event) == family(event):
            _join(weighing, ordinal, event, incident, Match("a newer revision of the same article", _OWN))
            return True
    return False


def _open(weighing: Weighing, ordinal: int, event: Event) -> None:
    article, events = weighing.article, len(weighing.coding.events)
    incident_id = incident_id_of(article, ordinal)
    while incident_id in weighing.before:
        # Only when a revision's number was used before: never overwrite what stands.
        ordinal += events
        incident_id = incident_id_of(article, ordinal)
    report = composing.report_of(article, event, weighing.voice, "opened the incident")
    fused = fusion.fuse((report,))
    opened = Incident(
        id=incident_id,
        version=1,
        opened_at=weighing.now,
        updated_at=weighing.now,
        event=fused,
        figures=figures.best((report,), fused),
        severity=severity_of(event),
        headline=article.title or wording.sentence(event),
        reports=(report,),
        reports_count=1,
    )
    opened = weighing.judged(opened)
    weighing.put(opened, announcing.judge_opening(main=event.main, stale=weighing.stale), event)
    because = "first report: opened the incident"
    weighing.joinings.append(Joining(ordinal % events, incident_id, event.main, because))


def _join(weighing: Weighing, ordinal: int, event: Event, incident: Incident, found: Match) -> None:
    article = weighing.article
    denied = event.claim.status == ClaimStatus.DENIED and not event.main
    weighing.joinings.append(Joining(ordinal, incident.id, event.main, found.because, denied, event.recalled))
    own = matcher.own_report(article, incident)
    if incident.id in weighing.after and own:
        # A second mention of what this article has told already.
        weighing.put(incident, weighing.verdicts[incident.id], event)
        return
    others = tuple(r for r in incident.reports if r.article_id != article.id)
    report = composing.report_of(article, event, weighing.voice, found.because, found.copy_of)
    report = report.model_copy(update={"placed_by": own.placed_by if own else ""})
    after = weighing.retold(
        incident, fusion.keep((*others, report)), incident.reports_count + (0 if own else 1)
    )
    verdict = announcing.judge_change(
        incident,
        after,
        main=event.main,
        stale=weighing.stale,
        revised=own is not None,
        now=weighing.now,
        quiet=weighing.quiet,
    )
    weighing.put(after, verdict, event)
