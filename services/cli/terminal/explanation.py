"""What the coder read in an article, told to a person: the verdict, the main event, the words it stands on.

Each piece of evidence is marked in its sentence by a label and, on a terminal, by the colour of its field. In
a pipe nothing is coloured, folded or padded: a sentence is a line, for ``grep`` and ``less``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.classifier.coding.text.reading import Sentence
from services.classifier.coding.text.sentences import read
from services.cli.terminal.marking import Mark, marked
from shared.contracts import Actor, Article, Claim, Coding, Count, Event, Place, Tally
from shared.printable import same_length

_FIELDS = {
    "event_type": ("deed", "bold red"),
    "actors": ("actor", "magenta"),
    "recipients": ("recipient", "blue"),
    "place": ("place", "green"),
    "occurred_on": ("date", "cyan"),
    "weapon": ("weapon", "yellow"),
    "casualties": ("casualties", "bold yellow"),
    "claim": ("claim", "bright_magenta"),
    "responds_to": ("answers", "bright_cyan"),
}
"""Each field of an event with the label and the colour of its words."""
_FINER = {"claim.by": "claimed by", "claim.attributed_by": "blamed by", "claim.denied_by": "denied by"}
_ROW_FIELDS = {"day": "occurred_on", "answers": "responds_to"}
"""Where a row's word differs from the field whose colour it has."""
_DECIDED = ("decided", "bold")
"""Words that a reason quotes, where no event has any."""
_HOW_SURE = {1: "exact day", 2: "within a week", 3: "within a month"}
_TOLLS = ("killed", "injured", "missing", "abducted", "arrested")
_LEAD = 4
"""Sentences that are shown even if nothing in them is marked."""


def show(article: Article, coding: Coding, console: Console) -> None:
    """Print the verdict, the main event, the marked text, other events, tallies and the severity's terms."""
    _print(console, _verdict(coding))
    for event in (event for event in coding.events if event.main):
        _block(console, _title("main event", event), _rows(event))
    _block(console, "the text", _sentences(article, coding), dim=True)
    for number, event in _numbered(coding.events):
        if not event.main:
            _block(console, _title(f"event {number}", event), _rows(event))
    if coding.tallies:
        _block(console, "tallies, of no one event", (("", Text(_total(tally))) for tally in coding.tallies))
    if coding.severity is not None:
        terms = (
            (term.name, Text(f"{term.points:>3g}  {term.reason}", style="" if term.points else "dim"))
            for term in coding.severity.terms
        )
        _block(console, f"severity {coding.severity.score:g}: {coding.severity.tier}", terms)


def _verdict(coding: Coding) -> Text:
    if coding.set_aside:
        return _plain(f"set aside: {coding.reason}", "bold yellow")
    said, style = ("escalation", "bold red") if coding.escalation else ("silence", "bold green")
    return _plain(f"{said} (score {coding.score:.2f}): {coding.reason}", style)


def _title(which: str, event: Event) -> str:
    return f"{which}: {event.event_type} {event.mode or ''}".rstrip()


def _numbered(events: Sequence[Event]) -> Iterator[tuple[int, Event]]:
    return enumerate(events, start=1)


# ---- how it is printed --------------------------------------------------------------------------


def _plain(text: str, style: str = "") -> Text:
    # An article must not speak to the terminal; one sign for one, so that evidence still fits.
    return Text(same_length(text), style=style)


def _print(console: Console, line: Text) -> None:
    console.print(line, soft_wrap=not console.is_terminal, highlight=False)


def _block(console: Console, title: str, rows: Iterable[tuple[str, Text]], dim: bool = False) -> None:
    """A heading, and below it a row for each name and value; long values are folded under themselves."""
    rows = list(rows)
    if not rows:
        return
    _print(console, Text())
    _print(console, _plain(title, "bold"))
    width = max(len(name) for name, _ in rows)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=width, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in rows:
        value.plain = same_length(value.plain)
        colour = "dim" if dim else _FIELDS.get(_ROW_FIELDS.get(name, name), ("", ""))[1]
        if console.is_terminal:
            grid.add_row(Text(name, style=colour), value)
        else:
            _print(console, Text(f"{name:<{width}}  ").append_text(value) if width else value)
    if console.is_terminal:
        console.print(grid, highlight=False)


# ---- the text, with its evidence marked ---------------------------------------------------------


def _sentences(article: Article, coding: Coding) -> Iterator[tuple[str, Text]]:
    """Each sentence with its marks; where several in a row have none, only how many they are."""
    sentences, cut = read(article)
    marks = list(_marks(article, coding))
    text = same_length(article.text)
    before = ""
    for silent, group in groupby(sentences, key=lambda sentence: not _is_shown(sentence, marks)):
        these = list(group)
        if silent and len(these) > 2:
            yield "", Text(f"... {len(these)} sentences without a mark", style="dim")
            continue
        for sentence in these:
            part = str(sentence.part)
            yield part if part != before else "", marked(text, sentence.start, sentence.end, marks)
            before = part
    if cut:
        yield "", Text("... the rest was not read", style="dim")


def _is_shown(sentence: Sentence, marks: Sequence[Mark]) -> bool:
    return sentence.number < _LEAD or any(sentence.start <= mark.start < sentence.end for mark in marks)


def _marks(article: Article, coding: Coding) -> Iterator[Mark]:
    """All events' evidence, a secondary one's with its number; of silence, the words its reason quotes."""
    for number, event in _numbered(coding.events):
        for evidence in event.evidence:
            label, style = _FIELDS.get(evidence.field.partition(".")[0], ("", ""))
            label = _FINER.get(evidence.field, label)
            if evidence.field.startswith("casualties."):
                label = evidence.field.partition(".")[2]
            if label:
                yield Mark(evidence.start, evidence.end, label if event.main else f"{label} {number}", style)
    if not coding.events and not coding.set_aside:
        for phrase in re.findall(r"'([^']+)'", coding.reason):
            found = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", article.text)
            if found:
                yield Mark(found.start(), found.end(), *_DECIDED)


# ---- an event, row by row -----------------------------------------------------------------------


def _rows(event: Event) -> Iterator[tuple[str, Text]]:
    """Each line of an event's table; those without a value are not shown."""
    for name, value in _values(event):
        if value:
            yield name, _plain(value)


def _values(event: Event) -> Iterator[tuple[str, str]]:
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
    return f"{tally.count} {tally.of}{since}{source}"
