"""``tocsin dead``: look at dead letters, send them again, or let them go."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from shared import articles, deadletters, embedded, queue, settings, store
from shared.clock import SystemClock
from shared.contracts import DeadLetter
from shared.errors import BadInput

app = typer.Typer(
    help="Articles that could not be considered: why, and what now.\n\n"
    "Example:  tocsin dead list;  tocsin dead show art_1f2e...:1;  tocsin dead replay --all",
    no_args_is_help=True,
)
_Keys = Annotated[list[str] | None, typer.Argument(help="Keys as `tocsin dead list` shows them")]
_All = Annotated[bool, typer.Option("--all", help="All dead letters")]


@app.command("list")
def list_letters(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the dead letters, oldest first."""
    conf = settings.load()
    with embedded.borrowed(conf) as url:
        letters = deadletters.listed(store.connect(url), conf.names)
    if as_json:
        for letter in letters:
            print(letter.to_json())
        return
    if not letters:
        Console().print("No dead letters: every article that came in was considered.")
        return
    table = Table("key", "when (UTC)", "attempts", "reason", "title")
    for letter in letters:
        table.add_row(
            letter.key, f"{letter.at:%Y-%m-%d %H:%M}", str(letter.attempts), letter.reason, letter.title
        )
    Console().print(table)


@app.command()
def show(key: Annotated[str, typer.Argument(help="Key as `tocsin dead list` shows it")]) -> None:
    """Show one dead letter whole: its reason, its error and the article, as JSON."""
    conf = settings.load()
    with embedded.borrowed(conf) as url:
        client = store.connect(url)
        letter = deadletters.get(client, conf.names, key)
        shown: dict[str, Any] = letter.model_dump(mode="json")
        try:
            article = articles.load(client, conf.names, key)
            shown["article"] = article.model_dump(mode="json") if article else None
        except BadInput as exc:
            shown["article"] = {"unreadable": str(exc)}
    Console().print_json(json.dumps(shown))


@app.command()
def replay(keys: _Keys = None, every: _All = False) -> None:
    """Consider dead letters again, each in a message of its own."""
    conf = settings.load()
    with embedded.borrowed(conf) as url:
        client = store.connect(url)
        chosen = _chosen(deadletters.listed(client, conf.names), keys, every)
        for key in chosen:
            deadletters.revive(client, conf.names, key, now=SystemClock().now())
        queue.enqueue(queue.application(conf, url), chosen, batch=1)
    Console().print(f"{len(chosen)} sent again; `tocsin dead list` shows those that come back.")


@app.command()
def drop(keys: _Keys = None, every: _All = False) -> None:
    """Forget dead letters and their articles for good."""
    conf = settings.load()
    with embedded.borrowed(conf) as url:
        client = store.connect(url)
        chosen = _chosen(deadletters.listed(client, conf.names), keys, every)
        for key in chosen:
            deadletters.drop(client, conf.names, key)
    Console().print(f"{len(chosen)} dropped.")


def _chosen(letters: list[DeadLetter], keys: list[str] | None, every: bool) -> list[str]:
    if bool(keys) == every:
        raise typer.BadParameter("name the keys, or say --all")
    return [letter.key for letter in letters] if every else list(keys or ())
