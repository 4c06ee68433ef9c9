"""Help that teaches: every command promises something and shows how it is used, and that can be typed."""

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import typer

from services.cli.commands import COMMANDS, Command
from services.cli.main import HELP, build
from services.cli.tail import stream_id
from shared import filters
from shared.settings import Settings
from tests.support.yard import parses

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WIDTH = 80


@cache
def root() -> Any:
    return typer.main.get_command(build(None))


def everything() -> Iterator[tuple[str, Any]]:
    """Every command and sub-command under the words that call it."""
    for each in COMMANDS:
        command: Any = typer.main.get_command(build(each.name)).commands[each.name]  # type: ignore[attr-defined]
        yield each.name, command
        for name, inner in getattr(command, "commands", {}).items():
            yield f"{each.name} {name}", inner


ALL = dict(everything())


def shown(words: str, command: Any) -> str:
    return str(command.get_help(typer.Context(command, info_name=words, parent=typer.Context(root()))))


def examples(command: Any) -> list[str]:
    """The examples of a command, each a line of shell."""
    return (command.epilog or "").replace("\\\n", " ").splitlines()


def simple_commands(line: str) -> Iterator[list[str]]:
    """The commands in a line of shell, without what is set before them and what is between them."""
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split, reader.commenters = True, "#"
    words: list[str] = []
    for token in [*reader, ";"]:
        if set(token) <= set("();<>|&"):
            yield words
            words = []
        elif words or not re.match(r"[A-Z_]+=", token):
            words.append(token)


def test_there_is_something_to_learn() -> None:
    assert {"up", "feeds", "feeds add", "subscriptions", "subscriptions test", "tail", "doctor"} <= set(ALL)


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=ALL)
def test_a_command_promises_something_in_a_line(words: str, command: Any) -> None:
    promise = (command.help or "").split("\n\n")[0]
    assert re.fullmatch(r"[A-Z].*[.?]", " ".join(promise.split()))
    if " " in words:
        assert len(promise) <= WIDTH - 14, "it takes more than a line in the list of its group"


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=ALL)
def test_an_option_takes_a_word_that_means_something(words: str, command: Any) -> None:
    told = shown(words, command)
    assert not re.search(r"<\w+( range)?>", told), "a type of Python's where a word should be"


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        ("feeds add", "[OPTIONS] URL..."),
        ("dead replay", "[OPTIONS] [KEY...]"),
        ("dead show", "[OPTIONS] KEY"),
        ("classify", "[OPTIONS] [URL|FILE|-]"),
        ("up", "[OPTIONS]"),
    ],
)
def test_the_usage_names_each_argument_once(words: str, usage: str) -> None:
    first = shown(words, ALL[words]).partition("\n")[0]
    assert first.endswith(f"{words} {usage}")


@pytest.mark.parametrize("each", COMMANDS, ids=lambda each: each.name)
def test_a_promise_takes_one_line_in_the_list_of_all(each: Command) -> None:
    assert len(each.help) <= WIDTH - 20


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=ALL)
def test_a_command_shows_how_it_is_used(words: str, command: Any) -> None:
    own = [line for line in examples(command) if f"tocsin {words}" in line]
    assert own, f"`tocsin {words}` has no example: give it one where it is declared"
    assert f"\nExamples:\n  {command.epilog.splitlines()[0]}\n" in shown(words, command) + "\n"


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=ALL)
def test_what_a_command_takes_is_told(words: str, command: Any) -> None:
    for parameter in command.params:
        assert parameter.help, f"{parameter.name} of `tocsin {words}` is not told"


@pytest.mark.parametrize(("words", "command"), ALL.items(), ids=ALL)
def test_help_fits_a_terminal(words: str, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    assert [line for line in shown(words, command).splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize(
    ("words", "line"), [(words, line) for words, command in ALL.items() for line in examples(command)]
)
def test_an_example_can_be_typed(words: str, line: str) -> None:
    ours = [found for found in simple_commands(line) if found[:1] == ["tocsin"]]
    assert ours, f"{line!r} of `tocsin {words}` calls no tocsin"
    for found in ours:
        parses(shlex.join(found))
        for option, value in pairwise(found):
            if option == "--filter":
                filters.parse(value)
            if option == "--since":
                stream_id(value, NOW)
    known = {f"TOCSIN_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"(TOCSIN_\w+)=", line)) <= known


def test_the_first_lines_of_all_can_be_typed() -> None:
    lines = re.findall(r"^.*:? +(tocsin [a-z].*)$", HELP.replace("`tocsin COMMAND --help`", ""), flags=re.M)
    assert len(lines) >= 6
    for line in lines:
        parses(re.split(r" {2,}", line)[0])
    as_they_stand = HELP.split("\b")[1].split("\n\n")[0]
    assert [line for line in as_they_stand.splitlines() if len(line) > WIDTH - 2] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("tocsin tail --json | jq '.a|.b'", [["tocsin", "tail", "--json"], ["jq", ".a|.b"]]),
        ("A_B=1 tocsin up   # all of it", [["tocsin", "up"]]),
        (
            "gunzip -c a.gz | tocsin backtest - > b",
            [["gunzip", "-c", "a.gz"], ["tocsin", "backtest", "-"], ["b"]],
        ),
        ("KEY=$(tocsin keys add it)", [["tocsin", "keys", "add", "it"]]),
    ],
)
def test_lines_of_shell_are_read_as_a_shell_does(line: str, found: list[list[str]]) -> None:
    assert [words for words in simple_commands(line) if words] == found
