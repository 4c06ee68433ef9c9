"""What the demo says last can be typed as it stands."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from services.cli.demo.words import goodbye, hello
from services.cli.house.first import Place


def said(there: Place, width: int = 100) -> str:
    seen = io.StringIO()
    goodbye(Console(file=seen, width=width), there)
    return seen.getvalue()


def test_who_has_it_on_the_path_is_told_just_the_words() -> None:
    told = said(Place("tocsin"))
    assert "tocsin feeds import --default" in told
    assert "cd " not in told


def test_a_command_that_is_relative_says_where() -> None:
    told = said(Place(".venv/bin/tocsin", Path("/home/ada/my news")))
    assert told.index("cd '/home/ada/my news'") < told.index(".venv/bin/tocsin feeds import")


@pytest.mark.parametrize("width", [40, 60, 120])
def test_no_terminal_cuts_a_command(width: int) -> None:
    told = said(Place("/opt/tocsin/bin/tocsin"), width)
    whole = "".join(line.strip("│ \n") for line in told.splitlines())
    assert "…" not in told
    for words in ("feeds import --default", "subscribe slack URL"):
        assert words.replace(" ", "") in whole.replace(" ", "")


def test_the_beginning_says_that_nothing_leaves_the_machine() -> None:
    seen = io.StringIO()
    hello(Console(file=seen, width=200))
    assert "Nothing leaves this machine" in seen.getvalue()
