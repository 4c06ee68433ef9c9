"""``tocsin backtest``: replay an archive through the same code as the workers, with an empty memory."""

import json
import sys
import time
from datetime import timedelta
from typing import Annotated

import typer

from shared import outlets, settings
from shared.contracts import Article
from shared.ladders import Archive
from shared.printable import one_line
from shared.settings import Settings


def backtest(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines of articles; `-` reads stdin")
    ] = "-",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, which is what it writes in any case")
    ] = False,
    load: Annotated[
        bool,
        typer.Option("--load", help="Fill the ladders of `tocsin dyads` with the archive's days, too"),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No summary on stderr at the end")] = False,
) -> None:
    """Replay articles in published order and say what would have rung.

    Reads lines `{id, published_at, outlet, url, title, summary, body}` and writes, in published order, lines
    `{id, incident_id, alert: {kind, reason, severity} | null, incidents: [{event, incident_id, main,
    joined_because, responds_to}], also: [alerts]}`. An alert of `also` with a time (`at`) had waited out the
    quiet period and came due before the article, or after the last one. Bad lines are named by number, and
    the rest goes on. What it came to is told on stderr.

    With --load the days on which the archive has articles are written into Redis, as the past that trends and
    severity are judged on. Loading again replaces them; days that Tocsin itself has watched stay as they are.
    """
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.classifier.memory import PlainMemory
    from services.classifier.replay import archive_of, in_published_order, replay, to_line
    from services.cli.articles import read_lines
    from services.cli.terminal import replay_summary
    from services.cli.terminal.progress import with_progress

    config = settings.load()
    registry = outlets.load(config.outlets)
    bad = 0
    articles: list[Article] = []
    for number, read in with_progress(read_lines(source), "reading"):
        if isinstance(read, Article):
            articles.append(read)
        else:
            print(f"line {number}: {one_line(str(read))}", file=sys.stderr)
            bad += 1
    ordered, memory = in_published_order(articles), PlainMemory()
    coder, summary = Coder(), replay_summary.Summary()
    started = time.perf_counter()
    replayed_all = replay(ordered, coder, registry, memory, timedelta(seconds=config.quiet_period))
    steps = summary.watching(replayed_all)
    for replayed in with_progress(steps, "replaying", len(ordered), prints=True):
        print(json.dumps(to_line(replayed), ensure_ascii=False))
    if load:
        _load(config, archive_of(ordered, memory))
    if not quiet:
        sys.stdout.flush()
        replay_summary.show(summary, time.perf_counter() - started)
    if bad:
        print(f"{bad} bad lines were left out: correct them, or go on without them", file=sys.stderr)
        raise typer.Exit(1)


def _load(config: Settings, archive: Archive) -> None:
    """Write the archive's days into Redis, and say on stderr what became of them."""
    from services.cli.borrowing import redis_client
    from shared import ladders
    from shared.clock import SystemClock

    with redis_client(config) as client:
        loaded = ladders.load(client, config.names, archive, SystemClock().now())
    print(
        f"loaded {loaded.days} days of {loaded.subjects} pairs and countries: `tocsin dyads`", file=sys.stderr
    )
    if loaded.live:
        print(f"days that were watched, and stay as they were: {loaded.live}", file=sys.stderr)
    if loaded.old:
        print(f"days left out, as none is kept so long: {loaded.old}", file=sys.stderr)
