"""``tocsin subscribe`` and ``tocsin subscriptions``: who hears of what."""

import asyncio
import secrets
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.notifier import message, outcome
from services.notifier.channels.http import Poster
from services.notifier.service import channels
from shared import embedded, guard, settings, store
from shared.clock import SystemClock
from shared.contracts import Alert, AlertKind, Delivery, Subscription, SubscriptionState
from shared.errors import BadSetting, GiveUp
from shared.printable import one_line
from shared.settings import Settings
from shared.subscriptions import Register, new_slack, new_webhook
from shared.vault import open_vault

subscribe_app = typer.Typer(
    help="Send alerts to a webhook or to Slack.\n\n"
    "Example:  tocsin subscribe webhook https://example.org/hook --filter 'severity>=Severe'",
    no_args_is_help=True,
)
subscriptions_app = typer.Typer(
    help="Who hears of what: list, remove, pause, resume, test.", invoke_without_command=True
)

Name = Annotated[str, typer.Option(help="What to call it in lists")]
Filter = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="FILTER",
        help='Matchers that must all hold, such as severity>=Severe,country=~"IRQ|SYR"; '
        "without it, every escalation incident",
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="As `tocsin subscriptions` shows it, or its beginning")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line")]


# ---- tocsin subscribe ---------------------------------------------------------------------------


@subscribe_app.command()
def webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="https address that takes a POST")],
    name: Name = "",
    filter_text: Filter = "",
) -> None:
    """Send alerts, signed by Standard Webhooks, to URL; prints the signing secret this once."""
    config = settings.load()
    made, secret = new_webhook(
        url,
        settings=config,
        vault=open_vault(config),
        now=SystemClock().now(),
        filter_text=filter_text,
        name=name,
    )
    _add(config, made)
    print(f"secret  {secret}")
    print("It is not shown again. To check that a request is ours (https://www.standardwebhooks.com):")
    print("  from standardwebhooks import Webhook")
    print('  body = Webhook("whsec_...").verify(request.body, request.headers)  # raises if it is forged')
    print(f"  # repeats carry the same webhook-id; try it now: tocsin subscriptions test {made.id}")


@subscribe_app.command()
def slack(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Incoming webhook of Slack, or of a chat like it")
    ],
    name: Name = "",
    filter_text: Filter = "",
) -> None:
    """Send alerts as messages to a Slack channel (make the URL at https://api.slack.com/apps)."""
    config = settings.load()
    made = new_slack(
        url,
        settings=config,
        vault=open_vault(config),
        now=SystemClock().now(),
        filter_text=filter_text,
        name=name,
    )
    _add(config, made)
    print(f"Try it now: tocsin subscriptions test {made.id}")


def _add(config: Settings, made: Subscription) -> None:
    with embedded.borrowed(config) as url, store.connect(url) as client:
        Register(client, config.names).add(made)
    print(f"{made.id}  {made.url_hint}")


# ---- tocsin subscriptions -----------------------------------------------------------------------


@subscriptions_app.callback()
def subscriptions(context: typer.Context, as_json: AsJson = False) -> None:
    """List the subscriptions, unless a word follows."""
    if context.invoked_subcommand is None:
        list_subscriptions(as_json)


@subscriptions_app.command("list")
def list_subscriptions(as_json: AsJson = False) -> None:
    """List the subscriptions and how their endpoints fare; never a whole URL, never a secret."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        register = Register(client, config.names)
        found = [(each, register.waiting(each.id)) for each in register.all()]
    if as_json:
        for each, (waiting, parked, failures) in found:
            shown = each.model_copy(update={"waiting": waiting, "parked": parked, "failures": failures})
            print(shown.model_dump_json(exclude={"sealed_url", "sealed_secrets"}))
    elif not found:
        print("No subscriptions yet: `tocsin subscribe webhook URL` or `tocsin subscribe slack URL`.")
    else:
        table = Table("subscription", "goes to", "filter", "state", "waiting", "parked")
        for column in table.columns[:4]:
            column.overflow = "fold"
        table.columns[0].min_width = max(len(each.id) for each, _ in found)  # whole, to be copied
        for each, (waiting, parked, failures) in found:
            table.add_row(
                Text(one_line(each.id)).append(f"\n{one_line(each.name)}" if each.name else ""),
                Text(one_line(f"{each.channel} {each.url_hint}")),
                Text(one_line(each.filter or "every incident")),
                _state(each, failures),
                str(waiting),
                str(parked),
            )
        Console().print(table)


def _state(each: Subscription, failures: int) -> Text:
    if each.state != SubscriptionState.ACTIVE:
        return Text(one_line(f"{each.state}: {each.state_reason}" if each.state_reason else str(each.state)))
    return Text(f"failing, {failures} in a row", "yellow") if failures else Text("active", "green")


@subscriptions_app.command()
def remove(which: Id) -> None:
    """Send nothing more there, and drop what was on its way."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        gone = Register(client, config.names).remove(which)
    print(f"removed  {gone.id}  {gone.url_hint}")


@subscriptions_app.command()
def pause(which: Id) -> None:
    """Record no new alerts for it; what was on its way waits, and so do corrections of what it was told."""
    _set_state(which, SubscriptionState.PAUSED, "paused by command")


@subscriptions_app.command()
def resume(which: Id) -> None:
    """Send there again, first what waited."""
    _set_state(which, SubscriptionState.ACTIVE, "")


def _set_state(which: str, state: SubscriptionState, reason: str) -> None:
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        changed = Register(client, config.names).set_state(which, state, reason)
    print(f"{changed.state}  {changed.id}  {changed.url_hint}")


@subscriptions_app.command()
def test(which: Id) -> None:
    """Send one system.test event there now, as a real alert would go, and print what came of it."""
    config = settings.load()
    with embedded.borrowed(config) as url, store.connect(url) as client:
        found = Register(client, config.names).get(which)
    reason, delivered = asyncio.run(_send_test(config, found))
    if not delivered:
        raise GiveUp(f"not delivered to {found.url_hint}: {reason}")
    print(f"delivered to {found.url_hint}: {reason}")


async def _send_test(config: Settings, found: Subscription) -> tuple[str, bool]:
    now, vault, policy = SystemClock().now(), open_vault(config), guard.hook_policy(config)
    id_ = f"test-{secrets.token_hex(8)}"
    alert = Alert(
        id=id_,
        kind=AlertKind.TEST,
        reason="asked for by `tocsin subscriptions test`",
        at=now,
        headline="A test from Tocsin: nothing has happened",
        sentence="If you can read this, alerts that match this subscription will arrive here.",
    )
    delivery = Delivery(
        id=f"msg_{secrets.token_hex(12)}",
        subscription_id=found.id,
        alert_id=id_,
        kind=AlertKind.TEST,
        body=message.body(alert),
        created_at=now,
        due_at=now,
    )
    timeout, agent = config.delivery_timeout, config.user_agent
    async with guard.session(policy, timeout=timeout, user_agent=agent) as http:
        channel = channels(Poster(http, policy, timeout)).get(str(found.channel))
        if channel is None:
            raise BadSetting(f"this release has no channel {found.channel!r}: upgrade it")
        signing = [vault.open(sealed) for sealed in found.sealed_secrets]
        answer = await channel.send(vault.open(found.sealed_url), signing, delivery, now)
    decided = outcome.decide(channel.read(answer), answer, 1, (), now)
    said = channel.read(answer).reason
    return f"{said} after {answer.latency_ms:.0f} ms", decided.fate is outcome.Fate.DELIVERED
