"""``tocsin up``: the whole house under one roof, for one machine.

Starts a private Redis (or uses TOCSIN_REDIS_URL), the poller, a Celery worker, the notifier and the api;
says when all of them have shown a sign of life; restarts what ends or falls silent.
"""

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from services.cli.health import ask_redis
from services.cli.house import first
from services.cli.house.household import household
from services.cli.house.output import Board
from services.cli.house.supervisor import SELF, Supervisor
from shared import embedded, heartbeat, outlets, settings, store
from shared.errors import BadSetting, StoreUnavailable, TocsinError
from shared.names import SERVICES
from shared.printable import one_line
from shared.settings import Settings
from shared.vault import open_vault

Greeting = Callable[[Settings, str, int], Iterable[str]]
"""What to say when everyone is there: settings, Redis' URL and the api's port in, lines out."""
DRAIN = (*SERVICES, "redis")
"""What feeds the others stops first, so that each finds its work finished and its Redis there."""
SILENT_AFTER = timedelta(seconds=120)
"""Twice the life of a heartbeat: long enough for a start, or for Redis to be restarted."""


def up(
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Processes that consider articles; by default TOCSIN_WORKER_CONCURRENCY, 2",
        ),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Play a minute of invented news instead, apart from your data.")
    ] = False,
) -> None:
    """Start everything on this machine and keep it running; Ctrl-C stops it cleanly, twice kills it.

    Without TOCSIN_REDIS_URL it starts a private Redis, whose data stays in TOCSIN_DATA_DIR.
    """
    if demo:
        # Here, not above: it brings receivers and a sample that nobody needs in earnest.
        from services.cli.demo.show import demo as play

        play(Console(), first.place(os.environ))
        return
    config = settings.load()
    if concurrency is not None:
        config = config.model_copy(update={"worker_concurrency": concurrency})
    asyncio.run(_up(config))


async def _up(config: Settings) -> None:
    server = None if config.redis_url else embedded.Server(config)
    try:
        port = free_port(config.api_host, config.api_port)
    except BadSetting as exc:
        if server is not None and embedded.answers(config):
            raise BadSetting(
                f"Tocsin runs already with its data in {config.data_dir}: stop that one first, or set both "
                "TOCSIN_DATA_DIR and TOCSIN_API_PORT for a second"
            ) from exc
        raise
    # A list of outlets that can't be read, or a key that can't seal, is told now, not by a service that ends
    # again and again.
    outlets.load(config.outlets)
    open_vault(config)
    url = config.redis_url or embedded.url(config)
    board = Board([SELF, "redis", *SERVICES])
    supervisor = Supervisor(household(config, server, url, port), board, drain=DRAIN)
    attendant = asyncio.create_task(_attend(supervisor, config, url, port))
    try:
        if config.redis_url:
            await asyncio.to_thread(_check_redis, config, url)
        await supervisor.run()
    finally:
        attendant.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await attendant
        if server is not None:
            server.stop()


def free_port(host: str, port: int) -> int:
    """The port, once it is known to be free (another one for 0); raises ``BadSetting``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
            return int(probe.getsockname()[1])
    except OSError as exc:
        if exc.errno in (errno.EADDRINUSE, errno.EACCES):
            raise BadSetting(
                f"The api can't listen on {host}:{port} ({exc.strerror}): stop what uses it, "
                f"or set TOCSIN_API_PORT to another port, for example TOCSIN_API_PORT={port + 1 or 8600}"
            ) from exc
        raise BadSetting(
            f"The api can't listen on {host!r} ({exc.strerror}): set TOCSIN_API_HOST to an address "
            "of this machine, for example TOCSIN_API_HOST=127.0.0.1"
        ) from exc


def _check_redis(config: Settings, url: str) -> None:
    with store.connect(url) as client:
        ask_redis(client, config.names)


async def _attend(
    supervisor: Supervisor, config: Settings, url: str, port: int, *, greet: Greeting = first.welcome
) -> None:
    """Say when everyone has shown a sign of life, and replace who shows none any more.

    A look that fails is told, once for each way of failing, and the next one is taken all the same.
    """
    started = datetime.now(UTC)
    welcomed, trouble = False, ""
    while not supervisor.stopping.is_set():
        try:
            beats = await asyncio.to_thread(_signs_of_life, config, url)
            if beats is not None:
                if not welcomed and all(beats.get(service, started) > started for service in SERVICES):
                    welcomed = True
                    for line in await _greeting(greet, config, url, port):
                        supervisor.say(line)
                for service in fallen_silent(supervisor.running_since, beats, datetime.now(UTC)):
                    supervisor.replace(service, f"has shown no sign of life for {SILENT_AFTER.seconds} s")
        except Exception as exc:  # whatever it is, who falls silent later must still be seen
            if trouble != (trouble := _in_words(exc)):
                supervisor.say(f"could not look after the services ({trouble}): see `tocsin doctor`")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(supervisor.stopping.wait(), heartbeat.EVERY if welcomed else 0.2)


async def _greeting(greet: Greeting, config: Settings, url: str, port: int) -> list[str]:
    try:
        return await asyncio.to_thread(lambda: list(greet(config, url, port)))
    except Exception as exc:  # everyone is there: that much is true, and has to be said
        return [f"Tocsin is ready; the rest could not be told ({_in_words(exc)}): see `tocsin doctor`"]


def _in_words(exc: Exception) -> str:
    return one_line(str(exc) if isinstance(exc, TocsinError) else f"{type(exc).__name__}: {exc}")


def _signs_of_life(config: Settings, url: str) -> Mapping[str, datetime] | None:
    """When each service last showed one; None while Redis does not answer, as then nobody can."""
    found: dict[str, datetime] = {}
    try:
        with store.connect(url) as client:
            for service in SERVICES:
                beats = heartbeat.alive(client, config.names, service)
                if beats:
                    found[service] = max(beats.values())
    except StoreUnavailable:
        return None
    return found


def fallen_silent(
    running_since: Mapping[str, datetime], beats: Mapping[str, datetime], now: datetime
) -> list[str]:
    """The services whose process runs but whose last sign of life is too long ago."""
    return [
        service
        for service, since in running_since.items()
        if service in SERVICES and now - max(since, beats.get(service, since)) > SILENT_AFTER
    ]
