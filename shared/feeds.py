"""The feeds that are polled: added, removed, listed, and carried in and out as OPML.

The registry is one hash in Redis; a new feed is due at once. Only ``listparser`` reads OPML, and only here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from xml.etree import ElementTree

import listparser
import redis
from pydantic import ValidationError

from shared import guard
from shared.contracts import Feed, FeedState, derive_feed_id
from shared.errors import BadInput
from shared.names import Names
from shared.printable import one_line
from shared.settings import Settings
from shared.store import guarded

FOLDER_SEPARATOR = "/"
"""Between the folders of a path: ``World/Asia``."""
MAX_DEPTH = 20
"""Folders within folders; OPML nests them, and what reads or writes XML recurses into every one."""
MAX_FOLDER = 500
"""Characters of a path."""
MAX_TITLE = 500


@dataclass(frozen=True)
class Outline:
    """One feed as an OPML file names it."""

    url: str
    title: str = ""
    folder: str = ""


def add(
    client: "redis.Redis",
    settings: Settings,
    url: str,
    *,
    now: datetime,
    title: str = "",
    folder: str = "",
    interval: int | None = None,
) -> tuple[Feed, bool]:
    """The feed at ``url`` and whether it is new; raises ``BadInput`` or ``ForbiddenAddress``.

    Title and folder are cut to what is printable and fits. A new feed is due at once. A known one keeps its
    history; if it was given up (gone or refused) it is tried again.
    """
    url = _web_address(url)
    guard.check_url(url, guard.feed_policy(settings))
    feed = Feed(
        id=derive_feed_id(url),
        url=url,
        title=one_line(title)[:MAX_TITLE],
        folder=_path(folder.split(FOLDER_SEPARATOR)),
        interval=interval or settings.poll_interval,
        added_at=now,
    )
    names = settings.names
    known = get(client, names, feed.id)
    with guarded("adding a feed"), client.pipeline(transaction=True) as both:
        if known is None:
            both.hsetnx(names.feeds, feed.id, feed.to_json())
        elif known.state != FeedState.ACTIVE:
            revived = {"state": FeedState.ACTIVE, "errors_in_a_row": 0, "last_error": ""}
            feed = known.model_copy(update=revived)
            both.hset(names.feeds, feed.id, feed.to_json())
        else:
            return known, False
        both.zadd(names.feeds_due, {feed.id: now.timestamp() * 1000})
        both.execute()
    return feed, known is None


def remove(client: "redis.Redis", names: Names, which: str) -> Feed:
    """Stop polling the feed with this URL or id and forget what was seen in it; raises ``BadInput``.

    Its articles stay. A poll under way writes nothing more.
    """
    feed = get(client, names, which)
    if feed is None:
        raise BadInput(f"no feed {which}: `tocsin feeds list` shows the feeds and their ids")
    with guarded("removing a feed"), client.pipeline(transaction=True) as all_of_it:
        all_of_it.hdel(names.feeds, feed.id)
        all_of_it.zrem(names.feeds_due, feed.id)
        all_of_it.delete(names.seen(feed.id), names.present(feed.id), names.polled(feed.id))
        all_of_it.execute()
    return feed


def get(client: "redis.Redis", names: Names, which: str) -> Feed | None:
    """The feed with this id or URL, or None."""
    with guarded("reading a feed"):
        raw = client.hget(names.feeds, which)
        if raw is None:
            raw = client.hget(names.feeds, derive_feed_id(_web_address(which)))
    return None if raw is None else read(str(raw))


def listing(client: "redis.Redis", names: Names) -> list[Feed]:
    """Every feed, by folder and then by title or URL."""
    with guarded("reading the feeds"):
        stored = client.hvals(names.feeds)
    feeds = [read(str(raw)) for raw in stored]
    return sorted(feeds, key=lambda feed: (feed.folder, (feed.title or feed.url).casefold()))


def read(raw: str) -> Feed:
    """The feed that ``raw`` holds; raises ``BadInput`` or ``NewerSchema``."""
    try:
        return Feed.from_json(raw)
    except ValidationError as exc:
        raise BadInput(f"a stored feed can't be read: {exc}") from exc


def _web_address(url: str) -> str:
    """The address without blanks around it and without the old ``feed:`` scheme in front."""
    url = url.strip()
    if url.startswith("feed://"):
        return "https://" + url.removeprefix("feed://")
    return url.removeprefix("feed:")


def _path(folders: Iterable[str]) -> str:
    """The folders as one path: printable, at most ``MAX_DEPTH`` deep and ``MAX_FOLDER`` long."""
    named = islice(filter(None, map(one_line, folders)), MAX_DEPTH)
    return FOLDER_SEPARATOR.join(named)[:MAX_FOLDER].rstrip(f"{FOLDER_SEPARATOR} ")


# ---- OPML ---------------------------------------------------------------------------------------


def import_opml(text: bytes) -> list[Outline]:
    """The feeds that an OPML file names, each once, with their folders; raises ``BadInput``."""
    found = listparser.parse(text)
    if not found["version"].startswith("opml"):
        raise BadInput("this is not an OPML file: export one from your feed reader (often named feeds.opml)")
    outlines = {
        entry["url"]: Outline(entry["url"], _title(entry), _folder(entry["categories"]))
        for entry in reversed(found["feeds"])  # a feed named twice stays where it stood first
    }
    if not outlines:
        raise BadInput("this OPML file names no feed: look for outlines with an xmlUrl in it")
    return list(reversed(outlines.values()))


def _title(entry: dict[str, str]) -> str:
    """The title, unless it only says the address again, as readers write it for a feed without one."""
    return "" if entry["title"] == entry["url"] else one_line(entry["title"])[:MAX_TITLE]


def _folder(categories: list[list[str]]) -> str:
    return _path(categories[0]) if categories else ""


def export_opml(feeds: Iterable[Feed]) -> str:
    """The feeds as OPML 2.0, each in its folder; ``import_opml`` reads it back."""
    opml = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(opml, "head"), "title").text = "Tocsin feeds"
    body = ElementTree.SubElement(opml, "body")
    folders: dict[str, ElementTree.Element] = {"": body}
    for feed in feeds:
        ElementTree.SubElement(
            _outline_of(feed.folder, folders),
            "outline",
            type="rss",
            text=feed.title or feed.url,
            title=feed.title or feed.url,
            xmlUrl=feed.url,
        )
    ElementTree.indent(opml)
    return ElementTree.tostring(opml, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _outline_of(folder: str, folders: dict[str, ElementTree.Element]) -> ElementTree.Element:
    """The outline of a folder, made with its parents when it is new."""
    path, outline = "", folders[""]
    # Cut here too: a feed may have been stored before folders had a limit.
    for name in filter(None, _path(folder.split(FOLDER_SEPARATOR)).split(FOLDER_SEPARATOR)):
        path += FOLDER_SEPARATOR + name
        if path not in folders:
            folders[path] = ElementTree.SubElement(outline, "outline", text=name)
        outline = folders[path]
    return outline
