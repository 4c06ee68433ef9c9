"""What is written down: the report an article gives to an incident, the alert an incident rings."""

from collections.abc import Sequence
from datetime import datetime

from services.classifier.incidents.fusing import figures, fusion
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling import wording
from services.classifier.incidents.telling.announcing import Verdict
from shared.contracts import (
    Alert,
    Article,
    Change,
    Event,
    Evidence,
    Incident,
    Reason,
    Report,
    Source,
    Tally,
    derive_alert_id,
)

SOURCES_IN_ALERT = 10
"""Sources listed in an alert, the newest first; the rest are counted."""


def report_of(
    article: Article, event: Event, voice: Voice, because: str, copy_of: str | None = None
) -> Report:
    """What this article tells of an incident; its evidence stays with the alert it rings."""
    return Report(
        article_id=article.id,
        revision=article.revision,
        feed_id=article.feed_id,
        outlet=article.outlet,
        name=voice.name,
        voice=voice.id,
        voice_because=voice.because,
        url=article.url,
        title=article.title,
        summary=article.summary,
        published_at=article.published_at,
        language=article.language or "",
        event=event.model_copy(update={"evidence": ()}),
        main=event.main,
        joined_because=because,
        copy_of=copy_of,
        figures=figures.counted_in(article, event),
    )


def alert_of(
    incident: Incident,
    verdict: Verdict,
    now: datetime,
    *,
    article_id: str | None,
    evidence: tuple[Evidence, ...] = (),
    tallies: tuple[Tally, ...] = (),
) -> Alert:
    """The alert of a verdict that rings, for an incident whose ``sequence`` is already this alert's.

    ``evidence`` are the words of the article's event that joined it, ``tallies`` the article's where it is
    the main one; none where the article only took a report back, or no article moved it.
    """
    assert verdict.kind is not None  # noqa: S101  (a silent verdict has no alert)
    newest_first = sorted(incident.reports, key=lambda report: report.published_at, reverse=True)
    return Alert(
        id=derive_alert_id(incident.id, incident.sequence),
        kind=verdict.kind,
        reason=verdict.reason,
        incident_id=incident.id,
        sequence=incident.sequence,
        references=tuple(derive_alert_id(incident.id, earlier) for earlier in range(1, incident.sequence)),
        at=now,
        headline=incident.headline,
        sentence=wording.sentence(incident.event, incident.figures),
        changes=verdict.changes,
        event=incident.event.model_copy(update={"evidence": evidence, "meaning": ""}),
        figures=incident.figures,
        severity=incident.severity,
        tallies=tallies,
        sources=tuple(
            Source(outlet=r.outlet, name=r.name, title=r.title, url=r.url, published_at=r.published_at)
            for r in newest_first[:SOURCES_IN_ALERT]
        ),
        sources_count=incident.reports_count,
        outlets_count=len(incident.outlets),
        certainty_because=fusion.why_so_certain(incident.event, incident.reports),
        article_id=article_id,
        language=_language(newest_first, article_id),
        responds_to=incident.responds_to,
        merged_into=incident.merged_into,
        split_from=incident.split_from,
    )


def _language(newest_first: Sequence[Report], article_id: str | None) -> str:
    own = [report.language for report in newest_first if report.article_id == article_id]
    return next(filter(None, (*own, *(report.language for report in newest_first))), "")


def with_step(
    incident: Incident, verdict: Verdict, now: datetime, *, because: str, article_id: str = ""
) -> Incident:
    """The incident with one more step of its history, and when it wakes if the step has to wait."""
    step = Change(
        at=now,
        article_id=article_id,
        because=because,
        kind=verdict.kind,
        reason=verdict.reason,
        changes=verdict.changes,
        sequence=incident.sequence if verdict.kind is not None else 0,
    )
    # What came too late moves nothing that waits; anything else has just been weighed against what was told.
    wakes_at = incident.wakes_at if verdict.reason == Reason.STALE else verdict.wakes_at
    history = fusion.keep_changes((*incident.history, step))
    return incident.model_copy(update={"history": history, "wakes_at": wakes_at})
