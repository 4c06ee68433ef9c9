"""``tocsin subscriptions change`` and ``rotate``: what of a subscription may change while it stands."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.borrowing import redis_client
from services.cli.peace import AtMost, Override, QuietHours, told_peace, with_peace
from services.cli.sealing import vault_of
from services.cli.terminal import completing
from services.cli.terminal.usage import BadUsage, typed

if TYPE_CHECKING:
    from shared.contracts import Subscription
    from shared.vault import Vault

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="As `tocsin subscriptions` shows it, or its beginning",
        autocompletion=completing.subscriptions,
    ),
]
Header = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="'NAME: VALUE'",
        help="Sent with each message, such as 'Authorization: Bearer ...'; give it again for another",
    ),
]
HeadersFrom = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|-",
        help="Headers from a file or stdin, one a line: so no password stands in the shell's history",
    ),
]
NoHeaders = Annotated[bool, typer.Option("--no-headers", help="Send no headers of its own any more")]
InOrder = Annotated[
    bool | None,
    typer.Option(
        "--in-order/--any-order",
        help="Of one incident send nothing before its predecessor was taken, or as soon as it may go",
        show_default=False,
    ),
]
Grace = Annotated[
    str,
    typer.Option(metavar="SPAN", help="How long the old secret signs as well: 24h, 7d at most, 0 for a leak"),
]

CHANGE_EXAMPLES = (
    "tocsin subscriptions change sub_0123456789abcdef --headers-from headers.txt",
    'echo "X-Key: $KEY" | tocsin subscriptions change sub_01 --headers-from -',
    "tocsin subscriptions change sub_0123456789abcdef --no-headers",
    "tocsin subscriptions change sub_01 --quiet-hours 22:00-06:30@Asia/Beirut",
    "tocsin subscriptions change sub_01 --at-most 10/1h --quiet-hours none",
    "tocsin subscriptions change sub_01 --in-order",
)
ROTATE_EXAMPLES = (
    "tocsin subscriptions rotate sub_0123456789abcdef",
    "tocsin subscriptions rotate sub_0123456789abcdef --grace 7d",
    "tocsin subscriptions rotate sub_0123456789abcdef --grace 0   # it leaked",
)


def header_lines(header: list[str] | None, headers_from: str | None) -> list[str]:
    """The lines of both options; raises ``BadUsage`` for a file that can't be read."""
    if headers_from is None:
        return header or []
    try:
        text = sys.stdin.read() if headers_from == "-" else Path(headers_from).read_text(encoding="utf-8")
    except UnicodeError as exc:
        raise BadUsage(f"{headers_from} is no text: write 'Name: value', one a line") from exc
    except OSError as exc:
        raise BadUsage(f"can't read {headers_from} ({exc.strerror}): see that it is there") from exc
    return [*(header or []), *text.splitlines()]


def change(
    which: Id,
    header: Header = None,
    headers_from: HeadersFrom = None,
    no_headers: NoHeaders = False,
    quiet_hours: QuietHours = "",
    override: Override = "",
    at_most: AtMost = "",
    in_order: InOrder = None,
) -> None:
    """Change a subscription; what isn't named stays as it is.

    Headers replace those it had, all of them. What is on its way goes with the new ones. What is held already
    by quiet hours or a cap keeps its time, and what waits for its predecessor its order.
    """
    from shared import settings
    from shared.subscriptions import Register, with_headers

    lines = header_lines(header, headers_from)
    if no_headers and (header or headers_from is not None):
        raise BadUsage("--no-headers and headers can't both be meant: give one of them")
    headed = no_headers or any(line.strip() for line in lines)
    if not headed and not (quiet_hours or override or at_most) and in_order is None:
        raise BadUsage(
            "nothing to change: give --header, --headers-from, --no-headers, --quiet-hours, --at-most "
            "or --in-order"
        )
    config = settings.load()
    vault = vault_of(config)

    def changed(found: "Subscription") -> "Subscription":
        with typed():
            after = with_peace(found, quiet_hours, override, at_most)
            if in_order is not None:
                after = after.model_copy(update={"in_order": in_order})
            after = with_headers(after, lines, vault) if headed else after
            told_headers(after, vault)  # before it is stored: with a wrong key nothing changes
            return after

    with redis_client(config) as client:
        after = Register(client, config.names).change(which, changed)
    print(f"changed  {after.id}  {after.url_hint}  {told(after, vault)}")


def told(subscription: "Subscription", vault: "Vault") -> str:
    """What was changeable, as it stands now."""
    order = ("in order",) if subscription.in_order else ()
    return ", ".join((told_headers(subscription, vault), *told_peace(subscription), *order))


def told_headers(subscription: "Subscription", vault: "Vault") -> str:
    """The names of a subscription's headers, never their values."""
    from shared.subscriptions import opened_headers

    names = ", ".join(opened_headers(subscription, vault))
    return f"with headers {names}" if names else "without headers of its own"


def rotate(which: Id, grace: Grace = "24h") -> None:
    """Give a webhook a new signing secret.

    Prints it, this once. Until the grace is over each message is signed with the old ones as well, so that
    the receiver can be changed in peace.
    """
    from shared import settings
    from shared.clock import SystemClock
    from shared.signing import check_grace
    from shared.spans import parse_span
    from shared.subscriptions import Register

    config = settings.load()
    with typed():
        # A grace of nothing is a length as well, though elsewhere none is meant by it.
        check_grace(span := timedelta() if grace.strip() == "0" else parse_span(grace))
    vault = vault_of(config)
    with redis_client(config) as client:
        after, secret = Register(client, config.names).rotate(
            which, vault=vault, now=SystemClock().now(), grace=span
        )
    print(f"{after.id}  {after.url_hint}")
    print(f"secret  {secret}")
    if after.retire_at is None:
        print("It is not shown again, and from now on the only one that signs.")
    else:
        print(f"It is not shown again. The old ones sign as well until {after.retire_at:%Y-%m-%d %H:%M} UTC.")
