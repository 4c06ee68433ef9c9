"""Feed bytes in, entries out: the only file that imports feedparser.

A feed is judged by its version and entries, never by feedparser's ``bozo``, which harmless feeds set too.
Nothing here fetches, and nothing is resolved or sanitised: ``entries`` makes plain text of everything.
"""

import calendar
import io
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import feedparser

from services.poller import dates, jsonfeed
from services.poller.parsed import Entry, ParsedFeed, each
from services.poller.surrogates import mended, without_halves
from shared.errors import UnreadableFeed
from shared.printable import one_line

_CLOSED = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ENTRY = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\bencoding\s*=", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_ROOT = re.compile(rb"<([a-zA-Z][\w:.-]*)")
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def parse(body: bytes, *, content_type: str = "", url: str = "") -> ParsedFeed:
    """The feed that ``body`` holds; raises ``UnreadableFeed`` that says what it is instead and what to do.

    A feed that was cut off gives the entries that arrived whole, and says so.
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise UnreadableFeed("the body is empty: the server answered without a feed; it will be tried again")
    if start[:1] in (b"{", b"["):
        return jsonfeed.parse(body)
    raw = _feedparser(body, content_type)
    found = [entry for entry in raw.get("entries", []) if entry]
    if not raw.get("version"):
        raise UnreadableFeed(_what_it_is(start, body, url))
    cut_off = _is_cut_off(body)
    if cut_off and _ends_within_entry(body):
        found = found[: _whole_entries(body)]
    if cut_off and not found:
        raise UnreadableFeed("the feed was cut off before its first entry ended: it will be tried again")
    entries, faults = each(found, _entry)
    about = raw.get("feed", {})
    return ParsedFeed(
        title=_text(about.get("title")),
        link=_text(about.get("link")),
        language=_text(about.get("language")),
        entries=entries,
        cut_off=cut_off,
        faults=faults,
    )


def _feedparser(body: bytes, content_type: str) -> Mapping[str, Any]:
    charset = _charset(body, content_type)
    headers = {"content-type": f"application/xml; charset={charset}"} if charset else {}
    try:
        # BytesIO, because feedparser would open a file or an address that bare bytes happen to name.
        found: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(mended(body)),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except MemoryError:
        raise
    except Exception as exc:  # feedparser promises no exceptions and has raised many kinds
        raise UnreadableFeed(
            f"the feed is broken beyond reading ({one_line(str(exc))}): tell its owner"
        ) from exc
    return found


def _charset(body: bytes, content_type: str) -> str | None:
    """The charset of the header, believed only where the body itself neither says nor shows another."""
    named = _CHARSET.search(content_type)
    if named is None or _DECLARED.match(body[:200]):
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return named[1]
    return None


# ---- entries ------------------------------------------------------------------------------------


def _entry(found: Mapping[str, Any]) -> Entry:
    summary = _text(found.get("summary"))
    content = max((_text(part.get("value")) for part in found.get("content", [])), key=len, default="")
    source = found.get("source") or {}
    published_as, published_at = _date(found)
    return Entry(
        guid=_text(found.get("id")),
        link=_text(found.get("feedburner_origlink")) or _text(found.get("link")) or _enclosure(found),
        title=_text(found.get("title")),
        summary=summary or content,
        content=content if content != summary and summary else "",
        published_as=published_as,
        published_at=published_at,
        language=_text(found.get("language")) or _text((found.get("title_detail") or {}).get("language")),
        categories=tuple(_text(tag.get("term") or tag.get("label")) for tag in found.get("tags", [])),
        source_url=_text(source.get("href")) if isinstance(source, Mapping) else "",
    )


def _date(found: Mapping[str, Any]) -> tuple[str, int | None]:
    """When it was published as printed, and in epoch seconds if that can be read."""
    printed = ""
    for name in ("published", "created", "updated"):
        # ``in``, because feedparser otherwise answers one date with another and warns about it
        if name not in found:
            continue
        printed = printed or _text(found[name])
        moment = found.get(f"{name}_parsed")
        if moment is not None:
            try:
                return _text(found[name]), calendar.timegm(moment)
            except (ValueError, OverflowError):
                continue
    return printed, dates.epoch(printed)


def _enclosure(found: Mapping[str, Any]) -> str:
    return next((_text(link.get("href")) for link in found.get("links", []) if link.get("href")), "")


def _text(value: object) -> str:
    return without_halves(value).strip() if isinstance(value, str) else ""


# ---- what is wrong with it ----------------------------------------------------------------------


def _is_cut_off(body: bytes) -> bool:
    return not _CLOSED.search(body[-20_000:])  # some append a comment, or a whole advertisement


def _ends_within_entry(body: bytes) -> bool:
    """Whether the last entry began and did not end."""
    tags = [tag[1] for tag in _ENTRY.finditer(body)]
    return bool(tags) and not tags[-1]


def _whole_entries(body: bytes) -> int:
    return sum(1 for tag in _ENTRY.finditer(body) if tag[1])


def _what_it_is(start: bytes, body: bytes, url: str) -> str:
    head = start.lower()
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head or b"<body" in head:
        found = _feeds_of_page(body, url)
        if found:
            return f"this is an HTML page, not a feed; it names a feed of its own: add {found[0]} instead"
        return "this is an HTML page, not a feed: look on the site for its RSS or Atom address and add that"
    if root := _ROOT.search(start):
        name = root[1].decode(errors="replace")
        return f"this is XML with the root <{name}>, not RSS or Atom: look for the site's feed address"
    if b"\x00" in start:
        return "this is not text at all: check the address in a browser"
    return "this is text without a feed in it: check the address in a browser"


def _feeds_of_page(body: bytes, url: str) -> list[str]:
    page = body[:200_000].decode("utf-8", errors="replace")
    links = [tag for tag in _LINK.findall(page) if _FEED_TYPE.search(tag)]
    # What strangers wrote ends in a terminal: `tocsin feeds list` shows it as the feed's last error.
    return [one_line(urljoin(url, href[1])) for tag in links if (href := _HREF.search(tag))]
