"""Who lives under the roof of ``tocsin up``: each service as a process, told where to find the others."""

import hashlib
import os
import sys

from services.cli import worker
from services.cli.house.supervisor import Member, PrivateRedis, Program
from shared import embedded
from shared.names import SERVICES
from shared.settings import Settings


def household(config: Settings, server: embedded.Server | None, url: str, port: int) -> list[Member]:
    """Who lives here, in the order of starting; ``server`` is the private Redis, if we start one."""
    environment = {
        "TOCSIN_REDIS_URL": url,
        "TOCSIN_API_PORT": str(port),
        "TOCSIN_DATA_DIR": str(config.data_dir.expanduser().absolute()),
        "TOCSIN_LOG_FORMAT": log_format(config.log_format, on_terminal=sys.stdout.isatty()),
        "PYTHONUNBUFFERED": "1",
        # `python -m` would take a `shared` or `services` in the directory we were started from for ours.
        "PYTHONSAFEPATH": "1",
    }
    # The same name at each start, as the broker keeps the name of every worker's own queue for good.
    name = "up-" + hashlib.sha256(os.fsencode(config.data_dir.absolute())).hexdigest()[:8]
    commands = {service: [sys.executable, "-m", f"services.{service}"] for service in SERVICES}
    commands["worker"] = worker.command(
        name=name, concurrency=config.worker_concurrency, log_level=config.log_level
    )
    programs: list[Member] = [Program(service, commands[service], environment) for service in SERVICES]
    return programs if server is None else [PrivateRedis(server), *programs]


def log_format(chosen: str, *, on_terminal: bool) -> str:
    """How the services write their log: they write into our pipe, and can't see that a person reads it."""
    return "console" if chosen == "auto" and on_terminal else chosen
