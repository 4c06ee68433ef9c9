"""A private Redis for a machine that has none: started, watched and stopped here.

It listens on a unix socket in a directory that only its user may enter, appends every write to a file
(AOF), evicts nothing, and ends with the process that started it. One data directory has one server at a
time: a lock, held by the server too, keeps a second from starting even when the first was orphaned.
"""

import errno
import hashlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared import orphans
from shared.errors import StoreUnavailable
from shared.locks import Lock
from shared.server_binary import find_server
from shared.settings import Settings

START_WITHIN = 30.0
"""Seconds until a started server must answer; one that says it is loading its data may take longer."""
LOAD_WITHIN = 600.0
STOP_WITHIN = 10.0
_LONGEST_SOCKET = 100
"""Bytes: the kernel's limit is 108 on Linux and 104 on macOS, with the closing zero."""
_PLAIN_PATH = re.compile(r"[\w./-]+", re.ASCII)
_GLANCE = 0.02
"""Seconds between two looks at a server that starts; its death ends the pause at once."""


class InUse(StoreUnavailable):
    """Another Tocsin holds the data directory; it may be just starting, or stopping."""


def home(settings: Settings) -> Path:
    """The directory of the private server: its append-only file, its log, its lock."""
    return settings.data_dir.expanduser().absolute() / "redis"


def socket_path(settings: Settings) -> Path:
    """Where the private server listens: in its home, or in a short private directory if that is too long.

    Also when the path has a character that would need quoting in a URL, as kombu does not unquote it. The
    short one is the same whatever TMPDIR says, so that a shell and a system service find each other.
    """
    plain = home(settings) / "redis.sock"
    if len(os.fsencode(plain)) <= _LONGEST_SOCKET and _PLAIN_PATH.fullmatch(str(plain)):
        return plain
    digest = hashlib.sha256(os.fsencode(home(settings))).hexdigest()[:16]
    return Path("/tmp") / f"tocsin-{os.getuid()}" / f"{digest}.sock"  # noqa: S108  (made 0700, checked ours)


def url(settings: Settings) -> str:
    """The URL of the private server of this data directory, running or not."""
    return f"unix://{socket_path(settings)}"


def answers(settings: Settings) -> bool:
    """Whether the private server of this data directory runs and answers."""
    return _ping(socket_path(settings)) == "ready"


def resolve_url(settings: Settings) -> str:
    """The Redis to use: ``TOCSIN_REDIS_URL``, else the private server if it runs.

    Raises ``StoreUnavailable`` that says how to get either.
    """
    if settings.redis_url:
        return settings.redis_url
    if answers(settings):
        return url(settings)
    raise StoreUnavailable("No Redis: start everything with `tocsin up`, or set TOCSIN_REDIS_URL to your own")


@contextmanager
def borrowed(settings: Settings, *, wait: float = START_WITHIN) -> Iterator[str]:
    """The URL of a Redis for the length of one command, starting the private server if none runs.

    Several commands at once share one server; the command that started it stops it when the others have
    finished (it waits ``STOP_WITHIN`` seconds for them, no longer).
    """
    if settings.redis_url:
        yield settings.redis_url
        return
    _private_directory(home(settings))
    deadline = time.monotonic() + wait
    with Lock(home(settings) / "borrowers") as borrowers:
        server = Server(settings)
        while True:
            with _writing(home(settings)):
                borrowers.share(within=STOP_WITHIN)
            if answers(settings):
                yield url(settings)
                return
            borrowers.release()
            try:
                server.launch()
                break
            except InUse:
                # Somebody else holds the lock: starting (answers soon) or stopping (releases soon).
                if time.monotonic() > deadline:
                    raise
                time.sleep(_GLANCE)
        try:
            server.wait_ready()
            yield server.url
        finally:
            borrowers.take(within=STOP_WITHIN)
            server.stop()


