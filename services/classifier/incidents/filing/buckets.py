"""Where an incident is filed and where its candidates are sought: family, country and day.

Three kinds of bucket. A *dated* one (``ASSAULT:UKR:2024-03-05``) holds a card of each incident; a *near* one
(``ASSAULT:near:2024-03-05``) holds the bands of words of each report, under which copies meet; an article's
*own* (``article:art_1``) holds the ids of what it contributed to. Each that was read is guarded at the
commit, the empty ones too, so that two first reports of one incident can't both open it.
"""

from datetime import timedelta

from services.classifier.incidents.comparing.headings import day_of, family
from services.classifier.incidents.comparing.reading import said
from shared.contracts import Article, Event, Report

NO_COUNTRY = "---"
_OWN, _NEAR = "article:", ":near:"
AROUND_DAYS = 2
"""Days before and after the one that a report prints under which its incident may stand."""
BACK_DAYS = 7
"""Days before its publication in which whatever a follow-up tells of may have happened."""


def of_article(article_id: str) -> str:
    """The bucket of what one article contributed to, so that its next revision finds it."""
    return f"{_OWN}{article_id}"


def is_own(bucket: str) -> bool:
    """Whether it is an article's own."""
    return bucket.startswith(_OWN)


def is_near(bucket: str) -> bool:
    """Whether near copies meet in it."""
    return _NEAR in bucket and not is_own(bucket)


def is_dated(bucket: str) -> bool:
    """Whether it holds cards."""
    return not is_own(bucket) and not is_near(bucket)


def to_file(event: Event, article: Article) -> tuple[str, ...]:
    """The buckets in which an incident that this event opened or joined must be found again."""
    day, _ = day_of(event, article.published_at.date())
    kind = family(event)
    return (
        *(f"{kind}:{country}:{day.isoformat()}" for country in _filed_under(event)),
        *((_near(event, article),) if said(article.title, article.summary).words else ()),
        of_article(article.id),
    )


def of_report(report: Report) -> tuple[str, ...]:
    """The buckets in which an incident must be found again that a report was moved into.

    Not the near: near copies of the report go on finding what it was moved out of, which leads on.
    """
    return tuple(name for name in to_file(report.event, article_of(report)) if not is_near(name))


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

    A copy that names another land meets its like among the near, on its own day.
    """
    return (*dated(event, article), _near(event, article), of_article(article.id))


def dated(event: Event, article: Article) -> tuple[str, ...]:
    """Those of them that hold cards."""
    day, _ = day_of(event, article.published_at.date())
    published = article.published_at.date()
    days = {day + timedelta(days=shift) for shift in range(-AROUND_DAYS, AROUND_DAYS + 1)}
    days |= {published - timedelta(days=shift) for shift in range(-1, BACK_DAYS + 1)}
    kind = family(event)
    lands = sorted({NO_COUNTRY, *_filed_under(event)})
    return tuple(f"{kind}:{country}:{each.isoformat()}" for country in lands for each in sorted(days))


def _near(event: Event, article: Article) -> str:
    # Under family and day: for bands of common words alone it would fill up for ever.
    day, _ = day_of(event, article.published_at.date())
    return f"{family(event)}{_NEAR}{day.isoformat()}"


def _country(event: Event) -> str | None:
    return event.place.country if event.place else None


def _of_sides(event: Event) -> set[str]:
    return {actor.country for actor in (*event.actors, *event.recipients) if actor.country}


def _filed_under(event: Event) -> list[str]:
    """The place's country (or none) and those of the sides: reports differ over where, and over whom."""
    return sorted({_country(event) or NO_COUNTRY, *_of_sides(event)})
