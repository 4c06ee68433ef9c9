"""A Redis for the length of one command: the one of TOCSIN_REDIS_URL, that of `tocsin up`, or one of our own.

The imports stand inside, here and in the rooms that use it: help and completion need none of them.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from services.cli.terminal.progress import while_waiting

if TYPE_CHECKING:
    import redis

    from shared.settings import Settings


@contextmanager
def redis_url(config: "Settings") -> Iterator[str]:
    """The URL of a Redis that answers or was given; raises ``StoreUnavailable``."""
    from shared import embedded

    with ExitStack() as held:
        with while_waiting("Starting the private Redis, which reads its data first"):
            url = held.enter_context(embedded.borrowed(config))
        yield url


@contextmanager
def redis_client(config: "Settings") -> Iterator["redis.Redis"]:
    """A client of that Redis; raises ``StoreUnavailable``."""
    from shared import store

    with redis_url(config) as url, store.connect(url) as client:
        yield client
