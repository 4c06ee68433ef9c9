"""The private Redis that does not answer: could it be started? Looks, and starts nothing."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from services.cli.checks.finding import Finding, fault, warning
from services.cli.checks.server import CHECK, Trouble, Unreached
from shared import embedded
from shared.errors import StoreUnavailable
from shared.server_binary import find_server
from shared.settings import Settings


@dataclass(frozen=True)
class Startable:
    """What a start would need; the first three are what stands in its way, empty when nothing does."""

    no_binary: str = ""
    holder: str = ""
    """Who holds the lock of the data directory."""
    no_place: str = ""
    binary: str = ""
    log: str = ""


def look(config: Settings) -> Startable:
    """Whether the private server of this data directory could be started now."""
    try:
        binary, no_binary = str(find_server()), ""
    except StoreUnavailable as exc:
        binary, no_binary = "", str(exc)
    home, socket = embedded.home(config), embedded.socket_path(config)
    return Startable(
        no_binary=no_binary,
        holder=_holder(home / "lock"),
        no_place=_unusable(home) or _unusable(socket.parent),
        binary=binary,
        log=str(home / "redis.log"),
    )


def judge(found: Unreached, start: Startable) -> Finding:
    """What to say of a private server that could not be asked."""
    if found.trouble not in (Trouble.NOBODY, Trouble.SILENT):
        return fault(
            CHECK,
            f"The private Redis answers with an error: {found.said}.",
            f"Read its log, {start.log}, and restart `tocsin up`.",
        )
    if found.trouble is Trouble.SILENT:
        return fault(
            CHECK,
            f"The private Redis runs and does not answer ({start.holder or 'nobody knows who'} started it).",
            f"Read its log, {start.log}; then stop that process and run `tocsin up`.",
        )
    if start.holder:
        return warning(
            CHECK,
            f"The data directory is held by {start.holder}, whose Redis does not answer now.",
            "If it is just starting or stopping, run `tocsin doctor` again; otherwise stop that process.",
        )
    if start.no_binary:
        return fault(
            CHECK,
            "The private Redis does not run, and there is none to start.",
            "Install redis-server or valkey-server 7 or newer, or set TOCSIN_REDIS_URL to one that runs.",
        )
    if start.no_place:
        return fault(
            CHECK,
            f"The private Redis does not run and can't be started: {start.no_place}.",
            "Set TOCSIN_DATA_DIR to a directory of yours.",
        )
    return warning(
        CHECK,
        f"The private Redis does not run; it can be started ({Path(start.binary).name}).",
        "`tocsin up` starts everything.",
    )


def _holder(lock: Path) -> str:
    """Who holds the lock, if somebody does; leaves no trace of having asked."""
    try:
        handle = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        # Shared and let go at once: only a start within these microseconds could stumble over us.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.pread(handle, 20, 0).decode(errors="replace").strip()
        return f"process {pid}" if pid.isdigit() else "another process"
    else:
        return ""
    finally:
        os.close(handle)


def _unusable(directory: Path) -> str:
    """Why nothing could be made in ``directory``, which may not be there yet; empty when it could."""
    there = nearest(directory)
    if not there.is_dir():
        return f"{there} is not a directory"
    if there == directory and there.lstat().st_uid != os.getuid():
        return f"{there} belongs to somebody else"
    if not os.access(there, os.W_OK | os.X_OK):
        return f"nothing can be written in {there}"
    return ""


def nearest(path: Path) -> Path:
    """The path itself, or the nearest one above it that exists."""
    for candidate in (path, *path.parents):
        if os.path.lexists(candidate):
            return candidate
    return Path("/")
