"""``tocsin classify``: what the coder sees in an article, and why it would ring or stay silent."""

import json
import re
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.contracts import Article, Coding, Evidence, derive_id
from shared.errors import BadInput, TocsinError

MAX_BYTES = 5_000_000
"""A page or file larger than this is not an article."""
_TIMEOUT = 20.0
_DATED = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})\s*(.*)")
_COLOURS = {
    "event_type": "bold red",
    "actors": "magenta",
    "recipients": "blue",
    "place": "green",
    "occurred_on": "cyan",
    "weapon": "yellow",
    "casualties": "bold yellow",
    "claim": "bright_magenta",
    "responds_to": "bright_cyan",
}
_CONTROLS = dict.fromkeys((*range(0, 10), *range(11, 32), *range(127, 160)), 65533)
# One sign for one, so that evidence still fits; an article must not speak to the terminal.


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

    if jsonl:
        _code_lines(source, Coder())
        return
    try:
        article = _one(source, day)
    except (TocsinError, OSError) as exc:
        said = (
            exc
            if isinstance(exc, TocsinError)
            else f"can't read {source}: {exc.strerror or exc}; name a file or a URL"
        )
        print(f"tocsin: {said}", file=sys.stderr)
        raise typer.Exit(2) from exc
    show(article, Coder().code(article), Console())


# ---- many ---------------------------------------------------------------------------------------


def _code_lines(source: str, coder: Any) -> None:
    from services.classifier.coding.lines import coding_to_line
    from services.cli.articles import UnreadableSource, read_lines

    told = sys.stderr.isatty() and not sys.stdout.isatty()
    bad = done = 0
    try:
        for number, read in read_lines(source):
            if isinstance(read, Article):
                line = coding_to_line(coder.code(read), read.id)
                print(json.dumps(line, ensure_ascii=False))
            else:
                print(f"line {number}: {read}", file=sys.stderr)
                bad += 1
            done += 1
            if told and done % 100 == 0:
                print(f"\r{done} articles", end="", file=sys.stderr)
    except UnreadableSource as exc:
        print(f"tocsin: {exc}", file=sys.stderr)
        raise typer.Exit(2) from exc
    if told:
        print(f"\r{done} articles", file=sys.stderr)
    if bad:
        print(f"{bad} bad lines were left out", file=sys.stderr)
        raise typer.Exit(1)


# ---- one ----------------------------------------------------------------------------------------


def _one(source: str, day: str | None) -> Article:
    if re.match(r"https?://", source):
        return _from_html(_fetch(source), source, day)
    raw = sys.stdin.buffer.read(MAX_BYTES + 1) if source == "-" else _read_file(source)
    if len(raw) > MAX_BYTES:
        raise BadInput(f"{source} has more than {MAX_BYTES} bytes: an article is shorter; cut it first")
    text = raw.decode("utf-8-sig", errors="replace")
    start = text.lstrip()[:200].casefold()
    if start.startswith("{"):
        return _from_json(text, day)
    if start.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<article")):
        return _from_html(raw, "", day)
    return _from_text(text, day)


def _read_file(source: str) -> bytes:
    with Path(source).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _from_json(text: str, day: str | None) -> Article:
    from services.classifier.coding.lines import article_from_line

    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise BadInput(f"not JSON ({exc}): give one object, or use --jsonl for many lines") from exc
    if isinstance(fields, dict) and not fields.get("published_at"):
        fields["published_at"] = _published(day).isoformat()
    return article_from_line(fields)


def _from_text(text: str, day: str | None) -> Article:
    lines = text.split("\n")
    outlet = ""
    dated = _DATED.fullmatch(lines[0].rstrip("\r"))
    if dated:
        day, outlet = day or dated.group(1), dated.group(2).strip()
        lines = lines[1:]
    while lines and not lines[0].strip():
        lines = lines[1:]
    if not lines:
        raise BadInput("the text is empty: give a title on the first line and the report below it")
    return _article(lines[0].strip(), "", "\n".join(lines[1:]).strip("\n"), _published(day), outlet=outlet)


