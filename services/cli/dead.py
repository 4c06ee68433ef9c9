"""``tocsin dead``: look at dead letters, send them again, or let them go."""

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from services.cli.borrowing import redis_client, redis_url
from services.cli.terminal import completing, teaching
from services.cli.terminal.progress import with_progress
from services.cli.terminal.usage import BadUsage
from shared.errors import BadInput
from shared.printable import one_line, same_length

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

app = teaching.group(
    "tocsin dead list",
    "tocsin dead show art_0123456789abcdef0123:1",
    "tocsin dead replay --all               # when the cause is gone",
)
_Keys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="KEY...",
        help="Keys as `tocsin dead list` shows them",
        show_default=False,
        autocompletion=completing.dead_letters,
    ),
]
_All = Annotated[bool, typer.Option("--all", help="All dead letters")]


@teaching.command(
    app,
    "list",
    "tocsin dead list",
    "tocsin dead list --json | jq -r .reason | sort | uniq -c",
)
def list_letters(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the dead letters, oldest first."""
    from shared import deadletters, settings

    config = settings.load()
    with redis_client(config) as client:
        letters = deadletters.listed(client, config.names)
    if as_json:
        for letter in letters:
            print(letter.to_json())
        return
    if not letters:
        print("No dead letters: every article that came in was considered.")
        return
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

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
    tables.show(table)


@teaching.command(
    app,
    "show",
    "tocsin dead show art_0123456789abcdef0123:1",
    "tocsin dead show art_0123456789abcdef0123:1 --json | jq .article",
)
def show(
    key: Annotated[
        str,
        typer.Argument(
            metavar="KEY", help="As `tocsin dead list` shows it", autocompletion=completing.dead_letters
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on one line")] = False,
) -> None:
    """Show one dead letter whole: its reason, its error, its article."""
    from shared import articles, deadletters, settings

    config = settings.load()
    with redis_client(config) as client:
        letter = deadletters.get(client, config.names, key)
        shown: dict[str, Any] = letter.model_dump(mode="json")
        try:
            article = articles.load(client, config.names, key)
            shown["article"] = article.model_dump(mode="json") if article else None
        except BadInput as exc:
            shown["article"] = {"unreadable": str(exc)}
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    from rich.console import Console

    Console().print_json(same_length(json.dumps(shown, ensure_ascii=False)))


@teaching.command(
    app,
    "replay",
    "tocsin dead replay art_0123456789abcdef0123:1",
    "tocsin dead replay --all",
)
def replay(keys: _Keys = None, every: _All = False) -> None:
    """Consider dead letters again, each in a message of its own.

    A key that is not known is named, and the others are sent all the same.
    """
    from shared import deadletters, queue, settings, store
    from shared.clock import SystemClock

    _check(keys, every)
    config = settings.load()
    with redis_url(config) as url, store.connect(url) as client:
        waiting = queue.application(config, url)

        def send(key: str) -> None:
            deadletters.revive(client, config.names, key, now=SystemClock().now())
            queue.enqueue(waiting, [key], batch=1)

        named = keys or [letter.key for letter in deadletters.listed(client, config.names)]
        sent, failed = _each(named, "replaying", "not sent", send)
    print(f"{sent} sent again; `tocsin dead list` shows those that come back.")
    if failed:
        raise typer.Exit(1)


@teaching.command(
    app,
    "drop",
    "tocsin dead drop art_0123456789abcdef0123:1",
    "tocsin dead drop --all",
)
def drop(keys: _Keys = None, every: _All = False) -> None:
    """Forget dead letters and their articles for good.

    A key that is not known is named, and the others are dropped all the same.
    """
    from shared import deadletters, settings

    _check(keys, every)
    config = settings.load()
    with redis_client(config) as client:
        named = keys or [letter.key for letter in deadletters.listed(client, config.names)]
        dropped, failed = _each(
            named, "dropping", "not dropped", lambda key: deadletters.drop(client, config.names, key)
        )
    print(f"{dropped} dropped.")
    if failed:
        raise typer.Exit(1)


def _check(keys: list[str] | None, every: bool) -> None:
    if bool(keys) == every:
        raise BadUsage("name the keys, as `tocsin dead list` shows them, or say --all")


def _each(keys: list[str], doing: str, not_done: str, do: Callable[[str], None]) -> tuple[int, int]:
    """Do it to each key; how many it was done to, and how many were not there and are told."""
    failed = 0
    for key in with_progress(keys, doing, len(keys)):
        try:
            do(key)
        except BadInput as exc:
            failed += 1
            print(f"{not_done}: {one_line(str(exc))}", file=sys.stderr)
    return len(keys) - failed, failed
