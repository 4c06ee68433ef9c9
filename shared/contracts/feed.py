"""A feed: an address that is polled, and how it has fared."""

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Record


class FeedState(StrEnum):
    ACTIVE = "active"
    GONE = "gone"
    REFUSED = "refused"


class Feed(Record):
    """One feed and its health. ``etag`` and ``last_modified`` are opaque and go back exactly as issued."""

    id: str
    url: str
    title: str = ""
    folder: str = ""
    interval: Annotated[int, Field(ge=1)]
    """Seconds between polls when all is well."""
    state: Annotated[FeedState | str, Field(union_mode="left_to_right")] = FeedState.ACTIVE
    added_at: Moment
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    polled_at: Moment | None = None
    succeeded_at: Moment | None = None
    errors_in_a_row: Annotated[int, Field(ge=0)] = 0
    last_error: str = ""
    articles: Annotated[int, Field(ge=0)] = 0
    """Articles taken from this feed so far."""


def derive_feed_id(url: str) -> str:
    """``feed_`` and 16 hex digits of the URL as it was added."""
    return "feed_" + hashlib.sha256(url.encode()).hexdigest()[:16]
