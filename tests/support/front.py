"""Fakes of the front room: tiny programs to supervise, and a board to read what was said."""

import asyncio
import io
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from services.api import service
from services.cli.house.output import Board
from services.cli.house.supervisor import Program
from services.cli.main import build, told, wanted
from shared.settings import Settings

PATIENCE = 15.0


def program(name: str, script: str) -> Program:
    """A member that runs a few lines of Python."""
    return Program(name, [sys.executable, "-u", "-c", script])


def steady(name: str, *, farewell: str = "bye") -> Program:
    """A member that says it is up, works until SIGTERM, and says farewell."""
    return program(
        name,
        "import os, signal, sys, threading\n"
        "stop = threading.Event()\n"
        "signal.signal(signal.SIGTERM, lambda *_: stop.set())\n"
        "print('up', os.getpid())\n"
        "stop.wait()\n"
        f"print({farewell!r})\n",
    )


class Heard(io.StringIO):
    """What a board printed, and a way to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def write(self, text: str) -> int:
        self._news.set()
        return super().write(text)

    @property
    def lines(self) -> list[str]:
        return self.getvalue().splitlines()

    async def until(self, wanted: Callable[[str], bool] | str, count: int = 1) -> str:
        """The ``count``-th line that is wanted, as soon as it was said."""
        fits = (lambda line: wanted in line) if isinstance(wanted, str) else wanted

        async def wait() -> str:
            while len(found := [line for line in self.lines if fits(line)]) < count:
                self._news.clear()
                await self._news.wait()
            return found[count - 1]

        try:
            return await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"never heard {wanted!r} in:\n{self.getvalue()}") from None


def board(heard: Heard, *speakers: str) -> Board:
    return Board(["tocsin", *speakers], stream=heard, colour=False)


@dataclass
class Answer:
    """A response as a caller sees it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Api:
    """A running api, asked over a real socket."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def get(self, path: str, *, key: str = "", **headers: str) -> Answer:
        """Ask for ``path``; ``x_request_id="a"`` sends that header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        return await asyncio.to_thread(self._ask, path, sent)

    def _ask(self, path: str, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as got:  # noqa: S310
                return Answer(got.status, dict(got.headers), got.read().decode())
        except urllib.error.HTTPError as exc:
            return Answer(exc.code, dict(exc.headers), exc.read().decode())


@asynccontextmanager
async def serving(settings: Settings, port: int) -> AsyncIterator[Api]:
    """The real api service on ``port`` for the length of a test, drained at its end."""
    settings = settings.model_copy(update={"api_port": port})
    stop = asyncio.Event()
    assert settings.redis_url is not None
    work = asyncio.create_task(service.serve(settings, settings.redis_url, stop))
    api = Api(port)
    try:
        async with asyncio.timeout(PATIENCE):
            while not work.done():
                try:
                    await api.get("/healthz")
                    break
                except OSError:
                    await asyncio.sleep(0.01)
        if work.done():
            work.result()
        yield api
    finally:
        stop.set()
        await asyncio.wait_for(work, PATIENCE)


def eventually(holds: Callable[[], bool]) -> None:
    """Return as soon as ``holds``; fail after ``PATIENCE``. For what another process does in its own time."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether the process runs; one that ended and that nobody has asked after counts as ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@contextmanager
def taken_port() -> Iterator[int]:
    """A port on loopback that somebody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Done:
    """A command that ran to its end."""

    returncode: int
    stdout: str
    stderr: str


def tocsin(*arguments: str, stdin: str | bytes = "", **environment: str) -> Done:
    """Run one command of ``tocsin`` in this process, as ``main`` would: quicker than a process each."""
    ours = {name: None for name in os.environ if name.startswith("TOCSIN_")}
    runner = CliRunner(env={**ours, "COLUMNS": "100", **environment})
    words = list(arguments)
    ran = runner.invoke(
        build(wanted(words, {})), words, input=stdin, prog_name="tocsin", standalone_mode=False
    )
    if isinstance(ran.exception, Exception):
        answer = told(ran.exception, wanted(words, {}))
        if answer is None:
            raise ran.exception
        return Done(answer[0], ran.stdout, f"{ran.stderr}{answer[1]}\n")
    return Done(ran.return_value or ran.exit_code, ran.stdout, ran.stderr)
