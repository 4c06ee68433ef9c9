"""Reads feeds in processes of their own, which can be killed when a body is built to waste our time.

Threads would not do: parsing holds the interpreter, and a thread can't be stopped (five million bytes of
``<!`` keep feedparser busy for six seconds and 170 MB). A ``Reader`` takes a body on its standard input and
answers with the drafts as JSON, so that the service's own loop never parses anything. The child is this
module run by name; it ends when its input does, also when the poller was killed.
"""

import asyncio
import contextlib
import json
import os
import resource
import struct
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any

from services.poller.entries import MAX_TITLE, Draft, drafts
from services.poller.parse import parse
from services.poller.plaintext import plain
from shared.errors import TryLater, UnreadableFeed

DEADLINE = 20.0
"""Seconds for one feed; the slowest of 200 real ones took two."""
START_WITHIN = 60.0
"""Seconds for a reader to start; they do not count against the feed that waits for it."""
MEMORY = 1 << 30
"""Bytes that a reader may map (Linux): a body at the cap needs a fifth of it."""

TOO_MUCH_MEMORY = "reading it needed more memory than a feed may take: tell its owner"

_FRAME = struct.Struct(">II")


@dataclass(frozen=True)
class Task:
    """What a reader needs to know beside the body."""

    feed_id: str
    feed_url: str
    content_type: str
    fetched_at: str


@dataclass(frozen=True)
class Reading:
    """What a reader found in a body."""

    title: str
    drafts: list[Draft]
    cut_off: bool
    fault: str = ""
    """How many entries are missing through a fault of ours and which, in a sentence, or nothing."""


class Readers:
    """A few reader processes behind one method; ``close`` ends them."""

    def __init__(self, count: int, *, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._free: asyncio.LifoQueue[asyncio.subprocess.Process | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._free.put_nowait(None)  # a place whose process starts when it is first needed
        self._count = count

    async def read(self, task: Task, body: bytes) -> Reading:
        """What is in ``body``; raises ``UnreadableFeed``, also when it takes too long or kills its reader."""
        process = await self._free.get()
        kept: asyncio.subprocess.Process | None = None
        try:
            if process is None or process.returncode is not None:
                process = await _start()
            async with asyncio.timeout(self._deadline):
                answer = await _ask(process, task, body)
            kept = process
        except TimeoutError as exc:
            raise UnreadableFeed(
                f"reading it took longer than {self._deadline:g} s and was stopped: tell its owner"
            ) from exc
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise UnreadableFeed(TOO_MUCH_MEMORY) from exc
        finally:
            self._free.put_nowait(kept)
            if kept is None and process is not None:
                await _end(process)
        if "error" in answer:
            raise UnreadableFeed(answer["error"])
        found = [Draft(**draft) for draft in answer["drafts"]]
        return Reading(answer["title"], found, answer["cut_off"], answer["fault"])

    async def close(self) -> None:
        """End every process; call it when no read is under way."""
        for _ in range(self._count):
            process = await self._free.get()
            if process is not None:
                await _end(process)


async def _start() -> asyncio.subprocess.Process:
    process: asyncio.subprocess.Process | None = None
    ready = False
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.poller.reader"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Its own session: Ctrl-C in the terminal reaches it through us, by the end of its input.
            start_new_session=True,
            # It handles what strangers wrote: our Redis address and keys are none of its business.
            # Nor may it take a `shared` or `services` in the directory we were started from for ours.
            env={name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
            | {"PYTHONSAFEPATH": "1"},
        )
        async with asyncio.timeout(START_WITHIN):
            await _hear(process)
        ready = True
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as exc:
        raise TryLater(f"no process could be started to read feeds ({exc}): it will be tried again") from exc
    finally:
        if process is not None and not ready:
            await _end(process)
    return process


async def _ask(process: asyncio.subprocess.Process, task: Task, body: bytes) -> Any:
    about = json.dumps(asdict(task)).encode()
    if process.stdin is not None:
        process.stdin.write(_FRAME.pack(len(about), len(body)) + about + body)
        await process.stdin.drain()
    return json.loads(await _hear(process))


async def _hear(process: asyncio.subprocess.Process) -> bytes:
    """The next frame that the reader sends."""
    if process.stdout is None:
        raise ConnectionError("the reader has no pipe")
    length, _ = _FRAME.unpack(await process.stdout.readexactly(_FRAME.size))
    return await process.stdout.readexactly(length)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


# ---- the child ----------------------------------------------------------------------------------


def answer(task: Task, body: bytes) -> dict[str, object]:
    """What a reader says of one body: its title and drafts, or the error in words."""
    fetched_at = datetime.fromisoformat(task.fetched_at)
    try:
        feed = parse(body, content_type=task.content_type, url=task.feed_url)
        taken = drafts(feed, feed_id=task.feed_id, feed_url=task.feed_url, fetched_at=fetched_at)
    except UnreadableFeed as exc:
        return {"error": str(exc)}
    except MemoryError:
        return {"error": TOO_MUCH_MEMORY}
    except Exception as exc:  # a fault of ours must cost one feed one poll, and say its name
        return {"error": f"reading it failed, which is our fault ({exc!r}): please report this feed"}
    title = plain(feed.title)[:MAX_TITLE]
    return {
        "title": title,
        "drafts": [asdict(draft) for draft in taken.drafts],
        "cut_off": feed.cut_off,
        "fault": _told(taken.faults),
    }


def _told(faults: Sequence[str]) -> str:
    if not faults:
        return ""
    many = "1 entry was" if len(faults) == 1 else f"{len(faults)} entries were"
    return f"{many} left out, which is our fault ({faults[0][:200]}): please report this feed"


def read_all(tasks: IO[bytes], answers: IO[bytes]) -> None:
    """Say that we are ready, then answer tasks until their stream ends."""
    _say(answers, b"")
    while len(head := tasks.read(_FRAME.size)) == _FRAME.size:
        about_length, body_length = _FRAME.unpack(head)
        task = Task(**json.loads(tasks.read(about_length)))
        _say(answers, json.dumps(answer(task, tasks.read(body_length))).encode())


def _say(answers: IO[bytes], said: bytes) -> None:
    answers.write(_FRAME.pack(len(said), 0) + said)
    answers.flush()


if __name__ == "__main__":
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    read_all(sys.stdin.buffer, sys.stdout.buffer)
