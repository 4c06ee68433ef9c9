"""The contestants of ``bench_notifier``: Tocsin's notifier, and Debian's Alertmanager where it is at hand.

Each is a process of its own that tells the endpoints of a ``Receiver``; both are given alerts by ``ring``.
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.contracts import Alert
from shared.embedded import Server
from shared.settings import Settings
from shared.store import connect
from shared.subscriptions import Register, new_webhook
from shared.vault import open_vault
from tests.support.notifier import alert

ALERTMANAGER = "prometheus-alertmanager"
_READY_WITHIN = 30.0


class Sender(ABC):
    """Something that tells endpoints. ``secrets``: what it signs with, one an endpoint; none: it does not."""

    secrets: tuple[str, ...] = ()

    @abstractmethod
    def ring(self, numbers: Sequence[int]) -> None:
        """Give it an alert for each number, all at once."""

    @abstractmethod
    def close(self) -> None:
        """End it."""

    @property
    @abstractmethod
    def pid(self) -> int: ...

    def most_memory(self) -> float:
        """The most megabytes that its process has held."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


def headline(number: int) -> str:
    """Says when it was rung, for the receiver to tell how old it is."""
    return f"Drones hit Port Ander {number}, sent-at {time.time():.6f}"


class Tocsin(Sender):
    """The notifier as ``tocsin notifier`` runs it, on a Redis of its own."""

    def __init__(self, ports: Sequence[int], folder: Path) -> None:
        self._server = Server(Settings(_env_file=None, redis_url=None, data_dir=folder))
        self._server.__enter__()
        env = {
            "TOCSIN_REDIS_URL": self._server.url,
            "TOCSIN_DATA_DIR": str(folder),
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_LOG_LEVEL": "ERROR",
        }
        settings = Settings(
            _env_file=None,
            redis_url=self._server.url,
            data_dir=folder,
            allow_networks="127.0.0.0/8",  # type: ignore[arg-type]
        )
        self._names = settings.names
        self._connection = connect(self._server.url)
        self._client = self._connection.__enter__()
        vault, register = open_vault(settings), Register(self._client, self._names)
        secrets = []
        for port in ports:
            made, secret = new_webhook(
                f"http://127.0.0.1:{port}/hook", settings=settings, vault=vault, now=datetime.now(UTC)
            )
            register.add(made)
            secrets.append(secret)
        self.secrets = tuple(secrets)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.notifier"], env={**os.environ, **env}
        )
        _wait(lambda: self._client.keys(self._names.heartbeat("notifier", "*")), "the notifier")

    @property
    def pid(self) -> int:
        return self._process.pid

    def ring(self, numbers: Sequence[int]) -> None:
        with self._client.pipeline(transaction=False) as pipe:
            for number in numbers:
                rung: Alert = alert(incident=f"inc_{number:016x}", headline=headline(number))
                pipe.xadd(self._names.alerts, {"alert": rung.to_json()})
            pipe.execute()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.__exit__(None, None, None)
        self._server.__exit__(None, None, None)


class Alertmanager(Sender):
    """Debian's Alertmanager: every alert to every endpoint, each in a group of its own, with no wait."""

    def __init__(self, program: str, ports: Sequence[int], folder: Path) -> None:
        receivers = [
            {
                "name": f"r{port}",
                "webhook_configs": [{"url": f"http://127.0.0.1:{port}/hook", "send_resolved": False}],
            }
            for port in ports
        ]
        routes = [{"receiver": f"r{port}", "continue": True} for port in ports]
        route: dict[str, Any] = {
            "receiver": f"r{ports[0]}",
            "group_by": ["..."],
            "group_wait": "0s",
            "group_interval": "1m",
            "repeat_interval": "1h",
            "routes": routes,
        }
        config = folder / "alertmanager.json"  # JSON is YAML
        config.write_text(json.dumps({"route": route, "receivers": receivers}), encoding="utf-8")
        port = _free_port()
        self._address = f"127.0.0.1:{port}"
        command = [program, f"--config.file={config}", f"--storage.path={folder / 'am'}"]
        command += [
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        ]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _wait(self._ready, ALERTMANAGER)

    @property
    def pid(self) -> int:
        return self._process.pid

    def _ready(self) -> bool:
        try:
            return self._asks("GET", "/-/ready") == 200
        except OSError:
            return False

    def _asks(self, method: str, path: str, body: bytes = b"") -> int:
        asking = http.client.HTTPConnection(self._address, timeout=60)
        try:
            asking.request(method, path, body, {"Content-Type": "application/json"})
            return asking.getresponse().status
        finally:
            asking.close()

    def ring(self, numbers: Sequence[int]) -> None:
        told = [
            {
                "labels": {"alertname": f"inc_{number:016x}"},
                "annotations": {"summary": headline(number), "alert": alert().to_json()},
            }
            for number in numbers
        ]
        status = self._asks("POST", "/api/v2/alerts", json.dumps(told).encode())
        if status != 200:
            raise RuntimeError(f"{ALERTMANAGER} answered {status} to its alerts")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def alertmanager() -> str | None:
    """The program, from ``BENCH_ALERTMANAGER`` or the path; None where it is not at hand."""
    return os.environ.get("BENCH_ALERTMANAGER") or shutil.which(ALERTMANAGER)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(ready: Callable[[], object], who: str) -> None:
    until = time.monotonic() + _READY_WITHIN
    while not ready():
        if time.monotonic() > until:
            raise RuntimeError(f"{who} was not ready within {_READY_WITHIN:g} s")
        time.sleep(0.05)
