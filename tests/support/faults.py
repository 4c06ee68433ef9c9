"""Runs one service with one fault in it: ``python -m tests.support.faults SERVICE FAULT DIRECTORY``.

A fault kills the process and all its children with SIGKILL at one exact point, once for each directory; the
service itself is the real one and knows nothing of it.
"""

import os
import runpy
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

POISON = "unreadable to man and beast"
"""A title with these words kills the process that codes it, every time."""


def _die() -> None:
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _once(directory: str, fault: str) -> bool:
    """True for the first process that comes here in this directory."""
    try:
        (Path(directory) / f"{fault}.struck").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _wrap(
    owner: Any, name: str, *, before: Callable[[], bool] | None, after: Callable[[], bool] | None
) -> None:
    whole = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before and before():
            _die()
        answer = whole(*args, **kwargs)
        if after and after():
            _die()
        return answer

    async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
        if before and before():
            _die()
        answer = await whole(*args, **kwargs)
        if after and after():
            _die()
        return answer

    is_async = whole.__code__.co_flags & 0x80
    setattr(owner, name, wrapped_async if is_async else wrapped)


def _install(fault: str, directory: str) -> None:
    def strike() -> bool:
        return _once(directory, fault)

    if fault == "before-message":
        from shared import queue

        _wrap(queue, "enqueue", before=strike, after=None)
    elif fault in ("before-commit", "after-commit"):
        from services.classifier.memory import RedisMemory

        before = fault == "before-commit"
        _wrap(RedisMemory, "commit", before=strike if before else None, after=None if before else strike)
    elif fault in ("before-post", "after-post"):
        from services.notifier.channels.webhook import WebhookChannel

        before = fault == "before-post"
        _wrap(WebhookChannel, "send", before=strike if before else None, after=None if before else strike)
    elif fault == "poison":
        from services.classifier.coding import Coder

        whole = Coder.code

        def code(self: Any, article: Any, *args: Any, **kwargs: Any) -> Any:
            if POISON in article.title:
                os.kill(os.getpid(), signal.SIGKILL)
            return whole(self, article, *args, **kwargs)

        Coder.code = code  # type: ignore[method-assign]
    elif fault != "none":
        raise SystemExit(f"no fault named {fault}")


def main() -> None:
    service, fault, directory = sys.argv[1:]
    _install(fault, directory)
    if service.startswith("worker"):
        sys.argv = [
            *(
                "celery",
                "-A",
                "services.classifier.app",
                "worker",
                "-Q",
                "tocsin.articles",
                "-n",
                f"{service}@%h",
            ),
            *("--pool=prefork", "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle"),
        ]
        runpy.run_module("celery", run_name="__main__")
    else:
        # A second notifier or poller is called notifier-2: the service is the word before the dash.
        name = service.split("-")[0]
        sys.argv = [name]
        runpy.run_module(f"services.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
