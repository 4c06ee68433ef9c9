"""``tocsin incidents`` and ``tocsin incident show ID``: what happened, who tells it, why each bell rang."""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.borrowing import redis_client
from services.cli.terminal import completing
from services.cli.terminal.usage import BadUsage, typed
from shared.printable import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from shared.contracts import Change, Incident, Report

_MOST = 50
"""Incidents listed unless more are asked for: two screens."""


def incidents(
    country: Annotated[
        str, typer.Option("--country", metavar="ISO3", help="Only those in this country, such as SDN")
    ] = "",
    tier: Annotated[
        str,
        typer.Option("--tier", metavar="TIER", help="Only this tier and worse, such as Severe"),
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Only what changed since: 30m, 6h, 2d, or a time")
    ] = "",
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most so many")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the incidents of the last 30 days, the ones that changed last first."""
    from shared import incidents as stored
    from shared import settings
    from shared.clock import SystemClock
    from shared.moments import moment_of

    least = _rank(tier)
    with typed():
        start = moment_of(since, SystemClock().now()) if since else None
    config = settings.load()
    with redis_client(config) as client:
        every = stored.newest(client, config.names, start)
        wanted = (each for each in every if _is_wanted(each, country.upper(), least))
        found = list(islice(wanted, most))
    if as_json:
        for each in found:
            print(each.to_json())
    elif not found:
        print("No such incidents changed since this release came in: `tocsin tail` shows them as they open.")
    else:
        _list(found)


def incident(
    incident_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="As `tocsin incidents` shows it", autocompletion=completing.incidents
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on one line")] = False,
) -> None:
    """Show one incident whole: its reports, what changed it, what rang."""
    from services.classifier.ladders.chains import answered_by
    from shared import incidents as stored
    from shared import settings

    def earlier(answered: str) -> "Incident | None":
        return next(iter(stored.some(client, config.names, [answered])), None)

    config = settings.load()
    with redis_client(config) as client:
        found = stored.get(client, config.names, incident_id)
        run = answered_by(found, earlier)
    if as_json:
        print(found.to_json())
        return
    from rich.console import Console

    _tell(found, run, Console(highlight=False, soft_wrap=True))


def _rank(tier: str) -> int:
    from shared.contracts import Tier

    if not tier:
        return 0
    named = next((each for each in Tier if each.casefold() == tier.casefold()), None)
    if named is None:
        raise BadUsage(f"no tier {tier!r}: write one of {', '.join(Tier)}")
    return named.rank


def _is_wanted(incident: "Incident", country: str, least: int) -> bool:
    place = incident.event.place
    return incident.severity.tier.rank >= least and (not country or (place and place.country) == country)


def _list(found: "list[Incident]") -> None:
    from rich.table import Table
    from rich.text import Text

    from services.classifier.incidents.telling.wording import sentence
    from services.cli.terminal import tables

    table = Table("id", "changed (UTC)", "tier", "reports", "alerts", "what happened")
    table.columns[0].no_wrap = True  # it is there to be copied
    for each in found:
        gone = f" (now {each.merged_into})" if each.merged_into else " (retracted)"
        said = sentence(each.event, each.figures) + (gone if each.retracted else "")
        table.add_row(
            each.id,
            f"{each.updated_at:%m-%d %H:%M}",
            str(each.severity.tier),
            str(each.reports_count),
            str(each.sequence),
            Text(one_line(said)),
        )
    tables.show(table)


def _tell(incident: "Incident", run: "tuple[Incident, ...]", console: "Console") -> None:
    from rich.text import Text

    from services.classifier.incidents.fusing.fusion import why_so_certain
    from services.classifier.incidents.telling.wording import sentence
    from services.classifier.ladders import chains

    console.print(Text(one_line(sentence(incident.event, incident.figures)), style="bold"))
    tier, event = incident.severity, incident.event
    facts = [
        f"{tier.tier} ({tier.score:g}), {event.certainty}: {why_so_certain(event, incident.reports)}",
        f"opened {incident.opened_at:%Y-%m-%d %H:%M}, changed {incident.updated_at:%Y-%m-%d %H:%M} UTC",
        f"{incident.reports_count} reports, {incident.sequence} alerts",
    ]
    answers = chains.said(run) or f"answers {incident.responds_to}"  # which may be too old to be kept
    facts += [answers] if incident.responds_to else []
    if incident.wakes_at is not None:
        facts += [f"a change waits until {incident.wakes_at:%Y-%m-%d %H:%M} UTC, and is then told"]
    facts += [_gone(incident)] if incident.retracted else []
    facts += [f"merged with {', '.join(incident.merged)}"] if incident.merged else []
    facts += [f"split from {incident.split_from}"] if incident.split_from else []
    facts += [f"{each.said} (set by {each.by})" for each in incident.by_hand]
    for fact in facts:
        console.print(Text(f"  {one_line(fact)}", style="dim"))
    console.print(Text("\nwhat changed it", style="bold"))
    if incident.sequence > sum(step.kind is not None for step in incident.history):
        console.print(Text("  earlier steps were taken by a release that kept none", style="dim"))
    titles = {report.article_id: report for report in incident.reports}
    for step in incident.history:
        for line in _step(step, titles.get(step.article_id)):
            console.print(line)
    console.print(Text("\nwho tells it", style="bold"))
    console.print(_reports(incident))


def _gone(incident: "Incident") -> str:
    if incident.merged_into:
        return f"retracted: it goes on in {incident.merged_into}"
    if incident.retracted_by:
        return f"retracted by {incident.retracted_by}: later reports join it in silence"
    return "retracted: no report supports it any more"


def _step(step: "Change", report: "Report | None") -> "Iterator[Text]":
    from rich.text import Text

    who = f"{report.name or report.outlet}: {report.title}" if report else step.article_id or "nobody new"
    who = f"{step.by}, by hand" if step.by else who
    rang = str(step.kind).rpartition(".")[2] if step.kind else "silent"
    yield Text.assemble(
        (f"  {step.at:%m-%d %H:%M} ", "dim"),
        (f"{rang:<9} ", "bold" if step.kind else "dim"),
        one_line(who),
    )
    said = [f"{step.reason}", *step.changes, step.because]
    yield Text(f"{'':<23}{one_line('; '.join(said))}", style="dim")


def _reports(incident: "Incident") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table("published", "article", "outlet", "says", "title", box=None, padding=(0, 2, 0, 2))
    table.columns[1].no_wrap = True  # it is there to be copied
    for report in sorted(incident.reports, key=lambda each: each.published_at):
        copied = " (a copy)" if report.copy_of else ""
        copied += f" (put here by {report.placed_by})" if report.placed_by else ""
        table.add_row(
            f"{report.published_at:%m-%d %H:%M}",
            Text(one_line(report.article_id)),
            Text(one_line(report.name or report.outlet)),
            Text(one_line((_counts(report) or "-") + copied)),
            Text(one_line(report.title)),
        )
    return table


def _counts(report: "Report") -> str:
    """What a report counts, and by whose word."""
    from services.classifier.incidents.telling.wording import costs

    sayers = dict.fromkeys(each.said_by for each in report.figures if each.said_by)
    said = costs(report.event.casualties)
    return f"{said} ({', '.join(sayers)})" if said and sayers else said
