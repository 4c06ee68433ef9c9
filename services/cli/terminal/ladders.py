"""Ladders on the screen: a table of them, or one in full with its reported totals, incidents and answers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from shared.printable import one_line

if TYPE_CHECKING:
    from rich.console import Console

    from services.classifier.ladders.standing import Beside, Standing
    from shared.contracts import Incident


@dataclass(frozen=True)
class Shown:
    """One ladder with what stands beside it."""

    standing: "Standing"
    reported: "tuple[Beside, ...]" = ()
    incidents: "tuple[Incident, ...]" = ()
    runs: "tuple[tuple[Incident, ...], ...]" = ()

    def as_json(self) -> dict[str, Any]:
        """The standing and the reported totals; incidents are left to who shows it in full."""
        reported = [
            {**each.reported.model_dump(mode="json"), "ours": each.ours, "ours_since": _iso(each.since)}
            for each in self.reported
        ]
        last = _iso(self.standing.last_event)
        return {**asdict(self.standing), "last_event": last, "reported": reported}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def print_list(found: Sequence[Shown], observed: int) -> None:
    """The ladders as a table, and what to do while too few days lie behind us."""
    from services.classifier.ladders.baseline import ENOUGH_DAYS

    if found:
        _table(found)
    else:
        print("Nothing has moved on a ladder in these days: more with --days; they fill as news comes in.")
    if observed < ENOUGH_DAYS:
        print(
            f"What is usual is known after {ENOUGH_DAYS} observed days, {observed} lie behind us: "
            "`tocsin backtest ARCHIVE --load` fills the days before."
        )


def _table(found: Sequence[Shown]) -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables
    from shared.sparkline import sparkline

    table = Table("who or where", "7 days", "usual", "30 days", "highest", "last event", "reported")
    for number in (1, 2):
        table.columns[number].justify = "right"
    table.columns[3].no_wrap = True
    for shown in found:
        each = shown.standing
        table.add_row(
            Text(one_line(" and ".join(each.names))),
            Text(str(each.week), "bold bright_red" if each.above else ""),
            "-" if each.usual is None else f"{each.usual:g}",
            sparkline(each.days),
            next((_rung(level) for level in each.rungs), "-"),
            f"{each.last_event}",
            Text(one_line(str(shown.reported[0])) if shown.reported else ""),
        )
    tables.show(table)


def _rung(level: int) -> str:
    from services.classifier.ladders.rungs import NAMES

    return NAMES.get(level, str(level))


def print_in_full(shown: Shown, as_json: bool) -> None:
    """One ladder with all that is known of it."""
    from services.classifier.ladders import chains

    if as_json:
        more = {
            "incidents": [json.loads(each.to_json()) for each in shown.incidents],
            "runs": [[each.id for each in run] for run in shown.runs],
        }
        print(json.dumps({**shown.as_json(), **more}, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(one_line(" and ".join(shown.standing.names)), style="bold"))
    for fact in _facts(shown.standing):
        console.print(Text(f"  {one_line(fact)}", style="dim"))
    if shown.reported:
        console.print(Text("\nreported totals, kept apart from our count", style="bold"))
    for each in shown.reported:
        told = each.reported
        by = f", by {told.tally.according_to}" if told.tally.according_to else ""
        said = f"{each}{by}; {told.outlet}, {told.published_at:%Y-%m-%d}"
        console.print(Text(f"  {one_line(said)}"))
    console.print(Text("\nits last incidents", style="bold"))
    _incidents(shown.incidents, console)
    if shown.runs:
        console.print(Text("\ntit for tat", style="bold"))
    for run in shown.runs:
        console.print(Text(f"  {run[-1].id} {chains.said(reversed(run[:-1]))}"))


def _facts(each: "Standing") -> Iterator[str]:
    from services.classifier.coding.lexicon import country_names
    from shared.sparkline import sparkline

    yield each.because + (": unusual" if each.above else "")
    yield f"{sparkline(each.days)}  {len(each.days)} days, the last is today"
    if each.rungs:
        yield "in 90 days: " + ", ".join(f"{_rung(level)} {number}" for level, number in each.rungs.items())
    if each.acted:
        names = country_names()
        yield "acted: " + ", ".join(f"{names.get(side, side)} {n}" for side, n in each.acted.items())
    yield f"last event {each.last_event or 'more than 400 days ago'}"


def _incidents(incidents: "Sequence[Incident]", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from services.classifier.incidents.telling.wording import sentence

    if not incidents:
        console.print(Text("  none of the last 30 days", style="dim"))
        return
    table = Table("id", "day", "tier", "what happened", box=None, padding=(0, 2, 0, 2))
    table.columns[0].no_wrap = True  # it is there to be copied
    for each in incidents:
        day = each.event.occurred_on or each.opened_at.date()
        said = sentence(each.event) + (" (retracted)" if each.retracted else "")
        table.add_row(each.id, f"{day}", str(each.severity.tier), Text(one_line(said)))
    console.print(table)
