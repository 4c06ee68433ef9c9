"""What is written down: the report an article gives to an incident, the alert an incident rings."""

from datetime import datetime

from services.classifier.incidents import fusion, wording
from services.classifier.incidents.announcing import Verdict
from services.classifier.incidents.voices import Voice
from shared.contracts import (
    Alert,
    AlertKind,
    Article,
    Coding,
    Event,
    Incident,
    Report,
    Source,
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
        event=event.model_copy(update={"evidence": ()}),
        main=event.main,
        joined_because=because,
        copy_of=copy_of,
    )


def alert_of(
    incident: Incident,
    kind: AlertKind,
    verdict: Verdict,
    article: Article | None,
    coding: Coding | None,
    now: datetime,
    *,
    event: int | None = None,
) -> Alert:
    """The alert of this kind for an incident in its new state, whose ``sequence`` is already this alert's.

    ``event`` is the ordinal of the article's event that joined it: its words are the evidence, and the
    article's tallies come along when it is the main one. None when the article only took a report back,
    or when no article moved the incident: a hand did.
    """
    told = coding.events[event] if coding is not None and event is not None else None
    newest_first = sorted(incident.reports, key=lambda report: report.published_at, reverse=True)
    return Alert(
        id=derive_alert_id(incident.id, incident.sequence),
        kind=kind,
        reason=verdict.reason,
        incident_id=incident.id,
        sequence=incident.sequence,
        references=tuple(derive_alert_id(incident.id, earlier) for earlier in range(1, incident.sequence)),
        at=now,
        headline=incident.headline,
        sentence=wording.sentence(incident.event),
        changes=verdict.changes,
        event=incident.event.model_copy(update={"evidence": told.evidence if told else ()}),
        severity=incident.severity,
        tallies=coding.tallies if coding and told and told.main else (),
        sources=tuple(
            Source(outlet=r.outlet, name=r.name, title=r.title, url=r.url, published_at=r.published_at)
            for r in newest_first[:SOURCES_IN_ALERT]
        ),
        sources_count=incident.reports_count,
        outlets_count=len(incident.outlets),
        certainty_because=fusion.why_so_certain(incident.event, incident.reports),
        article_id=article.id if article else None,
        responds_to=incident.responds_to,
        merged_into=incident.merged_into,
        split_from=incident.split_from,
    )
