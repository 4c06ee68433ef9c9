"""A feed server that misbehaves on request, and feeds in our own words."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Item:
    """One entry to print in a feed; ``at`` None prints no date."""

    title: str
    link: str = ""
    summary: str = ""
    guid: str = ""
    at: datetime | None = NOW


def rss(*items: Item, title: str = "Port X Herald") -> bytes:
    """An RSS 2.0 feed with these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://herald.example.org/</link>"
        f"{''.join(map(_item, items))}</channel></rss>"
    ).encode()


def _item(item: Item) -> str:
    parts = {
        "title": item.title,
        "link": item.link,
        "description": item.summary,
        "guid": item.guid,
        "pubDate": format_datetime(item.at) if item.at else "",
    }
    return f"<item>{''.join(f'<{tag}>{escape(said)}</{tag}>' for tag, said in parts.items() if said)}</item>"


def entry(number: int, title: str = "", **rest: object) -> Item:
    """The item of an article of its own address."""
    return Item(title or f"Report {number}", f"https://herald.example.org/{number}", **rest)  # type: ignore[arg-type]


@dataclass
class FeedServer:
    """A real web server on loopback: ``serves`` says what a path answers, ``asked`` what was asked of it."""

    base: str = ""
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _answers: dict[str, Handler] = field(default_factory=dict)

    def url(self, path: str) -> str:
        return f"{self.base}/{path}"

    def serves(self, path: str, body: bytes = b"", *, status: int = 200, **headers: str) -> str:
        """From now on ``path`` answers this; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=named)

        return self.answers(path, answer)

    def answers(self, path: str, handler: Handler) -> str:
        """From now on ``path`` is answered by ``handler``; returns its URL."""
        self._answers[path] = handler
        return self.url(path)

    def headers_of_last(self, path: str) -> dict[str, str]:
        return next(headers for asked, headers in reversed(self.asked) if asked == path)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.lstrip("/")
        self.asked.append((path, dict(request.headers)))
        handler = self._answers.get(path)
        return await handler(request) if handler else web.Response(status=404)


@asynccontextmanager
async def feed_server() -> AsyncIterator[FeedServer]:
    """A running ``FeedServer``."""
    server = FeedServer()
    app = web.Application()
    app.router.add_get("/{path:.*}", server._handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    server.base = f"http://127.0.0.1:{server.port}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def slow_loris(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await response.write(b"<")
            await asyncio.sleep(0.05)
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    """50 MB, without saying so beforehand."""
    response = web.StreamResponse()
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        for _ in range(800):
            await response.write(b"x" * 65_536)
    return response


_BOMB = gzip.compress(bytes(100_000_000), 6)


async def gzip_bomb(request: web.Request) -> web.StreamResponse:
    """100 MB of nothing in 100 kB."""
    return web.Response(body=_BOMB, headers={"Content-Encoding": "gzip", "Content-Type": "text/xml"})


def hangs_up_after(sent: bytes) -> Handler:
    """Announces more than it sends, and closes."""

    async def hangs_up(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100000", "ETag": '"cut"'})
        await response.prepare(request)
        await response.write(sent)
        if request.transport is not None:
            request.transport.close()
        return response

    return hangs_up
