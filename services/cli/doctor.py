"""``tocsin doctor``: looks at everything an installation stands on, and says what is wrong in a sentence.

It changes nothing, starts no server and makes no directory. A check that fails or hangs hides no other.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from services.cli.checks import (
    clock,
    disk,
    feeds,
    house,
    key,
    ports,
    private,
    records,
    server,
    settings,
    versions,
)
from services.cli.checks.attempt import DEADLINE, attempt, within
from services.cli.checks.finding import Finding, Verdict, fault, summary, warning
from services.cli.checks.records import Records
from services.cli.checks.server import Server, Trouble, Unreached
from services.cli.terminal.progress import while_waiting, with_progress
from services.cli.terminal.tables import show
from shared import embedded
from shared.settings import Settings

RECORDS = "records"
_COLOURS = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAULT: "bold red"}


@dataclass(frozen=True)
class Examination:
    """What was found, and the records in Redis, unless they could not be read."""

    findings: Sequence[Finding]
    records: Records | None


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
    ask_feeds: Annotated[
        bool, typer.Option("--network", help="Fetch each feed once, too, and say what it answers.")
    ] = False,
) -> None:
    """Check settings, versions, disk, ports, Redis, clock, feeds and services; change nothing.

    Says of each in a sentence whether it is well, and what to do where it is not. Feeds are judged by how
    their last polls went; nothing is fetched unless you ask for it. Exit code 1 with a fault, else 0.
    """
    with while_waiting("Looking around"):
        config, found = settings.read()
        examined = examine(config)
    found += examined.findings
    if ask_feeds:
        found += _ask_feeds(examined.records, config)
    if as_json:
        for finding in found:
            print(json.dumps(finding.as_fields(), ensure_ascii=False))
    else:
        show(_table(found))
        print(f"\n{summary(found)}")
    if any(finding.verdict is Verdict.FAULT for finding in found):
        raise typer.Exit(1)


def examine(config: Settings) -> Examination:
    """Every check but that of the settings themselves; takes seconds even where nothing answers."""
    now = datetime.now(UTC)
    url = config.redis_url or embedded.url(config)
    reached = _reach(url)
    well = isinstance(reached, Server) and not reached.loading
    lying, untold = _read(url, config) if well else (None, "")
    ahead = reached.ahead if isinstance(reached, Server) else None
    told = lying.told if lying is not None else None
    findings = [
        *attempt(versions.CHECK, lambda: versions.judge(versions.look())),
        *attempt(disk.CHECK, lambda: disk.judge(disk.look(config))),
        *attempt(ports.CHECK, lambda: ports.judge(ports.look(config), config.api_host, config.api_port)),
        *attempt(clock.CHECK, lambda: clock.judge(now, ahead)),
        *attempt(server.CHECK, lambda: _judge_server(reached, config)),
        *attempt(key.CHECK, lambda: key.judge(key.look(config), told)),
    ]
    if lying is None:
        return Examination([*findings, _untold(untold)], None)
    there = lying
    findings += attempt(feeds.CHECK, lambda: feeds.judge(there, now))
    findings += attempt(RECORDS, lambda: house.judge(there, config, now))
    return Examination(findings, lying)


def _reach(url: str) -> Server | Unreached:
    try:
        return within(DEADLINE, lambda: server.look(url))
    except TimeoutError:  # a name that nobody resolves holds us up longer than a server may
        return Unreached(server.place(url), Trouble.SILENT, "")
    except Exception as exc:  # whatever our client makes of it, the other checks must still be seen
        return Unreached(server.place(url), Trouble.ODD, f"{type(exc).__name__}: {exc}")


def _judge_server(reached: Server | Unreached, config: Settings) -> list[Finding]:
    if isinstance(reached, Unreached) and config.redis_url is None:
        return [private.judge(reached, private.look(config))]
    return server.judge(reached)


def _read(url: str, config: Settings) -> tuple[Records | None, str]:
    """The records, or why they could not be read."""

    def look() -> Records:
        with server.impatient(url) as client:
            return records.look(client, config)

    try:
        return within(DEADLINE, look), ""
    except TimeoutError:
        return None, f"no answer within {DEADLINE:.0f} s"
    except Exception as exc:  # whatever lies there that we can't read, the other checks must still be seen
        return None, f"{type(exc).__name__}: {exc}"


def _untold(why: str) -> Finding:
    if why:
        says = f"What lies in Redis can't be read ({why})."
        return fault(
            RECORDS, says, "See whether another program writes there: TOCSIN_KEY_PREFIX keeps apart."
        )
    says = "Feeds, services and subscriptions can't be judged while Redis does not answer."
    return warning(RECORDS, says, "Once it does, run `tocsin doctor` again.")


def _ask_feeds(lying: Records | None, config: Settings) -> list[Finding]:
    from services.cli.checks import network  # it brings aiohttp, which the other checks do without

    if lying is None:
        says = "The feeds can't be asked, as nobody tells which they are."
        return [warning(network.CHECK, says, "Once Redis answers, run `tocsin doctor --network` again.")]
    asked = with_progress(network.ask(lying.feeds, config), "Asking the feeds", len(lying.feeds))
    return network.judge(list(asked), datetime.now(UTC))


def _table(found: Sequence[Finding]) -> Table:
    """Verdict, check and sentence, what to do in a line of its own below."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in found:
        text = Text(finding.says)
        if finding.do:
            text.append(f"\n{finding.do}", "dim" if finding.verdict is Verdict.OK else "cyan")
        table.add_row(Text(finding.verdict, _COLOURS[finding.verdict]), finding.check, text)
    return table
