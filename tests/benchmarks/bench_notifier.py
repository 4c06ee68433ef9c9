"""How fast the bell is heard: a thousand alerts to twenty endpoints, two of which hang, beside Alertmanager.

The notifier, Redis and the receiver are processes of their own on loopback; the receiver checks each
signature with the reference library. Ours writes every delivery down before it sends it and after;
Alertmanager keeps nothing and signs nothing; the floor posts the same signed bodies from memory. They take
turns, and medians count. Then alerts ring at a steady 20 a second, with all endpoints well and with two that
hang: the others must not feel it.

Alertmanager is looked for as ``prometheus-alertmanager``, or where ``BENCH_ALERTMANAGER`` says. Without it
the rest is measured, and what to do is said.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from services.notifier import message
from services.notifier.channels.webhook import signed
from shared import heartbeat
from shared.contracts import Alert
from shared.embedded import Server
from shared.settings import Settings
from shared.store import connect
from shared.subscriptions import new_webhook
from shared.vault import open_vault
from tests.benchmarks.measuring import Bar, Result
from tests.support.front import free_port
from tests.support.notifier import alert

ALERTS, ENDPOINTS, HUNG = 1_000, 20, (6, 13)
HEALTHY = ENDPOINTS - len(HUNG)
ROUNDS = 3
PACE, PACED = 20.0, 200
"""Alerts a second, and how many of them, where they ring steadily."""
WITHIN = 240.0
MEGABYTE = 1e6
FLOOR, OURS, PEER = "posts from memory, nothing kept", "notifier", "Alertmanager"
ABSENT = (
    "Alertmanager is not here, so it is not measured. To have Debian's for this alone: `apt-get download "
    "prometheus-alertmanager`, `dpkg-deb -x` it into a folder, and set "
    "BENCH_ALERTMANAGER=FOLDER/usr/bin/prometheus-alertmanager"
)


def bench() -> Result:
    peer = os.environ.get("BENCH_ALERTMANAGER") or shutil.which("prometheus-alertmanager")
    if peer is None:
        print(ABSENT, file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, receiver() as port:
        turns: dict[str, list[Turn]] = {OURS: [], FLOOR: []} | ({PEER: []} if peer else {})
        for number in range(ROUNDS):
            here = Path(folder) / str(number)
            here.mkdir()
            turns[FLOOR].append(asyncio.run(_from_memory(port)))
            turns[OURS].append(_ours(here, port))
            if peer:
                turns[PEER].append(_alertmanager(peer, here, port))
        paced: dict[str, list[Turn]] = {"none": [], "two": []}
        for number in range(ROUNDS):
            paced["none"].append(_ours(Path(folder) / f"well{number}", port, hung=(), paced=True))
            paced["two"].append(_ours(Path(folder) / f"hung{number}", port, paced=True))
    rates = {name: statistics.median(turn.rate for turn in found) for name, found in turns.items()}
    slow = {hung: statistics.median(turn.p99 for turn in found) for hung, found in paced.items()}
    ours, whole = turns[OURS], ALERTS * HEALTHY
    bars = {
        f"verified of {whole:,}": Bar(min(turn.verified for turn in ours), whole),
        "forged or repeated": Bar(max(turn.amiss for turn in ours), 0, ceiling=True),
        "MB that the notifier took at most": Bar(max(turn.rss for turn in ours), 200, ceiling=True),
        "p99 with two that hang / with none": Bar(slow["two"] / slow["none"], 2, ceiling=True),
    }
    if peer:
        bars[f"{OURS} / {PEER}"] = Bar(rates[OURS] / rates[PEER], 0.5)
    notes = {f"{name}: p99 s": statistics.median(turn.p99 for turn in found) for name, found in turns.items()}
    notes |= {f"paced, {hung} hang: p99 s": p99 for hung, p99 in slow.items()}
    if peer:
        notes[f"{PEER}: MB at most"] = max(turn.rss for turn in turns[PEER])
    return Result("deliveries", rates, FLOOR, bars, {said: round(value, 4) for said, value in notes.items()})


@dataclass(frozen=True)
class Turn:
    """What one turn of one contestant gave."""

    rate: float
    verified: int
    amiss: int
    p99: float
    rss: float = 0.0


# ---- the receiver -------------------------------------------------------------------------------


@contextmanager
def receiver() -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.notifier_receiver"]
    with _process(command, stdout=subprocess.PIPE, text=True) as running:
        yield int(running.stdout.readline())


def _begin(port: int, secrets: list[str], hung: tuple[int, ...]) -> None:
    _asked(f"http://127.0.0.1:{port}/begin", {"secrets": secrets, "hung": hung})


def _turn(port: int, begun: float, count: int, whose: Any = None) -> Turn:
    """What came, as soon as all that is awaited has; and how much memory ``whose`` process took."""
    came = _asked(f"http://127.0.0.1:{port}/wait?count={count}&within={WITHIN}")
    took = max(came["last"] - begun, 1e-9)
    return Turn(
        rate=came["verified"] / took,
        verified=came["verified"],
        amiss=came["forged"] + came["repeated"],
        p99=came["p99"] if came["verified"] == count else WITHIN,
        rss=_peak(whose) if whose else 0.0,
    )


# ---- contestants --------------------------------------------------------------------------------


def _ours(folder: Path, port: int, *, hung: tuple[int, ...] = HUNG, paced: bool = False) -> Turn:
    settings = Settings(_env_file=None, redis_url=None, data_dir=folder, allow_networks="127.0.0.0/8")
    names = settings.names
    with Server(settings) as server, connect(server.url) as client:
        secrets = []
        for number in range(ENDPOINTS):
            made, secret = new_webhook(
                f"http://127.0.0.1:{port}/hook/{number}",
                settings=settings,
                vault=open_vault(settings),
                now=datetime(2020, 1, 1, tzinfo=UTC),
            )
            client.hset(names.subscriptions, made.id, made.to_json())
            secrets.append(secret)
        _begin(port, secrets, hung)
        told = {
            "TOCSIN_REDIS_URL": server.url,
            "TOCSIN_DATA_DIR": str(folder),
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
            "TOCSIN_LOG_LEVEL": "ERROR",
        }
        with _process([sys.executable, "-m", "services.notifier"], env=os.environ | told) as notifier:
            _until(lambda: heartbeat.alive(client, names, "notifier"))
            count, begun = PACED if paced else ALERTS, time.time()
            with client.pipeline(transaction=False) as ringing:
                for number in range(count):
                    if paced:
                        time.sleep(max(begun + number / PACE - time.time(), 0.0))
                    ringing.xadd(names.alerts, {"alert": _alert(number).to_json()})
                    if paced:
                        ringing.execute()
                ringing.execute()
            return _turn(port, begun, count * (ENDPOINTS - len(hung)), notifier)


async def _from_memory(port: int) -> Turn:
    """The floor: signed and posted eight at a time to each endpoint, as the notifier does, and forgotten."""
    secrets = ["whsec_" + "QUJD" * 10 + f"{number:04d}" for number in range(ENDPOINTS)]
    _begin(port, secrets, HUNG)
    begun = time.time()
    bodies = [(f"msg_{number}", message.body(_alert(number)).encode()) for number in range(ALERTS)]

    async def lane(http: aiohttp.ClientSession, number: int, share: int) -> None:
        for id_, body in bodies[share::8]:
            headers = signed(id_, secrets[number : number + 1], body, datetime.now(UTC))
            async with http.post(
                f"http://127.0.0.1:{port}/hook/{number}", data=body, headers=headers
            ) as answer:
                await answer.read()

    connector = aiohttp.TCPConnector(limit=8 * ENDPOINTS)
    async with aiohttp.ClientSession(connector=connector) as http:
        healthy = [number for number in range(ENDPOINTS) if number not in HUNG]
        await asyncio.gather(*(lane(http, number, share) for number in healthy for share in range(8)))
    return await asyncio.to_thread(_turn, port, begun, ALERTS * HEALTHY)


def _alertmanager(binary: str, folder: Path, port: int) -> Turn:
    """The same alerts, each a group of its own, to the same endpoints, at once."""
    urls = [f"http://127.0.0.1:{port}/hook/{number}" for number in range(ENDPOINTS)]
    receivers = [
        {"name": str(number), "webhook_configs": [{"url": url, "send_resolved": False}]}
        for number, url in enumerate(urls)
    ]
    routes = [{"receiver": str(n), "continue": True} for n in range(ENDPOINTS)]
    route = {
        "receiver": "0",
        "group_by": ["..."],
        "group_wait": "0s",
        "group_interval": "1s",
        "routes": routes,
    }
    config = folder / "alertmanager.json"
    config.write_text(json.dumps({"route": route, "receivers": receivers}))
    _begin(port, [], HUNG)
    address = f"127.0.0.1:{free_port()}"
    command = [binary, f"--config.file={config}", f"--storage.path={folder / 'am'}", "--log.level=error"]
    command += [f"--web.listen-address={address}", "--cluster.listen-address="]
    with _process(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        _until(lambda: _answers(f"http://{address}/-/ready"))
        begun = time.time()
        at = datetime.now(UTC).isoformat()
        rung = [
            {"labels": {"alertname": str(n)}, "annotations": {"at": at, "alert": _alert(n).to_json()}}
            for n in range(ALERTS)
        ]
        _asked(f"http://{address}/api/v2/alerts", rung)
        return _turn(port, begun, ALERTS * HEALTHY, running)


def _alert(number: int) -> Alert:
    return alert(incident=f"inc_{number:016x}", at=datetime.now(UTC))


# ---- processes ----------------------------------------------------------------------------------


@contextmanager
def _process(command: list[str], **options: Any) -> Iterator[Any]:
    with subprocess.Popen(command, **options) as running:
        try:
            yield running
        finally:
            running.kill()


def _peak(running: Any) -> float:
    """Megabytes of memory that a process has had at most."""
    lines = Path(f"/proc/{running.pid}/status").read_text(encoding="ascii").splitlines()
    told: Mapping[str, str] = dict(line.split(":", 1) for line in lines)
    return int(told["VmHWM"].split()[0]) * 1024 / MEGABYTE


def _until(holds: Any, within: float = 60.0) -> None:
    ends = time.monotonic() + within
    while not holds():
        if time.monotonic() > ends:
            raise TimeoutError(
                "a process of the benchmark did not start within a minute: run it by hand to see why"
            )
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        _asked(url)
    except (urllib.error.URLError, ConnectionError):
        return False
    except ValueError:
        return True  # it answers, if not in JSON
    return True


def _asked(url: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})  # noqa: S310  (loopback)
    with urllib.request.urlopen(request, timeout=WITHIN + 30) as answer:  # noqa: S310  (loopback)
        text = answer.read()
    return json.loads(text) if text else None
