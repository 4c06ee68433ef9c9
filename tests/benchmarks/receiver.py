"""Twenty webhook endpoints in a process of their own, some of which never answer; what came, and when.

A bare HTTP/1.1 server, so that the receiver is never what is measured. A signed body is verified with its
endpoint's secret; an unsigned one (the peer's) is only counted.
"""

import asyncio
import base64
import hashlib
import hmac
import multiprocessing
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_SENT_AT = re.compile(rb"sent-at ([0-9.]+)")
"""Each alert's headline says when it was rung, so that its age can be told from any sender's body."""
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Heard:
    """What came to all endpoints together."""

    verified: int = 0
    """Deliveries that an endpoint which answers took: signed right where it has a secret."""
    forged: int = 0
    repeated: int = 0
    """Deliveries whose id came before."""
    seconds: list[float] = field(default_factory=list)
    """How old each alert was when it came."""


class Receiver:
    """Listens on loopback, on one port an endpoint; ``hung`` ones read and never answer."""

    def __init__(self, endpoints: int, hung: int) -> None:
        self._ours, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve, args=(theirs, endpoints, hung), daemon=True)
        self._process.start()
        self.ports: list[int] = self._ours.recv()

    def expects(self, secrets: Sequence[str]) -> None:
        """Begin anew: verify with these secrets, one an endpoint; none for a sender that does not sign."""
        self._asked(("expects", list(secrets)))

    def heard(self) -> Heard:
        """What came since."""
        found: Heard = self._asked(("heard", None))
        return found

    def taken(self) -> int:
        """How many deliveries came since, a cheaper question."""
        count: int = self._asked(("taken", None))
        return count

    def close(self) -> None:
        self._process.terminate()
        self._process.join()

    def _asked(self, what: tuple[str, Any]) -> Any:
        self._ours.send(what)
        return self._ours.recv()


class _Endpoint(asyncio.Protocol):
    def __init__(self, number: int, hangs: bool, state: "_State") -> None:
        self._number, self._hangs, self._state = number, hangs, state
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            if len(self._buffer) < end + 4 + length:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
            if self._hangs:
                continue
            self._state.take(self._number, head, body)
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(_OK)


class _State:
    def __init__(self) -> None:
        self.secrets: list[bytes] = []
        self.heard, self._ids = Heard(), set[bytes]()

    def take(self, number: int, head: bytes, body: bytes) -> None:
        now = time.time()
        if self.secrets:
            headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
            headers = {name.lower(): value for name, value in headers.items()}
            id_, at = headers[b"webhook-id"], headers[b"webhook-timestamp"]
            made = hmac.new(self.secrets[number], b".".join((id_, at, body)), hashlib.sha256).digest()
            if b"v1," + base64.b64encode(made) not in headers[b"webhook-signature"].split():
                self.heard.forged += 1
                return
            if id_ in self._ids:
                self.heard.repeated += 1
                return
            self._ids.add(id_)
        self.heard.verified += 1
        self.heard.seconds.extend(now - float(sent) for sent in _SENT_AT.findall(body)[:1])


def _serve(asked: Connection, endpoints: int, hung: int) -> None:
    asyncio.run(_serving(asked, endpoints, hung))


async def _serving(asked: Connection, endpoints: int, hung: int) -> None:
    loop, state = asyncio.get_running_loop(), _State()
    ports = []
    for number in range(endpoints):
        server = await loop.create_server(
            lambda number=number: _Endpoint(number, number < hung, state),  # type: ignore[misc]
            "127.0.0.1",
            0,
        )
        ports.append(server.sockets[0].getsockname()[1])
    asked.send(ports)

    def answer() -> None:
        what, given = asked.recv()
        if what == "expects":
            state.secrets = [base64.b64decode(secret.removeprefix("whsec_")) for secret in given]
            state.heard, state._ids = Heard(), set()
            asked.send(None)
        else:
            asked.send(state.heard if what == "heard" else state.heard.verified)

    loop.add_reader(asked.fileno(), answer)
    await asyncio.Event().wait()
