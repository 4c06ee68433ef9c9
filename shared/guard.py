"""The one doorway to the outside for addresses that users gave us: feeds and hooks alike.

Nothing here trusts a name. What may be dialled is judged twice, by one table (``shared/addresses.py``):
a resolver drops forbidden addresses before the race for a connection, and the socket factory has the last
word on the address that is really dialled, so a name that changes its answer in between (DNS rebinding)
gains nothing. ``aiohttp`` exceptions stop here, unless a caller uses ``session`` itself.
"""

import asyncio
import errno
import socket
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_reqrep import ClientRequest
from yarl import URL

from shared.addresses import as_address, is_in, why_forbidden
from shared.errors import BadInput, FeedUnreachable, ForbiddenAddress
from shared.policy import Policy, check_url, feed_policy, hook_policy, judge, refusal_of

__all__ = ["Fetched", "Policy", "check_url", "feed_policy", "fetch", "hook_policy", "session"]

CONNECT_SHARE = 0.5
"""How much of the whole deadline a connection may take before another address of the host is tried."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_dialling: ContextVar[URL] = ContextVar("dialling")
"""The URL that the current task opens a connection for; the socket factory sees only an address."""


# ---- connecting ---------------------------------------------------------------------------------


class _RefusedError(OSError):
    """A refusal in the one shape that aiohttp's race for a connection survives: an ``OSError``."""

    def __init__(self, refusal: ForbiddenAddress) -> None:
        super().__init__(errno.EACCES, str(refusal))
        self.refusal = refusal


class _GuardedResolver(AbstractResolver):
    """Resolves as the system does, less what is forbidden; raises ``ForbiddenAddress`` if nothing is left."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        verdicts = [(result, self._verdict(result["host"])) for result in found]
        permitted = [result for result, why in verdicts if why is None]
        if found and not permitted:
            raise ForbiddenAddress(f"{host} resolves to {verdicts[0][1]}")
        return permitted

    def _verdict(self, host: str) -> str | None:
        address = as_address(host)
        if address is None:
            return f"{host}, which is not an address"
        if is_in(address, self._policy.allow):
            return None
        why = why_forbidden(address)
        return None if why is None else refusal_of(address, why)

    async def close(self) -> None:
        await self._system.close()


class _GuardedConnector(aiohttp.TCPConnector):
    """A connector that opens sockets only to what the policy permits."""

    def __init__(self, policy: Policy, **options: Any) -> None:
        super().__init__(resolver=_GuardedResolver(policy), socket_factory=self._open, **options)
        self._policy = policy

    def _open(self, info: Any) -> socket.socket:
        """The last word: called with the very address that is about to be dialled."""
        family, kind, protocol, _, sockaddr = info
        address = as_address(str(sockaddr[0]))
        try:
            if address is None:
                raise ForbiddenAddress(f"{sockaddr[0]} is refused: it is not an internet address")
            judge(address, _dialling.get(), self._policy)
        except ForbiddenAddress as refusal:
            raise _RefusedError(refusal) from refusal
        return socket.socket(family, kind, protocol)

    async def connect(self, req: ClientRequest, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109 (aiohttp's)
        token = _dialling.set(req.url)
        try:
            return await super().connect(req, traces, timeout)
        except aiohttp.ClientConnectorError as exc:
            if isinstance(exc.os_error, _RefusedError):
                raise exc.os_error.refusal from exc
            raise
        except aiohttp.InvalidURL as exc:
            raise BadInput(f"{req.url.host} is no address as it is written: write it like 192.0.2.1") from exc
        finally:
            _dialling.reset(token)


def session(
    policy: Policy, *, timeout: float, user_agent: str, connections: int = 100
) -> aiohttp.ClientSession:
    """A session that dials only what ``policy`` permits; any request may raise ``ForbiddenAddress``, and
    ``BadInput`` for a host that can't be one.

    Keeps no cookies, sends no Referer, uses no proxy from the environment. Callers pass
    ``allow_redirects=False`` and run ``check_url`` on each URL, or use ``fetch``, which does both.
    """
    return aiohttp.ClientSession(
        connector=_GuardedConnector(policy, limit=connections, ttl_dns_cache=60),
        timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=timeout * CONNECT_SHARE),
        headers={"User-Agent": user_agent},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


# ---- fetching -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fetched:
    """An answer, read to the end. ``headers`` ignore case; ``url`` is the last one after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    complete: bool = True
    """False when the connection broke before the body had ended; ``body`` is what came."""


