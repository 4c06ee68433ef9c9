"""An alert and a Slack message as a person sees them at a glance: framed, coloured, a line a question."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from shared.contracts import Alert, Tier
from shared.printable import one_line

COLOURS = {
    Tier.MINOR: "white",
    Tier.MODERATE: "yellow",
    Tier.SEVERE: "bright_red",
    Tier.EXTREME: "bold white on red",
}
_TERMS = 6
"""Terms of a severity that are listed; the rest is in the alert."""
_MRKDWN = re.compile(r"\*|<(?P<address>[^|>]+)\|?(?P<label>[^>]*)>|[^*<]+|<")
_BAR = box.Box("\n".join(["\N{LEFT HALF BLOCK}   "] * 8) + "\n")
"""Slack's coloured bar down the left side of a card."""


def bell(alert: Alert, number: int, answers: int | None, at: str) -> Panel:
    """An alert of incident ``number``: what happened, what is new, why it rang, how severe, how sure.

    ``answers`` is the number of the incident that this one answers; ``at`` says when it rang.
    """
    tier = alert.severity.tier if alert.severity else None
    colour = COLOURS[tier] if tier else "white"
    title = Text.assemble(
        (" \N{BLACK CIRCLE} ", colour),
        (f"{one_line(str(alert.kind)).upper()} ", "bold"),
        f"incident {number} ",
        (f"{tier} {alert.severity.score:.0f} " if alert.severity and tier else "", colour),
    )
    told = Table.grid(padding=(0, 1))
    told.add_column(style="dim", no_wrap=True)
    told.add_column()
    for question, answer in _answers(alert, answers):
        told.add_row(question, Text(one_line(answer)))
    sentence = Text(one_line(alert.sentence or alert.headline), "bold")
    return Panel(
        Group(sentence, told),
        title=title,
        title_align="left",
        subtitle=Text(f" {at} ", "dim"),
        subtitle_align="right",
        border_style=colour,
    )


def _answers(alert: Alert, answers: int | None) -> Iterator[tuple[str, str]]:
    if alert.changes:
        yield "what is new", "; ".join(alert.changes)
    if answers is not None:
        yield "answers", f"incident {answers}"
    event = alert.event
    if event is not None and event.claim.by:
        yield "claimed by", event.claim.by
    if event is not None and event.claim.denied_by:
        yield "denied by", ", ".join(event.claim.denied_by)
    for tally in alert.tallies[:1]:
        since = f" since {tally.since}" if tally.since else ""
        yield "running total", f"{tally.count} {tally.of}{since} (kept apart from this event's own toll)"
    yield "why it rang", str(alert.reason)
    if alert.severity:
        terms = [f"{term.name} {term.points:g}" for term in alert.severity.terms if term.points]
        more = ["..."] if len(terms) > _TERMS else []
        yield "why so severe", " + ".join(terms[:_TERMS] + more)
    if event is not None and alert.sources_count:  # a retracted one has none left
        yield "how sure", f"{event.certainty}: {count(alert.sources_count, 'report')}, {_voices(alert)}"


def _voices(alert: Alert) -> str:
    if alert.certainty_because:
        return alert.certainty_because
    return count(alert.outlets_count, "independent voice") if alert.outlets_count else "no independent voice"


def slack(message: Mapping[str, Any]) -> Panel:
    """An incoming webhook's message as Slack would show it: the line, and the card beside a coloured bar."""
    card = message["attachments"][0]
    inside: list[RenderableType] = []
    for block in card["blocks"]:
        if "fields" in block:
            fields = Table.grid(padding=(0, 3), expand=True)
            fields.add_column(ratio=1)
            fields.add_column(ratio=1)
            texts = [mrkdwn(field["text"]) for field in block["fields"]]
            for left in range(0, len(texts), 2):
                fields.add_row(*texts[left : left + 2])
            inside.append(fields)
        elif block["type"] == "context":
            inside += [_dim(mrkdwn(element["text"])) for element in block["elements"]]
        else:
            inside.append(mrkdwn(block["text"]["text"]))
    bar = Panel(Group(*inside), box=_BAR, border_style=card["color"], padding=(0, 1))
    return Panel(
        Group(mrkdwn(message["text"]), bar),
        title=Text(" as Slack shows it ", "dim"),
        title_align="left",
        border_style="dim",
    )


def _dim(text: Text) -> Text:
    text.stylize("dim")
    return text


def mrkdwn(text: str) -> Text:
    """Slack's markup as text: ``*bold*``, ``<url|label>`` and the three escaped signs; we write no other."""
    shown, bold = Text(), False
    for part in _MRKDWN.finditer(text):
        if part[0] == "*":
            bold = not bold
        elif part["address"]:
            shown.append(html.unescape(part["label"] or part["address"]), "underline")
        else:
            shown.append(html.unescape(part[0]), "bold" if bold else "")
    return shown


def count(number: int, what: str) -> str:
    """*1 report*, *3 reports*."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
