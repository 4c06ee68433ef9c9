"""What a subscriber runs: an endpoint that believes only signed webhooks, and a stand-in for Slack."""

import asyncio
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from services.notifier.channels.webhook import sign

TOLERANCE = timedelta(minutes=5)
"""How old a signed request may be, as Standard Webhooks recommends: an older one is a replay."""


@dataclass(frozen=True)
class Delivered:
    """A webhook that was verified; ``data`` is the alert."""

    type: str
    data: dict[str, Any]
    size: int
    at: datetime


@dataclass(frozen=True)
class SlackMessage:
    """What an incoming webhook of Slack was given."""

    message: dict[str, Any]


class Receiver:
    """Takes deliveries into ``inbox``: webhooks that are verified, and every message for Slack."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.inbox: asyncio.Queue[Delivered | SlackMessage] = asyncio.Queue()
        self._now = now
        self._seen: set[str] = set()
        self.secret = ""
        """The secret that ``tocsin subscribe webhook`` printed."""

    def routes(self) -> list[web.RouteDef]:
        """``/hook`` and ``/services/demo``, the path that an incoming webhook of Slack has."""
        return [web.post("/hook", self._hook), web.post("/services/demo", self._slack)]

    async def _hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.is_genuine(request.headers.get, body):
            return web.Response(status=401, text="the signature does not fit")
        id_ = request.headers["webhook-id"]
        if id_ not in self._seen:  # a repeat under the same id is the same message
            self._seen.add(id_)
            message = json.loads(body)
            self.inbox.put_nowait(Delivered(message["type"], message["data"], len(body), self._now()))
        return web.Response(status=204)

    def is_genuine(self, header: Callable[[str], str | None], body: bytes) -> bool:
        """Whether the request was signed with our secret, and just now."""
        id_, timestamp = header("webhook-id") or "", header("webhook-timestamp") or ""
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            return False
        if abs(self._now() - datetime.fromtimestamp(int(timestamp), UTC)) > TOLERANCE:
            return False
        expected = sign(self.secret, id_, timestamp, body).encode()
        given = (header("webhook-signature") or "").encode().split()
        return any(hmac.compare_digest(one, expected) for one in given)

    async def _slack(self, request: web.Request) -> web.Response:
        self.inbox.put_nowait(SlackMessage(await request.json()))
        return web.Response(text="ok")
