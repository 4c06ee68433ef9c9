"""How many articles one core reads in a second, beside the least that any reader of text must do.

Irrelevant articles and relevant ones are measured apart, as the coder looks longer at the second kind. The
floor splits the same texts into words with one regular expression, and understands nothing; the peer adds up
a weight for each word and pair of words, as a linear model does that says yes or no and nothing else. Rates
are by seconds of this process's CPU, on however many threads, so that they are a core's wherever taken.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from zlib import crc32

from services.classifier.coding import Coder
from shared.contracts import Article, derive_id
from tests.benchmarks.measuring import Bar, Result, in_turns

IRRELEVANT, RELEVANT = 300.0, 40.0
"""Articles a second and core: 2,000 feeds bring about two, most of them irrelevant: no burst waits long."""
MEGABYTES = 700.0
"""What a worker's process may take at its peak, so that four of them fit into a small machine."""
AT = datetime(2026, 3, 3, 6, tzinfo=UTC)
TEXTS = Path(__file__).with_name("articles.jsonl")
"""In our own words: a title, a summary and six sentences each, of 62 events and of 120 other matters."""
_WORKER = """
from services.classifier import tasks
from services.classifier.coding import Coder
from tests.benchmarks.bench_coder import articles, peak_of_this_process
coder = Coder()
for article in articles():
    coder.code(article)
print(peak_of_this_process())
"""


def articles(kind: str = "") -> list[Article]:
    """The texts of this kind, ``relevant`` or ``irrelevant``, as the poller would hand them over; or all."""
    lines = map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines())
    return [
        Article(id=derive_id(str(number)), published_at=AT, fetched_at=AT, language="en", **line)
        for number, line in enumerate(lines)
        if line.pop("kind") == kind or not kind
    ]


def peak_of_this_process() -> float:
    """Its largest resident memory so far, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # not getrusage: what it says outlives exec, so it may be the parent's
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(found.group(1)) / 1024 if found else 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024**2 if sys.platform == "darwin" else peak / 1024


def bench() -> Result:
    coder, words = Coder(), re.compile(r"\w+")
    weights = [((number * 7919) % 2001 - 1000) / 1000 for number in range(65_536)]

    def code(batch: Sequence[Article]) -> Callable[[], int]:
        def work() -> int:
            for article in batch:
                coder.code(article)
            return len(batch)

        return work

    def split() -> int:
        for article in 10 * every:
            words.findall(article.text.lower())
        return 10 * len(every)

    def weigh() -> int:
        for article in every:
            found = [word.encode() for word in words.findall(article.text.lower())]
            pairs = (b" ".join(pair) for pair in pairwise(found))
            sum(weights[crc32(term) & 0xFFFF] for term in (*found, *pairs))
        return len(every)

    every, irrelevant, relevant = articles(), articles("irrelevant"), articles("relevant")
    rates = in_turns(
        {
            "the coder, irrelevant articles": code(irrelevant),
            "the coder, relevant articles": code(relevant),
            "a linear model's sum": weigh,
            "splitting into words": split,
        },
        rounds=9,
        clock=time.process_time,
    )
    done = subprocess.run(
        [sys.executable, "-c", _WORKER],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        # An address that is never dialled: the worker's modules ask for one when they are imported.
        env={**os.environ, "TOCSIN_REDIS_URL": "redis://127.0.0.1:1/0"},
    )
    return Result(
        "articles",
        rates,
        "splitting into words",
        bars={
            "irrelevant articles a second and core": Bar(rates["the coder, irrelevant articles"], IRRELEVANT),
            "relevant articles a second and core": Bar(rates["the coder, relevant articles"], RELEVANT),
            "megabytes of a worker's process": Bar(float(done.stdout), MEGABYTES, ceiling=True),
        },
        notes={
            "irrelevant articles": len(irrelevant),
            "relevant articles": len(relevant),
            "characters an article": round(sum(len(article.text) for article in every) / len(every)),
        },
    )
