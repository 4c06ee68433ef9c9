"""``tocsin backtest``: replay an archive through the same code as the workers, with an empty memory."""

import json
import sys
from typing import Annotated

import typer

from shared import outlets, settings
from shared.contracts import Article
from shared.printable import one_line


def backtest(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines of articles; `-` reads stdin")
    ] = "-",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, which is what it writes in any case")
    ] = False,
) -> None:
    """Replay articles in published order and say what would have rung.

    Reads lines `{id, published_at, outlet, url, title, summary, body}` and writes, in published order, lines
    `{id, incident_id, alert: {kind, reason, severity} | null, incidents: [{event, incident_id, main,
    joined_because}], also: [alerts]}`. Bad lines are named by number, and the rest goes on.
    """
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.classifier.replay import in_published_order, replay, to_line
    from services.cli.articles import read_lines
    from services.cli.terminal.progress import with_progress

    registry = outlets.load(settings.load().outlets)
    bad = 0
    articles: list[Article] = []
    for number, read in with_progress(read_lines(source), "reading"):
        if isinstance(read, Article):
            articles.append(read)
        else:
            print(f"line {number}: {one_line(str(read))}", file=sys.stderr)
            bad += 1
    ordered = in_published_order(articles)
    for replayed in with_progress(replay(ordered, Coder(), registry), "replaying", len(ordered), prints=True):
        print(json.dumps(to_line(replayed), ensure_ascii=False))
    if bad:
        print(f"{bad} bad lines were left out: correct them, or go on without them", file=sys.stderr)
        raise typer.Exit(1)
