"""``tocsin health SERVICE``: one line and an exit code, for container health checks and for people.

A process that runs may still be deaf, so each check sees the service do something: answer a request, renew
its heartbeat, or (a worker) take a canary off the queue and write down its token. ``house`` is all of it as
the notifier's watch sees it, in the words of its ``system.degraded`` events.
"""

import http.client
import secrets
import socket
import sys
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import redis
import typer

from shared import heartbeat, names, settings, store, system_events
from shared.embedded import resolve_url
from shared.errors import StoreUnavailable, TocsinError, TryLater
from shared.printable import one_line
from shared.settings import Settings

_GLANCE = 0.1


class Part(StrEnum):
    """What can be asked after."""

    POLLER = "poller"
    WORKER = "worker"
    NOTIFIER = "notifier"
    API = "api"
    REDIS = "redis"
    HOUSE = "house"


def health(
    service: Annotated[
        Part, typer.Argument(metavar="|".join(Part), help="Which part of the house", show_default=False)
    ],
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Time that an answer may take")
    ] = 10.0,
    anywhere: Annotated[
        bool, typer.Option("--anywhere", help="Be content with one on any machine, not only here")
    ] = False,
) -> None:
    """Say whether a service is well.

    One line, and exit code 0 if it is, else 1.
    """
    config = settings.load()
    try:
        print(_look(config, service, timeout, anywhere))
    except TocsinError as exc:
        print(f"{service} is unwell: {exc}", file=sys.stderr)
        raise typer.Exit(1) from exc


def _look(config: Settings, part: Part, timeout: float, anywhere: bool) -> str:
    if part is Part.API:
        return ask_api(config.api_host, config.api_port, timeout)
    url = resolve_url(config)
    with store.connect(url) as client:
        if part is Part.REDIS:
            return ask_redis(client, config.names)
        if part is Part.HOUSE:
            return ask_house(client, config.names)
        beats = heartbeat.alive(client, config.names, part)
        if not anywhere:
            beats = {who: when for who, when in beats.items() if is_here(who, socket.gethostname())}
        if not beats:
            raise TryLater(
                f"no heartbeat within {heartbeat.EXPIRES} s; read its log, or start it: `tocsin {part}`"
            )
        if part is Part.WORKER:
            return ask_worker(config, url, client, sorted(beats), timeout)
        freshest = max(beats.values())
        return f"{part} is well: heartbeat {(datetime.now(UTC) - freshest).total_seconds():.0f} s ago"


def is_here(instance: str, host: str) -> bool:
    """Whether a heartbeat's instance (``host-pid``, or a worker's ``name@host``) is of this host."""
    return instance.rpartition("-")[0] == host or instance.rpartition("@")[2] == host


def ask_redis(client: "redis.Redis", keys: names.Names) -> str:
    """One line when Redis takes writes; raises ``StoreUnavailable`` with what to do."""
    with store.guarded("writing a test key"):
        client.set(keys.heartbeat("redis", "probe"), datetime.now(UTC).isoformat(), ex=heartbeat.EXPIRES)
    return "redis is well: it answers and takes writes"


def ask_house(client: "redis.Redis", keys: names.Names) -> str:
    """One line when a notifier watches and nothing is amiss; raises ``TryLater`` that names what is."""
    if not system_events.watched(client, keys):
        raise TryLater("nobody watches it; read the notifier's log, or start one: `tocsin notifier`")
    if amiss := system_events.standing(client, keys):
        raise TryLater(" ".join(one_line(f"{each.says} {each.do}") for each in amiss))
    return "house is well: a notifier watches, and nothing is amiss"


def ask_api(host: str, port: int, timeout: float) -> str:
    """One line when the api answers on its port; raises ``TryLater``."""
    # An api that listens on every address is asked on this machine's own.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as exc:
        raise TryLater(
            f"no answer on {host}:{port} ({exc}); read its log, or start it: `tocsin api`"
        ) from exc
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        raise TryLater(f"/healthz on {host}:{port} answered {status}; is another program on that port?")
    return f"api is well: it answers on {host}:{port}"


def ask_worker(config: Settings, url: str, client: "redis.Redis", workers: list[str], timeout: float) -> str:
    """One line when one of ``workers`` takes a canary off its own queue; raises ``TryLater``."""
    # Imported late: Celery takes half a second that the other checks need not pay.
    from celery.utils.nodenames import worker_direct
    from kombu.exceptions import OperationalError

    from shared.queue import application

    app = application(config, url)
    token = f"canary-{secrets.token_hex(8)}"
    try:
        for worker in workers:
            # Celery takes the queue itself, and then declares it; its type stubs know only the name.
            own: Any = worker_direct(worker)
            app.send_task(names.CANARY, args=[token], queue=own, expires=timeout, retry=False)
    except (OperationalError, redis.RedisError, OSError) as exc:
        raise StoreUnavailable(
            f"could not send a canary: {exc}; is Redis well? `tocsin health redis`"
        ) from exc
    key = config.names.heartbeat(Part.WORKER, token)
    begun = time.monotonic()
    while time.monotonic() - begun < timeout:
        with store.guarded("waiting for the canary"):
            if client.exists(key):
                client.delete(key)
                return f"worker is well: it took a canary within {time.monotonic() - begun:.1f} s"
        time.sleep(_GLANCE)
    raise TryLater(
        f"{', '.join(workers)} took no canary within {timeout:.0f} s: it is busy with long batches, or deaf; "
        "restart it if its log is silent"
    )