async def fetch(
    url: str,
    *,
    policy: Policy,
    max_bytes: int,
    timeout: float,  # noqa: ASYNC109 (a deadline over all redirects, kept with asyncio.timeout)
    user_agent: str,
    headers: Mapping[str, str] | None = None,
    within: aiohttp.ClientSession | None = None,
) -> Fetched:
    """GET ``url``, redirects and body included, before ``timeout``; any status is an answer.

    Raises ``BadInput`` (not a URL, or a body above ``max_bytes`` once decompressed), ``ForbiddenAddress``, or
    ``FeedUnreachable``. ``within`` is a session of the same policy whose connections are used again.
    """
    host = ""
    try:
        async with asyncio.timeout(timeout), _own_or(within, policy, timeout, user_agent) as http:
            for _ in range(policy.redirects + 1):
                check_url(url, policy)
                host = URL(url).host or ""
                async with http.get(url, headers=headers, allow_redirects=False) as response:
                    location = response.headers.get("Location")
                    if response.status not in _REDIRECTS or not location or not policy.redirects:
                        body, complete = await _read(response, max_bytes)
                        return Fetched(response.status, response.headers, body, url, complete)
                    url = _next(response.url, location)
    except TimeoutError as exc:
        raise FeedUnreachable(
            f"{host} gave no whole answer within {timeout:g} s: it will be tried again"
        ) from exc
    except (aiohttp.ClientError, OSError, ValueError) as exc:
        raise FeedUnreachable(f"{_explain(host, exc)}: it will be tried again") from exc
    raise FeedUnreachable(
        f"{host} redirected more than {policy.redirects} times: check the address in a browser"
    )


def _own_or(
    given: aiohttp.ClientSession | None, policy: Policy, timeout: float, user_agent: str
) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
    """The caller's session, left open after use, or one for this fetch alone."""
    return nullcontext(given) if given else session(policy, timeout=timeout, user_agent=user_agent)


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> tuple[bytes, bool]:
    """The body, and whether it is whole; stops at the first byte too many, whatever was announced."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if size > max_bytes:
                raise BadInput(
                    f"{response.url.host} sent more than {max_bytes:,} bytes: the rest was not read. "
                    "If it is right, raise TOCSIN_MAX_FEED_BYTES"
                )
            chunks.append(chunk)
    except aiohttp.ClientPayloadError:
        if not size:
            raise
        return b"".join(chunks), False
    return b"".join(chunks), True


def _next(current: URL, location: str) -> str:
    try:
        return str(current.join(URL(location)))
    except ValueError as exc:
        raise FeedUnreachable(f"{current.host} redirects to what is not a URL: tell its owner") from exc


def _explain(host: str, exc: Exception) -> str:
    """What went wrong in words that a person who never heard of aiohttp understands."""
    match exc:
        case aiohttp.ClientConnectorDNSError():
            return f"the name {host} was not found"
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return f"{host} has a TLS certificate or set-up that can't be trusted ({exc.os_error})"
        case aiohttp.ClientConnectorError():
            return f"{host} can't be reached ({exc.os_error.strerror or exc.os_error})"
        case aiohttp.ServerDisconnectedError():
            return f"{host} closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return f"{host} sent a body that can't be read"
        case _:
            return f"{host} gave an answer that is not HTTP ({type(exc).__name__})"
