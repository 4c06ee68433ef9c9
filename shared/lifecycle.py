"""The life of an asyncio service: set up, serve until told to stop, drain, leave with an honest exit code."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable

from shared import log, settings
from shared.embedded import resolve_url
from shared.errors import TocsinError
from shared.settings import Settings

Serve = Callable[[Settings, str, asyncio.Event], Awaitable[None]]
"""``async def serve(settings, redis_url, stop)``: works until ``stop`` is set, then drains and returns."""


def run(service: str, serve: Serve) -> int:
    """Run one service to its end and return its exit code: 0 after a clean drain, else 1 and one clear line.

    SIGTERM or Ctrl-C sets ``stop``; a second one cancels the drain.
    """
    try:
        config = settings.load()
        log.set_up(service, level=config.log_level, form=config.log_format)
        asyncio.run(_until_stopped(serve, config, resolve_url(config)))
    except TocsinError as exc:
        return _told(service, exc)
    except BaseExceptionGroup as group:
        known, unknown = group.split(TocsinError)
        if known is None or unknown is not None:
            raise
        return _told(service, _first(known))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 1
    return 0


async def _until_stopped(serve: Serve, config: Settings, redis_url: str) -> None:
    stop = asyncio.Event()
    work = asyncio.ensure_future(serve(config, redis_url, stop))

    def asked_to_stop() -> None:
        if stop.is_set():
            work.cancel()
        stop.set()

    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, asked_to_stop)
    await work


def _told(service: str, error: BaseException) -> int:
    print(f"tocsin {service}: {log.mask(str(error))}", file=sys.stderr)
    return 1


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
