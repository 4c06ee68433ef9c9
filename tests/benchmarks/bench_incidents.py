"""What it takes to remember: room for each incident, and time to consider an article among so many.

A month of invented news stands in Redis, a thousand incidents of it, then ten, then a hundred thousand, over
sixty lands of which a few have most. Then articles are considered as a worker does, read, decide and commit;
the coder's work is not counted. A *first* one tells of something new, a *later* one of what is known. The
floor is what no way to do it can save: three questions to Redis and their answers, empty ones.
"""

import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from services.classifier.collecting import collect_seldom
from services.classifier.desk import decide_and_commit
from services.classifier.incidents import Voice
from services.classifier.memory import RedisMemory
from services.cli.terminal.progress import with_progress
from shared.clock import FakeClock
from shared.contracts import Coding
from shared.embedded import Server
from shared.names import Names
from shared.settings import Settings
from shared.store import connect
from tests.benchmarks.bulk import Bulk
from tests.benchmarks.invented_news import DAYS, START, News, Report
from tests.benchmarks.measuring import Bar, Result

SIZES = (1_000, 10_000, 100_000)
ARTICLES = 400
"""Considered of each kind and at each size."""
WARMING = 40
"""Of each kind before the first that is measured."""
MILLISECONDS = 5.0
GIGABYTE = 1e9
"""What a hundred thousand incidents may take, with all that finds them."""
NAMES = Names("bench")
FLOOR = "three empty questions to Redis"


@dataclass
class Found:
    """What was measured at one size."""

    size: int
    bytes_an_incident: float
    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    cpu: float = 0.0
    """Milliseconds of CPU an article, ours and the server's: what a busy machine does not change."""


def bench() -> Result:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-") as folder,
        Server(Settings(_env_file=None, redis_url=None, data_dir=Path(folder))) as server,
        connect(server.url) as client,
    ):
        floor = statistics.median(_asked(client) for _ in range(ARTICLES))
        found = list(_grown(client, server.url))
    largest = found[-1]
    rates = {FLOOR: 1 / floor}
    for each in found:
        rates[f"articles among {each.size:,} incidents"] = 1 / statistics.fmean(each.first + each.later)
    return Result(
        "articles",
        rates,
        FLOOR,
        bars={
            f"bytes of {largest.size:,} incidents": Bar(
                largest.bytes_an_incident * largest.size, GIGABYTE, ceiling=True
            ),
            f"ms median among {largest.size:,}": Bar(
                1000 * statistics.median(largest.first + largest.later), MILLISECONDS, ceiling=True
            ),
        },
        notes={said: round(value, 3) for each in found for said, value in _noted(each)},
    )


def _asked(client: Any) -> float:
    begun = time.perf_counter()
    for _ in range(3):
        client.get("nothing")
    return time.perf_counter() - begun


def _grown(client: Any, url: str) -> Iterator[Found]:
    """The memory filled to each size in turn, and measured there."""
    news, bulk = News(), Bulk(client, NAMES)
    empty, standing = _dataset(client), 0
    known: list[list[Report]] = []
    draw = random.Random(11)  # noqa: S311  (invents news, guards no secret)
    ended = START + timedelta(days=DAYS)
    for size in SIZES:
        stories = with_progress(news.incidents(size - standing), f"{size:,} incidents", size - standing)
        bulk.load(_some_kept(stories, known, draw))
        bulk.finish()
        standing = size
        taken = (_dataset(client) - empty) / size
        firsts = [
            news.incident(ended - timedelta(hours=draw.uniform(0, 24)), reports=1)[0]
            for _ in range(WARMING + ARTICLES)
        ]
        laters = [news.later(draw.choice(known)) for _ in firsts]
        # In a process of its own, as a worker is: what was drawn to fill the memory is no burden of a worker.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as worker:
            yield worker.submit(_measured, url, size, taken, firsts, laters).result()


def _measured(url: str, size: int, taken: float, firsts: list[Report], laters: list[Report]) -> Found:
    found = Found(size, taken)
    with connect(url) as client:
        memory, used = RedisMemory(client, NAMES), 0.0
        collect_seldom()
        pairs = [*zip(firsts, laters, strict=True)]
        for number, (first, later) in enumerate(with_progress(pairs, f"considered among {size:,}")):
            if number == WARMING:
                found.first.clear()
                found.later.clear()
                used = _cpu(client)
            found.first.append(_considered(client, memory, first))
            found.later.append(_considered(client, memory, later))
        found.cpu = 1000 * (_cpu(client) - used) / (2 * ARTICLES)
    return found


def _some_kept(stories: Any, known: list[list[Report]], draw: random.Random) -> Iterator[list[Report]]:
    """The same stories; of those of the last days some are kept, for a later report to tell of."""
    for told in stories:
        if told[0].article.published_at > START + timedelta(days=DAYS - 3) and len(known) < 20 * ARTICLES:
            known.append(told)
        yield told


def _dataset(client: Any) -> int:
    return int(client.info("memory")["used_memory_dataset"])


def _cpu(client: Any) -> float:
    """Seconds of CPU that this process and the server have used."""
    server = client.info("cpu")
    return time.process_time() + float(server["used_cpu_user"]) + float(server["used_cpu_sys"])


def _considered(client: Any, memory: RedisMemory, report: Report) -> float:
    """Seconds to read, decide and commit."""
    article = report.article
    coding = Coding(
        article_id=article.id,
        revision=article.revision,
        escalation=True,
        score=0.9,
        reason="invented",
        events=(report.event,),
        coder="invented",
    )
    client.zadd(NAMES.pending, {article.key: 1})
    clock, voice = FakeClock(article.published_at), Voice(article.outlet)
    begun = time.perf_counter()
    decide_and_commit(article, coding, memory, clock, stale_after=timedelta(days=1), voice=voice)
    return time.perf_counter() - begun


def _noted(found: Found) -> Iterator[tuple[str, float]]:
    yield f"{found.size:,}: bytes an incident", found.bytes_an_incident
    yield f"{found.size:,}: ms of CPU an article, with the server's", found.cpu
    for kind, seconds in (("first", found.first), ("later", found.later)):
        ordered = sorted(1000 * each for each in seconds)
        for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)):
            yield f"{found.size:,}: {kind} reports, {name} ms", ordered[int(share * len(ordered))]
