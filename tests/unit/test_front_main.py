"""How an error becomes an exit code and one line, and which word of a line is the command."""

import errno

import pytest
import redis
import typer

from services.cli.main import BAD_USAGE, FAILED, told, wanted
from services.cli.terminal.usage import BadUsage, typed
from shared.errors import (
    BadFilter,
    BadInput,
    BadSetting,
    ForbiddenAddress,
    GiveUp,
    StoreUnavailable,
    TocsinError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadUsage("no file"), BAD_USAGE),
        (BadFilter("no filter"), BAD_USAGE),
        (BadInput("no such id"), FAILED),
        (BadSetting("no setting"), FAILED),
        (ForbiddenAddress("not allowed"), FAILED),
        (GiveUp("gone"), FAILED),
        (StoreUnavailable("no Redis"), FAILED),
        (TocsinError("anything of ours"), FAILED),
    ],
)
def test_our_errors_are_one_line_and_a_code(error: TocsinError, code: int) -> None:
    assert told(error) == (code, f"tocsin: {error}")


def test_a_line_stays_one_line_and_does_not_speak_to_the_terminal() -> None:
    assert told(BadInput("two\nlines \x1b[2J")) == (FAILED, "tocsin: two lines [2J")


def test_a_mistake_in_the_words_is_bad_usage_and_shows_where_help_is() -> None:
    error = typer.BadParameter("not a number", param_hint="--interval")
    assert told(error, "feeds") == (
        BAD_USAGE,
        "tocsin: invalid value for --interval: not a number. See `tocsin feeds --help`.",
    )


def test_bytes_that_are_no_text_are_bad_usage() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        "caf\udce9".encode()
    answer = told(caught.value)
    assert answer is not None
    assert answer[0] == BAD_USAGE
    assert "UTF-8" in answer[1]


def test_a_disk_without_room_is_named_where_it_is_known_to_be_another_than_that_of_the_output() -> None:
    full = (errno.ENOSPC, "No space left on device")
    assert told(OSError(*full)) == (
        FAILED,
        "tocsin: the output is not complete (No space left on device): make room where it goes",
    )
    assert told(OSError(*full, "/data/x")) == (
        FAILED,
        "tocsin: can't write /data/x (No space left on device): make room there",
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            redis.AuthenticationError("WRONGPASS."),
            "Redis wants another password (WRONGPASS): correct TOCSIN_",
        ),
        (redis.ResponseError("DB index is out of range"), "Redis has fewer databases"),
        (
            redis.ResponseError("WRONGTYPE"),
            "Redis refused (WRONGTYPE): see that no other program has its keys",
        ),
    ],
)
def test_what_redis_answers_is_told_by_what_helps(error: Exception, said: str) -> None:
    answer = told(error)
    assert answer is not None
    assert answer[0] == FAILED
    assert answer[1].startswith(f"tocsin: {said}")


def test_a_file_that_is_missing_where_nobody_looked_for_one_is_a_fault_of_ours() -> None:
    assert told(FileNotFoundError(2, "No such file or directory")) is None


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    assert told(KeyError("a bug")) is None


@pytest.mark.parametrize(
    ("raised", "becomes"),
    [
        (BadInput("no day"), BadUsage),
        (BadFilter("no filter"), BadFilter),
        (BadSetting("no key"), BadSetting),
        (ForbiddenAddress("private"), ForbiddenAddress),
    ],
)
def test_only_what_was_typed_becomes_bad_usage(raised: TocsinError, becomes: type[TocsinError]) -> None:
    with pytest.raises(TocsinError) as caught, typed():
        raise raised
    assert type(caught.value) is becomes
    assert str(caught.value) == str(raised)


@pytest.mark.parametrize(
    ("arguments", "environ", "command"),
    [
        (["feeds", "list"], {}, "feeds"),
        (["--version"], {}, None),
        (["--loud", "feeds"], {}, "feeds"),
        ([], {"_TOCSIN_COMPLETE": "complete_bash", "COMP_WORDS": "tocsin feeds re"}, "feeds"),
        ([], {"_TOCSIN_COMPLETE": "complete_bash", "COMP_WORDS": "tocsin\nfeeds\nre"}, "feeds"),
        ([], {"_TOCSIN_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "tocsin keys "}, "keys"),
        ([], {"_TOCSIN_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": "tocsin --ver"}, None),
    ],
)
def test_the_command_is_found_in_a_line_that_is_run_or_completed(
    arguments: list[str], environ: dict[str, str], command: str | None
) -> None:
    assert wanted(arguments, environ) == command
