"""One article for ``tocsin classify``, from wherever it lies: a URL, a file or stdin; text, HTML or JSON."""

import asyncio
import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from lxml import etree, html

from services.classifier.coding.lines import article_from_line
from services.cli.articles import UnreadableSource, refuse_binary, stdin
from shared import guard, settings
from shared.contracts import Article, derive_id
from shared.errors import BadInput, GiveUp

MAX_BYTES = 5_000_000
"""A page or file larger than this is not an article."""
_TIMEOUT = 20.0
_DATED = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})\s*(.*)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(r"<(?:\w+:)?([a-z]+)", re.IGNORECASE)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')


def read_article(source: str, day: str | None) -> Article:
    """The article at ``source``, published on ``day`` where it tells no other.

    Raises ``BadInput``, or for a URL whatever ``guard.fetch`` raises.
    """
    by_address = re.match(r"https?://", source) is not None
    raw = _fetch(source) if by_address else _read(source)
    if len(raw) > MAX_BYTES:
        raise BadInput(f"{source} has more than {MAX_BYTES} bytes: an article is shorter; cut it first")
    refuse_binary(raw, source)
    text = raw.decode("utf-8-sig", errors="replace")
    if _is_feed(text):
        raise BadInput(f"this is a feed, not an article: tocsin feeds add {source if by_address else 'URL'}")
    if by_address:
        return _from_html(raw, source, day)
    start = text.lstrip()[:200].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<article")):
        return _from_html(raw, "", day)
    _refuse_other_text(raw, source)
    if start.startswith("{") or _is_json_array(text):
        return _from_json(text, day)
    return _from_text(text, day)


def _read(source: str) -> bytes:
    if source == "-":
        return stdin("an article, its title on the first line").read(MAX_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else exc
        raise UnreadableSource(f"can't read {source}: {why}; name a file or a URL") from exc


def _refuse_other_text(raw: bytes, source: str) -> None:
    """Raise ``UnreadableSource`` unless it is UTF-8: only a page of HTML may declare another."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise UnreadableSource(
            f"{source} is not text in UTF-8 (byte {exc.start + 1} is {raw[exc.start]:#04x}): save it as "
            "UTF-8, or convert it, as in `iconv -f WINDOWS-1252 -t UTF-8 FILE | tocsin classify -`"
        ) from exc


def _is_feed(text: str) -> bool:
    start = text.lstrip()[:5000]
    if start.startswith("{"):
        return _JSON_FEED.search(start) is not None
    root = _ROOT.search(_COMMENT.sub("", start)) if start.startswith("<") else None
    return root is not None and root[1].casefold() in ("rss", "feed", "rdf")


def _is_json_array(text: str) -> bool:
    """Whether it is one, whole or begun; a title may open with a bracket as well."""
    if not text.lstrip().startswith("["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return re.match(r"\s*\[\s*\{", text) is not None
    except RecursionError:
        pass
    return True


def _from_json(text: str, day: str | None) -> Article:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise BadInput(f"not JSON ({exc}): give one object, or use --jsonl for many lines") from exc
    if not isinstance(fields, dict):
        raise BadInput("this is a JSON array, not an article: give one object, or --jsonl with one a line")
    if not fields.get("published_at"):
        fields["published_at"] = _published(day).isoformat()
    return article_from_line(fields)


def _from_text(text: str, day: str | None) -> Article:
    lines = text.split("\n")
    outlet = ""
    dated = _DATED.fullmatch(lines[0].rstrip("\r"))
    if dated:
        day, outlet = day or dated.group(1), dated.group(2).strip()
        lines = lines[1:]
    while lines and not lines[0].strip():
        lines = lines[1:]
    if not lines:
        raise BadInput("the text is empty: give a title on the first line and the report below it")
    return _article(lines[0].strip(), "", "\n".join(lines[1:]).strip("\n"), _published(day), outlet=outlet)


def _from_html(raw: bytes, url: str, day: str | None) -> Article:
    try:
        # lxml's stubs know more kinds of answers to an XPath than these can give.
        page: Any = html.fromstring(raw, parser=html.HTMLParser(encoding=_charset(raw), no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise BadInput(
            f"the page can't be read as HTML ({exc}): save its text to a file and give that"
        ) from exc

    def first(*paths: str) -> str:
        found = (str(value).strip() for path in paths for value in page.xpath(path))
        return next(filter(None, found), "")

    title = first("//meta[@property='og:title']/@content", "//h1//text()", "//title/text()")
    summary = first("//meta[@name='description']/@content", "//meta[@property='og:description']/@content")
    scope = page.xpath("//article//p") or page.xpath("//p")
    paragraphs = (" ".join(str(p.text_content()).split()) for p in scope)
    body = "\n".join(filter(None, paragraphs))
    if not (title or summary or body):
        raise BadInput("the page has no title and no paragraphs: save its text to a file and give that")
    printed = first("//meta[@property='article:published_time']/@content", "//time/@datetime")
    outlet = first("//meta[@property='og:site_name']/@content")
    return _article(title, summary, body, _published(day or printed[:10]), url=url, outlet=outlet)


def _charset(raw: bytes) -> str | None:
    """UTF-8 where the bytes are that; otherwise what the page itself declares."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _fetch(url: str) -> bytes:
    config = settings.load()
    answer = asyncio.run(
        guard.fetch(
            url,
            policy=guard.feed_policy(config),
            max_bytes=MAX_BYTES,
            timeout=_TIMEOUT,
            user_agent=config.user_agent,
        )
    )
    if answer.status != 200:
        raise GiveUp(f"{url} answered {answer.status}: open it in a browser, save it and give the file")
    return answer.body


def _published(day: str | None) -> datetime:
    if not day:
        return datetime.now(UTC)
    try:
        return datetime.combine(date.fromisoformat(day), time(12), UTC)
    except ValueError as exc:
        raise BadInput(f"{day!r} is not a day: write it as YYYY-MM-DD") from exc


def _article(
    title: str, summary: str, body: str, published: datetime, url: str = "", outlet: str = ""
) -> Article:
    return Article(
        id=derive_id(url or None, outlet, title),
        url=url,
        outlet=outlet,
        title=title,
        summary=summary,
        body=body,
        published_at=published,
        fetched_at=published,
    )
