"""``tocsin replay``: a receiver lost what it was told, or is new, and hears again what rang."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import hands
from services.cli.borrowing import redis_url
from services.cli.terminal import completing
from services.cli.terminal.usage import typed
from shared.printable import one_line

if TYPE_CHECKING:
    from services.notifier.replay import Step
    from shared.contracts import Alert

_LONGEST_NAME = 80
_MOST = 10_000
_SHOWN = 50
"""Alerts that a dry run shows: two screens."""


def replay(
    subscription: Annotated[
        str,
        typer.Option(
            "--subscription", metavar="ID", help="Who is told", autocompletion=completing.subscriptions
        ),
    ],
    since: Annotated[
        str,
        typer.Option(
            metavar="WHEN", help="30m, 6h, 2d, a time, or an id on the alert stream; at most 30 days"
        ),
    ],
    until: Annotated[str, typer.Option(metavar="WHEN", help="The same, where it ends; without it, now")] = "",
    name: Annotated[
        str,
        typer.Option(
            "--as", metavar="NAME", help="Name of this replay: under the same one nothing is told twice"
        ),
    ] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what would be told")] = False,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most so many")] = _MOST,
    why: hands.Why = "",
    by: hands.By = "",
) -> None:
    """Tell a subscription again the alerts that its filter takes now, oldest first.

    Each under a webhook-id of its own, behind what rings meanwhile. Corrections and retractions of what is
    told again come too, also later ones.
    """
    from services.cli import again
    from services.cli.terminal.progress import with_progress
    from services.notifier import replay as replaying
    from shared import settings, store
    from shared.contracts import Deed
    from shared.subscriptions import Register

    config, hand = settings.load(), hands.hand(why, by)
    called = hands.said("--as", name, _LONGEST_NAME) if name else f"replay-{secrets.token_hex(4)}"
    with typed():
        first = _place(since, hand.at)
        last = _place(until, hand.at) if until else replaying.NEWEST
    with redis_url(config) as url, store.connect(url) as client:
        found = Register(client, config.names).get(subscription)
        if not dry:
            hands.refuse_inactive(found)
        asked = replaying.Asked(found, called, first, last, most, dry)
        steps = again.each(url, config, lambda work: replaying.replay(work, asked))
        done = _Done.of(with_progress(steps, "telling again"))
        if done.told and not dry:
            what = (found.id, f"as {called}", f"since {since}", f"{done.told} alerts")
            hand.note(client, config.names, Deed.REPLAY, what=what)
    if dry and done.first:
        _list(done)
    print(done.said(found.url_hint, called, dry=dry))
    if done.told + done.before >= most:
        print(f"That is the most at one time; the rest: --since {done.goes_on} --as '{called}'")


def _place(words: str, now: datetime) -> str:
    """A place on the stream: an id as it was typed, or the millisecond of a moment; raises ``BadInput``."""
    from shared.moments import moment_of

    if re.fullmatch(r"\d{10,16}-\d{1,19}", words.strip(), re.ASCII):
        return words.strip()
    return str(round(moment_of(words, now).timestamp() * 1000))


@dataclass
class _Done:
    """What came of a replay, counted."""

    told: int = 0
    before: int = 0
    others: int = 0
    unreadable: int = 0
    first: "list[Alert]" = field(default_factory=list)
    """The first of those that are told, for a dry run to show."""
    goes_on: str = ""

    @classmethod
    def of(cls, steps: "Iterable[Step]") -> "_Done":
        from services.notifier.replay import Result
        from shared.streams import after

        done, last = cls(), "0-0"
        for step in steps:
            last = step.entry_id
            done.told += step.result is Result.TOLD
            done.before += step.result is Result.TOLD_BEFORE
            done.others += step.result is Result.NOT_WANTED
            done.unreadable += step.result is Result.UNREADABLE
            if step.result is Result.TOLD and step.alert is not None and len(done.first) < _SHOWN:
                done.first.append(step.alert)
        done.goes_on = after(last)
        return done

    def said(self, to: str, name: str, *, dry: bool) -> str:
        all_ = self.told + self.before + self.others
        verb = "would be told again to" if dry else "put into the lane of"
        said = f"{self.told} of {all_} alerts {verb} {to}, as {one_line(name)}"
        said += f"; {self.before} were before" if self.before else ""
        return said + (f"; {self.unreadable} can't be read by this release" if self.unreadable else "")


def _list(done: _Done) -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

    table = Table("alert", "rang (UTC)", "kind", "headline")
    table.columns[0].no_wrap = True  # it is there to be copied
    for each in done.first:
        table.add_row(
            Text(one_line(each.id)),
            f"{each.at:%m-%d %H:%M}",
            Text(one_line(str(each.kind))),
            Text(one_line(each.headline)),
        )
    tables.show(table)
    if done.told > len(done.first):
        print(f"... and {done.told - len(done.first)} more")
