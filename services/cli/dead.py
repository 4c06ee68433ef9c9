"""``tocsin dead``: look at dead letters, send them again, or let them go."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared import articles, deadletters, embedded, queue, settings, store
from shared.clock import SystemClock
from shared.errors import BadInput
from shared.printable import one_line, same_length
from shared.settings import Settings

if TYPE_CHECKING:
    import redis

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
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        letters = deadletters.listed(client, config.names)
    if as_json:
        for letter in letters:
            print(letter.to_json())
        return
    if not letters:
        print("No dead letters: every article that came in was considered.")
        return
    table = Table("key", "when (UTC)", "attempts", "reason", "title")
    table.columns[0].no_wrap = True  # it is there to be copied
    for letter in letters:
        table.add_row(
            Text(one_line(letter.key)),
            f"{letter.at:%Y-%m-%d %H:%M}",
            str(letter.attempts),
            Text(one_line(letter.reason)),
            Text(one_line(letter.title)),
        )
    Console().print(table)


@app.command()
def show(key: Annotated[str, typer.Argument(help="Key as `tocsin dead list` shows it")]) -> None:
    """Show one dead letter whole: its reason, its error and the article, as JSON."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        letter = deadletters.get(client, config.names, key)
        shown: dict[str, Any] = letter.model_dump(mode="json")
        try:
            article = articles.load(client, config.names, key)
            shown["article"] = article.model_dump(mode="json") if article else None
        except BadInput as exc:
            shown["article"] = {"unreadable": str(exc)}
    Console().print_json(same_length(json.dumps(shown, ensure_ascii=False)))


@app.command()
def replay(keys: _Keys = None, every: _All = False) -> None:
    """Consider dead letters again, each in a message of its own."""
    config = settings.load()
    with _chosen(config, keys, every) as (client, url, chosen):
        for key in chosen:
            deadletters.revive(client, config.names, key, now=SystemClock().now())
        queue.enqueue(queue.application(config, url), chosen, batch=1)
    print(f"{len(chosen)} sent again; `tocsin dead list` shows those that come back.")


@app.command()
def drop(keys: _Keys = None, every: _All = False) -> None:
    """Forget dead letters and their articles for good."""
    config = settings.load()
    with _chosen(config, keys, every) as (client, _, chosen):
        for key in chosen:
            deadletters.drop(client, config.names, key)
    print(f"{len(chosen)} dropped.")


@contextmanager
def _chosen(
    config: Settings, keys: list[str] | None, every: bool
) -> Iterator[tuple["redis.Redis", str, list[str]]]:
    """A client, the URL it speaks to, and the keys that are meant: those named, or all there are."""
    if bool(keys) == every:
        raise typer.BadParameter("name the keys, or say --all")
    with embedded.borrowed(config) as url, store.connect(url) as client:
        named = keys or [letter.key for letter in deadletters.listed(client, config.names)]
        yield client, url, named
