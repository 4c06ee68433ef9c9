"""An article: one news item as one feed (or an archive) gave it, in one revision."""

import hashlib
from enum import StrEnum

from pydantic import Field

from shared.contracts.base import Moment, Record


class TextPart(StrEnum):
    """The three parts of an article's text, in the order in which they are joined."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"


class Article(Record):
    """One news item in one revision; text is plain and sanitised, times are in UTC.

    ``id`` is derived (see ``derive_id``), never drawn, so that a re-run finds the same article.
    ``revision`` counts from 1; a higher one replaces what the lower one gave.
    ``published_at`` is never later than ``fetched_at``; ``published_as`` keeps what was printed.
    """

    id: str
    revision: int = 1
    url: str = ""
    outlet: str = ""
    """Who published it: the registered domain of the URL, or the feed's title."""
    feed_id: str | None = None
    title: str = ""
    summary: str = ""
    body: str = ""
    language: str | None = None
    published_at: Moment
    published_as: str | None = None
    fetched_at: Moment
    categories: tuple[str, ...] = Field(default=())

    @property
    def text(self) -> str:
        """What the coder reads and evidence points into: title, newline, summary, newline, body."""
        return f"{self.title}\n{self.summary}\n{self.body}"

    @property
    def key(self) -> str:
        """``id:revision``: names this revision in queues, ``pending`` and dead letters."""
        return f"{self.id}:{self.revision}"


def derive_id(canonical_url: str | None, feed_id: str = "", guid: str = "") -> str:
    """``art_`` and 20 hex digits from the canonical URL, else from feed and guid."""
    seed = canonical_url if canonical_url else f"{feed_id}\n{guid}"
    return "art_" + hashlib.sha256(seed.encode()).hexdigest()[:20]


def split_key(key: str) -> tuple[str, int]:
    """The ``(article_id, revision)`` in an article key; raises ``ValueError`` when it is not one."""
    article_id, _, revision = key.rpartition(":")
    if not article_id:
        raise ValueError(f"not an article key: {key!r}; it is written article_id:revision")
    return article_id, int(revision)
