"""The classifier's Celery tasks: thin, they hand their keys to the desk."""

import socket
from collections.abc import Sequence
from functools import cache
from typing import Any

from celery import signals

from services.classifier.app import app
from services.classifier.coding import Coder
from services.classifier.desk import Desk
from services.classifier.memory import RedisMemory
from shared import embedded, log, names, queue, settings, store
from shared.clock import SystemClock
from shared.errors import StoreUnavailable

_log = log.get(__name__)
HEARTBEAT_EVERY = 10.0
HEARTBEAT_KEPT = 60


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
    """Show that a worker process takes messages: a deaf one is alive, too."""
    with store.guarded("answering a canary"):
        _client().set(_settings().names.heartbeat("worker", token), token, ex=HEARTBEAT_KEPT)


@signals.setup_logging.connect
def _log_like_the_house(**_: Any) -> None:
    log.set_up("worker", level=_settings().log_level, form=_settings().log_format)


@signals.worker_process_init.connect
def _load_before_the_first_article(**_: Any) -> None:
    _desk()


@signals.worker_ready.connect
def _beat(sender: Any, **_: Any) -> None:
    """Say every ten seconds, from the consumer's own loop, that this worker is alive."""
    hostname = getattr(sender, "hostname", socket.gethostname())

    def beat() -> None:
        try:
            with store.guarded("writing the worker's heartbeat"):
                key = _settings().names.heartbeat("worker", hostname)
                _client().set(key, SystemClock().now().isoformat(), ex=HEARTBEAT_KEPT)
        except StoreUnavailable as exc:
            _log.warning("heartbeat not written", error=str(exc))

    beat()
    sender.timer.call_repeatedly(HEARTBEAT_EVERY, beat)


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
