"""Keeps a household of processes alive, and puts it to bed in order.

Starts each member, hands on what it prints, starts it again with back-off when it ends by itself, and on
a signal stops all of them one after the other, each with a deadline. On Linux nothing outlives the
supervisor, even when it is killed outright. It knows nothing of what its members do.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Protocol

from services.cli.house.output import relay
from services.cli.house.restarts import after_end
from shared import orphans
from shared.embedded import Server
from shared.errors import TocsinError, TryLater

DRAIN_WITHIN = 30.0
"""Seconds that one member gets to finish its work; then it is killed, and its work is done again later."""
ECHO = 1.0
"""Seconds in which a repeated signal is the same request: `make` and systemd signal us and our group."""
SELF = "tocsin"


class Member(Protocol):
    """One process of the household, started as often as needed."""

    name: str

    async def start(self, say: Callable[[str], None]) -> None:
        """Start it; raises ``TocsinError`` when that can't be done now."""

    async def ended(self) -> int:
        """Wait until it has ended, and return its exit code."""

    def ask_to_stop(self) -> None:
        """Ask it to finish and leave."""

    def kill(self) -> None:
        """End it and everything it started, at once."""


@dataclass
class Program:
    """A member that is a command, in a session of its own, so that Ctrl-C reaches it only through us."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: asyncio.subprocess.Process | None = None
    _relay: "asyncio.Task[None] | None" = None

    async def start(self, say: Callable[[str], None]) -> None:
        # A pipe of our own: with asyncio's, the process would count as running until everybody who
        # inherited the pipe has closed it, and a pool that outlived its parent never does.
        heard, spoken = os.pipe()
        listener = os.fdopen(heard, "rb", buffering=0)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                stdin=subprocess.DEVNULL,
                stdout=spoken,
                stderr=spoken,
                env={**os.environ, **self.environment},
                start_new_session=True,
                # A kill, not a request: with the supervisor gone Redis goes too, and a drain could not end.
                preexec_fn=orphans.tied_to_me(signal.SIGKILL),
            )
        except OSError as exc:
            listener.close()
            raise TryLater(f"{self.name} can't be started now: {exc}; is the machine out of memory?") from exc
        finally:
            os.close(spoken)
        self._relay = asyncio.create_task(_relay(listener, say))

    async def ended(self) -> int:
        if self._process is None:
            return 0
        code = await self._process.wait()
        # What it left behind (a pool, a hung grandchild) must not work beside its successor.
        self.kill()
        if self._relay is not None:
            # Its last words; not for ever, as somebody else may hold the other end of the pipe.
            await asyncio.wait({self._relay}, timeout=2)
            self._relay.cancel()
        return code

    def ask_to_stop(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


async def _relay(pipe: IO[bytes], say: Callable[[str], None]) -> None:
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), pipe
    )
    try:
        await relay(stream, say)
    finally:
        transport.close()


@dataclass
class PrivateRedis:
    """The embedded server as a member; see ``shared/embedded.py``."""

    server: Server
    name: str = "redis"

    async def start(self, say: Callable[[str], None]) -> None:
        self.server.launch()  # on this thread: the kernel ties the server to it
        await asyncio.to_thread(self.server.wait_ready)
        say(f"answers on {self.server.socket}, its data is in {self.server.home}")

    async def ended(self) -> int:
        process = self.server.process
        return 0 if process is None else await asyncio.to_thread(process.wait)

    def ask_to_stop(self) -> None:
        if self.server.process is not None:
            self.server.process.terminate()

    def kill(self) -> None:
        if self.server.process is not None:
            self.server.process.kill()


class Audience(Protocol):
    """Who hears what the household says."""

    def say(self, speaker: str, line: str) -> None:
        """Take one line of one member."""


class Supervisor:
    """Runs ``members`` in the given order and stops them in the order of ``drain``."""

    def __init__(
        self,
        members: Sequence[Member],
        board: Audience,
        *,
        drain: Sequence[str],
        drain_within: float = DRAIN_WITHIN,
        echo: float = ECHO,
    ) -> None:
        self.stopping = asyncio.Event()
        self.running_since: dict[str, datetime] = {}
        self.ended_in_a_row: dict[str, int] = {}
        """How often each member ended by itself, one time soon after the other."""
        self._members = {member.name: member for member in members}
        self._board = board
        self._drain = drain
        self._drain_within = drain_within
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._leaving: set[str] = set()
        self._killing = False
        self._asked_at = 0.0
        self._echo = echo
        self._ever_ran = False

    def say(self, line: str) -> None:
        """Print a line of the supervisor's own."""
        self._board.say(SELF, line)

    def interrupt(self) -> None:
        """What a signal does: the first asks for a drain, the second kills at once."""
        now = asyncio.get_running_loop().time()
        if not self.stopping.is_set():
            self.say("stopping (once more kills at once)")
            self.stopping.set()
            self._asked_at = now
            return
        if now - self._asked_at < self._echo:
            return
        self.say("killing what still runs")
        self._killing = True
        self._leaving.update(self._members)
        for member in self._members.values():
            member.kill()

    def replace(self, name: str, why: str) -> None:
        """Kill a member that runs but does not work; its keeper starts it again."""
        if name in self.running_since and not self.stopping.is_set():
            self.say(f"{name} {why}; killing it")
            self._members[name].kill()

    async def run(self) -> None:
        """Start the members, keep them alive until interrupted, then drain; returns when all have ended.

        Raises ``TocsinError`` when one can't be started at all, after stopping the others.
        """
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(signum) is not signal.SIG_IGN:  # `nohup` means it
                loop.add_signal_handler(signum, self.interrupt)
        told_to_stop = asyncio.create_task(self.stopping.wait())
        try:
            for member in self._members.values():
                starting = self._start(member)
                self._keepers[member.name] = asyncio.create_task(self._keep(member, starting))
                await asyncio.wait({starting, told_to_stop}, return_when=asyncio.FIRST_COMPLETED)
                if self.stopping.is_set():
                    break
                starting.result()
            await told_to_stop
        finally:
            told_to_stop.cancel()
            await self._put_to_bed()

    def _start(self, member: Member) -> "asyncio.Task[None]":
        return asyncio.create_task(member.start(lambda line: self._board.say(member.name, line)))

    async def _keep(self, member: Member, starting: "asyncio.Task[None]") -> None:
        """See one member through all its lives, until we are stopping and it has ended."""
        loop = asyncio.get_running_loop()
        failures, wait = 0, 0.0
        while True:
            try:
                await starting
            except TocsinError as exc:
                if failures == 0:
                    return  # ``run`` tells of it
                self.say(f"{member.name} did not start: {exc}")
            else:
                self.running_since[member.name] = datetime.now(UTC)
                self._ever_ran = True
                if member.name in self._leaving:  # its turn came while it started
                    (member.kill if self._killing else member.ask_to_stop)()
                begun = loop.time()
                code = await member.ended()
                self.running_since.pop(member.name, None)
                if member.name in self._leaving:
                    return
                restart = after_end(failures, lived=loop.time() - begun, code=code)
                if self.stopping.is_set():
                    self.say(f"{member.name} {restart.reason} before its turn")
                    return
                failures, wait = restart.failures, restart.wait
                self.ended_in_a_row[member.name] = failures
                self.say(f"{member.name} {restart.reason}; starting it again in {wait:.1f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), wait)
            if self.stopping.is_set():
                return
            starting = self._start(member)

    async def _put_to_bed(self) -> None:
        self.stopping.set()
        for name in self._drain:
            keeper = self._keepers.get(name)
            if keeper is None:
                continue
            self._leaving.add(name)
            member = self._members[name]
            if not self._killing:
                if name in self.running_since:
                    self.say(f"{name}: finishing")
                member.ask_to_stop()  # one that is just starting, too
            done, _ = await asyncio.wait({keeper}, timeout=self._drain_within)
            if not done:
                self.say(f"{name} did not finish within {self._drain_within:.0f} s: killing it")
                member.kill()
            await keeper
        if self._ever_ran:
            self.say("stopped")
