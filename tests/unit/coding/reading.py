"""The words of these tests: an article in one line, and what the coder says of it."""

from datetime import UTC, datetime
from functools import lru_cache

from services.classifier.coding import Coder
from shared.contracts import Article, Coding, Event


@lru_cache(maxsize=1)
def coder() -> Coder:
    return Coder(opinions=None)


def article(title: str = "", summary: str = "", body: str = "", on: str = "2024-03-14") -> Article:
    published = datetime.fromisoformat(on).replace(hour=9, tzinfo=UTC)
    return Article(
        id="art_test", title=title, summary=summary, body=body, published_at=published, fetched_at=published
    )


def code(title: str = "", summary: str = "", body: str = "", on: str = "2024-03-14") -> Coding:
    return coder().code(article(title, summary, body, on))


def main(title: str = "", summary: str = "", body: str = "", on: str = "2024-03-14") -> Event:
    """The main event; the test fails here when there is none."""
    coding = code(title, summary, body, on)
    assert coding.main is not None, coding.reason
    return coding.main
