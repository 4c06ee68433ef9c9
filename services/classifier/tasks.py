"""The classifier's Celery tasks: thin, they hand their keys to the desk."""

import logging
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from functools import cache, partial
from typing import Any

import redis
from celery import signals
from celery.utils.nodenames import worker_direct
from kombu.exceptions import OperationalError

from services.classifier.app import app
from services.classifier.coding import Coder
from services.classifier.collecting import collect_seldom
from services.classifier.desk import Desk
from services.classifier.memory import RedisMemory
from services.classifier.waking import ring_what_waited
from shared import embedded, heartbeat, log, names, orphans, queue, settings, store
from shared.clock import SystemClock

WAKE_EVERY = 5.0
"""Seconds between a worker's looks for changes that waited: how late one may be told."""
_log = log.get(__name__)


@cache
def _settings() -> settings.Settings:
    return settings.load()


@cache
def _client() -> Any:
    return store.connect(embedded.resolve_url(_settings()))


@cache
def _desk() -> Desk:
    """One desk a process; made after the fork, so that each process has its own connections."""
    memory = RedisMemory(_client(), _settings().names)
    return Desk(Coder(), memory, SystemClock(), _settings(), _enqueue_singly)


def _enqueue_singly(keys: Sequence[str]) -> None:
    queue.enqueue(app, keys, batch=1)


@app.task(name=names.CLASSIFY_ARTICLES)
def classify_articles(keys: list[str]) -> None:
    """Consider these articles; what can't be finished stays pending for the sweeper."""
    _desk().consider(keys)


@app.task(name=names.CANARY)
def canary(token: str) -> None:
    """Answer whoever asks whether this worker takes messages: a deaf one is alive, too."""
    with store.guarded("answering a canary"):
        _client().set(_settings().names.heartbeat("worker", token), token, ex=heartbeat.EXPIRES)


@app.task(name=names.BEAT)
def beat(worker: str) -> None:
    """Renew the heartbeat of ``worker``, by having taken this message off its own queue."""
    heartbeat.mark(_client(), _settings().names, "worker", worker, SystemClock().now())


@app.task(name=names.WAKE)
def wake() -> None:
    """Tell what waited out its quiet period."""
    memory = RedisMemory(_client(), _settings().names)
    ring_what_waited(memory, SystemClock().now(), timedelta(seconds=_settings().quiet_period))


@signals.setup_logging.connect
def _log_like_the_house(**_: Any) -> None:
    log.set_up("worker", level=_settings().log_level, form=_settings().log_format)
    for chatty in ("celery.worker.strategy", "celery.app.trace"):
        # Two lines for every message, heartbeats too; our own line on each article says more.
        logging.getLogger(chatty).setLevel(logging.WARNING)


@signals.worker_process_init.connect
def _load_before_the_first_article(**_: Any) -> None:
    # A pool process that is busy when its master is killed would else go on beside its successor.
    orphans.die_with_parent(os.getppid(), signal.SIGKILL)
    _desk()
    collect_seldom()


@signals.worker_ready.connect
def _beat_by_message(sender: Any, **_: Any) -> None:
    """Send this worker a message of its own every ten seconds; taking it renews its heartbeat.

    So the heartbeat shows that the worker hears, not only that its process exists. In the same way it is
    told to look for changes that waited: whichever worker looks first tells them.
    """
    worker = sender.hostname

    def send(task: str, args: list[str], expires: float, missing: str) -> None:
        try:
            own: Any = worker_direct(worker)
            app.send_task(task, args=args, queue=own, expires=expires, retry=False)
        except (OperationalError, redis.RedisError, OSError) as exc:
            _log.warning(missing, reason=str(exc))

    beat = partial(send, names.BEAT, [worker], heartbeat.EXPIRES, "no heartbeat")
    # A look that waited longer than to the next one is not worth taking.
    look = partial(send, names.WAKE, [], WAKE_EVERY, "nobody looks for changes that waited")
    beat()
    sender.timer.call_repeatedly(heartbeat.EVERY, beat)
    sender.timer.call_repeatedly(WAKE_EVERY, look)


@signals.task_failure.connect
def _send_the_batch_again(sender: Any = None, args: Any = None, exception: Any = None, **_: Any) -> None:
    """A batch whose process died, or that ran out of time, is sent again at once, article by article.

    The sweeper would send it too, but only after ``sweep_after``. Redis being unwell is no death: then
    everything waits for the sweeper.
    """
    if getattr(sender, "name", None) != names.CLASSIFY_ARTICLES or not args:
        return
    died = type(exception).__name__ in ("WorkerLostError", "TimeLimitExceeded")
    _log.error("batch not finished", article_keys=args[0], error=str(exception), sent_again=died)
    if died:
        _enqueue_singly(args[0])