def _from_html(raw: bytes, url: str, day: str | None) -> Article:
    from lxml import etree, html

    try:
        page = html.fromstring(raw, parser=html.HTMLParser(encoding=_charset(raw), no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise BadInput(
            f"the page can't be read as HTML ({exc}): save its text to a file and give that"
        ) from exc

    def first(*paths: str) -> str:
        found = (str(value).strip() for path in paths for value in page.xpath(path))
        return next(filter(None, found), "")

    title = first("//meta[@property='og:title']/@content", "//h1//text()", "//title/text()")
    summary = first("//meta[@name='description']/@content", "//meta[@property='og:description']/@content")
    scope = page.xpath("//article//p") or page.xpath("//p")
    paragraphs = (" ".join(str(p.text_content()).split()) for p in scope)
    body = "\n".join(filter(None, paragraphs))
    if not (title or summary or body):
        raise BadInput("the page has no title and no paragraphs: save its text to a file and give that")
    printed = first("//meta[@property='article:published_time']/@content", "//time/@datetime")
    outlet = first("//meta[@property='og:site_name']/@content")
    return _article(title, summary, body, _published(day or printed[:10]), url=url, outlet=outlet)


def _charset(raw: bytes) -> str | None:
    """UTF-8 where the bytes are that; otherwise what the page itself declares."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _fetch(url: str) -> bytes:
    import asyncio

    from shared.guard import feed_policy, fetch
    from shared.settings import Settings

    settings = Settings()
    answer = asyncio.run(
        fetch(
            url,
            policy=feed_policy(settings),
            max_bytes=MAX_BYTES,
            timeout=_TIMEOUT,
            user_agent=settings.user_agent,
        )
    )
    if answer.status != 200:
        raise BadInput(f"{url} answered {answer.status}: open it in a browser, save it and give the file")
    return answer.body


def _published(day: str | None) -> datetime:
    if not day:
        return datetime.now(UTC)
    try:
        return datetime.combine(date.fromisoformat(day), time(12), UTC)
    except ValueError as exc:
        raise BadInput(f"{day!r} is not a day: write it as YYYY-MM-DD") from exc


def _article(
    title: str, summary: str, body: str, published: datetime, url: str = "", outlet: str = ""
) -> Article:
    return Article(
        id=derive_id(url or None, outlet, title),
        url=url,
        outlet=outlet,
        title=title,
        summary=summary,
        body=body,
        published_at=published,
        fetched_at=published,
    )


# ---- what is shown ------------------------------------------------------------------------------


def show(article: Article, coding: Coding, console: Console) -> None:
    """Print the coloured text, the events, tallies, severity and the reason."""
    console.print(_coloured(article, coding))
    console.print()
    for event in coding.events:
        console.print(_table(event.model_dump(mode="json"), bool(event.main)))
    for tally in coding.tallies:
        since = f" since {tally.since}" if tally.since else ""
        source = f", according to {tally.according_to}" if tally.according_to else ""
        console.print(_plain(f"tally: {tally.count} {tally.of}{since}{source}"))
    if coding.severity is not None:
        table = Table(
            title=f"severity {coding.severity.score:g}: {coding.severity.tier}", title_justify="left"
        )
        table.add_column("term")
        table.add_column("points", justify="right")
        table.add_column("reason")
        for term in coding.severity.terms:
            table.add_row(term.name, f"{term.points:g}", _plain(term.reason))
        console.print(table)
    verdict = "escalation" if coding.escalation else "silence"
    console.print(_plain(f"{verdict} (score {coding.score:.2f}): {coding.reason}", "bold"))


def _plain(text: str, style: str = "") -> Text:
    return Text(text.translate(_CONTROLS), style=style)


def _coloured(article: Article, coding: Coding) -> Text:
    text = _plain(article.text)
    spans: list[Evidence] = [evidence for event in coding.events for evidence in event.evidence]
    for evidence in spans:
        style = _COLOURS.get(evidence.field.split(".")[0])
        if style:
            text.stylize(style, evidence.start, evidence.end)
    return text


def _table(event: dict[str, Any], main: bool) -> Table:
    title = ("main event: " if main else "also: ") + f"{event['event_type']} {event['mode'] or ''}"
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column("field")
    table.add_column("value")
    rows = {
        "status": f"{event['status']}, {event['direction']}, {event['certainty']}",
        "actors": "; ".join(map(_side, event["actors"])),
        "recipients": "; ".join(map(_side, event["recipients"])),
        "place": _place(event["place"]),
        "day": f"{event['occurred_on']} (precision {event['date_precision']})"
        if event["occurred_on"]
        else "",
        "weapon": f"{event['weapon']} ({event['weapon_class']})" if event["weapon"] else "",
        "casualties": "; ".join(
            f"{name} {count['low']}-{count['high']}"
            for name, count in event["casualties"].items()
            if isinstance(count, dict)
        ),
        "claim": ", ".join(f"{k} {v}" for k, v in event["claim"].items() if v and v != "unknown"),
        "answers": f"{event['responds_to']['cue']} {event['responds_to']['text']}"
        if event["responds_to"]
        else "",
        "codes": f"CAMEO {event['cameo']}, Goldstein {event['goldstein']}, hostility {event['hostility']}",
    }
    for name, value in rows.items():
        if value:
            table.add_row(Text(name, style=_COLOURS.get(name, "")), _plain(value))
    return table


def _side(actor: dict[str, Any]) -> str:
    backed = f", backed by {', '.join(actor['backed_by'])}" if actor["backed_by"] else ""
    return f"{actor['name']} ({actor['country'] or 'no country'}, {actor['sector']}{backed})"


def _place(place: dict[str, Any] | None) -> str:
    if place is None:
        return ""
    where = f" at {place['lat']:.3f}, {place['lon']:.3f}" if place["lat"] is not None else ""
    return f"{place['name']} ({place['country'] or 'no country'}, {place['precision']}){where}"
