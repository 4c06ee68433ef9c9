"""One POST through the guard. The only file of the notifier that meets ``aiohttp``'s exceptions.

The other side may be malicious: its answer is bounded in time and in size, and nothing of it is unpacked. Its
status is its answer; what it goes on to say is only for the log, and is waited for a moment at most.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp

from services.notifier.channels import Answer
from shared import guard
from shared.errors import BadInput, ForbiddenAddress

MAX_ANSWER = 16_384
"""Bytes of an answer that are read; the connection is closed on the rest."""
SHORT, LONG = 4, 12
"""Characters: a shorter path of our URL is not looked for in an answer, nor a shorter part of that path."""
WORDS_WITHIN = 2.0
"""Seconds for the body of an answer. Who dribbles it holds a place of its own lane, not a delivery."""


class Poster:
    """Sends bytes to endpoints: guarded addresses, no redirects, the session's deadline, a bounded answer."""

    def __init__(self, session: aiohttp.ClientSession, policy: guard.Policy, timeout: float) -> None:
        self._session, self._policy, self._seconds = session, policy, timeout

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post once; whatever happens is an answer. No message repeats the URL, which may be a secret."""
        begun = time.monotonic()

        def elapsed() -> float:
            return round((time.monotonic() - begun) * 1000, 1)

        def silence(why: str) -> Answer:
            return Answer(None, elapsed(), error=why)

        try:
            guard.check_url(url, self._policy)
            async with asyncio.timeout(self._seconds + WORDS_WITHIN):
                try:
                    status, text, retry_after = await self._once(url, body, headers)
                except aiohttp.ServerDisconnectedError:
                    # An idle connection that the other side closed as we used it: not worth five seconds.
                    status, text, retry_after = await self._once(url, body, headers)
            return Answer(status, elapsed(), veiled(text, url), retry_after)
        except NO_ANSWER as exc:
            return silence(explain(exc, self._seconds))

    def keeping_to(self, base: str) -> "OneAddress":
        """Our session for a library that sends by one: see ``OneAddress``."""
        return OneAddress(self._session, base)

    @property
    def seconds(self) -> float:
        """How long an attempt may take."""
        return self._seconds

    async def _once(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str | None]:
        async with self._session.post(
            url,
            data=body,
            # A few bytes of answer gain nothing by being packed, and a packed one may be a bomb.
            headers={**headers, "accept-encoding": "identity"},
            allow_redirects=False,
            auto_decompress=False,
            read_bufsize=MAX_ANSWER,
        ) as response:
            return response.status, await _words(response), response.headers.get("Retry-After")


NO_ANSWER = (ForbiddenAddress, BadInput, TimeoutError, aiohttp.ClientError, OSError, ValueError)
"""What a request may raise in place of an answer."""


def explain(exc: Exception, seconds: float) -> str:
    """Why there was no answer, in words that repeat no URL."""
    match exc:
        case ForbiddenAddress() | BadInput():
            return f"not dialled: {exc}"
        case TimeoutError():
            return f"no answer within {seconds:g} s"
        case aiohttp.ClientConnectorDNSError():
            return "its name does not resolve"
        case aiohttp.ClientSSLError():
            return "its TLS certificate or handshake failed"
        case aiohttp.ClientConnectionError() | OSError():
            return "the connection failed or broke off"
        case _:
            return f"it did not speak HTTP ({type(exc).__name__})"


def veiled(text: str, url: str) -> str:
    """An answer without the URL that gave it, or what of it may be secret: many repeat what they lack."""
    parts = urlsplit(url)
    target = url.partition("://")[2].partition("/")[2]
    pieces = {url, f"/{target}", parts.path, parts.query} | {unquote(parts.path)}
    pieces |= {each for each in re.split(r"[/?&=]", target) if len(each) >= LONG}
    for each in sorted(pieces, key=len, reverse=True):
        if len(each) >= SHORT:
            text = text.replace(each, "***")
    return text


class OneAddress:
    """The guarded session as a library may have it: it sends to what begins with ``base``, and nowhere else.

    No redirect is followed and no proxy asked, whatever the library or the environment says: what it sends
    carries a token.
    """

    closed = False
    """A library that found it closed would open a session of its own, which nothing guards."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session, self._base = session, base

    def request(self, method: str, url: str, **options: Any) -> Any:
        """As ``aiohttp.ClientSession.request``; raises ``ForbiddenAddress`` for another address."""
        if not url.startswith(self._base):
            raise ForbiddenAddress(f"only what begins with {self._base} is sent to")
        fixed: dict[str, Any] = {"allow_redirects": False, "proxy": None, "ssl": True}
        return self._session.request(method, url, **(options | fixed))


async def _words(response: aiohttp.ClientResponse) -> str:
    """The beginning of what it said; whatever becomes of the rest, the status stands."""
    read = bytearray()
    try:
        async with asyncio.timeout(WORDS_WITHIN):
            await _read(response, read)
    except (TimeoutError, aiohttp.ClientError):
        response.close()
    packed = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        return f"({len(read):,} bytes that were compressed though we had not asked for it: not read)"
    return read.decode(errors="replace")


async def _read(response: aiohttp.ClientResponse, read: bytearray) -> None:
    while len(read) < MAX_ANSWER:
        chunk = await response.content.read(MAX_ANSWER - len(read))
        if not chunk:
            return
        read += chunk
    # More may follow without end: hang up rather than drain it to keep the connection.
    response.close()