class Server:
    """One private server, tied to this process; start it from the main thread (see ``orphans``).

    ``launch`` and ``wait_ready`` are apart so that an event loop can launch and let a thread wait.
    """

    def __init__(self, settings: Settings) -> None:
        self.home = home(settings)
        self.socket = socket_path(settings)
        self.url = url(settings)
        self.log = self.home / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._fsync = settings.redis_fsync
        self._maxmemory = settings.redis_maxmemory
        self._lock = Lock(self.home / "lock")

    def start(self) -> str:
        """Start the server and return its URL when it answers; raises ``StoreUnavailable``."""
        self.launch()
        self.wait_ready()
        return self.url

    def launch(self) -> None:
        """Start the process; raises ``StoreUnavailable`` when the data directory is in use."""
        binary = find_server()
        _private_directory(self.home)
        _private_directory(self.socket.parent)
        try:
            self._take()
        except BaseException:
            self._lock.release()
            raise
        try:
            self.process = subprocess.Popen(  # noqa: S603  (our own binary and options)
                [str(binary), *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Its own session: Ctrl-C in the terminal must reach it last, through us.
                start_new_session=True,
                # Termination, not a kill: it then closes its append-only file in peace.
                preexec_fn=orphans.tied_to_me(signal.SIGTERM),
                # The server holds the lock as well, so that it outlasts us if the server does.
                pass_fds=(self._lock.fileno(),),
            )
        except OSError as exc:
            self._lock.release()
            raise StoreUnavailable(
                f"{binary} can't be run ({exc.strerror}): install redis-server or valkey-server 7 or newer, "
                "or set TOCSIN_REDIS_URL"
            ) from exc

    def _take(self) -> None:
        with _writing(self.home):
            # A server whose starter was killed is closing its file: it lets go in a moment.
            if not self._lock.take(within=STOP_WITHIN if self._lock.left_behind() else 0.0):
                raise InUse(
                    f"{self.home.parent} is in use by another Tocsin ({self._lock.holder()}): "
                    "stop that one, or set TOCSIN_DATA_DIR to another directory"
                )
            self._lock.sign()
            self.socket.unlink(missing_ok=True)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "logfile": str(self.log),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes",
            "appendfsync": self._fsync,
            "maxmemory": self._maxmemory,
            "maxmemory-policy": "noeviction",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def wait_ready(self, within: float = START_WITHIN) -> None:
        """Return when the server answers; raises ``StoreUnavailable`` with its last words if it won't."""
        if self.process is None:
            raise StoreUnavailable("The private Redis was not started")
        begun = time.monotonic()
        while (state := _ping(self.socket)) != "ready":
            try:
                code = self.process.wait(_GLANCE)
            except subprocess.TimeoutExpired:
                waited = time.monotonic() - begun
                if waited < (LOAD_WITHIN if state == "loading" else within):
                    continue
                self.stop()
                raise StoreUnavailable(
                    f"The private Redis did not answer within {waited:.0f} s; its log: {self.log}"
                ) from None
            self._lock.release()
            raise StoreUnavailable(
                f"The private Redis ended at once (status {code}): {self._last_words()} Its log: {self.log}"
            )

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return lines[-1].strip().rstrip(".") + "." if lines else ""

    def stop(self, within: float = STOP_WITHIN) -> int | None:
        """Stop the server, which first writes everything; kill it after ``within`` seconds. Repeatable."""
        code = None
        if self.process is not None:
            self.process.terminate()
            try:
                code = self.process.wait(within)
            except subprocess.TimeoutExpired:
                self.process.kill()
                code = self.process.wait()
            self.process = None
        self._lock.release()
        return code

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    """Turn what the system has against our writing there into ``StoreUnavailable`` that says what to do."""
    try:
        yield
    except OSError as exc:
        room = "make room there, or " if exc.errno in (errno.ENOSPC, errno.EDQUOT) else ""
        raise StoreUnavailable(
            f"Can't write in {directory} ({exc.strerror}): {room}set TOCSIN_DATA_DIR to a directory of yours"
        ) from exc


def _private_directory(path: Path) -> None:
    """Make a directory that only we may enter; raises ``StoreUnavailable`` when it belongs to another."""
    with _writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        status = path.lstat()
        if status.st_uid != os.getuid() or path.is_symlink():
            raise StoreUnavailable(
                f"{path} belongs to somebody else: set TOCSIN_DATA_DIR to a directory of yours"
            )
        if status.st_mode & 0o077:
            path.chmod(0o700)


def _ping(path: Path) -> str:
    """``ready``, ``loading`` (it reads its data and will answer soon), or ``silent``."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            answer = connection.recv(64)
    except OSError:
        return "silent"
    if answer.startswith(b"+PONG"):
        return "ready"
    return "loading" if answer.startswith(b"-LOADING") else "silent"
