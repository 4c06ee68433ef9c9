"""Receivers that mean harm: real servers on loopback that answer as no honest endpoint would, without end.

Each is written as what it says on a connection after it has read a request.
"""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Says = Callable[[asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\n"
DRIBBLE = 0.02
_MEGABYTE = b"x" * 1_000_000


async def _endlessly(writer: asyncio.StreamWriter, piece: bytes) -> None:
    while True:
        writer.write(piece)
        await writer.drain()


async def _dribbling(writer: asyncio.StreamWriter, piece: bytes) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(DRIBBLE)


async def says_nothing(writer: asyncio.StreamWriter) -> None:
    """Takes the request and is silent."""
    await asyncio.Event().wait()


async def dribbles_headers(writer: asyncio.StreamWriter) -> None:
    """A slow loris: a header a byte at a time."""
    writer.write(OK + b"X-Slow: ")
    await _dribbling(writer, b"z")


async def dribbles_body(writer: asyncio.StreamWriter) -> None:
    """Takes the message, and then thanks for it for ever."""
    writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    await _dribbling(writer, b"5\r\nthank\r\n")


async def floods_body(writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"Content-Type: text/plain\r\n\r\n")
    await _endlessly(writer, _MEGABYTE)


async def floods_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(OK)
    await _endlessly(writer, b"".join(b"X-%d: %s\r\n" % (n, b"y" * 4000) for n in range(100)))


async def floods_one_header(writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"X-Long: ")
    await _endlessly(writer, _MEGABYTE)


async def floods_continue(writer: asyncio.StreamWriter) -> None:
    """Says 100 Continue for ever, which is no answer yet."""
    await _endlessly(writer, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


async def floods_trailers(writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n")
    await _endlessly(writer, b"".join(b"X-%d: %s\r\n" % (n, b"y" * 4000) for n in range(100)))


async def bombs(writer: asyncio.StreamWriter) -> None:
    """Ten kilobytes that inflate to ten megabytes, again and again."""
    writer.write(OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n")
    bomb = gzip.compress(bytes(10_000_000), 9)
    await _endlessly(writer, b"%x\r\n%s\r\n" % (len(bomb), bomb))


async def breaks_off(writer: asyncio.StreamWriter) -> None:
    """Takes the message and dies over its words."""
    writer.write(OK + b"Content-Length: 9000\r\n\r\nthanks")
    await writer.drain()
    writer.close()


async def breaks_off_a_refusal(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 90\r\nContent-Length: 9000\r\n\r\nno")
    await writer.drain()
    writer.close()


async def talks_something_else(writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example.org ESMTP\r\n")
    await writer.drain()
    writer.close()


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


@asynccontextmanager
async def hostile(says: Says) -> AsyncIterator[str]:
    """The address of such a receiver."""
    talking: set[asyncio.Task[None]] = set()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
            await says(writer)
        writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        server.close()
        for task in talking:
            task.cancel()
