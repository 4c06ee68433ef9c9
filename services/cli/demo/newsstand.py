"""Eight feeds on this machine, RSS and Atom by turns, that fill up as the script is played."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as Xml

from aiohttp import web

from services.cli.demo.script import Item, Script
from shared.outlets import Outlet

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
"""Where RSS carries an article's full text."""
Xml.register_namespace("content", CONTENT)


class Newsstand:
    """Serves each outlet's feed with what it has printed by now; ``now`` is asked at every request.

    Until ``play`` is given a script all feeds are there, and empty.
    """

    def __init__(self, outlets: Sequence[Outlet], now: Callable[[], datetime]) -> None:
        self._outlets = {outlet.domain: outlet for outlet in outlets}
        self._now = now
        self._items: tuple[Item, ...] = ()

    def play(self, script: Script) -> None:
        """Print from now on what the script says."""
        self._items = script.items

    def routes(self) -> list[web.RouteDef]:
        """The feeds' addresses: ``/feeds/`` and the outlet's domain."""
        return [web.get("/feeds/{domain}", self._serve)]

    def path(self, outlet: Outlet) -> str:
        """Where the outlet's feed is."""
        return f"/feeds/{outlet.domain}"

    async def _serve(self, request: web.Request) -> web.Response:
        outlet = self._outlets.get(request.match_info["domain"])
        if outlet is None:
            raise web.HTTPNotFound(text="no such feed")
        printed = self.printed(outlet)
        etag = str(len(printed))
        if any(given.value == etag for given in request.if_none_match or ()):
            return web.Response(status=304, headers={"ETag": f'"{etag}"'})
        atom = list(self._outlets).index(outlet.domain) % 2 == 1
        body = (_atom if atom else _rss)(outlet, printed)
        kind = "application/atom+xml" if atom else "application/rss+xml"
        return web.Response(body=body, content_type=kind, headers={"ETag": f'"{etag}"'})

    def printed(self, outlet: Outlet) -> Sequence[Item]:
        """What the outlet has printed until now, edits as entries of their own, oldest first."""
        now = self._now()
        return [item for item in self._items if item.outlet.domain == outlet.domain and item.published <= now]


def _latest(printed: Iterable[Item]) -> list[Item]:
    """Newest first; of an article and its edits only the last."""
    return list({item.id: item for item in printed}.values())[::-1]


def _rss(outlet: Outlet, printed: Sequence[Item]) -> bytes:
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    _text(channel, "title", outlet.name)
    _text(channel, "link", f"https://{outlet.domain}/")
    _text(channel, "description", f"News from {outlet.name}")
    _text(channel, "language", outlet.language)
    for item in _latest(printed):
        entry = Xml.SubElement(channel, "item")
        _text(entry, "title", item.title)
        _text(entry, "link", item.url)
        _text(entry, "guid", item.url)
        _text(entry, "pubDate", format_datetime(item.published))
        _text(entry, "description", item.summary)
        if item.body:
            _text(entry, f"{{{CONTENT}}}encoded", item.body)
    return _written(root)


def _atom(outlet: Outlet, printed: Sequence[Item]) -> bytes:
    root = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": outlet.language})
    _text(root, "title", outlet.name)
    _text(root, "id", f"https://{outlet.domain}/")
    Xml.SubElement(root, "link", href=f"https://{outlet.domain}/")
    for item in _latest(printed):
        entry = Xml.SubElement(root, "entry")
        _text(entry, "title", item.title)
        _text(entry, "id", item.url)
        Xml.SubElement(entry, "link", href=item.url)
        _text(entry, "published", item.published.isoformat())
        _text(entry, "updated", item.published.isoformat())
        _text(entry, "summary", item.summary)
        if item.body:
            _text(entry, "content", item.body)
    return _written(root)


def _written(root: Xml.Element) -> bytes:
    written: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, name).text = text
