"""``tocsin feeds``: which feeds are polled, and how they fare."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared import embedded, feeds, settings, store
from shared.clock import SystemClock
from shared.contracts import Feed, FeedState
from shared.errors import BadInput, ForbiddenAddress
from shared.printable import one_line

app = typer.Typer(
    help="The feeds that are polled: add, list, remove, import, export.\n\n"
    "Example:  tocsin feeds add https://example.org/rss.xml;  tocsin feeds import feeds.opml",
    no_args_is_help=True,
)
MAX_OPML_BYTES = 20_000_000


@app.command()
def add(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of RSS, Atom or JSON feeds")],
    folder: Annotated[str, typer.Option(help="Folder to list them in, as in World/Asia")] = "",
    interval: Annotated[int | None, typer.Option(min=1, help="Seconds between polls")] = None,
) -> None:
    """Poll these feeds from now on; each is fetched within seconds if a poller runs.

    One that was given up, because it was gone or refused, is tried again.

    Exit code 1 if one was refused; the others are added all the same.
    """
    config = settings.load()
    failed = 0
    with embedded.borrowed(config) as url_of_redis, store.connect(url_of_redis) as client:
        for url in urls:
            try:
                before = feeds.get(client, config.names, url)
                feed, is_new = feeds.add(
                    client, config, url, now=SystemClock().now(), folder=folder, interval=interval
                )
            except (BadInput, ForbiddenAddress) as exc:
                failed += 1
                print(f"not added: {one_line(str(exc))}", file=sys.stderr)
            else:
                given_up = before is not None and before.state != FeedState.ACTIVE
                how = "added" if is_new else "revived" if given_up else "known"
                note = f"  (it was {before.state}; it is due again now)" if before and given_up else ""
                print(f"{how}  {feed.id}  {feed.url}{note}")
    if failed:
        raise typer.Exit(1)


@app.command("list")
def list_feeds(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the feeds with their health, by folder."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        found = feeds.listing(client, config.names)
    if as_json:
        for feed in found:
            print(feed.to_json())
    elif not found:
        print("No feeds yet: `tocsin feeds add URL` or `tocsin feeds import FILE.opml`.")
    else:
        Console().print(_table(found, SystemClock().now()))


@app.command()
def remove(
    which: Annotated[
        list[str], typer.Argument(metavar="URL|ID...", help="As `tocsin feeds list` shows them")
    ],
) -> None:
    """Poll these feeds no more. Articles and incidents that came from them stay."""
    config = settings.load()
    failed = 0
    with embedded.borrowed(config) as url, store.connect(url) as client:
        for one in which:
            try:
                print(f"removed  {feeds.remove(client, config.names, one).url}")
            except BadInput as exc:
                failed += 1
                print(f"not removed: {exc}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.opml", help="A list of feeds as feed readers export it")
    ],
) -> None:
    """Add every feed that an OPML file names, with its folder.

    Feeds that are known stay as they are; refused ones are named, and the rest goes on (exit code 1).
    Titles and paths of folders are cut at 500 characters, and folders at 20 within each other.
    """
    config = settings.load()
    outlines = feeds.import_opml(_contents(file))
    new = refused = 0
    with embedded.borrowed(config) as url, store.connect(url) as client:
        for outline in outlines:
            try:
                _, is_new = feeds.add(
                    client,
                    config,
                    outline.url,
                    now=SystemClock().now(),
                    title=outline.title,
                    folder=outline.folder,
                )
                new += is_new
            except (BadInput, ForbiddenAddress) as exc:
                refused += 1
                print(f"not added: {one_line(str(exc))}", file=sys.stderr)
    print(f"{new} added, {len(outlines) - new - refused} known before, {refused} refused.")
    if refused:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    file: Annotated[Path | None, typer.Argument(help="File to write; without it, stdout")] = None,
) -> None:
    """Write the feeds as OPML 2.0, which `tocsin feeds import` and every feed reader reads."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        found = feeds.listing(client, config.names)
    opml = feeds.export_opml(found)
    if file is None:
        print(opml, end="")
        return
    try:
        file.write_text(opml, encoding="utf-8")
    except OSError as exc:
        raise BadInput(f"can't write {file} ({exc.strerror}): name another file") from exc
    print(f"{len(found)} feeds written to {file}.")


def _contents(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            contents = opened.read(MAX_OPML_BYTES + 1)
    except OSError as exc:
        raise BadInput(f"can't read {file} ({exc.strerror}): name an OPML file") from exc
    if len(contents) > MAX_OPML_BYTES:
        raise BadInput(f"{file} is larger than {MAX_OPML_BYTES:,} bytes: split it")
    return contents


def _table(found: list[Feed], now: datetime) -> Table:
    table = Table("state", "feed", "last success", "articles", "last error")
    table.columns[1].overflow = table.columns[4].overflow = "fold"
    table.columns[1].min_width = max(len(feed.id) for feed in found)  # whole, to be copied
    for feed in found:
        name = f"{feed.folder}/{feed.title}" if feed.folder else feed.title
        colour = "green" if feed.state == FeedState.ACTIVE else "red"
        if feed.errors_in_a_row and feed.state == FeedState.ACTIVE:
            colour = "yellow"
        table.add_row(
            Text(one_line(feed.state), colour),
            Text.assemble(f"{one_line(name)}\n" if name else "", one_line(feed.url), (f"\n{feed.id}", "dim")),
            _ago(feed.succeeded_at, now),
            str(feed.articles),
            Text(one_line(_error(feed))),
        )
    return table


def _error(feed: Feed) -> str:
    if feed.errors_in_a_row > 1:
        return f"{feed.last_error} ({feed.errors_in_a_row} times in a row)"
    return feed.last_error


def _ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that tells enough."""
    if moment is None:
        return "never"
    seconds = max(int((now - moment).total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
