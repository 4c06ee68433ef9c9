"""No orphans: a child process that ends when its parent does, even when the parent was killed outright.

Linux only (``PR_SET_PDEATHSIG``); elsewhere the functions do nothing and a killed parent may leave children.
The kernel watches the *thread* that started the child, so start children from the main thread.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
# Loaded here, not between fork and exec, where loading a library may deadlock.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, signum: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process ``signum`` when its parent, process ``parent``, ends."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked; nobody will tell us any more
        os.kill(os.getpid(), signum)


def tied_to_me(signum: int = signal.SIGTERM) -> Callable[[], None]:
    """A ``preexec_fn`` that ties the child to this process: see ``die_with_parent``."""
    parent = os.getpid()
    return lambda: die_with_parent(parent, signum)
