"""One POST through the guard. The only file of the notifier that meets ``aiohttp``'s exceptions.

The other side may be malicious: its answer is bounded in time and in size, and nothing of it is unpacked. Its
status is its answer; what it goes on to say is only for the log, and is waited for a moment at most.
"""

import asyncio
import time
from collections.abc import Mapping

import aiohttp

from services.notifier.channels import Answer
from shared import guard
from shared.errors import BadInput, ForbiddenAddress

MAX_ANSWER = 16_384
"""Bytes of an answer that are read; the connection is closed on the rest."""
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
            return Answer(status, elapsed(), text, retry_after)
        except (ForbiddenAddress, BadInput) as exc:
            return silence(f"not dialled: {exc}")
        except TimeoutError:
            return silence(f"no answer within {self._seconds:g} s")
        except aiohttp.ClientConnectorDNSError:
            return silence("its name does not resolve")
        except aiohttp.ClientSSLError:
            return silence("its TLS certificate or handshake failed")
        except (aiohttp.ClientConnectionError, OSError):
            return silence("the connection failed or broke off")
        except (aiohttp.ClientError, ValueError) as exc:
            return silence(f"it did not speak HTTP ({type(exc).__name__})")

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
