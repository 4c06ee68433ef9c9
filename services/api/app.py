"""The routes, and nothing else: each asks one function and returns its answer."""

import asyncio
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse, Response

from services.api import alerts, metrics, problems
from services.api.access import allow
from services.api.envelope import Envelope
from services.api.readiness import SERVICES, Part, judge
from shared import filters, heartbeat, store, system_events
from shared.errors import StoreUnavailable
from shared.keys import ApiKey, Scope
from shared.settings import Settings

if TYPE_CHECKING:
    import redis
    import redis.asyncio

MOST = 500


def build(settings: Settings, client: "redis.asyncio.Redis", threads_client: "redis.Redis") -> FastAPI:
    """The application on an open Redis; ``threads_client`` serves what is read in a thread."""
    app = FastAPI(
        title="Tocsin",
        version=metadata.version("tocsin"),
        description="Coded escalation alerts from the world's news.",
        # Its pages would load scripts from somebody else's host.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Envelope)
    problems.install(app)
    names = settings.names
    reader = allow(client, names, Scope.READ)

    @app.get("/healthz", tags=["health"], summary="The process is alive")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", tags=["health"], summary="Every part of the house works, or which does not")
    async def readyz(request: Request) -> JSONResponse:
        parts = await asyncio.to_thread(_look_around, settings, threads_client)
        listed = {part.name: {"ready": part.ready, "word": part.word} for part in parts}
        if all(part.ready for part in parts):
            degraded = await asyncio.to_thread(_amiss, settings, threads_client)
            return JSONResponse({"status": "ready", "parts": listed, "degraded": degraded})
        unready = "; ".join(f"{part.name}: {part.word}" for part in parts if not part.ready)
        return problems.respond(request, 503, unready, {"Retry-After": "5"}, parts=listed)

    @app.get("/metrics", tags=["health"], summary="Metrics in Prometheus' text format")
    async def show_metrics() -> Response:
        page = await asyncio.to_thread(metrics.page, threads_client, settings, datetime.now(UTC))
        return Response(page, headers={"content-type": metrics.CONTENT_TYPE})

    @app.get("/v1/alerts", tags=["alerts"], summary="Alerts in the order in which they rang")
    async def list_alerts(
        _key: Annotated[ApiKey, Depends(reader)],
        wanted: Annotated[
            str,
            Query(
                alias="filter",
                max_length=filters.MAX_LENGTH,
                examples=['severity>=Severe,country=~"IRQ|SYR"'],
            ),
        ] = "",
        after: Annotated[
            str | None, Query(description="The `next` of the page before", max_length=40)
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    ) -> alerts.Page:
        return await alerts.page(client, names, filters.parse(wanted), after, limit)

    return app


def _amiss(settings: Settings, client: "redis.Redis") -> list[dict[str, str]]:
    """What is amiss with the whole house; no endpoint is named, as anybody may ask."""
    standing = system_events.standing(client, settings.names)
    return [
        {"trouble": str(each.trouble), "since": each.since.isoformat(), "says": each.says, "do": each.do}
        for each in standing
        if each.of_house
    ]


def _look_around(settings: Settings, client: "redis.Redis") -> tuple[Part, ...]:
    now = datetime.now(UTC)
    beats: dict[str, datetime] = {}
    fault: str | None = None
    try:
        with store.guarded("writing a test key"):
            client.set(settings.names.heartbeat("redis", "probe"), now.isoformat(), ex=heartbeat.EXPIRES)
        for service in SERVICES:
            if alive := heartbeat.alive(client, settings.names, service):
                beats[service] = max(alive.values())
    except StoreUnavailable as exc:
        fault = str(exc)
    return judge(fault, beats, now)
