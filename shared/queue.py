"""The Celery queue between poller and classifier: one application, configured once for both ends.

The queue is a hint, ``pending`` in Redis is the truth: kombu takes a message off its list before it
notes it as unacknowledged, so a killed worker may lose one; the sweeper sends it again. Messages carry
article keys only. The settings follow what was measured with celery 5.7 and kombu 5.7 on Redis.
"""

import os
from collections.abc import Iterable, Sequence

import redis
from celery import Celery
from kombu.exceptions import OperationalError

from shared import names
from shared.errors import StoreUnavailable
from shared.redis_url import for_kombu
from shared.settings import Settings
from shared.store import SOCKET_TIMEOUT, guarded

BATCH = 25
"""Article keys in one message: publishing one by one cost 564 µs of CPU an article, 25 at a time 40 µs."""


_CELERYS_OWN = frozenset({"BROKER_URL", "RESULT_BACKEND", "LOADER", "CONFIG_MODULE"})
"""What the ``celery`` command reads beside its ``CELERY_*``."""


def foreign(variables: Iterable[str]) -> list[str]:
    """Those that tell a Celery which queue to use, and how: another project's, as our settings tell ours."""
    return sorted(name for name in variables if name.startswith("CELERY_") or name in _CELERYS_OWN)


def application(settings: Settings, redis_url: str) -> Celery:
    """The Celery application for the queue at ``redis_url``; a worker adds its tasks to it.

    Takes the variables of another project's Celery out of this process's environment: Celery would prefer
    them to what it is given here, and poller and worker would meet in a queue that nobody watches.
    """
    for name in foreign(os.environ):
        del os.environ[name]
    app = Celery("tocsin", broker=for_kombu(redis_url))
    app.conf.update(
        task_default_queue=names.ARTICLES_QUEUE,
        task_ignore_result=True,
        task_acks_late=True,
        # Never reject_on_worker_lost: it loops poison for ever. The attempt counter and the sweeper decide.
        task_acks_on_failure_or_timeout=True,
        task_time_limit=settings.task_time_limit,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_direct=True,
        accept_content=["json"],
        task_serializer="json",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": settings.task_time_limit * 2 + 10,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": SOCKET_TIMEOUT,
            "health_check_interval": 5,
            "socket_keepalive": not redis_url.startswith("unix:"),
            "global_keyprefix": f"{settings.key_prefix}:celery:",
        },
    )
    return app


def enqueue(app: Celery, keys: Sequence[str], *, batch: int = BATCH) -> None:
    """Ask for these articles to be considered; raises ``StoreUnavailable``.

    May be called twice for one article: considering it again changes nothing.
    """
    try:
        with app.producer_or_acquire() as producer:
            for start in range(0, len(keys), batch):
                app.send_task(
                    names.CLASSIFY_ARTICLES,
                    args=[list(keys[start : start + batch])],
                    queue=names.ARTICLES_QUEUE,
                    producer=producer,
                    retry=False,
                )
    except (OperationalError, redis.RedisError, OSError) as exc:
        raise StoreUnavailable(
            f"could not enqueue {len(keys)} articles: {exc}; the sweeper will, later"
        ) from exc


def depth(client: "redis.Redis", settings: Settings) -> int:
    """Messages waiting in the queue (not counting those a worker holds)."""
    with guarded("reading the queue's length"):
        length = client.llen(f"{settings.key_prefix}:celery:{names.ARTICLES_QUEUE}")
    return int(length)
