"""``tocsin classify``: what the coder sees in an article, and why it would ring or stay silent."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from shared.contracts import Article
from shared.errors import TocsinError

if TYPE_CHECKING:
    from services.classifier.coding import Coder


def classify(
    source: Annotated[
        str, typer.Argument(metavar="URL|FILE|-", help="An article: text, HTML or JSON; `-` reads stdin")
    ] = "-",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines of articles, write a coding a line")
    ] = False,
    day: Annotated[
        str | None, typer.Option("--date", help="Day of publication, YYYY-MM-DD, where the text tells none")
    ] = None,
) -> None:
    """Show what the coder reads in one article, or code a file of articles with --jsonl.

    Plain text has its title on the first line; a line `date YYYY-MM-DD OUTLET` may stand before it. With
    --jsonl each line `{id, published_at, outlet, url, title, summary, body}` gives one line `{id, escalation,
    score, reason, events, tallies, severity}` in the same order; bad lines are reported by number and the
    rest goes on.

    Exit code: 0 all read, 1 some lines were bad, 2 the source can't be read.

    Example:  tocsin classify --jsonl articles.jsonl > codings.jsonl
    """
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.cli.explanation import show
    from services.cli.source import read_article

    try:
        if jsonl:
            _code_lines(source, Coder())
        else:
            article = read_article(source, day)
            show(article, Coder().code(article), Console())
    except TocsinError as exc:
        print(f"tocsin: {exc}", file=sys.stderr)
        raise typer.Exit(2) from exc


def _code_lines(source: str, coder: "Coder") -> None:
    from services.classifier.coding.lines import coding_to_line
    from services.cli.articles import read_lines, with_progress

    bad = 0
    for number, read in with_progress(read_lines(source), "coding"):
        if isinstance(read, Article):
            print(json.dumps(coding_to_line(coder.code(read), read.id), ensure_ascii=False))
        else:
            print(f"line {number}: {read}", file=sys.stderr)
            bad += 1
    if bad:
        print(f"{bad} bad lines were left out", file=sys.stderr)
        raise typer.Exit(1)
