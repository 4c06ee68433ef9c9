"""One conditional GET of one feed, and what its answer means.

Validators are opaque: both go back exactly as they were issued, and none is ever invented.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from services.poller.outcome import Outcome
from shared import guard
from shared.contracts import Feed
from shared.errors import BadInput, FeedUnreachable, ForbiddenAddress
from shared.settings import Settings

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_MISSING = frozenset({401, 402, 403, 404, 405, 406, 451})
"""Answers that a feed gives when it moved, closed or shut us out: it may come back, but seldom soon."""


@dataclass(frozen=True)
class Answer:
    """What came of one fetch. ``problem`` is empty when all is well, else a sentence for a person."""

    outcome: Outcome
    problem: str = ""
    retry_after: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    body: bytes = b""
    body_hash: str | None = None
    content_type: str = ""
    url: str = ""
    complete: bool = True


async def fetch(feed: Feed, settings: Settings, http: aiohttp.ClientSession, now: datetime) -> Answer:
    """Ask for what is new in ``feed``. Never raises for what the other side does: that is in the answer."""
    try:
        fetched = await guard.fetch(
            feed.url,
            policy=guard.feed_policy(settings),
            max_bytes=settings.max_feed_bytes,
            timeout=settings.fetch_timeout,
            user_agent=settings.user_agent,
            headers=request_headers(feed),
            within=http,
        )
    except ForbiddenAddress as exc:
        return Answer(Outcome.REFUSED, str(exc))
    except BadInput as exc:
        return Answer(Outcome.UNREADABLE, str(exc))
    except FeedUnreachable as exc:
        return Answer(Outcome.UNREACHABLE, str(exc), retry_after=exc.retry_after)
    return judge(feed, fetched, now)


def request_headers(feed: Feed) -> dict[str, str]:
    """The headers of the next request: what to send back, and what we can read."""
    headers = {"Accept": _ACCEPT}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.last_modified:
        headers["If-Modified-Since"] = feed.last_modified
    return headers


def judge(feed: Feed, fetched: guard.Fetched, now: datetime) -> Answer:
    """What the status, headers and body mean for this feed."""
    status = fetched.status
    if status == HTTPStatus.OK:
        return _with_body(feed, fetched)
    if status == HTTPStatus.NOT_MODIFIED:
        etag = _validator(fetched, "ETag") or feed.etag
        last_modified = _validator(fetched, "Last-Modified") or feed.last_modified
        return Answer(
            Outcome.NOT_MODIFIED,
            etag=etag,
            last_modified=last_modified,
            body_hash=feed.body_hash,
            url=fetched.url,
        )
    said = _status_words(status)
    if status == HTTPStatus.GONE:
        return Answer(Outcome.GONE, f"{said}: its server says that it is gone for good; it is polled no more")
    retry_after = seconds_asked(fetched.headers, now)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and retry_after):
        return Answer(Outcome.ASKED_TO_WAIT, f"{said}: its server asks for patience", retry_after=retry_after)
    if status in _MISSING:
        problem = (
            f"{said}: nothing for us at this address; it is probed ever more slowly. Check it in a browser"
        )
        return Answer(Outcome.MISSING, problem)
    return Answer(Outcome.UNREACHABLE, f"{said}: it will be tried again", retry_after=retry_after)


def _with_body(feed: Feed, fetched: guard.Fetched) -> Answer:
    body_hash = hashlib.sha256(fetched.body).hexdigest()
    same = fetched.complete and body_hash == feed.body_hash
    return Answer(
        # New validators are kept with a known body too, or it would be sent whole for ever.
        Outcome.SAME_BODY if same else Outcome.READ,
        etag=_validator(fetched, "ETag"),
        last_modified=_validator(fetched, "Last-Modified"),
        body=b"" if same else fetched.body,
        body_hash=body_hash,
        content_type=fetched.headers.get("Content-Type", ""),
        url=fetched.url,
        complete=fetched.complete,
    )


def _validator(fetched: guard.Fetched, name: str) -> str | None:
    """A validator exactly as issued, or None where it could not be sent back so (bytes that are no text)."""
    issued = fetched.headers.get(name)
    return issued if issued and issued.isprintable() else None


def seconds_asked(headers: Mapping[str, str], now: datetime) -> float | None:
    """The wait that ``Retry-After`` asks for, in seconds or until a date; None if nothing usable."""
    printed = headers.get("Retry-After", "").strip()
    if printed.isascii() and printed.isdigit():
        return float(printed[:9])
    try:
        until = parsedate_to_datetime(printed)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)


def _status_words(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
