"""Where an incident is filed and where its candidates are sought: family, country and day.

Every bucket that was read is guarded by its version at the commit, the empty ones too, so that two
first reports of one incident can't both open it.
"""

from datetime import date, timedelta

from services.classifier.incidents import similarity
from shared.contracts import Article, Event, EventType, Report

NO_COUNTRY = "---"
AROUND_DAYS = 2
"""Days before and after the one that a report prints under which its incident may stand."""
BACK_DAYS = 7
"""Days before its publication in which whatever a follow-up tells of may have happened."""


def family(event: Event) -> str:
    """The type family of CODEBOOK §6: violent protest goes with assault, every other type alone."""
    return EventType.ASSAULT if event.event_type == EventType.PROTEST else str(event.event_type)


def day_of(event: Event, published: date) -> tuple[date, bool]:
    """The day to file under, and whether it is known; one dated to a week or month has its report's day."""
    if event.occurred_on is None or event.date_precision in (2, 3):
        return published, False
    return event.occurred_on, True


def of_article(article_id: str) -> str:
    """The bucket of what one article contributed to, so that its next revision finds it."""
    return f"article:{article_id}"


def to_file(event: Event, article: Article) -> tuple[str, ...]:
    """The buckets in which an incident that this event opened or joined must be found again."""
    day, _ = day_of(event, article.published_at.date())
    kind = family(event)
    # Bands stand under family and day: a band of common words alone would fill up for ever.
    bands = similarity.bands(similarity.words(article.title, article.summary))
    return (
        *(f"{kind}:{country}:{day.isoformat()}" for country in _filed_under(event)),
        *(f"{kind}:{band}:{day.isoformat()}" for band in bands),
        of_article(article.id),
    )


def of_report(report: Report) -> tuple[str, ...]:
    """The buckets in which an incident must be found again that a report was moved into."""
    return to_file(report.event, article_of(report))


def article_of(report: Report) -> Article:
    """The article of a report, as far as the report keeps it: enough to file it and to compare it."""
    return Article(
        id=report.article_id,
        revision=report.revision,
        url=report.url,
        outlet=report.outlet,
        feed_id=report.feed_id,
        title=report.title,
        summary=report.summary,
        published_at=report.published_at,
        fetched_at=report.published_at,
    )


def to_read(event: Event, article: Article) -> tuple[str, ...]:
    """Where an incident that tells of the same may stand: in its lands or in none, this week.

    A copy that names another land meets its like in the bands of words, on its own day.
    """
    day, _ = day_of(event, article.published_at.date())
    published = article.published_at.date()
    days = {day + timedelta(days=shift) for shift in range(-AROUND_DAYS, AROUND_DAYS + 1)}
    days |= {published - timedelta(days=shift) for shift in range(-1, BACK_DAYS + 1)}
    kind = family(event)
    lands = sorted({NO_COUNTRY, *_filed_under(event)})
    dated = [f"{kind}:{country}:{each.isoformat()}" for country in lands for each in sorted(days)]
    return (*dated, *(name for name in to_file(event, article) if name not in dated))


def _country(event: Event) -> str | None:
    return event.place.country if event.place else None


def _of_sides(event: Event) -> set[str]:
    return {actor.country for actor in (*event.actors, *event.recipients) if actor.country}


def _filed_under(event: Event) -> list[str]:
    """The place's country (or none) and those of the sides: reports differ over where, and over whom."""
    return sorted({_country(event) or NO_COUNTRY, *_of_sides(event)})
