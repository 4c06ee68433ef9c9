"""When a child is started again, and how an end is told."""

import pytest

from services.cli.house.restarts import LONGEST_WAIT, STEADY_AFTER, after_end, describe


def test_a_series_of_ends_waits_longer_each_time_up_to_a_bound() -> None:
    failures, waits = 0, []
    for _ in range(12):
        restart = after_end(failures, lived=0.1, code=1)
        failures = restart.failures
        waits.append(restart.wait)
    assert failures == 12
    assert waits[0] <= 1
    assert all(LONGEST_WAIT / 2 <= wait <= LONGEST_WAIT for wait in waits[-3:])


def test_a_long_life_forgives_what_came_before() -> None:
    assert after_end(9, lived=STEADY_AFTER, code=1).failures == 1
    assert after_end(9, lived=STEADY_AFTER - 1, code=1).failures == 10


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with status 0"),
        (1, "ended with status 1"),
        (-9, "was ended by SIGKILL"),
        (-200, "was ended by signal 200"),
    ],
)
def test_an_exit_code_is_told_in_words(code: int, words: str) -> None:
    assert describe(code) == words


def test_the_reason_counts_only_from_the_second_end_on() -> None:
    assert after_end(0, lived=1, code=1).reason == "ended with status 1"
    assert after_end(1, lived=1, code=1).reason == "ended with status 1 (2 times in a row)"
