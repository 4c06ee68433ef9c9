"""Locks on files, which the kernel lets go when their holders end, however they end."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

_GLANCE = 0.02
"""Seconds between two tries: the kernel has no wait with a deadline for these locks."""


@dataclass
class Lock:
    """An advisory lock on a file; the kernel lets it go when every process that holds it has ended."""

    path: Path
    _fd: int | None = None

    def fileno(self) -> int:
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._fd

    def take(self, within: float = 0.0) -> bool:
        """Hold the lock alone; False when others still hold it after ``within`` seconds."""
        return self._try(fcntl.LOCK_EX, within)

    def share(self, within: float) -> bool:
        """Hold the lock beside others who share it."""
        return self._try(fcntl.LOCK_SH, within)

    def _try(self, mode: int, within: float) -> bool:
        deadline = time.monotonic() + within
        while True:
            try:
                fcntl.flock(self.fileno(), mode | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_GLANCE)
            else:
                return True

    def sign(self) -> None:
        """Write down who holds the lock, for the message that the next one gets."""
        os.ftruncate(self.fileno(), 0)
        os.pwrite(self.fileno(), str(os.getpid()).encode(), 0)

    def holder(self) -> str:
        """Who signed, in words."""
        pid = self._signer()
        return "process unknown" if pid is None else f"process {pid}"

    def left_behind(self) -> bool:
        """Whether the process that signed has ended: whoever still holds the lock is about to end too."""
        pid = self._signer()
        if pid is None:
            return False
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):  # no process has such a number
            return True
        except PermissionError:  # somebody else's, and alive
            pass
        return False

    def _signer(self) -> int | None:
        said = os.pread(self.fileno(), 20, 0).decode(errors="replace").strip()
        return int(said) if said.isascii() and said.isdigit() else None

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, *_exc: object) -> None:
        self.release()
