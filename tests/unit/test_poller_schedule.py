"""When a feed is next due, and in which words."""

from datetime import timedelta
from typing import Any

import pytest

from services.poller.outcome import Outcome
from services.poller.pressure import Load, must_wait
from services.poller.schedule import LONGEST_WAIT, PROBE_MISSING, plan
from shared.contracts import Feed, FeedState
from tests.support.poller import NOW


def feed(**rest: Any) -> Feed:
    return Feed(id="feed_1", url="https://herald.example.org/rss", interval=300, added_at=NOW, **rest)


def wait(outcome: Outcome, errors: int = 0, **rest: Any) -> float:
    due = plan(feed(errors_in_a_row=errors), outcome, NOW, **rest).due
    assert due is not None
    return (due - NOW).total_seconds()


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.is_good])
def test_a_good_answer_resets_errors_and_keeps_the_interval_with_jitter(outcome: Outcome) -> None:
    next_time = plan(feed(errors_in_a_row=7, state=FeedState.REFUSED), outcome, NOW)
    assert (next_time.errors_in_a_row, next_time.state, next_time.reason) == (
        0,
        FeedState.ACTIVE,
        "its interval",
    )
    waits = {wait(outcome) for _ in range(50)}
    assert len(waits) > 1
    assert all(270 <= seconds <= 330 for seconds in waits)


@pytest.mark.parametrize(
    "outcome", [Outcome.UNREACHABLE, Outcome.UNREADABLE, Outcome.MISSING, Outcome.REFUSED]
)
def test_errors_back_off_by_doubling(outcome: Outcome) -> None:
    assert 150 <= wait(outcome, errors=0) <= 300
    assert 300 <= wait(outcome, errors=1) <= 600
    assert 1200 <= wait(outcome, errors=3) <= 2400
    assert plan(feed(errors_in_a_row=2), outcome, NOW).errors_in_a_row == 3


def test_no_feed_is_given_up_for_errors() -> None:
    assert wait(Outcome.UNREACHABLE, errors=100) <= LONGEST_WAIT.total_seconds()
    assert wait(Outcome.MISSING, errors=100) <= PROBE_MISSING.total_seconds()
    assert wait(Outcome.MISSING, errors=100) > LONGEST_WAIT.total_seconds()


def test_gone_is_gone() -> None:
    gone = plan(feed(), Outcome.GONE, NOW)
    assert (gone.due, gone.state) == (None, FeedState.GONE)
    assert "polled no more" in gone.reason


def test_a_refused_address_is_told_in_the_state_and_probed_on() -> None:
    assert plan(feed(), Outcome.REFUSED, NOW).state == FeedState.REFUSED


def test_a_server_that_asks_for_patience_gets_it_and_no_error_is_counted() -> None:
    asked = plan(feed(errors_in_a_row=2), Outcome.ASKED_TO_WAIT, NOW, retry_after=120)
    assert asked.due == NOW + timedelta(seconds=120)
    assert asked.errors_in_a_row == 2
    assert asked.reason == "its server asked for 120 s"


def test_a_server_that_asks_for_no_time_at_all_gets_some() -> None:
    assert wait(Outcome.ASKED_TO_WAIT, retry_after=0) == 60


def test_patience_has_an_end() -> None:
    assert wait(Outcome.ASKED_TO_WAIT, retry_after=10_000_000) == LONGEST_WAIT.total_seconds()
    assert wait(Outcome.UNREACHABLE, retry_after=10_000_000) == LONGEST_WAIT.total_seconds()


def test_a_server_error_waits_for_the_longer_of_back_off_and_what_was_asked() -> None:
    assert wait(Outcome.UNREACHABLE, retry_after=900) == 900
    assert wait(Outcome.UNREACHABLE, errors=6, retry_after=1) >= 9600


def test_asked_to_wait_without_a_time_backs_off() -> None:
    assert 150 <= wait(Outcome.ASKED_TO_WAIT) <= 300


@pytest.mark.parametrize(
    ("load", "word"),
    [
        (Load(depth=5000, used=0, limit=0), None),
        (Load(depth=5001, used=0, limit=0), "5001 messages"),
        (Load(depth=0, used=80, limit=100), None),
        (Load(depth=0, used=81, limit=100), "81% of its maxmemory"),
        (Load(depth=0, used=10**12, limit=0), None),
    ],
)
def test_the_poller_waits_when_the_house_is_full(load: Load, word: str | None) -> None:
    reason = must_wait(load, 5000)
    assert reason is None if word is None else reason is not None and word in reason
