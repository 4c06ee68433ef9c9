"""What is shown of long work, and to whom."""

import io
import sys

import pytest

from services.cli.terminal.progress import while_waiting, with_progress
from tests.support.front import eventually


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


def person(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Somebody sits at stderr; to be called in the test itself, as each of its phases has another stderr."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    return shown


def test_steps_are_the_same_with_a_bar_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = person(monkeypatch)
    assert list(with_progress(iter(range(3)), "counting", 3)) == [0, 1, 2]
    assert "counting" in terminal.getvalue()
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    assert list(with_progress(iter(range(3)), "counting", 3)) == [0, 1, 2]
    assert log.getvalue() == ""


def test_steps_that_print_to_the_same_terminal_have_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = person(monkeypatch)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert list(with_progress([1], "counting", prints=True)) == [1]
    assert terminal.getvalue() == ""
    assert list(with_progress([1], "counting")) == [1]
    assert "counting" in terminal.getvalue()


def test_who_waits_long_is_told_what_for(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = person(monkeypatch)
    with while_waiting("Reading 2 GB", after=0):
        eventually(lambda: "Reading 2 GB" in terminal.getvalue())


def test_who_waits_a_moment_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = person(monkeypatch)
    with while_waiting("Reading 2 GB", after=60):
        pass
    assert terminal.getvalue() == ""


def test_a_log_file_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with while_waiting("Reading 2 GB", after=0):
        pass
    assert log.getvalue() == ""


def test_what_fails_meanwhile_is_raised_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = person(monkeypatch)
    with pytest.raises(KeyError), while_waiting("Reading 2 GB", after=60):
        raise KeyError("no data")
    assert terminal.getvalue() == ""
