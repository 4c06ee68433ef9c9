"""``tocsin subscribe``, ``tocsin subscriptions``, ``tocsin tail``: who hears of what, and hearing it here."""

import asyncio
import re
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from services.notifier import message, outcome
from services.notifier.channels.http import Poster
from services.notifier.service import channels
from shared import embedded, filters, guard, settings, store, streams
from shared.clock import SystemClock
from shared.contracts import Alert, AlertKind, Delivery, Subscription, SubscriptionState, Tier
from shared.errors import BadInput, BadSetting, GiveUp, NewerSchema
from shared.settings import Settings
from shared.store import connect_async
from shared.streams import Entry
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
    conf = settings.load()
    made, secret = new_webhook(
        url,
        settings=conf,
        vault=open_vault(conf),
        now=SystemClock().now(),
        filter_text=filter_text,
        name=name,
    )
    _add(conf, made)
    print(f"{made.id}  {made.url_hint}")
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
    conf = settings.load()
    made = new_slack(
        url,
        settings=conf,
        vault=open_vault(conf),
        now=SystemClock().now(),
        filter_text=filter_text,
        name=name,
    )
    _add(conf, made)
    print(f"{made.id}  {made.url_hint}")
    print(f"Try it now: tocsin subscriptions test {made.id}")


def _add(conf: Settings, made: Subscription) -> None:
    with embedded.borrowed(conf) as url, store.connect(url) as client:
        Register(client, conf.names).add(made)


# ---- tocsin subscriptions -----------------------------------------------------------------------


@subscriptions_app.callback()
def subscriptions(context: typer.Context, as_json: AsJson = False) -> None:
    """List the subscriptions, unless a word follows."""
    if context.invoked_subcommand is None:
        list_subscriptions(as_json)


@subscriptions_app.command("list")
def list_subscriptions(as_json: AsJson = False) -> None:
    """List the subscriptions and how their endpoints fare; never a whole URL, never a secret."""
    conf = settings.load()
    with embedded.borrowed(conf) as url, store.connect(url) as client:
        register = Register(client, conf.names)
        found = [(each, register.waiting(each.id)) for each in register.all()]
    if as_json:
        for each, (waiting, parked, failures) in found:
            shown = each.model_copy(update={"waiting": waiting, "parked": parked, "failures": failures})
            print(shown.model_dump_json(exclude={"sealed_url", "sealed_secrets"}))
    elif not found:
        print("No subscriptions yet: `tocsin subscribe webhook URL` or `tocsin subscribe slack URL`.")
    else:
        table = Table("id", "name", "goes to", "filter", "state", "waiting", "parked")
        for each, (waiting, parked, failures) in found:
            table.add_row(
                each.id,
                escape(each.name),
                escape(f"{each.channel} {each.url_hint}"),
                escape(each.filter or "every incident"),
                _state(each, failures),
                str(waiting),
                str(parked),
            )
        Console().print(table)


def _state(each: Subscription, failures: int) -> str:
    if each.state != SubscriptionState.ACTIVE:
        return escape(f"{each.state}: {each.state_reason}" if each.state_reason else str(each.state))
    return f"[yellow]failing, {failures} in a row[/]" if failures else "[green]active[/]"


@subscriptions_app.command()
def remove(which: Id) -> None:
    """Send nothing more there, and drop what was on its way."""
    conf = settings.load()
    with embedded.borrowed(conf) as url, store.connect(url) as client:
        gone = Register(client, conf.names).remove(which)
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
    conf = settings.load()
    with embedded.borrowed(conf) as url, store.connect(url) as client:
        changed = Register(client, conf.names).set_state(which, state, reason)
    print(f"{changed.state}  {changed.id}  {changed.url_hint}")


@subscriptions_app.command()
def test(which: Id) -> None:
    """Send one system.test event there now, as a real alert would go, and print what came of it."""
    conf = settings.load()
    with embedded.borrowed(conf) as url, store.connect(url) as client:
        found = Register(client, conf.names).get(which)
    reason, delivered = asyncio.run(_send_test(conf, found))
    if not delivered:
        raise GiveUp(f"not delivered to {found.url_hint}: {reason}")
    print(f"delivered to {found.url_hint}: {reason}")


