"""``tocsin poller``, ``tocsin notifier`` and ``tocsin api``: one asyncio service in this process.

Each may run any number of times, on any machine that reaches the same Redis.
"""

from importlib import import_module

import typer

from shared import lifecycle


def poller() -> None:
    """Fetch the feeds and enqueue their articles, until stopped.

    Needs a Redis: TOCSIN_REDIS_URL, or a `tocsin up` that runs with the same data directory.
    """
    _run("poller")


def notifier() -> None:
    """Send alerts to webhooks and Slack, until stopped.

    Needs a Redis: TOCSIN_REDIS_URL, or a `tocsin up` that runs with the same data directory.
    """
    _run("notifier")


def api() -> None:
    """Serve the REST interface, health and metrics on TOCSIN_API_HOST and TOCSIN_API_PORT, until stopped.

    Needs a Redis: TOCSIN_REDIS_URL, or a `tocsin up` that runs with the same data directory.
    """
    _run("api")


def _run(service: str) -> None:
    serve: lifecycle.Serve = import_module(f"services.{service}.service").serve
    raise typer.Exit(lifecycle.run(service, serve))
