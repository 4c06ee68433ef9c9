"""What the coder read in an article, told to a person: its words in colour, the events, why it would ring."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.contracts import Actor, Article, Claim, Coding, Count, Event, Place, Tally
from shared.printable import same_length

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
_FIELD_OF = {"day": "occurred_on", "answers": "responds_to"}
"""Where a row's word differs from the field whose colour it has."""
_HOW_SURE = {1: "exact day", 2: "within a week", 3: "within a month"}
_TOLLS = ("killed", "injured", "missing", "abducted", "arrested")


def show(article: Article, coding: Coding, console: Console) -> None:
    """Print the coloured text, the events, tallies, severity and the reason."""
    console.print(_coloured(article, coding))
    console.print()
    for event in coding.events:
        console.print(_table(event))
    for tally in coding.tallies:
        console.print(_plain(_total(tally)))
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
    # An article must not speak to the terminal; one sign for one, so that evidence still fits.
    return Text(same_length(text), style=style)


def _coloured(article: Article, coding: Coding) -> Text:
    text = _plain(article.text)
    for evidence in (evidence for event in coding.events for evidence in event.evidence):
        style = _COLOURS.get(evidence.field.split(".")[0])
        if style:
            text.stylize(style, evidence.start, evidence.end)
    return text


def _table(event: Event) -> Table:
    title = f"{'main event' if event.main else 'also'}: {event.event_type} {event.mode or ''}".rstrip()
    table = Table(title=_plain(title), title_justify="left", show_header=False)
    table.add_column("field")
    table.add_column("value")
    for name, value in _rows(event):
        if value:
            table.add_row(Text(name, style=_COLOURS.get(_FIELD_OF.get(name, name), "")), _plain(value))
    return table


def _rows(event: Event) -> Iterator[tuple[str, str]]:
    """Each line of an event's table; those without a value are not shown."""
    yield "status", f"{event.status}, {event.direction}, {event.certainty}"
    yield "actors", "; ".join(map(_side, event.actors))
    yield "recipients", "; ".join(map(_side, event.recipients))
    yield "place", _where(event.place) if event.place else ""
    yield "day", _day(event)
    yield "weapon", _in_brackets(event.weapon or "", event.weapon_class)
    counts = ((name, getattr(event.casualties, name)) for name in _TOLLS)
    yield "casualties", "; ".join(f"{name} {_number(count)}" for name, count in counts if count)
    yield "claim", _claim(event.claim)
    yield "answers", f"{event.responds_to.cue} {event.responds_to.text}" if event.responds_to else ""
    codes = (
        f"CAMEO {event.cameo}" if event.cameo else "",
        f"Goldstein {event.goldstein:g}" if event.goldstein is not None else "",
        f"hostility {event.hostility}",
    )
    yield "codes", ", ".join(filter(None, codes))


def _side(actor: Actor) -> str:
    backed = f", backed by {', '.join(actor.backed_by)}" if actor.backed_by else ""
    return f"{actor.name} ({actor.country or 'no country'}, {actor.sector}{backed})"


def _where(place: Place) -> str:
    known = place.lat is not None and place.lon is not None
    where = f" at {place.lat:.3f}, {place.lon:.3f}" if known else ""
    return f"{place.name} ({place.country or 'no country'}, {place.precision}){where}"


def _day(event: Event) -> str:
    day = event.occurred_on.isoformat() if event.occurred_on else ""
    return _in_brackets(day, _HOW_SURE.get(event.date_precision or 0))


def _in_brackets(said: str, more: str | None) -> str:
    return f"{said} ({more})" if said and more else said


def _number(count: Count) -> str:
    return f"{count.low}" if count.low == count.high else f"{count.low}-{count.high}"


def _claim(claim: Claim) -> str:
    said = (
        f"claimed by {claim.by}" if claim.by else "",
        f"blamed by {claim.attributed_by}" if claim.attributed_by else "",
        f"denied by {', '.join(claim.denied_by)}" if claim.denied_by else "",
    )
    status = "" if claim.status == "unknown" else str(claim.status)
    return "; ".join(filter(None, said)) or status


def _total(tally: Tally) -> str:
    since = f" since {tally.since}" if tally.since else ""
    source = f", according to {tally.according_to}" if tally.according_to else ""
    return f"tally: {tally.count} {tally.of}{since}{source}"
