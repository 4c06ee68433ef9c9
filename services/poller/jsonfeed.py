"""JSON Feed 1.0 and 1.1, which feedparser does not read: https://www.jsonfeed.org/version/1.1/."""

import json
from datetime import UTC, datetime
from typing import Any

from services.poller.parsed import Entry, ParsedFeed, each
from services.poller.surrogates import without_halves
from shared.errors import UnreadableFeed


def parse(body: bytes) -> ParsedFeed:
    """The JSON Feed that ``body`` holds; raises ``UnreadableFeed`` that says what it is instead."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise UnreadableFeed(f"this is broken or cut-off JSON ({exc}): it will be tried again") from exc
    if not isinstance(document, dict) or "jsonfeed.org/version" not in _text(document.get("version")):
        raise UnreadableFeed("this is JSON, but not a JSON Feed: look for the site's RSS, Atom or JSON Feed")
    found = document.get("items")
    items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    entries, faults = each(items, _entry)
    return ParsedFeed(
        title=_text(document.get("title")),
        link=_text(document.get("home_page_url")),
        language=_text(document.get("language")),
        entries=entries,
        faults=faults,
    )


def _entry(item: dict[str, Any]) -> Entry:
    content = _text(item.get("content_html")) or _text(item.get("content_text"))
    summary = _text(item.get("summary"))
    printed = _text(item.get("date_published")) or _text(item.get("date_modified"))
    tags = item.get("tags")
    return Entry(
        guid=_text(item.get("id")),
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=_text(item.get("title")),
        summary=summary or content,
        content=content if summary else "",
        published_as=printed,
        published_at=_epoch(printed),
        language=_text(item.get("language")),
        categories=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
    )


def _epoch(printed: str) -> int | None:
    try:
        moment = datetime.fromisoformat(printed)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _text(value: object) -> str:
    """Strings as they are; a number, which some feeds give as an id, written out."""
    if isinstance(value, str):
        return without_halves(value).strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
