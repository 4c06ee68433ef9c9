"""Bad usage, told apart from failure: the words typed must change before anything can be done.

The exit codes of every command, and where the border between them runs, stand at the top of ``main``.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import BadFilter, BadInput, BadSetting


class BadUsage(BadInput):
    """What was typed can't be acted upon, and nothing was done: exit code 2."""


@contextmanager
def typed() -> Iterator[None]:
    """Whatever is bad input in here was typed by the caller, so it is bad usage; a setting was not typed."""
    try:
        yield
    except (BadUsage, BadFilter, BadSetting):
        raise
    except BadInput as exc:
        raise BadUsage(str(exc)) from exc
