"""``tocsin worker``: becomes a Celery worker with the options of the house."""

import os
import sys
from typing import Annotated

import typer

from shared import names, settings
from shared.embedded import resolve_url


def command(*, name: str, concurrency: int, log_level: str) -> list[str]:
    """The Celery command line of one worker called ``name`` (unique on its host).

    Gossip and mingle are off: workers need not know each other, and both make start-up and a Redis
    outage costlier. So are Celery's own heartbeats; ours is a key in Redis. ``-P``, and our own way into
    Celery, keep it from taking a `services` or a `celery.py` in the current directory for the real one.
    """
    return [
        *(sys.executable, "-P", "-m", "services.classifier"),
        *("--quiet", "-A", "services.classifier.app", "worker"),
        *("-Q", names.ARTICLES_QUEUE, "-n", f"{name}@%h"),
        *("--pool=prefork", f"--concurrency={concurrency}", f"--loglevel={log_level}"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def worker(
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Processes that consider articles; by default TOCSIN_WORKER_CONCURRENCY, 2",
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="WORD", help="Name of this worker, unique on this host; by default its process id"
        ),
    ] = None,
) -> None:
    """Consider articles and ring alerts, until stopped.

    Needs a Redis: TOCSIN_REDIS_URL, or a `tocsin up` that runs with the same data directory. The same as
    `celery -A services.classifier.app worker -Q tocsin.articles` with settings that were measured to hold.
    """
    config = settings.load()
    os.environ["TOCSIN_REDIS_URL"] = resolve_url(config)  # fails here with a clear line, not inside Celery
    line = command(
        name=name or f"worker-{os.getpid()}",
        concurrency=concurrency or config.worker_concurrency,
        log_level=config.log_level,
    )
    os.execv(line[0], line)  # noqa: S606  (our own interpreter and options)
