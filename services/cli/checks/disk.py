"""The data directory: is it ours alone, can it be written, is there room?"""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from services.cli.checks.finding import Finding, amount, fault, ok, warning
from services.cli.checks.private import nearest
from shared import embedded
from shared.settings import Settings

CHECK = "disk"
LITTLE = 1_000_000_000
NEXT_TO_NOTHING = 100_000_000
_ELSEWHERE = "Set TOCSIN_DATA_DIR to a directory of yours."


@dataclass(frozen=True)
class Place:
    """The data directory, or where it would be made; ``there`` is the nearest path that exists."""

    path: Path
    there: Path
    is_directory: bool = True
    is_ours: bool = True
    writable: bool = True
    mode: int = 0o700
    free: int = 0
    kept: int = 0
    """Bytes of the append-only file of the private Redis, which needs as much again to rewrite it."""


def look(config: Settings) -> Place:
    """The data directory as it is; raises ``OSError`` when not even that can be told."""
    path = config.data_dir.expanduser().absolute()
    there = nearest(path)
    status = there.stat()
    return Place(
        path=path,
        there=there,
        is_directory=there.is_dir(),
        is_ours=status.st_uid == os.getuid(),
        writable=os.access(there, os.W_OK | os.X_OK),
        mode=stat.S_IMODE(status.st_mode),
        free=shutil.disk_usage(there).free,
        kept=_size(embedded.home(config) / "appendonlydir"),
    )


def judge(place: Place) -> list[Finding]:
    """What is the matter with the data directory, or one line that all is well with it."""
    if not place.is_directory:
        return [
            fault(CHECK, f"The data directory can't be {place.path}: {place.there} is a file.", _ELSEWHERE)
        ]
    made = place.there == place.path
    if not place.writable:
        what = "The data directory" if made else f"The data directory {place.path} can't be made:"
        says = f"{what} {place.there} can't be written."
        return [fault(CHECK, says, _ELSEWHERE)]
    found = [*_privacy(place)] if made else []
    if place.free < NEXT_TO_NOTHING or place.free < place.kept:
        says = f"Only {amount(place.free)} are free for {place.path}, which holds {amount(place.kept)}."
        found.append(fault(CHECK, says, "Make room: a Redis that can't write its file takes nothing in."))
    elif place.free < max(LITTLE, 2 * place.kept):
        says = f"{amount(place.free)} are free for {place.path}, which holds {amount(place.kept)}."
        found.append(warning(CHECK, says, "Make room soon: Redis writes its file anew beside the old one."))
    where = f"The data directory is {place.path}" if made else f"The data directory will be {place.path}"
    kept = f", {amount(place.kept)} are in use" if place.kept else ""
    return found or [ok(CHECK, f"{where}; {amount(place.free)} are free{kept}.")]


def _privacy(place: Place) -> list[Finding]:
    if not place.is_ours:
        says = f"The data directory {place.path} belongs to another user, who can read its keys."
        return [warning(CHECK, says, "Run as that user, or set TOCSIN_DATA_DIR to a directory of yours.")]
    if place.mode & 0o077:
        says = f"Others on this machine may look into the data directory {place.path} (mode {place.mode:o})."
        return [warning(CHECK, says, f"`chmod 700 {place.path}`")]
    return []


def _size(directory: Path) -> int:
    """Bytes of the files in it; one that goes while we count counts for nothing."""
    total = 0
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                total += entry.stat(follow_symlinks=False).st_size
    except OSError:
        return total
    return total
