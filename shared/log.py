"""One log line a decision: structured, with the article's or alert's id all the way, secrets masked.

On a terminal it is coloured text, elsewhere a line of JSON; both go to stderr, so that stdout stays
the command's own. Use ``log = get(__name__)`` and ``log.info("what happened", article_id=..., reason=...)``.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_SECRETS = re.compile(
    r"whsec_[A-Za-z0-9+/=_-]+"
    r"|xox[a-z]-[A-Za-z0-9-]+"
    r"|(?<=hooks\.slack\.com/)[^\s\"']+"
    r"|(?<=://)[^\s/@\"']*:[^\s/@\"']+(?=@)"
    r"|(?<=Bearer )[A-Za-z0-9._~+/=-]+"
)
MASK = "***"
_DEEPEST = 8
"""Containers within containers; what lies deeper, or runs in a circle, is told as Python writes it."""


def mask(text: str) -> str:
    """The text with signing secrets, Slack tokens and hook paths, passwords and bearer keys blotted out."""
    return _SECRETS.sub(MASK, text)


def _mask_values(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in line.items():
        line[key] = _masked(value)
    return line


def _masked(value: Any, depth: int = 0) -> Any:
    """The value with every text in it masked; what is neither plain nor a container becomes text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | BaseException):
        return mask(str(value))
    if depth < _DEEPEST:
        if isinstance(value, Mapping):
            return {mask(str(key)): _masked(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [_masked(inner, depth + 1) for inner in value]
    return mask(repr(value))


def set_up(service: str, *, level: str = "INFO", form: str = "auto") -> None:
    """Send this process's log, and what libraries log, to stderr under the name of ``service``.

    ``form`` is ``json``, ``console``, or ``auto``: console on a terminal, else JSON.
    """
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared_steps: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: the pretty ones print local variables, and with them secrets.
    for_people = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    finish: Any = for_people if console else structlog.processors.JSONRenderer()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared_steps,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,  # before the mask: a traceback ends with the error's words
            _mask_values,
            finish,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def get(name: str) -> Any:
    """A logger with structlog's interface: ``log.info(event, **fields)``, ``log.warning``, ``log.error``."""
    return structlog.get_logger(name)
