"""``tocsin subscriptions try``: what of the last alerts a subscription, or a filter, would hear."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.borrowing import redis_client
from services.cli.filter_file import filter_of
from services.cli.terminal import completing
from services.cli.terminal.usage import typed
from shared.printable import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from rich.text import Text

    from services.notifier.routing.trial import Heard
    from shared.contracts import Alert, Subscription

# What the command works with is imported by it: completion and help need none of it, and it takes time.

EXAMPLES = (
    "tocsin subscriptions try sub_0123456789abcdef",
    "tocsin subscriptions try 'severity>=Severe,country=LBN' --last 1000",
    "tocsin subscriptions try sub_01 --json | jq -r .reason | sort | uniq -c",
)
MOST = 10_000

Which = Annotated[
    str,
    typer.Argument(
        metavar="ID|FILTER",
        help="A subscription's id or its beginning, or a filter or @FILE; '' for the empty one",
        autocompletion=completing.subscriptions,
    ),
]
Last = Annotated[int, typer.Option(metavar="N", min=1, max=MOST, help="How many alerts to try, the newest")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line")]


def try_out(which: Which, last: Last = 200, as_json: AsJson = False) -> None:
    """Say which of the last alerts it would have heard, and why.

    As if it had stood, active, before the first of them, with the mutes that run now. Nothing is sent.
    """
    from services.notifier.routing.trial import would_hear
    from shared import settings
    from shared.clock import SystemClock
    from shared.mutes import Mutes

    config = settings.load()
    now = SystemClock().now()
    with redis_client(config) as client:
        found = _subscription(client, config.names, which, now)
        mutes = Mutes(client, config.names).all(now)
        alerts = _newest(client, config.names.alerts, last)
    answers = would_hear(found, alerts, mutes)
    if as_json:
        for each in answers:
            print(json.dumps(_plain(each)))
    elif not answers:
        print("No alert has rung yet: try again when some have, or `tocsin up --demo` for invented ones.")
    else:
        _show(answers)


def _subscription(client: Any, names: Any, which: str, now: "datetime") -> "Subscription":
    """The one that is called so, or one with this filter that stands nowhere."""
    from shared import filters
    from shared.contracts import Subscription
    from shared.subscriptions import Register

    # No id holds an operator or is a file, and no filter but the empty one is without.
    if which and not any(sign in which for sign in "=<>~{@"):
        return Register(client, names).get(which)
    with typed():
        filters.parse(which := filter_of(which))
    return Subscription(id="", channel="", sealed_url="", url_hint="", filter=which, created_at=now)


def _newest(client: Any, stream: str, last: int) -> "list[tuple[Alert, datetime]]":
    """The newest alerts, oldest first, each with when it came on the stream."""
    from pydantic import ValidationError

    from shared.contracts import Alert
    from shared.errors import NewerSchema
    from shared.store import guarded
    from shared.streams import Entry

    with guarded("reading alerts"):
        stored = client.xrevrange(stream, count=last)
    found = []
    for id_, fields in reversed(stored):
        entry = Entry(str(id_), fields)
        try:
            found.append((Alert.from_json(entry.fields["alert"]), entry.added_at))
        except (KeyError, ValidationError, NewerSchema) as exc:
            print(f"left out {id_}, which this release can't read: {type(exc).__name__}", file=sys.stderr)
    return found


def _plain(heard: "Heard") -> dict[str, Any]:
    return {
        "alert_id": heard.alert.id,
        "rang_at": heard.rang_at.isoformat(),
        "route": str(heard.route),
        "reason": heard.reason,
        "until": heard.until.isoformat() if heard.until else None,
        "kind": str(heard.alert.kind),
        "headline": heard.alert.headline,
    }


def _show(answers: "list[Heard]") -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables
    from services.notifier.routing import Route

    table = Table("rang", "alert", "headline", "heard", "because")
    for column in table.columns[2:]:
        column.overflow = "fold"
    for each in answers:
        table.add_row(
            f"{each.rang_at.astimezone():%d %b %H:%M}",
            Text(one_line(each.alert.id)),
            Text(one_line(each.alert.headline)),
            _heard(each),
            Text(one_line(each.reason)),
        )
    tables.show(table)
    count = {route: sum(each.route is route for each in answers) for route in Route}
    print(
        f"{count[Route.SEND]} at once, {count[Route.HOLD]} later, {count[Route.SKIP]} not, of {len(answers)}"
    )


def _heard(each: "Heard") -> "Text":
    from rich.text import Text

    from services.notifier.routing import Route

    if each.route is Route.HOLD:
        at = f" {each.until.astimezone():%d %b %H:%M}" if each.until else ""
        return Text(f"later{at}", "yellow")
    return Text("yes", "green") if each.route is Route.SEND else Text("no", "dim")
