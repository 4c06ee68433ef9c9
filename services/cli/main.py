"""The ``tocsin`` command: finds the room that a word belongs to, and turns errors into one clear line.

Only the room that was asked for is imported, so that help is quick and a broken room hides no other.

Every command leaves with one of these, and says on stderr what failed:

    0    done; what runs until it is stopped (`up`, the services, `tail`) was stopped
    1    it failed, or a part of it did: Redis, an endpoint, a setting, an address that policy refuses, an id
         that names nothing; or the answer is no (`health`, `doctor`)
    2    bad usage, nothing was done: an unknown word or option, a value that can't be read (a URL, filter,
         date), a file that can't be opened or is not what it should be
    130  interrupted before it was done (Ctrl-C)
    141  whoever read our output stopped reading, as in `tocsin feeds list | head -1`

The border between 1 and 2: with a 2 the words must change, whatever the world does; with a 1 the same words
may do tomorrow. Of several things that are typed at once some may do: then it is 1, as something was done.
"""

import contextlib
import errno
import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import typer

from services.cli.commands import COMMANDS, Command
from services.cli.terminal.teaching import Command as TaughtCommand
from services.cli.terminal.teaching import Group
from services.cli.terminal.usage import BadUsage
from shared.errors import BadFilter, BadSetting, TocsinError
from shared.printable import one_line

HELP = """An alarm bell for the world's news: feeds in, coded escalation alerts out, to webhooks and Slack.

\b
See it ring:       tocsin up --demo
Start it:          tocsin up
Is all well?       tocsin doctor
Give it news:      tocsin feeds import --default
Hear the bell:     tocsin tail
Send it on:        tocsin subscribe slack https://hooks.slack.com/services/...
See why it rings:  tocsin classify article.txt

`tocsin COMMAND --help` shows what a command takes, with examples. Lists take --json: one JSON object a
line. Every setting is a TOCSIN_* variable.

\b
Exit codes: 0 done, 1 failed or partly failed, 2 bad usage, 130 interrupted.
"""
DONE, FAILED, BAD_USAGE, INTERRUPTED, UNREAD = 0, 1, 2, 130, 141
_MISUSE: Any = typer.BadParameter.__mro__[1]
"""The usage error of the command line's library, which every mistake in words and options is one of."""


def build(wanted: str | None) -> typer.Typer:
    """The command line with ``wanted`` ready to run and every other word listed in the help.

    Raises ``BadSetting`` when the room of ``wanted`` can't be imported.
    """
    app = typer.Typer(
        name="tocsin",
        cls=Group,
        help=HELP,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for command in COMMANDS:
        if command.name != wanted:
            app.command(command.name, cls=TaughtCommand, help=command.help, rich_help_panel=command.panel)(
                _listed_only
            )
            continue
        room = _room(command)
        if command.group:
            app.add_typer(room, name=command.name, help=command.help, rich_help_panel=command.panel)
        else:
            app.command(
                command.name,
                cls=TaughtCommand,
                epilog="\n".join(command.examples),
                rich_help_panel=command.panel,
            )(room)
    return app


def _room(command: Command) -> "typer.Typer":
    try:
        room: typer.Typer = getattr(import_module(command.module), command.attribute)
    except (ImportError, AttributeError) as exc:
        raise BadSetting(f"`tocsin {command.name}` can't be loaded ({exc}): install Tocsin again") from exc
    return room


def _listed_only() -> None:
    """Never runs: ``build`` readies the command that was asked for."""


def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and leave."),
) -> None:
    if version:
        print(f"tocsin {metadata.version('tocsin')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


def wanted(arguments: list[str], environ: Mapping[str, str]) -> str | None:
    """The command that is named: the root itself has only flags, so it is the first other word.

    While a shell completes a line, the words stand in its variable, not in the arguments.
    """
    if "_TOCSIN_COMPLETE" in environ:
        typed = environ.get("_TYPER_COMPLETE_ARGS") or environ.get("COMP_WORDS", "")
        arguments = typed.split()[1:]
    return next((word for word in arguments if not word.startswith("-")), None)


def told(exc: Exception, command: str | None = None) -> tuple[int, str] | None:
    """The exit code and the one line for an error that a person can do something about; None for another."""
    if isinstance(exc, _MISUSE):
        return BAD_USAGE, _misuse(exc, command)
    if isinstance(exc, BadUsage | BadFilter):
        return BAD_USAGE, f"tocsin: {one_line(str(exc))}"
    if isinstance(exc, TocsinError):
        return FAILED, f"tocsin: {one_line(str(exc))}"
    if type(exc).__module__.partition(".")[0] == "redis":  # named so, as importing it takes longer than help
        return FAILED, f"tocsin: {_refused(exc)}"
    if isinstance(exc, FileNotFoundError) and not _is_somewhere():
        return (
            FAILED,
            "tocsin: the current directory is no longer there: `cd` into one that is, and try again",
        )
    if isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT):
        if exc.filename is not None:
            return (
                FAILED,
                f"tocsin: can't write {one_line(str(exc.filename))} ({exc.strerror}): make room there",
            )
        return FAILED, f"tocsin: the output is not complete ({exc.strerror}): make room where it goes"
    if isinstance(exc, UnicodeEncodeError) and any("\udc80" <= sign <= "\udcff" for sign in str(exc.object)):
        return BAD_USAGE, f"tocsin: {exc.object!a} is not UTF-8: type it anew, or paste it as UTF-8"
    return None


def _refused(exc: Exception) -> str:
    from shared.store import refusal

    said = one_line(str(exc)).rstrip(".")
    if (no := refusal(exc)) is not None:
        return f"Redis {no} ({said}): {no.do}"
    return (
        f"Redis refused ({said}): see that no other program has its keys under TOCSIN_KEY_PREFIX there, "
        "and that our user may do everything; `tocsin doctor` tells more"
    )


def _is_somewhere() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _misuse(exc: Any, command: str | None) -> str:
    if type(exc).__name__ == "NoArgsIsHelpError":  # a group alone: its help is the answer
        return str(exc.format_message())
    said = one_line(exc.format_message()).replace("Value error, ", "").rstrip(".")
    asked = exc.ctx.command_path if exc.ctx else f"tocsin {command}" if command else "tocsin"
    end = "" if said.endswith("?") else "."
    return f"tocsin: {said[:1].lower()}{said[1:]}{end} See `{asked} --help`."


def run(arguments: list[str]) -> int:
    """Run one command and answer its exit code; what went wrong is one line on stderr."""
    command = wanted(arguments, os.environ)
    try:
        # Not standalone: errors come back to us, to be told in one way.
        code = build(command)(arguments, prog_name="tocsin", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return UNREAD
    except SystemExit as left:
        # The library and rich meet a closed pipe on their own terms; this is what they have in common.
        if isinstance(left.__context__, BrokenPipeError):
            _drop_output()
            return UNREAD
        raise
    except Exception as exc:
        answer = told(exc, command)
        if answer is None:
            raise
        if isinstance(exc, OSError):
            _drop_output()
        print(answer[1], file=sys.stderr)
        return answer[0]
    return int(code or DONE)


def _drop_output() -> None:
    """Drop what is still to be written, or Python would try again, and complain, as it leaves."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def main() -> None:
    """Run the command of the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 still shows the rest
    if "_TOCSIN_COMPLETE" in os.environ:
        # Nothing may be printed between a person and the line they type.
        with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(Exception):
            sys.exit(run(sys.argv[1:]))
        sys.exit(FAILED)
    sys.exit(run(sys.argv[1:]))
