"""``tocsin deliveries``: which message went where, what was answered, and why one did not arrive."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import hands
from services.cli.borrowing import redis_client, redis_url
from services.cli.terminal import completing, teaching
from services.cli.terminal.usage import BadUsage, typed
from shared.printable import one_line, same_length

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from shared.contracts import Attempt, Delivery, Subscription

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

app = teaching.group(
    "tocsin deliveries                      # the newest of all subscriptions",
    "tocsin deliveries --state parked --since 2d",
    "tocsin deliveries --json | jq 'select(.attempts_count > 1) | .id'",
    "tocsin deliveries show msg_0123456789abcdef01234567",
    alone=True,
)
_MOST = 50
"""Deliveries listed unless more are asked for: two screens."""
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="As `tocsin deliveries` shows it", autocompletion=completing.deliveries
    ),
]


@app.callback()
def deliveries(
    context: typer.Context,
    subscription: Annotated[
        str,
        typer.Option(
            "--subscription",
            metavar="ID",
            help="Only to this one",
            autocompletion=completing.subscriptions,
        ),
    ] = "",
    incident: Annotated[
        str,
        typer.Option(
            "--incident", metavar="ID", help="Only of this incident", autocompletion=completing.incidents
        ),
    ] = "",
    state: Annotated[
        str, typer.Option("--state", metavar="STATE", help="Only pending, delivered, parked or dropped")
    ] = "",
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Only those recorded since: 30m, 6h, 2d, or a time")
    ] = "",
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="At most so many")] = _MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line")] = False,
) -> None:
    """List the deliveries, newest first, unless a word follows."""
    if context.invoked_subcommand is not None:
        return
    from shared import deliveries as stored
    from shared import settings
    from shared.clock import SystemClock
    from shared.moments import moment_of
    from shared.subscriptions import Register

    states = _states(state)
    with typed():
        start = moment_of(since, SystemClock().now()) if since else None
    config = settings.load()
    with redis_client(config) as client:
        register = Register(client, config.names)
        known = [register.get(subscription)] if subscription else register.all()
        wanted = stored.Wanted(states, start, incident)
        found = stored.newest(client, config.names, [each.id for each in known], wanted, most)
    if as_json:
        for each in found:
            print(each.model_dump_json(exclude={"body"}))
    elif not found:
        print("No such deliveries. They are kept for 14 days; `tocsin tail --since 1d` shows what rang.")
    else:
        _list(found, {each.id: each for each in known})


def _states(word: str) -> tuple[str, ...]:
    from shared.contracts import DeliveryState

    if word and word not in tuple(DeliveryState):
        raise BadUsage(f"no state {word!r}: write one of {', '.join(DeliveryState)}")
    return (word,) if word else ()


def _list(found: "list[Delivery]", known: "dict[str, Subscription]") -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

    # Two lines each: eight columns would leave nothing for words on a terminal of eighty.
    table = Table("delivery, recorded (UTC)", "alert, to whom", "state, last answer", "why")
    for column in table.columns[1:]:
        column.overflow = "fold"
    table.columns[0].no_wrap = True  # it is there to be copied
    for each in found:
        to = known[each.subscription_id].name or each.subscription_id
        table.add_row(
            Text(f"{one_line(each.id)}\n{each.created_at:%m-%d %H:%M:%S}"),
            Text(f"{one_line(f'{each.alert_id} {each.kind}')}\n{one_line(to)}"),
            _state(each),
            Text(one_line(each.state_reason)),
        )
    tables.show(table)


def _state(delivery: "Delivery") -> "Text":
    from rich.text import Text

    colours = {"delivered": "green", "parked": "yellow", "dropped": "red"}
    said = f"{delivery.state}, told again" if delivery.replayed else str(delivery.state)
    text = Text(one_line(said), colours.get(str(delivery.state), "")).append(
        f", {_many(delivery.attempts_count)}", ""
    )
    return text.append(f"\n{_answer(delivery.attempts[-1])}") if delivery.attempts else text


def _answer(attempt: "Attempt") -> str:
    return f"{attempt.status or 'no answer'} in {attempt.latency_ms:.0f} ms"


# ---- one of them --------------------------------------------------------------------------------


@teaching.command(
    app,
    "show",
    "tocsin deliveries show msg_0123456789abcdef01234567",
    "tocsin deliveries show msg_0123456789abcdef01234567 --body",
    "tocsin deliveries show msg_0123456789abcdef01234567 --json | jq .attempts",
)
def show(
    delivery_id: Id,
    with_body: Annotated[bool, typer.Option("--body", help="The message, too")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on one line")] = False,
) -> None:
    """Show one with each attempt: when, status, latency, first bytes.

    Only the newest ten are kept. The body of a delivered one is written anew from its alert, which is kept
    for 30 days.
    """
    from services.cli import again
    from shared import deliveries as stored
    from shared import settings, store

    config = settings.load()
    with redis_url(config) as url, store.connect(url) as client:
        found = stored.get(client, config.names, delivery_id)
        if with_body:
            found = again.do(url, config, lambda working: working.whole(found))
    if as_json:
        print(found.model_dump_json(exclude=set() if with_body else {"body"}))
        return
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    _tell(found, console)
    if with_body:
        console.print_json(same_length(found.body))


def _tell(delivery: "Delivery", console: "Console") -> None:
    from rich.text import Text

    console.print(
        Text(one_line(f"{delivery.alert_id} {delivery.kind} to {delivery.subscription_id}"), "bold")
    )
    facts = [f"{delivery.state}: {delivery.state_reason}" if delivery.state_reason else str(delivery.state)]
    facts += [f"recorded {delivery.created_at:%Y-%m-%d %H:%M:%S} UTC"]
    if delivery.state == "pending":
        facts += [f"next attempt {delivery.due_at:%Y-%m-%d %H:%M:%S} UTC"]
    facts += ["told again because a person asked for it"] if delivery.replayed else []
    for fact in facts:
        console.print(Text(f"  {one_line(fact)}", "dim"))
    earlier = delivery.attempts_count - len(delivery.attempts)
    console.print(
        Text(f"\n{_many(delivery.attempts_count)}{f', {earlier} not kept' * bool(earlier)}", "bold")
    )
    for each in delivery.attempts:
        said = f"{each.at:%Y-%m-%d %H:%M:%S}  {_answer(each)}  {each.outcome}"
        console.print(Text(f"  {one_line(said)}"))
        if each.answer:
            console.print(Text(f"    {one_line(each.answer)}", "dim"))


def _many(attempts: int) -> str:
    return "1 attempt" if attempts == 1 else f"{attempts or 'no'} attempts"


@teaching.command(
    app,
    "resend",
    "tocsin deliveries resend msg_0123456789abcdef01234567",
    "tocsin deliveries resend msg_0123456789abcdef01234567 --as-new",
)
def resend(
    delivery_id: Id,
    as_new: Annotated[
        bool,
        typer.Option("--as-new", help="Under a webhook-id of its own, for a receiver that drops repeats"),
    ] = False,
    why: hands.Why = "",
    by: hands.By = "",
) -> None:
    """Send one message once more.

    By default under the same webhook-id: a receiver that has it drops it, one that has not takes it. It goes
    through its lane, and is tried again as any other.
    """
    import secrets

    from services.cli import again
    from shared import deliveries as stored
    from shared import settings, store
    from shared.contracts import Deed
    from shared.subscriptions import Register

    config, hand = settings.load(), hands.hand(why, by)
    with redis_url(config) as url, store.connect(url) as client:
        found = stored.get(client, config.names, delivery_id)
        register = Register(client, config.names)
        hands.refuse_inactive(register.get(found.subscription_id))
        name = f"resend-{secrets.token_hex(4)}"
        sent = again.do(
            url,
            config,
            lambda work: work.resend_as_new(found.id, name) if as_new else work.resend(found.id),
        )
        register.wake(sent.subscription_id)
        told = filter(None, [stored.incident_of(sent)])
        hand.note(client, config.names, Deed.RESEND, incidents=tuple(told), what=(sent.id,))
    print(f"{sent.id}  on its way again: `tocsin deliveries show {sent.id}` tells what becomes of it")
