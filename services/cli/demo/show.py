"""The demo from curtain to curtain: sets up a house of its own, plays the news, sums up, tidies away."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from rich.console import Console

from services.cli.demo import script as scripts
from services.cli.demo.audience import watch
from services.cli.demo.newsstand import Newsstand
from services.cli.demo.prompter import Prompter
from services.cli.demo.receiver import Receiver
from services.cli.demo.script import Script
from services.cli.demo.stage import Stage
from services.cli.demo.words import goodbye, hello
from services.cli.house.first import Place
from services.cli.house.household import household
from services.cli.house.supervisor import Supervisor
from shared import embedded, feeds, heartbeat, settings, store
from shared.clock import SystemClock
from shared.ending import end
from shared.errors import StoreUnavailable, TryLater
from shared.settings import Settings
from shared.subscriptions import Register, new_slack, new_webhook
from shared.vault import open_vault

SERVICES = ("poller", "worker", "notifier")
"""Who plays, beside Redis; the api has no part in it."""
READY_WITHIN = 90.0
"""Seconds until everybody must have shown a sign of life; two slow cores need ten."""
ENDS = 3
"""So often may a member end as it starts: it would go on so until the time is over."""
_NO_API = 0

_now = SystemClock().now


def demo(console: Console, there: Place, *, seconds: float | None = None) -> None:
    """Play the demo, or its first ``seconds``; raises ``TryLater`` when not all of it could be shown.

    ``there`` is how the user can call us afterwards. Changes the environment and the working directory of
    this process, which should end with it.
    """
    directory = tempfile.mkdtemp(prefix="tocsin-demo-")
    try:
        _own_world(Path(directory))
        asyncio.run(_demo(console, seconds))
        goodbye(console, there)
    finally:
        os.chdir("/")  # out of what goes away
        shutil.rmtree(directory, ignore_errors=True)


def _own_world(directory: Path) -> None:
    """See that no setting of this user's and no ``.env`` reaches the demo, and none of its data them."""
    for name in [name for name in os.environ if name.upper().startswith("TOCSIN_")]:
        del os.environ[name]
    os.chdir(directory)
    os.environ |= {
        "TOCSIN_DATA_DIR": str(directory),
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_LOG_FORMAT": "json",
        "TOCSIN_OUTLETS": str(scripts.OUTLETS),
        "TOCSIN_POLL_INTERVAL": "1",
        "TOCSIN_QUIET_PERIOD": "0",  # its hours pass in a minute
        "TOCSIN_WORKER_CONCURRENCY": "1",
    }


async def _demo(console: Console, seconds: float | None) -> None:
    config = settings.load()
    server, prompter = embedded.Server(config), Prompter()
    members = household(config, server, server.url, _NO_API)
    cast = [member for member in members if member.name in (*SERVICES, "redis")]
    supervisor = Supervisor(cast, prompter, drain=(*SERVICES, "redis"))
    hello(console)
    running = asyncio.create_task(supervisor.run())
    playing = asyncio.create_task(_play(console, config, server.url, prompter, supervisor, seconds))
    told_to_stop = asyncio.create_task(supervisor.stopping.wait())
    try:
        await asyncio.wait({running, playing, told_to_stop}, return_when=asyncio.FIRST_COMPLETED)
        interrupted = supervisor.stopping.is_set()
        supervisor.stopping.set()
        await end(playing)
        with console.status("stopping everything ..."):
            await running  # it ends with an error when a member could not be started
    finally:
        told_to_stop.cancel()
        server.stop()
    if playing.cancelled() or interrupted:
        raise KeyboardInterrupt
    playing.result()


async def _play(
    console: Console,
    config: Settings,
    url: str,
    prompter: Prompter,
    supervisor: Supervisor,
    seconds: float | None,
) -> None:
    script = scripts.load(_now())
    newsstand = Newsstand(script.outlets, _now)
    receiver = Receiver(_now)
    async with _serving([*newsstand.routes(), *receiver.routes()]) as address:
        with console.status("starting a private Redis, the poller, a worker and the notifier ..."):
            await prompter.redis_answers.wait()
            await asyncio.to_thread(_introduce, config, url, script, newsstand, receiver, address)
            await _until_all_are_up(config, url, prompter, supervisor)
        script = scripts.load(_now())
        if seconds is not None:
            script = script.until(seconds)
        newsstand.play(script)
        stage = Stage(console, script)
        missing = await watch(stage, script, prompter.considered, receiver.inbox, url, config.names)
        stage.close()
    if missing:
        raise TryLater(f"the demo did not come to its end: {missing}. {prompter.last_words()}".rstrip())


@asynccontextmanager
async def _serving(routes: list[web.RouteDef]) -> AsyncIterator[str]:
    """Serve on a free port of this machine; yields the address."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _introduce(
    config: Settings, url: str, script: Script, newsstand: Newsstand, receiver: Receiver, address: str
) -> None:
    """Add the feeds and the two subscriptions, by the same doors as ``tocsin feeds`` and ``subscribe``."""
    vault, now = open_vault(config), _now()
    hook, receiver.secret = new_webhook(f"{address}/hook", settings=config, vault=vault, now=now)
    slack = new_slack(f"{address}/services/demo", settings=config, vault=vault, now=now)
    with store.connect(url) as client:
        for outlet in script.outlets:
            feeds.add(client, config, address + newsstand.path(outlet), now=now, title=outlet.name)
        register = Register(client, config.names)
        register.add(hook)
        register.add(slack)


async def _until_all_are_up(config: Settings, url: str, prompter: Prompter, supervisor: Supervisor) -> None:
    clock = asyncio.get_running_loop().time
    deadline = clock() + READY_WITHIN
    while waiting := await asyncio.to_thread(_not_up, config, url):
        if clock() > deadline:
            late = f"{', '.join(waiting)} did not start within {READY_WITHIN:.0f} s"
            raise TryLater(f"{late}. {prompter.last_words()}".rstrip())
        for name, times in supervisor.ended_in_a_row.items():
            if times >= ENDS:
                raise TryLater(f"{name} ended {times} times in a row. {prompter.last_words(name)}".rstrip())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(supervisor.stopping.wait(), 0.05)


def _not_up(config: Settings, url: str) -> list[str]:
    try:
        with store.connect(url) as client:
            return [name for name in SERVICES if not heartbeat.alive(client, config.names, name)]
    except StoreUnavailable:
        return list(SERVICES)