async def _send_test(conf: Settings, found: Subscription) -> tuple[str, bool]:
    now, vault, policy = SystemClock().now(), open_vault(conf), guard.hook_policy(conf)
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
    timeout, agent = conf.delivery_timeout, conf.user_agent
    async with guard.session(policy, timeout=timeout, user_agent=agent) as http:
        channel = channels(Poster(http, policy, timeout)).get(str(found.channel))
        if channel is None:
            raise BadSetting(f"this release has no channel {found.channel!r}: upgrade it")
        signing = [vault.open(sealed) for sealed in found.sealed_secrets]
        answer = await channel.send(vault.open(found.sealed_url), signing, delivery, now)
    decided = outcome.decide(channel.read(answer), answer, 1, (), now)
    said = channel.read(answer).reason
    return f"{said} after {answer.latency_ms:.0f} ms", decided.fate is outcome.Fate.DELIVERED


# ---- tocsin tail --------------------------------------------------------------------------------

_COLOURS = {
    Tier.MINOR: "dim",
    Tier.MODERATE: "yellow",
    Tier.SEVERE: "bright_red",
    Tier.EXTREME: "bold white on red",
}


def tail(
    filter_text: Filter = "",
    as_json: AsJson = False,
    since: Annotated[
        str,
        typer.Option(metavar="WHEN", help="Begin earlier: 30m, 6h, 2d, or a time such as 2026-01-31T08:00Z"),
    ] = "",
) -> None:
    """Print alerts as they ring, one at a glance; Ctrl-C ends it.

    Without a filter it prints everything on the stream.
    """
    wanted = filters.parse(filter_text) if filter_text else None
    conf = settings.load()
    start = stream_id(since, SystemClock().now()) if since else None
    try:
        asyncio.run(_follow(conf, embedded.resolve_url(conf), wanted, start, as_json))
    except KeyboardInterrupt:
        return


async def _follow(
    conf: Settings, url: str, wanted: filters.Filter | None, start: str | None, as_json: bool
) -> None:
    console = Console(highlight=False, soft_wrap=True)
    async with connect_async(url) as client:
        position = start or await streams.last_id(client, conf.names.alerts)
        while True:
            for entry in await streams.read_after(client, conf.names.alerts, position):
                position = entry.id
                alert = _readable(entry)
                if alert is None or (wanted is not None and not wanted.matches(alert).matched):
                    continue
                if as_json:
                    print(alert.to_json(), flush=True)
                else:
                    console.print(glance(alert, entry.added_at))


def _readable(entry: Entry) -> Alert | None:
    try:
        return Alert.from_json(entry.fields["alert"])
    except (KeyError, ValueError, NewerSchema) as exc:
        print(f"an alert that this release can't read ({entry.id}): {type(exc).__name__}", file=sys.stderr)
        return None


def glance(alert: Alert, rang_at: datetime) -> Text:
    """An alert in one or two lines: when, how severe, what happened, why it rang."""
    tier = alert.severity.tier if alert.severity else None
    line = Text(f"{rang_at.astimezone():%H:%M:%S} ", style="dim")
    line.append(f"{tier.value if tier else '-':<8} ", style=_COLOURS[tier] if tier else "dim")
    if alert.kind != AlertKind.OPENED:
        line.append(f"{str(alert.kind).rpartition('.')[2]}: ", style="bold")
    line.append(_plain(alert.sentence or alert.headline))
    if alert.changes:
        line.append(f" ({_plain('; '.join(alert.changes))})")
    line.append(f"\n         {_plain(alert.headline)}" if alert.sentence else "", style="dim")
    line.append(f"\n         because: {_plain(str(alert.reason))}", style="dim")
    if alert.sources:
        line.append(f" · {_plain(alert.sources[0].url or alert.sources[0].outlet)}", style="dim")
    return line


def _plain(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)


def stream_id(since: str, now: datetime) -> str:
    """The stream position just before a moment, given as an age or a time; raises ``BadInput``."""
    age = re.fullmatch(r"(\d{1,6})\s*([smhd])", since.strip(), re.ASCII)
    if age:
        seconds = int(age[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[age[2]]
        # Further back than anything is kept: the beginning of the epoch will do.
        moment = now - timedelta(seconds=min(seconds, now.timestamp()))
    else:
        try:
            moment = datetime.fromisoformat(since.strip())
        except ValueError as exc:
            raise BadInput(f"no time: {since!r}; write 30m, 6h, 2d or 2026-01-31T08:00Z") from exc
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{max(round(moment.timestamp() * 1000) - 1, 0)}-0"
