"""Whose hand it is, and why: what every command says that the audit (`tocsin incident audit`) keeps."""

import getpass
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.terminal.usage import BadUsage
from shared.errors import BadInput
from shared.printable import one_line

if TYPE_CHECKING:
    import redis

    from shared.contracts import Deed, Subscription
    from shared.names import Names

LONGEST_WHY, LONGEST_BY = 500, 80

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who you are [your user name here]")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, kept in the audit")]


@dataclass(frozen=True)
class Hand:
    """Who does something, when and why."""

    by: str
    at: datetime
    why: str

    def note(
        self,
        client: "redis.Redis",
        names: "Names",
        deed: "Deed",
        *,
        incidents: tuple[str, ...] = (),
        what: tuple[str, ...] = (),
    ) -> None:
        """Write what was done into the audit; raises ``StoreUnavailable``."""
        from shared import handworks
        from shared.contracts import Handwork

        work = Handwork(at=self.at, by=self.by, deed=deed, incidents=incidents, what=what, why=self.why)
        handworks.note(client, names, work)


def hand(why: str, by: str) -> Hand:
    """The person at this machine, who need not say why; raises ``BadUsage``."""
    from shared.clock import SystemClock

    return Hand(who(by), SystemClock().now(), said("--why", why, LONGEST_WHY) if why else "")


def who(by: str) -> str:
    """The name that was given, or that of the user here; raises ``BadUsage``."""
    if by:
        return said("--by", by, LONGEST_BY)
    try:
        return said("--by", getpass.getuser(), LONGEST_BY)
    except (KeyError, OSError, ImportError) as exc:  # a container without a name for its user
        raise BadUsage("this machine has no name for you: say --by NAME") from exc


def said(option: str, text: str, longest: int) -> str:
    """What an option says, on one line; raises ``BadUsage`` when it is nothing or too much."""
    told = one_line(text)
    if not 0 < len(told) <= longest:
        raise BadUsage(f"{option} takes 1 to {longest} signs: write why you do it, or who you are")
    return told


def refuse_inactive(subscription: "Subscription", do: str = "") -> None:
    """Raise ``BadInput`` unless messages leave for it: put into its lane, they would be parked at once.

    ``do`` is the command that helps.
    """
    from shared.contracts import SubscriptionState

    if subscription.state != SubscriptionState.ACTIVE:
        why = f" ({subscription.state_reason})" if subscription.state_reason else ""
        raise BadInput(
            f"{subscription.id} is {subscription.state}{why}: mend its endpoint if that is why, then "
            f"`{do or f'tocsin subscriptions resume {subscription.id}'}`"
        )
