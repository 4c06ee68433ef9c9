"""Brings what happens in three places to the stage in an order that a person can follow.

The worker's log says that an article was considered, the stream has the alerts that rang for it, and the
receivers hear of them. A delivery may be quicker than the log; it waits for the card of its alert.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.demo.receiver import Delivered, SlackMessage
from services.cli.demo.script import Script
from services.cli.demo.stage import Stage
from shared import streams
from shared.contracts import Alert
from shared.names import Names
from shared.store import connect_async

SILENT_FOR = 20.0
"""Seconds without anything new, after all is printed, until we say what is missing."""

Considered = Mapping[str, Any]
Fact = Considered | Delivered | SlackMessage


async def watch(
    stage: Stage,
    script: Script,
    considered: "asyncio.Queue[dict[str, Any]]",
    inbox: "asyncio.Queue[Delivered | SlackMessage]",
    url: str,
    names: Names,
) -> str:
    """Show everything until all articles are considered and all alerts delivered; returns what is missing."""
    facts: asyncio.Queue[Fact] = asyncio.Queue()
    carriers = [asyncio.create_task(_carry(queue, facts)) for queue in (considered, inbox)]
    shown: set[str] = set()
    early: list[Delivered] = []
    position = streams.START
    patience = script.seconds + SILENT_FOR
    try:
        async with connect_async(url) as client:
            while not _is_over(stage, script):
                try:
                    fact = await asyncio.wait_for(facts.get(), patience)
                except TimeoutError:
                    return _missing(stage, script)
                if isinstance(fact, SlackMessage):
                    stage.slack(fact.message)
                elif isinstance(fact, Delivered):
                    early.append(fact)
                else:
                    stage.considered(fact)
                    while not shown.issuperset(fact["alert_ids"]):
                        for entry in await streams.read_after(client, names.alerts, position):
                            position = entry.id
                            alert = Alert.from_json(entry.fields["alert"])
                            shown.add(alert.id)
                            # What the house says of itself is for whoever asks, and here nobody did.
                            if not str(alert.kind).startswith("system."):
                                stage.rang(alert)
                early = _show(stage, early, shown)
        return ""
    finally:
        for carrier in carriers:
            carrier.cancel()


async def _carry(source: "asyncio.Queue[Any]", target: "asyncio.Queue[Fact]") -> None:
    while True:
        target.put_nowait(await source.get())


def _show(stage: Stage, waiting: Sequence[Delivered], shown: set[str]) -> list[Delivered]:
    for delivered in waiting:
        if delivered.data["id"] in shown:
            stage.delivered(delivered)
    return [delivered for delivered in waiting if delivered.data["id"] not in shown]


def _is_over(stage: Stage, script: Script) -> bool:
    return stage.articles >= len(script.items) and stage.webhooks == stage.slack_messages == stage.alerts


def _missing(stage: Stage, script: Script) -> str:
    """What did not come, in words."""
    return (
        f"{stage.articles} of {len(script.items)} articles were considered, "
        f"{stage.alerts} alerts rang, "
        f"{stage.webhooks} webhooks and {stage.slack_messages} messages for Slack came in"
    )
