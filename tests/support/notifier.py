"""What the notifier's tests speak with: alerts, a webhook endpoint that verifies, a Slack, a whole notifier.

Both endpoints are real HTTP servers on loopback. ``answers`` says what comes back, ``heard`` what came in.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import redis.asyncio
from aiohttp import web
from standardwebhooks import Webhook

from services.notifier.channels import Channel
from services.notifier.channels.http import Poster
from services.notifier.channels.slack_threads import SlackThreads
from services.notifier.consumer import Consumer
from services.notifier.janitor import Janitor
from services.notifier.journal import Journal
from services.notifier.lanes import Lanes
from services.notifier.places import Room
from services.notifier.service import CONNECTIONS, channels
from services.notifier.visit import Visitor
from shared import guard
from shared.clock import Clock, SystemClock
from shared.contracts import (
    Actor,
    Alert,
    AlertKind,
    Casualties,
    Count,
    Delivery,
    Event,
    EventType,
    Place,
    Precision,
    Reason,
    Severity,
    Source,
    Subscription,
    Tier,
    Trend,
    derive_alert_id,
)
from shared.names import NOTIFIER_GROUP
from shared.settings import Settings
from shared.store import connect_async
from shared.streams import GroupReader
from shared.subscriptions import new_slack, new_webhook
from shared.vault import open_vault

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOOK_PATH = "/hooks/T024BE91L/B03G7QK2V/xYzzySecretPartOfTheUrl"


def event(**changes: Any) -> Event:
    """A drone attack on a port, as the coder would give it."""
    told: dict[str, Any] = {
        "event_type": EventType.ASSAULT,
        "mode": "drone",
        "main": True,
        "actors": (Actor(text="rebels", name="Coast Front", country="QQA", sector="REB"),),
        "recipients": (Actor(text="navy", name="Northland", country="QQB", sector="MIL"),),
        "place": Place(name="Port Ander", country="QQB", precision=Precision.CITY),
        "occurred_on": date(2026, 3, 1),
        "date_precision": 1,
        "casualties": Casualties(killed=Count(low=3, high=5)),
        "hostility": 4,
    }
    return Event(**(told | changes))


def alert(
    kind: AlertKind | str = AlertKind.OPENED,
    *,
    incident: str | None = "inc_1",
    sequence: int = 1,
    **changes: Any,
) -> Alert:
    """An alert of a severe incident; ``changes`` replace its fields."""
    told: dict[str, Any] = {
        "id": derive_alert_id(incident, sequence) if incident else "system-1",
        "kind": kind,
        "reason": Reason.FIRST_REPORT,
        "incident_id": incident,
        "sequence": sequence,
        "at": NOON,
        "headline": "Drones hit Port Ander",
        "sentence": "Coast Front attacked Northland with drones in Port Ander.",
        "event": event() if incident else None,
        "severity": Severity(score=62, tier=Tier.SEVERE) if incident else None,
        "sources": (
            Source(outlet="harbour.example", title="Drones", url="https://h.example/1", published_at=NOON),
        ),
        "sources_count": 1,
        "outlets_count": 1,
    }
    return Alert(**(told | changes))


def trend(**changes: Any) -> Alert:
    """What rings when Coast Front and Northland strike each other more often than usual."""
    told: dict[str, Any] = {
        "subject": "Coast Front|QQB",
        "names": ("Coast Front", "Northland"),
        "why": "rate",
        "rung": 4,
        "arithmetic": "9 in 7 days; usually 2 (median of 12 weeks, MAD 1): above 2 + 3 x 1.48 x 1 = 6.4",
        "week": 9,
        "usual": 2.0,
        "limit": 6.44,
        "days": (0,) * 23 + (1, 0, 2, 1, 0, 3, 2),
        "last_day": date(2026, 3, 2),
        "incident_id": "inc_1",
    }
    return alert(
        AlertKind.TREND,
        incident=None,
        id="trend_0123456789abcdef",
        sequence=0,
        reason=Reason.RATE_UP,
        headline="Coast Front and Northland: 9 incidents in 7 days, usually 2",
        sentence=f"Between Coast Front and Northland: {told['arithmetic']}",
        changes=("tipped by: Coast Front attacked Northland",),
        event=event(),
        severity=Severity(score=62, tier=Tier.SEVERE),
        trend=Trend(**(told | changes)),
    )


# ---- endpoints ----------------------------------------------------------------------------------


@dataclass
class Heard:
    """One request as it came in."""

    id: str
    body: dict[str, Any]
    headers: Mapping[str, str]
    raw: bytes


@dataclass
class Endpoint:
    """A subscriber's server. ``answers`` are used up, the last one for ever; ``hang`` never answers."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [200])
    headers: dict[str, str] = field(default_factory=dict)
    words: str = "ok"
    hang: bool = False
    secrets: tuple[str, ...] = ()
    heard: list[Heard] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def ids(self) -> list[str]:
        return [each.id for each in self.heard]

    def alert_ids(self) -> list[str]:
        """The alerts heard, repeats under one id left out."""
        return [each.body["data"]["id"] for each in {each.id: each for each in self.heard}.values()]

    def _check(self, secret: str, raw: bytes, headers: Mapping[str, str]) -> None:
        # Not verify(): it compares with the wall clock, and most tests have a clock of their own.
        signed_at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        expected = Webhook(secret).sign(headers["webhook-id"], signed_at, raw.decode())
        if expected not in headers["webhook-signature"].split():
            self.forged.append(headers["webhook-id"])

    async def take(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        for secret in self.secrets:
            self._check(secret, raw, request.headers)
        self.heard.append(
            Heard(request.headers.get("webhook-id", ""), await request.json(), request.headers, raw)
        )
        self.arrived.set()
        if self.hang:
            await asyncio.Event().wait()
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, text=self.words, headers=self.headers)


