"""Where an incident is filed and where its candidates are sought: family, country and day.

Every bucket that was read is guarded by its version at the commit, the empty ones too, so that two
first reports of one incident can't both open it.
"""

from datetime import date, timedelta

from services.classifier.incidents import similarity
from shared.contracts import Article, Event, EventType

NO_COUNTRY = "---"
_LOOK_BACK_UNDATED = 2
# An undated report is filed under its day of publication; what it reports is seldom older than this.


def family(event: Event) -> str:
    """The type family of CODEBOOK §6: violent protest goes with assault, every other type alone."""
    return EventType.ASSAULT if event.event_type == EventType.PROTEST else str(event.event_type)


def day_of(event: Event, published: date) -> tuple[date, bool]:
    """The day to file under, and whether it is known to the day (a week or month is not)."""
    if event.occurred_on is None:
        return published, False
    return event.occurred_on, event.date_precision in (None, 1)


def of_article(article_id: str) -> str:
    """The bucket of what one article contributed to, so that its next revision finds it."""
    return f"article:{article_id}"


def to_file(event: Event, article: Article) -> tuple[str, ...]:
    """The buckets in which an incident that this event opened or joined must be found again."""
    day, _ = day_of(event, article.published_at.date())
    country = _country(event) or NO_COUNTRY
    kind = family(event)
    # Bands stand under family and day: a band of common words alone would fill up for ever.
    bands = similarity.bands(similarity.words(article.title, article.summary))
    return (
        f"{kind}:{country}:{day.isoformat()}",
        *(f"{kind}:{band}:{day.isoformat()}" for band in bands),
        of_article(article.id),
    )


def to_read(event: Event, article: Article) -> tuple[str, ...]:
    """The buckets that hold every incident this event may belong to; a superset of ``to_file``."""
    day, known = day_of(event, article.published_at.date())
    back = 1 if known else _LOOK_BACK_UNDATED
    days = [day + timedelta(days=shift) for shift in range(-back, 2)]
    kind = family(event)
    dated = [f"{kind}:{country}:{each.isoformat()}" for country in _countries(event) for each in days]
    return (*dated, *(name for name in to_file(event, article) if name not in dated))


def _country(event: Event) -> str | None:
    return event.place.country if event.place else None


def _countries(event: Event) -> list[str]:
    """The place's country; without one those of the sides, for it happened to somebody somewhere."""
    country = _country(event)
    sides = (*event.actors, *event.recipients)
    likely = {country} if country else {actor.country for actor in sides if actor.country}
    return sorted({*likely, NO_COUNTRY})
