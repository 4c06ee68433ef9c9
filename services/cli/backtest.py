"""``tocsin backtest``: replay an archive through the same code as the workers, with an empty memory."""

import json
import sys
from typing import Annotated

import typer

from shared.contracts import Article


def backtest(
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines of articles; `-` reads stdin")
    ] = "-",
) -> None:
    """Replay articles in published order and say what would have rung, a JSON line each.

    Reads lines `{id, published_at, outlet, url, title, summary, body}` and writes, in published order,
    `{id, incident_id, alert: {kind, reason, severity} | null, incidents: [{event, incident_id, main,
    joined_because}], also: [alerts]}`. Bad lines are reported by number and the rest goes on.

    Exit code: 0 all lines read, 1 some were bad, 2 the file can't be read.

    Example:  tocsin backtest archive.jsonl > alerts.jsonl
    """
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.classifier.replay import in_published_order, replay, to_line
    from services.cli.articles import UnreadableSource, read_lines, with_progress

    bad = 0
    articles: list[Article] = []
    try:
        for number, read in read_lines(source):
            if isinstance(read, Article):
                articles.append(read)
            else:
                print(f"line {number}: {read}", file=sys.stderr)
                bad += 1
    except UnreadableSource as exc:
        print(f"tocsin: {exc}", file=sys.stderr)
        raise typer.Exit(2) from exc
    ordered = in_published_order(articles)
    for replayed in with_progress(replay(ordered, Coder()), "replaying", len(ordered)):
        print(json.dumps(to_line(replayed), ensure_ascii=False))
    if bad:
        print(f"{bad} bad lines were left out", file=sys.stderr)
        raise typer.Exit(1)
