"""The notifier put together: consumer, lanes, janitor, watch and heartbeat under one roof, until stopped."""

import asyncio
import socket

from services.notifier.channels import Channel
from services.notifier.channels.http import Poster
from services.notifier.channels.slack import SlackChannel
from services.notifier.channels.slack_bot import SlackBotChannel
from services.notifier.channels.slack_threads import SlackThreads
from services.notifier.channels.webhook import WebhookChannel
from services.notifier.consumer import Consumer
from services.notifier.janitor import Janitor
from services.notifier.journal import Journal
from services.notifier.lanes import Lanes
from services.notifier.places import MAX_LANES
from services.notifier.visit import Visitor
from services.notifier.watching.deadman import DeadMan
from services.notifier.watching.watcher import Watcher
from shared import contracts, guard, heartbeat, log
from shared.clock import SystemClock
from shared.names import NOTIFIER_GROUP
from shared.settings import Settings
from shared.store import connect_async
from shared.streams import GroupReader
from shared.vault import open_vault

CONNECTIONS = MAX_LANES * WebhookChannel.concurrency
"""With a body of at most 20 kB in each this bounds memory, and the sockets stay below the thousand that a
process may usually open."""

_log = log.get(__name__)


async def serve(settings: Settings, redis_url: str, stop: asyncio.Event) -> None:
    """Deliver until ``stop``, then finish and record what is under way (at most ``delivery_timeout``)."""
    names, clock, vault = settings.names, SystemClock(), open_vault(settings)
    policy = guard.hook_policy(settings)
    async with (
        connect_async(redis_url) as client,
        guard.session(
            policy,
            timeout=settings.delivery_timeout,
            user_agent=settings.user_agent,
            connections=CONNECTIONS,
        ) as http,
    ):
        journal = Journal(client, names)
        poster = Poster(http, policy, settings.delivery_timeout)
        known = channels(poster, settings.public_url, SlackThreads(client, names))
        lanes = Lanes(journal, Visitor(journal, client, settings, vault, known, clock), clock)
        # The host's name and no process id: after a crash the same consumer finds what it had not finished.
        reader = GroupReader(client, names, names.alerts, NOTIFIER_GROUP, socket.gethostname())
        watcher = Watcher(client, settings, DeadMan(settings, http, clock), clock)
        consumer = Consumer(
            client, names, reader, journal, clock, recorded=lanes.wake, public_url=settings.public_url
        )
        _log.info("notifier ready", consumer=reader.consumer)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(consumer.run(stop))
            tasks.create_task(lanes.run(stop))
            tasks.create_task(Janitor(client, settings, journal, clock).run(stop))
            tasks.create_task(watcher.run(stop))
            tasks.create_task(heartbeat.beat(client, names, "notifier", heartbeat.instance(), stop))
    _log.info("notifier stopped")


def channels(poster: Poster, public_url: str = "", threads: SlackThreads | None = None) -> dict[str, Channel]:
    """Every channel of this release, by the name in a subscription; without ``threads`` a bot starts none."""
    return {
        contracts.Channel.WEBHOOK: WebhookChannel(poster),
        contracts.Channel.SLACK: SlackChannel(poster, public_url),
        contracts.Channel.SLACK_BOT: SlackBotChannel(poster, public_url, threads),
    }
