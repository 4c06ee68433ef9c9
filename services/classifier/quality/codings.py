"""What the coder that ships answers about labelled items; a large set is shared out over processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import tzinfo
from functools import partial

from services.classifier.coding import Coder
from services.classifier.coding.lines import article_from_line
from services.classifier.quality.folds import Codes, Folds, OutOfFold
from services.classifier.quality.gold import GoldItem
from shared.contracts import Article, Coding

MANY = 1000
"""From so many items on, starting processes takes less time than they save."""
_CHUNK = 20


def article_of(item: GoldItem) -> Article:
    """The article as it would come from a feed: no label goes with it."""
    fields = ("id", "outlet", "title", "summary", "body")
    return article_from_line(
        {name: getattr(item, name) for name in fields} | {"published_at": item.published_at.isoformat()}
    )


def codings(
    items: Sequence[GoldItem],
    zone_of: Callable[[Article], tzinfo],
    folds: Folds | None = None,
    jobs: int | None = None,
) -> Iterator[Coding]:
    """The coding of each item, in order, each as soon as it is there; ``jobs`` processes share the work."""
    work = [(article, zone_of(article)) for article in map(article_of, items)]
    jobs = jobs or (_cores() if len(work) >= MANY else 1)
    if jobs == 1:
        coder = _made(folds)
        return (coder.code(article, zone) for article, zone in work)
    return _shared_out(work, folds, jobs)


def _made(folds: Folds | None) -> Codes:
    return Coder() if folds is None else OutOfFold(folds)


def _cores() -> int:
    # The cores that we may use, where the system tells: a container has fewer than its machine.
    mine = getattr(os, "sched_getaffinity", None)
    return len(mine(0)) if mine else os.cpu_count() or 1


def _shared_out(work: Sequence[tuple[Article, tzinfo]], folds: Folds | None, jobs: int) -> Iterator[Coding]:
    # A bar on the terminal has a thread of its own, and a process that has threads must not be forked.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, spawn, partial(_begin, folds)) as pool:
        yield from pool.map(_code, work, chunksize=_CHUNK)


_coder: Codes
"""The coder of a process that does nothing else."""


def _begin(folds: Folds | None) -> None:
    global _coder
    _coder = _made(folds)


def _code(work: tuple[Article, tzinfo]) -> Coding:
    return _coder.code(*work)
