"""``tocsin feeds``: which feeds are polled, and how they fare."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.borrowing import redis_client
from services.cli.terminal import completing, teaching
from services.cli.terminal.progress import with_progress
from services.cli.terminal.usage import BadUsage, typed
from shared.errors import BadInput, ForbiddenAddress, GiveUp
from shared.printable import one_line

if TYPE_CHECKING:
    from rich.table import Table

    from shared.contracts import Feed

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

app = teaching.group(
    "tocsin feeds import --default",
    "tocsin feeds add https://example.org/rss.xml --folder World/Asia",
    "tocsin feeds list",
)
MAX_OPML_BYTES = 20_000_000


@teaching.command(
    app,
    "add",
    "tocsin feeds add https://example.org/rss.xml",
    "tocsin feeds add https://example.org/world.xml --folder World --interval 60",
    "tocsin feeds add https://example.org/a.xml https://example.org/b.xml",
)
def add(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of RSS, Atom or JSON feeds")],
    folder: Annotated[
        str,
        typer.Option(
            metavar="PATH", help="Folder to list them in, as in World/Asia", autocompletion=completing.folders
        ),
    ] = "",
    interval: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="SECONDS", help="Time between two polls; by default TOCSIN_POLL_INTERVAL, 300"
        ),
    ] = None,
) -> None:
    """Poll these feeds from now on.

    Each is fetched within seconds if a poller runs. One that was given up, because it was gone or refused, is
    tried again. One that can't be added is named, and the others are added all the same.
    """
    from shared import feeds, settings
    from shared.clock import SystemClock
    from shared.contracts import FeedState

    config = settings.load()
    faults: list[Exception] = []
    with redis_client(config) as client:
        for url in urls:
            try:
                before = feeds.get(client, config.names, url)
                feed, is_new = feeds.add(
                    client, config, url, now=SystemClock().now(), folder=folder, interval=interval
                )
            except (BadInput, ForbiddenAddress) as exc:
                faults.append(exc)
                print(f"not added: {one_line(str(exc))}", file=sys.stderr)
            else:
                given_up = before is not None and before.state != FeedState.ACTIVE
                how = "added" if is_new else "revived" if given_up else "known"
                note = f"  (it was {before.state}; it is due again now)" if before and given_up else ""
                print(f"{how}  {feed.id}  {feed.url}{note}")
    if faults:
        # When all that was typed is no address, other words are needed; else something was done, or refused.
        misuse = len(faults) == len(urls) and all(isinstance(fault, BadInput) for fault in faults)
        raise typer.Exit(2 if misuse else 1)


@teaching.command(
    app,
    "list",
    "tocsin feeds list",
    "tocsin feeds list --json | jq -r 'select(.errors_in_a_row > 0) | .url'",
)
def list_feeds(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the feeds with their health, by folder."""
    from shared import feeds, settings
    from shared.clock import SystemClock

    config = settings.load()
    with redis_client(config) as client:
        found = feeds.listing(client, config.names)
    if as_json:
        for feed in found:
            print(feed.to_json())
    elif not found:
        print("No feeds yet: `tocsin feeds import --default`, or `tocsin feeds add URL` for one of yours.")
    else:
        from services.cli.terminal import tables

        tables.show(_table(found, SystemClock().now()))


@teaching.command(
    app,
    "remove",
    "tocsin feeds remove https://example.org/rss.xml",
    "tocsin feeds remove feed_0123456789abcdef0123   # an id from the list",
)
def remove(
    which: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|ID...", help="As `tocsin feeds list` shows them", autocompletion=completing.feeds
        ),
    ],
) -> None:
    """Poll these feeds no more.

    Articles and incidents that came from them stay. One that is not known is named, and the others are
    removed all the same.
    """
    from shared import feeds, settings

    config = settings.load()
    failed = 0
    with redis_client(config) as client:
        for one in which:
            try:
                print(f"removed  {feeds.remove(client, config.names, one).url}")
            except BadInput as exc:
                failed += 1
                print(f"not removed: {one_line(str(exc))}", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


@teaching.command(
    app,
    "import",
    "tocsin feeds import --default            # about 60, world news and defence",
    "tocsin feeds import subscriptions.opml   # as your feed reader exports it",
    "curl -s https://example.org/feeds.opml | tocsin feeds import -",
)
def import_file(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE.opml",
            help="A list of feeds as feed readers export it; `-` reads stdin",
            show_default=False,
        ),
    ] = None,
    default: Annotated[
        bool, typer.Option("--default", help="The feeds that come with Tocsin, in folders by region")
    ] = False,
) -> None:
    """Add every feed of an OPML file, or the default ones.

    Feeds that are known stay as they are; refused ones are named, and the rest goes on. Titles and paths of
    folders are cut at 500 characters, and folders at 20 within each other.
    """
    from shared import feeds, settings
    from shared.clock import SystemClock

    with typed():
        outlines = feeds.import_opml(_chosen(file, default))
    config = settings.load()
    new = refused = 0
    with redis_client(config) as client:
        for outline in with_progress(outlines, "importing", len(outlines)):
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


@teaching.command(
    app,
    "export",
    "tocsin feeds export feeds.opml",
    "tocsin feeds export | gzip > feeds.opml.gz",
)
def export_file(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE.opml", help="File to write; without it, or with `-`, stdout", show_default=False
        ),
    ] = None,
) -> None:
    """Write the feeds as OPML 2.0.

    `tocsin feeds import` and every feed reader reads it.
    """
    from shared import feeds, settings

    config = settings.load()
    with redis_client(config) as client:
        found = feeds.listing(client, config.names)
    opml = feeds.export_opml(found)
    if file is None or str(file) == "-":
        print(opml, end="")
        return
    try:
        opened = file.open("w", encoding="utf-8")
    except OSError as exc:
        raise BadUsage(f"can't write {file} ({exc.strerror}): name another file") from exc
    try:
        with opened:
            opened.write(opml)
    except OSError as exc:
        raise GiveUp(f"{file} is not complete ({exc.strerror}): make room, or name another file") from exc
    print(f"{len(found)} feeds written to {file}.")


def _chosen(file: str | None, default: bool) -> bytes:
    """The OPML that is meant; raises ``BadUsage``."""
    if default == (file is not None):
        raise BadUsage("name one OPML file, or say --default for the feeds that come with Tocsin")
    if file is None:
        from services.cli import default_feeds

        return default_feeds.contents()
    return _contents(file)


def _contents(file: str) -> bytes:
    from services.cli.articles import stdin

    try:
        with stdin("an OPML file") if file == "-" else Path(file).open("rb") as opened:
            contents = opened.read(MAX_OPML_BYTES + 1)
    except OSError as exc:
        raise BadUsage(f"can't read {file} ({exc.strerror}): name an OPML file, or - for stdin") from exc
    if len(contents) > MAX_OPML_BYTES:
        raise BadUsage(f"{file} is larger than {MAX_OPML_BYTES:,} bytes: split it")
    return contents


def _table(found: "list[Feed]", now: datetime) -> "Table":
    from rich.table import Table
    from rich.text import Text

    from shared.contracts import FeedState

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


def _error(feed: "Feed") -> str:
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
