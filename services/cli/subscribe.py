"""``tocsin subscribe`` and ``tocsin subscriptions``: who hears of what."""

import asyncio
import getpass
import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import change, dry_run
from services.cli.borrowing import redis_client
from services.cli.change import Header, HeadersFrom, Id, header_lines
from services.cli.filter_file import filter_of
from services.cli.peace import AtMost, Override, QuietHours, told_peace, with_peace
from services.cli.sealing import vault_of
from services.cli.terminal import completing, teaching
from services.cli.terminal.usage import BadUsage, typed
from shared.errors import GiveUp
from shared.printable import one_line

if TYPE_CHECKING:
    from rich.text import Text

    from shared.contracts import Layout, Subscription, SubscriptionState
    from shared.settings import Settings
    from shared.subscriptions import Unreadable

# What these commands work with is imported by each: completion and help need none of it, and it takes time.

subscribe_app = teaching.group(
    "tocsin subscribe slack https://hooks.slack.com/services/T0/B0/XX --name night",
    "tocsin subscribe webhook https://example.org/hook --filter 'severity>=Severe'",
)
subscriptions_app = teaching.group(
    "tocsin subscriptions                   # all of them, and how it goes",
    "tocsin subscriptions --json | jq -r 'select(.parked > 0) | .id'",
    "tocsin subscriptions test sub_0123456789abcdef",
    alone=True,
)

Name = Annotated[str, typer.Option(metavar="TEXT", help="What to call it in lists")]
Filter = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="FILTER",
        help='Matchers that must all hold, such as severity>=Severe,country=~"IRQ|SYR"; or JSON, or @FILE '
        "that holds either; without it, every escalation incident",
        autocompletion=completing.filter_fields,
    ),
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Send no test message there now")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line")]


# ---- tocsin subscribe ---------------------------------------------------------------------------


@teaching.command(
    subscribe_app,
    "webhook",
    "tocsin subscribe webhook https://example.org/hook",
    "tocsin subscribe webhook https://example.org/hook --filter 'severity>=Severe'",
    "tocsin subscribe webhook https://example.org/hook --name levant \\\n"
    "    --filter 'country=~\"IRQ|SYR\",killed>=5'",
    "tocsin subscribe webhook https://example.org/hook --headers-from headers.txt",
)
def webhook(
    url: Annotated[str, typer.Argument(metavar="URL", help="https address that takes a POST")],
    name: Name = "",
    filter_text: Filter = "",
    header: Header = None,
    headers_from: HeadersFrom = None,
    quiet_hours: QuietHours = "",
    override: Override = "",
    at_most: AtMost = "",
    no_test: NoTest = False,
) -> None:
    """Send alerts, signed by Standard Webhooks, to URL.

    Prints the signing secret, this once, then sends a signed system.test there and says what it answered.
    """
    from shared import settings
    from shared.clock import SystemClock
    from shared.subscriptions import new_webhook

    config = settings.load()
    with typed():
        made, secret = new_webhook(
            url,
            settings=config,
            vault=vault_of(config),
            now=SystemClock().now(),
            filter_text=filter_of(filter_text),
            name=name,
            headers=header_lines(header, headers_from),
        )
        made = with_peace(made, quiet_hours, override, at_most)
    _add(config, made)
    print(f"secret  {secret}")
    print("It is not shown again. To check that a request is ours (https://www.standardwebhooks.com):")
    print("  from standardwebhooks import Webhook")
    print('  body = Webhook("whsec_...").verify(request.body, request.headers)  # raises if it is forged')
    print("  # repeats carry the same webhook-id")
    if no_test:
        print(f"Try it now: tocsin subscriptions test {made.id}")
    else:
        _try_out(config, made)


@teaching.command(
    subscribe_app,
    "slack",
    "tocsin subscribe slack https://hooks.slack.com/services/T0/B0/XX",
    "tocsin subscribe slack https://hooks.slack.com/services/T0/B0/XX \\\n"
    "    --name 'night desk' --filter 'severity=Extreme'",
    "tocsin subscribe slack https://hooks.slack.com/services/T0/B0/XX \\\n"
    "    --quiet-hours 22:00-06:30@Europe/Athens --at-most 10/1h",
    "tocsin subscribe slack https://chat.example.org/hooks/abcd --layout plain",
)
def slack(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="Incoming webhook of Slack, or of a chat like it")
    ],
    name: Name = "",
    filter_text: Filter = "",
    quiet_hours: QuietHours = "",
    override: Override = "",
    at_most: AtMost = "",
    layout: Annotated[
        str,
        typer.Option(
            "--layout", metavar="LAYOUT", help="blocks for Slack; plain for Mattermost and its like"
        ),
    ] = "blocks",
) -> None:
    """Send alerts as messages to a Slack channel.

    Make the URL at https://api.slack.com/apps, under Incoming Webhooks.
    """
    from shared import settings
    from shared.clock import SystemClock
    from shared.subscriptions import new_slack

    config = settings.load()
    with typed():
        made = new_slack(
            url,
            settings=config,
            vault=vault_of(config),
            now=SystemClock().now(),
            filter_text=filter_of(filter_text),
            name=name,
            layout=_layout(layout),
        )
        made = with_peace(made, quiet_hours, override, at_most)
    _add(config, made)
    print(f"Try it now: tocsin subscriptions test {made.id}")


