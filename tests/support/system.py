"""The whole system as real processes, between a feed server and a webhook receiver, on its own Redis."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from standardwebhooks import Webhook

from shared import feeds, store
from shared.contracts import Alert, DeadLetter, Delivery
from shared.embedded import Server
from shared.settings import Settings
from shared.subscriptions import Register, new_webhook
from shared.vault import open_vault

DEADLINE = 60.0
"""Seconds within which anything awaited must come true; far above what it takes."""


def wait_until(what: Callable[[], Any], say: str, *, deadline: float = DEADLINE) -> Any:
    """Ask again until ``what()`` is true and return it; fail with ``say`` at the deadline."""
    end = time.monotonic() + deadline
    while True:
        if answer := what():
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline:.0f} s: {say}")
        time.sleep(0.05)


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Tests speak for themselves."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _serving(handler: type[_Quiet]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class FeedServer:
    """Serves RSS feeds that tests fill: ``publishes(path, title, summary)``."""

    def __init__(self) -> None:
        self.url = ""
        self._items: dict[str, list[str]] = {}

    def publishes(self, path: str, title: str, summary: str = "", at: datetime | None = None) -> None:
        items = self._items.setdefault(path, [])
        moment = format_datetime(at or datetime.now(UTC))
        link = f"https://{path.strip('/')}.example/story/{len(items)}"
        items.insert(
            0,
            f"<item><title>{escape(title)}</title><link>{link}</link><guid>{link}</guid>"
            f"<description>{escape(summary)}</description><pubDate>{moment}</pubDate></item>",
        )

    def body(self, path: str) -> bytes:
        head = f"<title>{path}</title><link>https://{path.strip('/')}.example/</link>"
        items = "".join(self._items.get(path, []))
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    served = FeedServer()

    class Handler(_Quiet):
        def do_GET(self) -> None:
            body = served.body(self.path)
            etag = f'"{len(body)}"'
            if self.headers.get("If-None-Match") == etag:
                self.answer(304, b"", ETag=etag)
            else:
                self.answer(200, body, ETag=etag, Content_Type="application/rss+xml")

    with _serving(Handler) as url:
        served.url = url
        yield served


class Receiver:
    """A webhook receiver that believes only verified signatures; answers ``status``."""

    def __init__(self) -> None:
        self.url, self.secret, self.status = "", "", 200
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []

    def ids(self) -> list[str]:
        return [message_id for message_id, _ in self.received]

    def told(self) -> list[tuple[str, str]]:
        """Type and headline of each message, repeats under one id left out."""
        seen = dict(reversed(self.received))
        return [(body["type"], body["data"]["headline"]) for body in reversed(list(seen.values()))]


@contextmanager
def receiver() -> Iterator[Receiver]:
    heard = Receiver()

    class Handler(_Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if heard.status == 200:
                try:
                    Webhook(heard.secret).verify(body, dict(self.headers.items()))
                    heard.received.append((self.headers["webhook-id"], json.loads(body)))
                except Exception as exc:  # whatever is wrong with it, the test shall see it
                    heard.refused.append(f"{type(exc).__name__}: {exc}")
            self.answer(heard.status, b"ok")

    with _serving(Handler) as url:
        heard.url = url
        yield heard


class System:
    """One installation: ``start`` and ``kill`` its services, look into its Redis."""

    def __init__(self, directory: Path, redis: Server, environment: dict[str, str]) -> None:
        self.directory, self.redis = directory, redis
        self.environment = {**environment, "TOCSIN_REDIS_URL": redis.url}
        self.settings = Settings(
            _env_file=None, **{k.removeprefix("TOCSIN_").lower(): v for k, v in self.environment.items()}
        )
        self.names = self.settings.names
        self.client: Any = store.connect(redis.url)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    # ---- services -------------------------------------------------------------------------------

    def start(self, *services: str, fault: str | None = None) -> None:
        """Start services as processes of their own; ``fault`` is one of ``tests.support.faults``."""
        for service in services:
            command = [
                sys.executable,
                "-m",
                "tests.support.faults",
                service,
                fault or "none",
                str(self.directory),
            ]
            with (self.directory / f"{service}.log").open("ab") as log:
                self._running[service] = subprocess.Popen(
                    command,
                    env={**_plain_environment(), **self.environment},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def kill(self, service: str) -> None:
        """``kill -9`` of the service and all its children."""
        process = self._running.pop(service)
        _kill_group(process.pid)
        process.wait(10)

    def waits_for_death(self, service: str) -> None:
        """Wait until the service has been killed by its fault."""
        process = self._running[service]
        self.waits_until(lambda: process.poll() is not None, f"{service} dies of its fault")
        # Only now: if it does not die, the end of the test must find it and end it.
        del self._running[service]
        _kill_group(process.pid)

    def stop(self) -> None:
        for service in list(self._running):
            self.kill(service)
        self.client.close()

    def logs(self) -> str:
        """The last words of every service, for the message of a test that fails."""
        paths = sorted(self.directory.glob("*.log"))
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in paths)

    def waits_until(self, what: Callable[[], Any], say: str) -> Any:
        """``wait_until`` whose failure shows what every service said last."""
        try:
            return wait_until(what, say)
        except AssertionError as exc:
            raise AssertionError(f"{exc}\n{self.logs()}") from exc

    # ---- what a user sets up --------------------------------------------------------------------

    def polls(self, *urls: str) -> None:
        for url in urls:
            feeds.add(self.client, self.settings, url, now=datetime.now(UTC))

    def tells(self, heard: Receiver, filter: str = "") -> None:
        subscription, heard.secret = new_webhook(
            heard.url + "/hook",
            settings=self.settings,
            vault=open_vault(self.settings),
            now=datetime.now(UTC),
            filter_text=filter,
        )
        Register(self.client, self.names).add(subscription)

    # ---- what came of it ------------------------------------------------------------------------

    def alerts(self) -> list[Alert]:
        return [Alert.from_json(fields["alert"]) for _, fields in self.client.xrange(self.names.alerts)]

    def considered(self) -> int:
        return sum(int(count) for count in self.client.hvals(self.names.considered))

    def pending(self) -> int:
        return int(self.client.zcard(self.names.pending))

    def dead(self) -> list[DeadLetter]:
        return [DeadLetter.from_json(raw) for raw in self.client.hvals(self.names.dead)]

    def deliveries(self) -> list[Delivery]:
        keys = self.client.keys(self.names.delivery("*"))
        return [Delivery.from_json(raw) for raw in self.client.mget(keys)] if keys else []


@contextmanager
def system() -> Iterator[System]:
    """A fresh installation in a short directory (unix socket paths end at about 108 bytes)."""
    directory = Path(tempfile.mkdtemp(prefix="tocsin-e2e-"))
    environment = {
        "TOCSIN_DATA_DIR": str(directory),
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_LOG_FORMAT": "json",
        "TOCSIN_POLL_INTERVAL": "1",
        "TOCSIN_SWEEP_AFTER": "2",
        # A killed poller's lease on its feeds ends after twice this and half a minute.
        "TOCSIN_FETCH_TIMEOUT": "2",
        "TOCSIN_TASK_TIME_LIMIT": "20",
        "TOCSIN_WORKER_CONCURRENCY": "2",
        "TOCSIN_RETRY_SCHEDULE": "0.2,0.2,0.5,0.5,1,1,1,1,1",
    }
    try:
        with Server(Settings(_env_file=None, data_dir=directory)) as redis:
            running = System(directory, redis, environment)
            try:
                yield running
            finally:
                running.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
