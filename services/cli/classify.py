"""``tocsin classify``: what the coder sees in an article, and why it would ring or stay silent."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from services.cli.terminal.usage import BadUsage, typed
from shared import outlets, settings
from shared.contracts import Article
from shared.printable import one_line

if TYPE_CHECKING:
    from services.classifier.coding import Coder


def classify(
    source: Annotated[
        str, typer.Argument(metavar="URL|FILE|-", help="An article: text, HTML or JSON; `-` reads stdin")
    ] = "-",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines of articles, write a coding a line")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
    day: Annotated[
        str | None,
        typer.Option(
            "--date", metavar="YYYY-MM-DD", help="Day of publication, where the text tells none [today]"
        ),
    ] = None,
) -> None:
    """Show what the coder reads in one article, and why it would ring.

    Plain text is UTF-8 with its title on the first line; a line `date YYYY-MM-DD OUTLET` may stand before it.
    With --json, and for each line `{id, published_at, outlet, url, title, summary, body}` read with --jsonl,
    it writes a line `{id, escalation, score, reason, events, tallies, severity}`; bad lines are named by
    number, and the rest goes on.
    """
    # The coder takes a second to load; `tocsin --help` shall not wait for it.
    from services.classifier.coding import Coder
    from services.classifier.coding.lines import coding_to_line
    from services.cli.source import read_article
    from services.cli.terminal.explanation import show

    registry = outlets.load(settings.load().outlets)
    if jsonl:
        if day is not None:
            raise BadUsage("each line of --jsonl has its own published_at: leave --date out")
        _code_lines(source, Coder(), registry)
        return
    with typed():
        article = read_article(source, day)
    coding = Coder().code(article, registry.zone_of(article))
    if as_json:
        print(json.dumps(coding_to_line(coding, article.id), ensure_ascii=False))
    else:
        show(article, coding, Console())


def _code_lines(source: str, coder: "Coder", registry: outlets.Registry) -> None:
    from services.classifier.coding.lines import coding_to_line
    from services.cli.articles import read_lines
    from services.cli.terminal.progress import with_progress

    bad = 0
    for number, read in with_progress(read_lines(source), "coding", prints=True):
        if isinstance(read, Article):
            coding = coder.code(read, registry.zone_of(read))
            print(json.dumps(coding_to_line(coding, read.id), ensure_ascii=False))
        else:
            print(f"line {number}: {one_line(str(read))}", file=sys.stderr)
            bad += 1
    if bad:
        print(f"{bad} bad lines were left out: correct them, or go on without them", file=sys.stderr)
        raise typer.Exit(1)
