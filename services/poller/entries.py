"""Entries in, articles out: identity, plain text, honest dates. Pure: one entry always gives one article."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import courlan

from services.poller.parsed import Entry, ParsedFeed, each
from services.poller.plaintext import cut, plain
from shared.contracts import Article, derive_id

MAX_ENTRIES = 1000
"""Of one poll; the longest of 200 real feeds had a tenth of it. What stands further down is not read."""
MAX_TITLE = 500
MAX_SUMMARY = 2000
MAX_BODY = 50_000
MAX_CATEGORIES = 20
OLDEST_YEAR = 1990
"""No feed is older: an earlier date is an error, such as an epoch number read as a year."""

_PASSERS_ON = frozenset({"feedburner.com", "google.com", "feedproxy.com"})
"""Domains that link to articles of others: the outlet is then whoever the feed says it is."""
_BOILERPLATE = re.compile(
    r"(?:\s*The post .{1,300} (?:first appeared|appeared first) on .{1,100}"
    r"|\s*(?:Continue reading|Read more|Read the full (?:story|article))(?:\s*(?:…|\.{3}|»|→|>))*)\.?$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_COUNTRIES = frozenset({"au", "cn", "dk", "gb", "jp", "mx", "nz", "us"})
"""Feeds print these for a language; none is one."""


@dataclass(frozen=True)
class Draft:
    """An article that may be new: all but its revision, which only the atomic step knows."""

    article_id: str
    fingerprint: str
    """Of title and summary, less what an editor changes without changing the news."""
    article: str
    """The Article as JSON, in revision 1."""
    published_at: float | None
    """Epoch seconds, or None when the feed did not say."""


@dataclass(frozen=True)
class Taken:
    """The articles that a feed's entries are, and what went wrong with those that are missing."""

    drafts: list[Draft]
    """Each once, the oldest first; the undated ones from the feed's end to its beginning."""
    faults: tuple[str, ...] = ()


def drafts(feed: ParsedFeed, *, feed_id: str, feed_url: str, fetched_at: datetime) -> Taken:
    """The articles that the feed's entries are; a fault costs one entry, never the feed."""
    entries = feed.entries[:MAX_ENTRIES]
    links = [_canonical(entry.link, feed_url) for entry in entries]
    shared = _shared(zip(links, entries, strict=True))

    def draft(linked: tuple[str, Entry]) -> Draft | None:
        link, entry = linked
        identity = "" if link in shared or _is_front_page(link) else _without_scheme(link)
        article = _article(entry, link, identity, feed, feed_id, feed_url, fetched_at)
        if article is None:
            return None
        return Draft(
            article_id=article.id,
            fingerprint=fingerprint(article.title, article.summary),
            article=article.to_json(),
            published_at=_plausible(entry.published_at),
        )

    made, faults = each(zip(links, entries, strict=True), draft)
    found: dict[str, Draft] = {}
    for one in made:
        if one is not None:
            found.setdefault(one.article_id, one)
    # Feeds print the newest first; alerts should ring in the order in which things happened.
    backwards = list(found.values())[::-1]
    oldest_first = sorted(backwards, key=lambda one: one.published_at or fetched_at.timestamp())
    return Taken(oldest_first, feed.faults + faults)


def _article(
    entry: Entry,
    link: str,
    identity: str,
    feed: ParsedFeed,
    feed_id: str,
    feed_url: str,
    fetched_at: datetime,
) -> Article | None:
    title = cut(plain(entry.title), MAX_TITLE)[0]
    told = _BOILERPLATE.sub("", plain(entry.summary))
    if not title and not told:
        return None
    summary, rest = cut(told, MAX_SUMMARY)
    body = plain(entry.content) if entry.content else rest
    published = _plausible(entry.published_at)
    categories = (plain(category)[:100] for category in entry.categories)
    return Article(
        id=derive_id(identity, feed_id, entry.guid or f"{link}\n{title or summary}"),
        url=link,
        outlet=_outlet(link, entry.source_url, feed.link, feed_url),
        feed_id=feed_id,
        title=title,
        summary=summary,
        body=cut(body, MAX_BODY)[0],
        language=_language(entry.language) or _language(feed.language),
        published_at=fetched_at if published is None else min(_moment(published), fetched_at),
        published_as=plain(entry.published_as)[:100] or None,
        fetched_at=fetched_at,
        categories=tuple(dict.fromkeys(filter(None, categories)))[:MAX_CATEGORIES],
    )


# ---- identity -----------------------------------------------------------------------------------


def fingerprint(title: str, summary: str) -> str:
    """16 hex digits that stay the same when only case, punctuation or spacing of title and summary change."""
    words = "\n".join(" ".join(_WORDS.findall(_folded(part))) for part in (title, summary))
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _folded(text: str) -> str:
    # Apostrophes vanish rather than part words, so that curly, straight and missing ones are one.
    return re.sub(r"['’‘`´]", "", unicodedata.normalize("NFKC", text).casefold())


def _canonical(link: str, feed_url: str) -> str:
    """The link, made whole and without trackers, or nothing if it is no web address."""
    try:
        cleaned = courlan.clean_url(urljoin(feed_url, link)) if link else None
        if cleaned and cleaned.startswith(("http://", "https://")) and urlsplit(cleaned).hostname:
            return str(cleaned)
    except MemoryError:
        raise
    except Exception:  # whatever breaks courlan is no address that we could dial
        return ""
    return ""


def _without_scheme(link: str) -> str:
    """One identity for the http and the https address of a page."""
    return "https://" + link.removeprefix("http://") if link.startswith("http://") else link


def _is_front_page(link: str) -> bool:
    """Feeds that link every entry to the front page name no article by it."""
    parts = urlsplit(link)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _shared(linked: Iterable[tuple[str, Entry]]) -> set[str]:
    """The links that stand for several entries of different titles (a live page, an over-cleaned address)."""
    titles = defaultdict(set)
    for link, entry in linked:
        if link:
            titles[link].add(" ".join(_WORDS.findall(_folded(entry.title))))
    return {link for link, of_link in titles.items() if len(of_link) > 1}


# ---- date, language, outlet ---------------------------------------------------------------------


def _plausible(epoch: int | None) -> float | None:
    if epoch is None:
        return None
    try:
        return float(epoch) if _moment(epoch).year >= OLDEST_YEAR else None
    except (ValueError, OverflowError):
        return None


def _moment(epoch: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=epoch)


def _language(tag: str) -> str | None:
    """The primary subtag, ``en`` of ``en-US``; None for what is no language, such as ``us``."""
    primary = tag.replace("_", "-").partition("-")[0].strip().lower()
    is_one = 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha()
    return primary if is_one and primary not in _COUNTRIES else None


def _outlet(link: str, source_url: str, feed_link: str, feed_url: str) -> str:
    """The registered domain of who published: of the link, unless that only passes on the work of others."""
    domains = [_domain(url) for url in (link, source_url, feed_link, feed_url)]
    return next((d for d in domains if d and d not in _PASSERS_ON), next(filter(None, domains), ""))


def _domain(url: str) -> str:
    if not url:
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return courlan.extract_domain(url) or host
