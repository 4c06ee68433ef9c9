"""Help that teaches: what a command promises, what it takes, and examples that can be typed as they stand.

Plain text without boxes or markup, so that it reads the same on a terminal, in a pipe, in a mail and to a
screen reader, and so that no square bracket in an example is taken for a style.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

F = TypeVar("F", bound=Callable[..., Any])


def _write_examples(epilog: str | None, formatter: Any) -> None:
    if epilog:
        formatter.write_paragraph()
        formatter.write("Examples:\n")
        for line in epilog.splitlines():
            formatter.write(f"  {line}\n")


def _write_parameters(command: Any, ctx: Any, formatter: Any) -> None:
    """Arguments and options, an argument under the name it was given, without the type that Python sees."""
    sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
    for parameter in command.get_params(ctx):
        row = parameter.get_help_record(ctx)
        if row is not None and parameter.param_type_name == "argument":
            sections["Arguments"].append((parameter.metavar or row[0], row[1]))
        elif row is not None:
            sections["Options"].append(row)
    for title, rows in sections.items():
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


class Command(TyperCommand):
    """A command whose help ends with its examples: what stands nearest to the prompt is read first."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The promise, whole at any ``limit``: lists wrap it, and shells show what fits."""
        return " ".join((self.help or "").split("\n\n")[0].split())

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words of the usage line, each argument as it was named: ``URL...`` is many already."""
        arguments = [each for each in self.get_params(ctx) if each.param_type_name == "argument"]
        named = [each.metavar or str(each.name).upper() for each in arguments]
        asked = [name if each.required else f"[{name}]" for each, name in zip(arguments, named, strict=True)]
        return [self.options_metavar or "", *asked]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """What the command takes."""
        _write_parameters(self, ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples, as they were written."""
        _write_examples(self.epilog, formatter)


class Group(TyperGroup):
    """Commands listed under what they are for, and examples at the end."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """What the group takes, and its commands."""
        _write_parameters(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Every command with its promise, a section for each purpose."""
        shown = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        wide = max((len(name) for name, _ in shown), default=0)
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in shown:
            if command is not None and not command.hidden:
                purpose = getattr(command, "rich_help_panel", None) or "Commands"
                promise = command.get_short_help_str(formatter.width - wide - 6)
                sections.setdefault(purpose, []).append((name.ljust(wide), promise))
        for purpose, rows in sections.items():
            with formatter.section(purpose):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples, as they were written."""
        _write_examples(self.epilog, formatter)


def group(*examples: str, alone: bool = False, kind: type[Group] = Group) -> typer.Typer:
    """A group, whose promise stands in ``commands``; ``alone`` when it does something by itself, too."""
    return typer.Typer(
        cls=kind,
        epilog="\n".join(examples),
        no_args_is_help=not alone,
        invoke_without_command=alone,
        rich_markup_mode=None,
    )


def command(app: typer.Typer, name: str, *examples: str) -> Callable[[F], F]:
    """Make a function the command ``name`` of ``app``; each example is a line that can be typed."""
    return app.command(name, cls=Command, epilog="\n".join(examples))
