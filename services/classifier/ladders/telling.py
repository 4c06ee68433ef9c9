"""A trend as an alert: the subject, the arithmetic, a month of days, and the incident that tipped it."""

import hashlib
from datetime import date, datetime

from services.classifier.incidents.telling import wording
from services.classifier.ladders import rungs
from services.classifier.ladders.baseline import ENOUGH_DAYS, Rate
from services.classifier.ladders.naming import called, names_of, place_of
from shared.contracts import Alert, AlertKind, Article, Incident, Ladder, Reason, Source, Trend, TrendWhy

DAYS = 30
"""Days of a subject's past that are shown."""


def alert_of(
    subject: str,
    told: tuple[Reason, TrendWhy, str],
    incident: Incident,
    ladder: Ladder,
    rate: Rate,
    article: Article | None,
    now: datetime,
) -> Alert:
    """The alert of a trend that ``incident`` tipped; ``told`` is the reason, its kind and its arithmetic."""
    reason, why, arithmetic = told
    today, event = now.date(), incident.event
    where = place_of(subject)
    mark = f"{why}{event.hostility}" if why is TrendWhy.RUNG else str(why)
    return Alert(
        id=derive_trend_id(subject, mark, today),
        kind=AlertKind.TREND,
        reason=reason,
        at=now,
        headline=f"{called(subject)}: {_headline(why, event.hostility, rate)}",
        sentence=f"{where[:1].upper()}{where[1:]}: {arithmetic}",
        changes=(f"tipped by: {wording.sentence(event)}",),
        event=event,
        severity=incident.severity,
        sources=_source(incident, article),
        sources_count=incident.reports_count,
        outlets_count=len(incident.outlets),
        article_id=article.id if article else None,
        language=(article.language or "") if article else "",
        trend=Trend(
            subject=subject,
            names=names_of(subject),
            why=why,
            rung=event.hostility,
            arithmetic=arithmetic,
            week=rate.week,
            usual=rate.usual,
            limit=rate.limit,
            days=ladder.daily(today, DAYS),
            last_day=today,
            incident_id=incident.id,
        ),
    )


def derive_trend_id(subject: str, mark: str, day: date) -> str:
    """``trend_`` and 16 hex digits: the same trend of one day always gets the same id."""
    return "trend_" + hashlib.sha256(f"{subject}\n{mark}\n{day.isoformat()}".encode()).hexdigest()[:16]


def _headline(why: TrendWhy, level: int, rate: Rate) -> str:
    if why is TrendWhy.RUNG:
        return f"{rungs.NAMES.get(level, 'force')} for the first time in {ENOUGH_DAYS} days"
    return f"{rate.week} incidents in 7 days, usually {rate.usual:g}"


def _source(incident: Incident, article: Article | None) -> tuple[Source, ...]:
    """The report that tipped it."""
    ours = [report for report in incident.reports if article and report.article_id == article.id]
    return tuple(
        Source(outlet=r.outlet, name=r.name, title=r.title, url=r.url, published_at=r.published_at)
        for r in ours
    )
