"""The ``tocsin`` command: finds the room that a word belongs to, and turns errors into one clear line.

Only the room that was asked for is imported, so that help is quick and a broken room hides no other.
"""

import os
import sys
from dataclasses import dataclass
from importlib import import_module, metadata

import typer

from shared.errors import BadSetting, TocsinError

HELP = """An alarm bell for the world's news: feeds in, coded escalation alerts out, to webhooks and Slack.

\b
Start it:          tocsin up
Give it news:      tocsin feeds add https://example.org/rss.xml
Hear the bell:     tocsin tail
Send it on:        tocsin subscribe webhook https://example.org/hook
See why it rings:  tocsin classify article.txt

Every setting is a TOCSIN_* variable; `tocsin COMMAND --help` tells the rest.
"""


@dataclass(frozen=True)
class Command:
    """A word of the command line, and where what it does is written."""

    name: str
    module: str
    attribute: str
    help: str
    panel: str
    group: bool = False


_RUN, _NEWS, _ALERTS, _LOOK = "Run", "News in", "Alerts out", "Look and judge"
COMMANDS = (
    Command("up", "services.cli.up", "up", "Start everything here, Redis included; Ctrl-C stops it.", _RUN),
    Command("poller", "services.cli.alone", "poller", "Run the poller alone.", _RUN),
    Command("worker", "services.cli.worker", "worker", "Run a Celery worker alone.", _RUN),
    Command("notifier", "services.cli.alone", "notifier", "Run the notifier alone.", _RUN),
    Command("api", "services.cli.alone", "api", "Run the api alone.", _RUN),
    Command(
        "health", "services.cli.health", "health", "Is a service well? For container health checks.", _RUN
    ),
    Command("feeds", "services.cli.feeds", "app", "Add, list, remove, import and export feeds.", _NEWS, True),
    Command(
        "dead", "services.cli.dead", "app", "Articles that failed: list, show, replay, drop.", _NEWS, True
    ),
    Command("subscribe", "services.cli.subscribe", "subscribe_app", "Send alerts on.", _ALERTS, True),
    Command(
        "subscriptions", "services.cli.subscribe", "subscriptions_app", "Who hears of what.", _ALERTS, True
    ),
    Command("tail", "services.cli.tail", "tail", "Print alerts as they ring.", _ALERTS),
    Command("keys", "services.cli.keys", "app", "Keys for the api: add, list, revoke.", _ALERTS, True),
    Command("classify", "services.cli.classify", "classify", "What the coder sees in an article.", _LOOK),
    Command("backtest", "services.cli.backtest", "backtest", "Replay an archive of articles.", _LOOK),
)


def build(wanted: str | None) -> typer.Typer:
    """The command line with ``wanted`` ready to run and every other word listed in the help.

    Raises ``BadSetting`` when the room of ``wanted`` can't be imported.
    """
    app = typer.Typer(
        name="tocsin",
        help=HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for command in COMMANDS:
        if command.name != wanted:
            app.command(command.name, help=command.help, rich_help_panel=command.panel)(_listed_only)
            continue
        room = _room(command)
        if command.group:
            app.add_typer(room, name=command.name, help=command.help, rich_help_panel=command.panel)
        else:
            app.command(command.name, rich_help_panel=command.panel)(room)
    return app


def _room(command: Command) -> "typer.Typer":
    try:
        room: typer.Typer = getattr(import_module(command.module), command.attribute)
    except (ImportError, AttributeError) as exc:
        raise BadSetting(f"`tocsin {command.name}` can't be loaded ({exc}): install Tocsin again") from exc
    return room


def _listed_only() -> None:
    """Never runs: ``build`` readies the command that was asked for."""


def _root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    pass


def _wanted(arguments: list[str]) -> str | None:
    """The command that is named: the root itself has only flags, so it is the first other word."""
    if "_TOCSIN_COMPLETE" in os.environ:
        arguments = os.environ.get("COMP_WORDS", "").split()[1:]
    return next((word for word in arguments if not word.startswith("-")), None)


def main() -> None:
    """Run one command and leave: 0 done, 1 failed with one line on stderr, 2 bad usage, 130 interrupted."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        print(f"tocsin {metadata.version('tocsin')}")
        return
    try:
        build(_wanted(arguments))()
    except TocsinError as exc:
        print(f"tocsin: {exc}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
