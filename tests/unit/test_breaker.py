"""The breaker of a lane: when it opens, how long it rests, when its endpoint is given up."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.breaker import PATIENCE, PROBE_EVERY, Breaker, at_once, breaker, cool_down, is_given_up
from tests.support.notifier import NOON

DAYS = timedelta(days=5)


@pytest.mark.parametrize(
    ("failures", "rests", "state"),
    [
        (0, False, Breaker.CLOSED),
        (PATIENCE - 1, True, Breaker.CLOSED),  # it rests because its endpoint asked for it
        (PATIENCE, True, Breaker.OPEN),
        (PATIENCE, False, Breaker.HALF_OPEN),
        (10_000, False, Breaker.HALF_OPEN),
    ],
)
def test_it_opens_after_failures_in_a_row_and_is_half_open_when_rested(
    failures: int, rests: bool, state: Breaker
) -> None:
    assert breaker(failures, rests=rests) is state


@given(failures=st.integers(min_value=0, max_value=10**9))
def test_only_a_breaker_that_is_not_closed_rests_and_never_long(failures: int) -> None:
    closed = failures < PATIENCE
    assert at_once(failures, 8) == (8 if closed else 1)
    rest = cool_down(failures)
    assert rest == 0 if closed else 0 < rest <= PROBE_EVERY


def test_a_first_rest_is_short() -> None:
    assert 0 < cool_down(PATIENCE) <= 1


@pytest.mark.parametrize(
    ("failures", "since", "after", "given_up"),
    [
        (PATIENCE, NOON - DAYS, DAYS, True),
        (PATIENCE, NOON - DAYS + timedelta(seconds=1), DAYS, False),
        (PATIENCE - 1, NOON - 2 * DAYS, DAYS, False),
        (PATIENCE, None, DAYS, False),
        (PATIENCE, NOON - 10 * DAYS, timedelta(0), False),
    ],
)
def test_an_endpoint_is_given_up_after_days_without_success(
    failures: int, since: datetime | None, after: timedelta, given_up: bool
) -> None:
    assert is_given_up(failures, since, NOON, after) is given_up
