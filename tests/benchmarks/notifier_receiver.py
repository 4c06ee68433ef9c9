"""The other side of ``bench_notifier``, in a process of its own: endpoints on loopback and what came to them.

``python -m tests.benchmarks.notifier_receiver`` prints its port. ``/begin`` says which secrets sign and which
endpoints hang, ``/wait`` answers when so many messages have come, with what they were. Every signature is
checked with the reference library; a message without one counts only where no secret was given.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError


@dataclass
class Round:
    """What came in since the last ``/begin``."""

    signing: list[Webhook] = field(default_factory=list)
    hung: frozenset[int] = frozenset()
    seconds: dict[tuple[int, str], float] = field(default_factory=dict)
    """From the alert's own time to its arrival, by endpoint and alert."""
    forged: int = 0
    repeated: int = 0
    last: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Receiver:
    """Twenty endpoints, or as many as are asked for, by the number in their path."""

    def __init__(self) -> None:
        self._round = Round()

    async def begin(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self._round.over.set()
        self._round = Round([Webhook(secret) for secret in asked["secrets"]], frozenset(asked["hung"]))
        return web.json_response({})

    async def take(self, request: web.Request) -> web.Response:
        now, found, number = time.time(), self._round, int(request.match_info["number"])
        raw = await request.read()
        if number in found.hung:
            await found.over.wait()
            return web.Response(status=503)
        try:
            body = (
                found.signing[number].verify(raw, dict(request.headers)) if found.signing else json.loads(raw)
            )
        except WebhookVerificationError:
            found.forged += 1
            return web.Response(status=401)
        for which, at in _told(body):
            if (number, which) in found.seconds:
                found.repeated += 1
            else:
                found.seconds[number, which] = now - datetime.fromisoformat(at).timestamp()
        found.last = now
        found.news.set()
        return web.Response(text="ok")

    async def wait(self, request: web.Request) -> web.Response:
        found = self._round
        try:
            async with asyncio.timeout(float(request.query["within"])):
                while len(found.seconds) < int(request.query["count"]):
                    found.news.clear()
                    await found.news.wait()
        except TimeoutError:
            pass
        ordered = sorted(found.seconds.values())
        return web.json_response(
            {
                "verified": len(ordered),
                "forged": found.forged,
                "repeated": found.repeated,
                "last": found.last,
                "p50": ordered[len(ordered) // 2] if ordered else None,
                "p99": ordered[int(0.99 * len(ordered))] if ordered else None,
            }
        )


def _told(body: dict[str, Any]) -> list[tuple[str, str]]:
    """The alerts in a message and their times: ours holds one, the peer's may hold several."""
    if "data" in body:
        return [(body["data"]["id"], body["timestamp"])]
    return [(each["labels"]["alertname"], each["annotations"]["at"]) for each in body["alerts"]]


async def serve() -> None:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/begin", receiver.begin)
    app.router.add_get("/wait", receiver.wait)
    app.router.add_post("/hook/{number}", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
