"""``tocsin tail``: hearing the alerts here, as they ring."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from services.cli.filter_file import filter_of
from services.cli.terminal import completing
from services.cli.terminal.usage import typed
from shared import embedded, filters, settings, streams
from shared.clock import SystemClock
from shared.contracts import Alert, AlertKind, Tier
from shared.ending import end
from shared.errors import NewerSchema
from shared.moments import moment_of
from shared.printable import one_line
from shared.settings import Settings
from shared.sparkline import sparkline
from shared.store import connect_async
from shared.streams import Entry

_COLOURS = {
    Tier.MINOR: "dim",
    Tier.MODERATE: "yellow",
    Tier.SEVERE: "bright_red",
    Tier.EXTREME: "bold white on red",
}


def tail(
    filter_text: Annotated[
        str,
        typer.Option(
            "--filter",
            metavar="FILTER",
            help='Matchers that must all hold, such as severity>=Severe,country=~"IRQ|SYR"; or JSON, or '
            "@FILE that holds either; without it, everything on the stream but heartbeats",
            autocompletion=completing.filter_fields,
        ),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help="Begin earlier: 30m, 6h, 2d, or a time such as 2026-01-31T08:00Z"),
    ] = "",
) -> None:
    """Print alerts as they ring, one at a glance; Ctrl-C ends it."""
    with typed():
        wanted = filters.parse(filter_of(filter_text)) if filter_text else None
        start = stream_id(since, SystemClock().now()) if since else None
    config = settings.load()
    asyncio.run(_until_stopped(follow(config, embedded.resolve_url(config), wanted, start, as_json)))


class _Console(Console):
    """rich's, but that a reader who has gone is told of as everywhere else."""

    def on_broken_pipe(self) -> None:
        """Raise; rich itself would leave the process from within a task, and asyncio would complain."""
        raise BrokenPipeError


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Do the work until Ctrl-C, which is how it is meant to end; raises what the work raises."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await end(doing)
    stopping.cancel()
    if not doing.cancelled():
        doing.result()


async def follow(
    config: Settings, url: str, wanted: filters.Filter | None, start: str | None, as_json: bool
) -> None:
    """Print what is on the stream after ``start``, or from now on; never returns."""
    console = _Console(highlight=False, soft_wrap=True)
    async with connect_async(url) as client:
        position = start or await streams.last_id(client, config.names.alerts)
        while True:
            for entry in await streams.read_after(client, config.names.alerts, position):
                position = entry.id
                alert = _readable(entry)
                if alert is None or not _is_wanted(alert, wanted):
                    continue
                if as_json:
                    print(alert.to_json(), flush=True)
                else:
                    console.print(glance(alert, entry.added_at))


def _is_wanted(alert: Alert, wanted: filters.Filter | None) -> bool:
    """Whether it is printed; a heartbeat, which comes all the time, only for a filter that names it."""
    if wanted is None:
        return alert.kind != AlertKind.HEARTBEAT
    return wanted.matches(alert).matched


def _readable(entry: Entry) -> Alert | None:
    try:
        return Alert.from_json(entry.fields["alert"])
    except (KeyError, ValueError, NewerSchema) as exc:
        print(f"an alert that this release can't read ({entry.id}): {type(exc).__name__}", file=sys.stderr)
        return None


def glance(alert: Alert, rang_at: datetime) -> Text:
    """An alert in one or two lines: when, how severe, what happened, why it rang."""
    tier = alert.severity.tier if alert.severity else None
    line = Text(f"{rang_at.astimezone():%H:%M:%S} ", style="dim")
    line.append(f"{tier.value if tier else '-':<8} ", style=_COLOURS[tier] if tier else "dim")
    if alert.trend is not None:
        line.append("trend: ", style="bold")
    elif alert.kind != AlertKind.OPENED:
        line.append(f"{one_line(str(alert.kind)).rpartition('.')[2]}: ", style="bold")
    line.append(one_line(alert.sentence or alert.headline))
    if alert.changes:
        line.append(f" ({one_line('; '.join(alert.changes))})")
    line.append(f"\n         {one_line(alert.headline)}" if alert.sentence else "", style="dim")
    if alert.trend is not None and alert.trend.days:
        line.append(f"\n         {sparkline(alert.trend.days)} {len(alert.trend.days)} days", style="dim")
    line.append(f"\n         because: {one_line(str(alert.reason))}", style="dim")
    if alert.merged_into:
        line.append(f" · goes on in {one_line(alert.merged_into)}", style="dim")
    if alert.split_from:
        line.append(f" · split from {one_line(alert.split_from)}", style="dim")
    if alert.sources:
        first = alert.sources[0]
        line.append(f" · {one_line(f'{first.name} {first.url or first.outlet}')}", style="dim")
    return line


def stream_id(since: str, now: datetime) -> str:
    """The stream position just before a moment, given as an age or a time; raises ``BadInput``."""
    return f"{max(round(moment_of(since, now).timestamp() * 1000) - 1, 0)}-0"