@asynccontextmanager
async def endpoint(**settings: Any) -> AsyncIterator[Endpoint]:
    """A webhook or Slack endpoint on loopback."""
    served = Endpoint(**settings)
    app = web.Application()
    app.router.add_post("/{path:.*}", served.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    served.url = f"http://127.0.0.1:{address[1]}{HOOK_PATH}"
    try:
        yield served
    finally:
        await runner.cleanup()


# ---- the notifier -------------------------------------------------------------------------------


class Notifier:
    """A notifier without its process: what ``rings``, it ``consumes`` and ``sends`` step by step."""

    def __init__(
        self, client: "redis.asyncio.Redis", settings: Settings, poster: Poster, clock: Clock, consumer: str
    ) -> None:
        self.client, self.settings, self.names, self.clock = client, settings, settings.names, clock
        self.vault = open_vault(settings)
        self.channels: dict[str, Channel] = channels(
            poster, settings.public_url, SlackThreads(client, settings.names)
        )
        self.journal = Journal(client, self.names)
        self.visitor = Visitor(self.journal, client, settings, self.vault, self.channels, clock)
        self.lanes = Lanes(self.journal, self.visitor, clock)
        self.reader = GroupReader(
            client, self.names, self.names.alerts, NOTIFIER_GROUP, consumer, block_ms=20
        )
        self.consumer = Consumer(client, self.names, self.reader, self.journal, clock, self.lanes.wake)
        self.janitor = Janitor(client, settings, self.journal, clock)

    async def rings(self, *alerts: Alert) -> None:
        """Put alerts on the stream, as the classifier does."""
        for each in alerts:
            await self.client.xadd(self.names.alerts, {"alert": each.to_json()})

    async def consumes(self) -> None:
        """Route everything on the stream."""
        while not await self.consumer.turn():
            if await self.client.xlen(self.names.alerts) == 0:
                return
            summary: Any = await self.client.xinfo_groups(self.names.alerts)
            if summary and not summary[0]["pending"] and await self._nothing_new(summary[0]):
                return

    async def _nothing_new(self, group: dict[str, Any]) -> bool:
        rest: Any = await self.client.xrange(self.names.alerts, f"({group['last-delivered-id']}")
        return not rest

    async def sends(self, stop: asyncio.Event | None = None) -> None:
        """Visit every lane that is due now, once."""
        well, failing = await self.journal.lanes_due(self.clock.now(), Room(1000, 1000))
        for id_ in (*well, *failing):
            await self.lanes._serve(id_, stop or asyncio.Event())

    async def works(self) -> None:
        """Route everything, then visit every lane that is due."""
        await self.consumes()
        await self.sends()

    async def deliveries(self) -> dict[str, Delivery]:
        """Every delivery by its alert's id (with its subscription's, where several have it)."""
        keys: Any = await self.client.keys(self.names.delivery("*"))
        raws: Any = await self.client.mget(keys) if keys else []
        found = [Delivery.from_json(raw) for raw in raws]
        several = len({each.subscription_id for each in found}) > 1
        return {
            f"{each.alert_id}/{each.subscription_id}" if several else each.alert_id: each for each in found
        }

    async def subscribes(self, to: Endpoint, filter_text: str = "", *, slack: bool = False) -> Subscription:
        """Subscribe an endpoint, from long before anything rings."""
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        if slack:
            made = new_slack(
                to.url, settings=self.settings, vault=self.vault, now=long_ago, filter_text=filter_text
            )
        else:
            made, secret = new_webhook(
                to.url, settings=self.settings, vault=self.vault, now=long_ago, filter_text=filter_text
            )
            to.secrets = (secret,)
        await self.client.hset(self.names.subscriptions, made.id, made.to_json())
        return made

    async def subscription(self, id_: str) -> Subscription:
        raw: Any = await self.client.hget(self.names.subscriptions, id_)
        return Subscription.from_json(raw)


@asynccontextmanager
async def notifier(
    settings: Settings, clock: Clock | None = None, consumer: str = "one"
) -> AsyncIterator[Notifier]:
    policy = guard.hook_policy(settings)
    assert settings.redis_url is not None
    async with (
        connect_async(settings.redis_url) as client,
        guard.session(
            policy, timeout=settings.delivery_timeout, user_agent="Tocsin/test", connections=CONNECTIONS
        ) as http,
    ):
        poster = Poster(http, policy, settings.delivery_timeout)
        yield Notifier(client, settings, poster, clock or SystemClock(), consumer)
