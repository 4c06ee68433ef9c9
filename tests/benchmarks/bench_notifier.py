"""The last yard: a thousand alerts to twenty endpoints of which two hang, beside Debian's Alertmanager.

Tocsin writes every delivery down, signs it, and notes what became of it; Alertmanager keeps nothing that
lasts, and does not sign. Both post to the same receiver on loopback, in turns. Then alerts come at a steady
pace, once with the two hung endpoints among the twenty and once without.

The peer is Debian's package ``prometheus-alertmanager``, found on the path or by ``BENCH_ALERTMANAGER``;
without it the floor is Tocsin itself. Its groups are not looked at again within the run, and the receiver is
a bare one, so that neither holds it back.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from rich.console import Console

from services.cli.terminal.progress import with_progress
from tests.benchmarks.measuring import Bar, Result
from tests.benchmarks.receiver import Heard, Receiver
from tests.benchmarks.senders import Alertmanager, Sender, Tocsin, alertmanager

ALERTS, ENDPOINTS, HUNG = 1_000, 20, 2
ROUNDS = 3
PACE, PACED = 20.0, 400
"""Alerts a second, and how many."""
GIVE_UP = 300.0
MEGABYTES = 200.0
PEER = "prometheus-alertmanager"
OURS = "tocsin"

Begins = Callable[[list[int], Path], Sender]


def bench() -> Result:
    program = alertmanager()
    contestants: dict[str, Begins] = {OURS: Tocsin}
    if program is not None:
        contestants[PEER] = lambda ports, folder: Alertmanager(program, ports, folder)
    else:
        Console().print(
            f"{PEER} is not at hand, so it is not measured: install it, or set BENCH_ALERTMANAGER."
        )
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    verified, amiss, memory = [], [], []
    with closing(Receiver(ENDPOINTS, HUNG)) as receiver, closing(Receiver(ENDPOINTS, 0)) as whole:
        for name in with_progress(
            [*contestants] * ROUNDS, "a thousand alerts at once", len(contestants) * ROUNDS
        ):
            took, heard, held = _burst(contestants[name], receiver)
            rates[name].append(heard.verified / took)
            if name == OURS:
                verified.append(heard.verified)
                amiss.append(heard.forged + heard.repeated)
                memory.append(held)
        hung, calm = _paced(receiver), _paced(whole)
    expected = ALERTS * (ENDPOINTS - HUNG)
    found = {name: statistics.median(each) for name, each in rates.items()}
    floor = PEER if PEER in found else OURS
    bars = {
        f"healthy deliveries verified, of {expected:,}": Bar(min(verified), expected),
        "forged or repeated": Bar(max(amiss), 0, ceiling=True),
        "most megabytes": Bar(max(memory), MEGABYTES, ceiling=True),
        "healthy p99 with two hung / without": Bar(hung / calm, 2.0, ceiling=True),
    }
    if floor == PEER:
        bars[f"{OURS} / {PEER}"] = Bar(found[OURS] / found[PEER], 0.5)
    notes = {
        "paced, two hung: p99 ms": round(1000 * hung, 1),
        "paced, none hung: p99 ms": round(1000 * calm, 1),
    }
    return Result("deliveries", found, floor, bars, notes)


def _burst(begins: Begins, receiver: Receiver) -> tuple[float, Heard, float]:
    """Seconds until all healthy endpoints had all, what they heard, and the most megabytes that it took."""
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-") as folder,
        closing(begins(receiver.ports, Path(folder))) as sender,
    ):
        receiver.expects(sender.secrets)
        begun = time.perf_counter()
        sender.ring(range(ALERTS))
        took = _until(receiver, ALERTS * (ENDPOINTS - HUNG), begun)
        return took, receiver.heard(), sender.most_memory()


def _paced(receiver: Receiver) -> float:
    """The 99th percentile of seconds from the bell to a healthy endpoint, of alerts at a steady pace."""
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-") as folder,
        closing(Tocsin(receiver.ports, Path(folder))) as sender,
    ):
        receiver.expects(sender.secrets)
        begun = time.perf_counter()
        for number in with_progress(range(PACED), "at a steady pace", PACED):
            time.sleep(max(0.0, begun + number / PACE - time.perf_counter()))
            sender.ring([number])
        _until(receiver, PACED * (ENDPOINTS - HUNG), time.perf_counter())
        return statistics.quantiles(receiver.heard().seconds, n=100)[98]


def _until(receiver: Receiver, expected: int, begun: float) -> float:
    while receiver.taken() < expected and time.perf_counter() - begun < GIVE_UP:
        time.sleep(0.02)
    return time.perf_counter() - begun