@teaching.command(
    subscribe_app,
    "slack-bot",
    "tocsin subscribe slack-bot --channel C0123456789",
    "tocsin subscribe slack-bot --channel C0123456789 \\\n"
    "    --token-from-env SLACK_TOKEN --filter 'severity>=Severe'",
)
def slack_bot(
    channel: Annotated[
        str,
        typer.Option("--channel", metavar="ID", help="Channel's id, from the end of its details in Slack"),
    ],
    token_from_env: Annotated[
        str,
        typer.Option(
            "--token-from-env",
            metavar="NAME",
            help="Variable that holds the token; without it, you are asked",
        ),
    ] = "",
    name: Name = "",
    filter_text: Filter = "",
    quiet_hours: QuietHours = "",
    override: Override = "",
    at_most: AtMost = "",
) -> None:
    """Send alerts by a Slack bot, an incident in a thread.

    One message an incident shows how it stands; each change is told in its thread. The bot needs the scope
    chat:write and an invitation into the channel. A test is sent there at once.
    """
    from shared import settings
    from shared.clock import SystemClock
    from shared.slack_subscriptions import new_slack_bot

    config = settings.load()
    with typed():
        made = new_slack_bot(
            channel,
            _token(token_from_env),
            vault=vault_of(config),
            now=SystemClock().now(),
            filter_text=filter_of(filter_text),
            name=name,
        )
        made = with_peace(made, quiet_hours, override, at_most)
    _add(config, made)
    _try_out(config, made)


def _layout(word: str) -> "Layout":
    from shared.contracts import Layout

    try:
        return Layout(word)
    except ValueError as exc:
        raise BadUsage(f"{word!r} is no layout: say {' or '.join(Layout)}") from exc


def _token(variable: str) -> str:
    """The bot's token: from a variable, from a pipe, or asked for and not shown."""
    if variable:
        if not os.environ.get(variable):
            raise BadUsage(f"{variable} is empty or not set: put the bot token into it")
        return os.environ[variable].strip()
    asked = getpass.getpass("Bot token (xoxb-...): ") if sys.stdin.isatty() else sys.stdin.readline()
    return asked.strip()


def _try_out(config: "Settings", made: "Subscription") -> None:
    """Send a test and say what came of it; a failure is no error of the command: the subscription stands."""
    from services.cli.terminal.progress import while_waiting
    from services.cli.trial import send_test

    sys.stdout.flush()  # the secret first: it must not be lost to whoever stops the command now
    with while_waiting("Sending a test there"):
        reason, delivered = asyncio.run(send_test(config, made))
    if delivered:
        print(f"test    delivered: {one_line(reason)}")
        return
    print(f"test    not delivered: {one_line(reason)}")
    if made.sealed_secrets:
        print(
            "The subscription stands. An endpoint that checks signatures needs the secret first; then try it:"
        )
    else:
        print("The subscription stands. Mend that, then try it:")
    print(f"  tocsin subscriptions test {made.id}")


def _add(config: "Settings", made: "Subscription") -> None:
    from shared.subscriptions import Register

    with redis_client(config) as client:
        Register(client, config.names).add(made)
    print(f"{made.id}  {made.url_hint}")


# ---- tocsin subscriptions -----------------------------------------------------------------------


@subscriptions_app.callback()
def subscriptions(context: typer.Context, as_json: AsJson = False) -> None:
    """List the subscriptions, unless a word follows."""
    if context.invoked_subcommand is None:
        list_subscriptions(as_json)


@teaching.command(
    subscriptions_app,
    "list",
    "tocsin subscriptions list",
    "tocsin subscriptions list --json | jq -r '[.id, .state, .waiting] | @tsv'",
)
def list_subscriptions(as_json: AsJson = False) -> None:
    """List the subscriptions and how their endpoints fare.

    Never a whole URL, never a secret. One that can't be read is listed as such; it gets nothing, and
    `tocsin subscriptions remove` takes it away.
    """
    from shared import settings
    from shared.breaker import breaker
    from shared.subscriptions import Register

    config = settings.load()
    with redis_client(config) as client:
        register = Register(client, config.names)
        read, unreadable = register.sorted_out()
        found = [(each, register.waiting(each.id), register.rests(each.id)) for each in read]
    if as_json:
        for each, (waiting, parked, failures), rests in found:
            state = breaker(failures, rests=rests)
            fares = {"waiting": waiting, "parked": parked, "failures": failures, "breaker": state}
            shown = each.model_copy(update=fares)
            print(shown.model_dump_json(exclude={"sealed_url", "sealed_secrets", "sealed_headers"}))
        for broken in unreadable:
            print(json.dumps({"id": broken.id, "state": "unreadable", "state_reason": broken.reason}))
    elif not found and not unreadable:
        print("No subscriptions yet: `tocsin subscribe webhook URL` or `tocsin subscribe slack URL`.")
    else:
        _show(found, unreadable)


