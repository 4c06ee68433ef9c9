"""The api's process: a uvicorn server that starts and stops by the house's rules."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn

from services.api.app import build
from shared import heartbeat, log, store
from shared.errors import BadSetting
from shared.settings import Settings

if TYPE_CHECKING:
    import redis.asyncio

DRAIN_WITHIN = 10
"""Seconds that requests under way get to finish."""

_log = log.get(__name__)


class _Server(uvicorn.Server):
    """A server that leaves the signals to ``shared.lifecycle`` and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self.listening.set()


async def serve(settings: Settings, redis_url: str, stop: asyncio.Event) -> None:
    """Serve on the configured address until ``stop`` is set; raises ``BadSetting`` when it can't be had."""
    async with store.connect_async(redis_url) as client:
        with store.connect(redis_url) as threads_client:
            server = _Server(
                uvicorn.Config(
                    build(settings, client, threads_client),
                    host=settings.api_host,
                    port=settings.api_port,
                    log_config=None,
                    log_level="warning",
                    access_log=False,
                    server_header=False,
                    timeout_graceful_shutdown=DRAIN_WITHIN,
                )
            )
            beside = asyncio.create_task(_beat_and_stop(server, client, settings, stop))
            try:
                await server.serve()
            except SystemExit as exc:  # uvicorn's way to say that it could not listen
                raise BadSetting(
                    f"The api can't listen on {settings.api_host}:{settings.api_port}: stop what uses it, "
                    "or set TOCSIN_API_PORT to another port"
                ) from exc
            finally:
                stop.set()
                if not server.listening.is_set():
                    beside.cancel()
                await asyncio.wait({beside})
            _log.info("api stopped")


async def _beat_and_stop(
    server: _Server, client: "redis.asyncio.Redis", settings: Settings, stop: asyncio.Event
) -> None:
    """Show a heartbeat once the server listens, and tell it when to leave."""
    await server.listening.wait()
    _log.info("api started", host=settings.api_host, port=settings.api_port)
    beating = asyncio.create_task(heartbeat.beat(client, settings.names, "api", heartbeat.instance(), stop))
    await stop.wait()
    server.should_exit = True
    await beating
