"""``tocsin incident``: one incident whole, and what a person may do where the machine was wrong."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli import hands
from services.cli.borrowing import redis_client
from services.cli.incidents import incident
from services.cli.terminal import completing, teaching
from services.cli.terminal.usage import BadUsage
from shared.printable import one_line

if TYPE_CHECKING:
    from services.classifier.incidents import Decision
    from services.classifier.incidents.hand.handwork import Hand
    from services.classifier.memory import Memory

_ID = "inc_"
"""How an incident's id begins: a first word that does is no command's name."""
_MOST = 50


class _ByIdToo(teaching.Group):
    """Takes an id where a command may stand: ``incident inc_...`` is ``incident show inc_...``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words, with the command that an id alone means."""
        first = next((word for word in args if not word.startswith("-")), "")
        rest: list[str] = super().parse_args(ctx, ["show", *args] if first.startswith(_ID) else args)
        return rest

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Commands, and the ids that may stand in their place."""
        (shown,) = self.commands["show"].get_params(ctx)[:1]
        return [*super().shell_complete(ctx, incomplete), *shown.shell_complete(ctx, incomplete)]


app = teaching.group(
    "tocsin incident inc_0123456789abcdef",
    "tocsin incident inc_0123456789abcdef --json | jq .history",
    "tocsin incident audit                  # who did what, and why",
    kind=_ByIdToo,
)
_Id = Annotated[
    str,
    typer.Argument(metavar="ID", help="As `tocsin incidents` shows it", autocompletion=completing.incidents),
]
_Why = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="The reason, kept in the history and the audit")
]

teaching.command(
    app,
    "show",
    "tocsin incident show inc_0123456789abcdef",
    "tocsin incident inc_0123456789abcdef   # the same",
)(incident)


@teaching.command(
    app,
    "merge",
    "tocsin incident merge inc_0123456789abcdef inc_fedcba9876543210 \\\n  --why 'the same drone attack'",
)
def merge(
    incident_id: _Id,
    other_id: Annotated[
        str, typer.Argument(metavar="ID", help="The other one", autocompletion=completing.incidents)
    ],
    why: _Why,
    by: hands.By = "",
) -> None:
    """Make two incidents one: the younger goes into the elder.

    One that nobody was told of goes into the one that rang. The elder keeps the reports of both and rings
    where they make it worse than what was told; who was told of the younger is told where it goes on.
    """
    from services.classifier import handwork

    _do(lambda memory, hand: handwork.merge(memory, incident_id, other_id, hand), why, by)


@teaching.command(
    app,
    "split",
    "tocsin incident split inc_0123456789abcdef art_0123456789abcdef0123 \\\n  --why 'that was in Tyre'",
)
def split(
    incident_id: _Id,
    article_ids: Annotated[
        list[str],
        typer.Argument(metavar="ARTICLE...", help="Articles, as `tocsin incident ID` shows them"),
    ],
    why: _Why,
    by: hands.By = "",
) -> None:
    """Take articles out of an incident and open another with them.

    The new one rings as opened, and the old one as corrected where what was told of it no longer holds. The
    machine never puts them together again.
    """
    from services.classifier import handwork

    _do(lambda memory, hand: handwork.split(memory, incident_id, article_ids, hand), why, by)


@teaching.command(
    app,
    "correct",
    "tocsin incident correct inc_0123456789abcdef killed=3 --why 'ministry'",
    "tocsin incident correct inc_0123456789abcdef place='Tripoli (LBN)' \\\n"
    "  actor='Hezbollah; Iran' --why 'both claim it'",
    "tocsin incident correct inc_0123456789abcdef killed= --why 'right by now'",
)
def correct(
    incident_id: _Id,
    assignments: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE...", help="What is right; FIELD= gives it back to the reports"),
    ],
    why: _Why,
    by: hands.By = "",
) -> None:
    """Set fields of an incident, whatever its reports say from now on.

    The fields: killed, injured, missing, abducted, arrested (12, 9-14 or none); type, mode; place, country;
    day (2026-03-02); actor, recipient (several with ; between); weapon; claimed_by, attributed_by, denied_by;
    certainty. It rings as corrected where something that was told is another now.
    """
    from services.classifier import handwork
    from shared.errors import BadCorrection

    try:
        _do(lambda memory, hand: handwork.correct(memory, incident_id, assignments, hand), why, by)
    except BadCorrection as exc:
        raise BadUsage(str(exc)) from exc


@teaching.command(
    app, "retract", "tocsin incident retract inc_0123456789abcdef --why 'a drill, not an attack'"
)
def retract(incident_id: _Id, why: _Why, by: hands.By = "") -> None:
    """Take an incident back for good: it did not happen.

    Who was told is told; later reports of it join it in silence.
    """
    from services.classifier import handwork

    _do(lambda memory, hand: handwork.retract(memory, incident_id, hand), why, by)


@teaching.command(
    app,
    "audit",
    "tocsin incident audit",
    "tocsin incident audit --json | jq 'select(.by == \"ana\")'",
)
def audit(
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most so many")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List what people did by hand, newest first: who, what, why.

    To incidents, and to who hears of them: what was sent again or muted.
    """
    from shared import handworks, settings

    config = settings.load()
    with redis_client(config) as client:
        found = handworks.newest(client, config.names, most)
    if as_json:
        for each in found:
            print(each.to_json())
        return
    if not found:
        print("Nobody has done anything by hand: `tocsin incident --help` says how a wrong one is put right.")
        return
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

    table = Table("when (UTC)", "who", "did", "incidents", "what", "why")
    for each in found:
        cells = (each.by, str(each.deed), " ".join(each.incidents), " ".join(each.what), each.why)
        table.add_row(f"{each.at:%Y-%m-%d %H:%M}", *(Text(one_line(cell)) for cell in cells))
    tables.show(table)


def _do(work: "Callable[[Memory, Hand], Decision]", why: str, by: str) -> None:
    """Do it as the person at this machine, and say what came of it."""
    from services.classifier.incidents.hand.handwork import Hand
    from services.classifier.memory import RedisMemory
    from shared import settings
    from shared.clock import SystemClock

    hand = Hand(hands.who(by), SystemClock().now(), hands.said("--why", why, hands.LONGEST_WHY))
    config = settings.load()
    with redis_client(config) as client:
        _say(work(RedisMemory(client, config.names), hand))


def _say(decision: "Decision") -> None:
    for each in decision.incidents:
        print(f"{each.id}: {one_line(each.history[-1].because)}")
    for alert in decision.alerts:
        changes = f" ({one_line('; '.join(alert.changes))})" if alert.changes else ""
        print(f"  rang {alert.id} {alert.kind}: {one_line(alert.headline)}{changes}")
    if not decision.alerts:
        print("  nothing rang: nobody was told anything that is another now")