def _show(
    found: "list[tuple[Subscription, tuple[int, int, int], bool]]", unreadable: "list[Unreadable]"
) -> None:
    from rich.table import Table
    from rich.text import Text

    from services.cli.terminal import tables

    table = Table("subscription", "goes to", "filter", "state", "waiting", "parked")
    for column in table.columns[:4]:
        column.overflow = "fold"
    ids = [each.id for each, _, _ in found] + [each.id for each in unreadable]
    table.columns[0].min_width = max(map(len, ids))  # whole, to be copied
    for each, (waiting, parked, failures), rests in found:
        table.add_row(
            Text(one_line(each.id)).append(f"\n{one_line(each.name)}" if each.name else ""),
            Text(one_line(f"{each.channel} {each.url_hint}")),
            Text("\n".join(map(one_line, (each.filter or "every incident", *told_peace(each))))),
            _state(each, failures, rests),
            str(waiting),
            str(parked),
        )
    for broken in unreadable:
        why = Text(one_line(f"unreadable: {broken.reason}"), "red")
        table.add_row(Text(one_line(broken.id)), "?", "?", why, "", "")
    tables.show(table)


def _state(each: "Subscription", failures: int, rests: bool) -> "Text":
    from rich.text import Text

    from shared.breaker import Breaker, breaker
    from shared.contracts import SubscriptionState

    if each.state != SubscriptionState.ACTIVE:
        return Text(one_line(f"{each.state}: {each.state_reason}" if each.state_reason else str(each.state)))
    state = breaker(failures, rests=rests)
    if state is not Breaker.CLOSED:
        return Text(f"failing, {failures} in a row; breaker {state}", "red")
    return Text(f"failing, {failures} in a row", "yellow") if failures else Text("active", "green")


@teaching.command(subscriptions_app, "remove", "tocsin subscriptions remove sub_0123456789abcdef")
def remove(which: Id) -> None:
    """Send nothing more there, and drop what was on its way."""
    from shared import settings
    from shared.subscriptions import Register, Unreadable

    config = settings.load()
    with redis_client(config) as client:
        gone = Register(client, config.names).remove(which)
    print(f"removed  {gone.id}  {'unreadable' if isinstance(gone, Unreadable) else gone.url_hint}")


@teaching.command(subscriptions_app, "pause", "tocsin subscriptions pause sub_0123456789abcdef")
def pause(which: Id) -> None:
    """Record no new alerts for it, until it is resumed.

    What was on its way waits, and so do corrections of what it was told.
    """
    from shared.contracts import SubscriptionState

    _set_state(which, SubscriptionState.PAUSED, "paused by command")


@teaching.command(subscriptions_app, "resume", "tocsin subscriptions resume sub_0123456789abcdef")
def resume(which: Id) -> None:
    """Send there again, first what waited."""
    from shared.contracts import SubscriptionState

    _set_state(which, SubscriptionState.ACTIVE, "")


def _set_state(which: str, state: "SubscriptionState", reason: str) -> None:
    from shared import settings
    from shared.subscriptions import Register

    config = settings.load()
    with redis_client(config) as client:
        changed = Register(client, config.names).set_state(which, state, reason)
    print(f"{changed.state}  {changed.id}  {changed.url_hint}")


@teaching.command(subscriptions_app, "test", "tocsin subscriptions test sub_0123456789abcdef")
def test(which: Id) -> None:
    """Send one system.test event there now.

    It goes as a real alert would; what came of it is printed.
    """
    from services.cli.trial import send_test
    from shared import settings
    from shared.subscriptions import Register

    config = settings.load()
    vault_of(config)  # a lost key is told as such, and none is made in its place
    with redis_client(config) as client:
        found = Register(client, config.names).get(which)
    reason, delivered = asyncio.run(send_test(config, found))
    if not delivered:
        raise GiveUp(f"not delivered to {found.url_hint}: {reason}")
    print(f"delivered to {found.url_hint}: {reason}")


teaching.command(subscriptions_app, "change", *change.CHANGE_EXAMPLES)(change.change)
teaching.command(subscriptions_app, "try", *dry_run.EXAMPLES)(dry_run.try_out)
teaching.command(subscriptions_app, "rotate", *change.ROTATE_EXAMPLES)(change.rotate)
