"""How late a message is, and how its body says so."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier import message
from services.notifier.lateness import FIELD_BYTES, delayed_by, told_in
from tests.support.notifier import NOON, alert


@pytest.mark.parametrize(
    ("seconds", "late"), [(-5, None), (0, None), (60, None), (60.5, 60), (61, 61), (3725.9, 3725)]
)
def test_lateness_is_said_from_a_minute_on(seconds: float, late: int | None) -> None:
    assert delayed_by(NOON, NOON + timedelta(seconds=seconds)) == late


def test_what_an_older_release_recorded_says_nothing() -> None:
    body = message.body(alert())
    assert told_in(body, None, NOON + timedelta(days=1)) == body


@given(seconds=st.integers(min_value=0, max_value=10**9), headline=st.text(max_size=200))
def test_attempts_differ_in_nothing_else(seconds: int, headline: str) -> None:
    body = message.body(alert(headline=headline))
    told = told_in(body, NOON, NOON + timedelta(seconds=seconds))
    read = json.loads(told)
    assert read.pop("delayed_by", None) == (seconds if seconds > 60 else None)
    assert read == json.loads(body)
    assert len(told.encode()) <= len(body.encode()) + FIELD_BYTES


@pytest.mark.parametrize("body", ["", "{}", "{ }", "[]", "null"])
def test_a_strange_body_stays_one(body: str) -> None:
    told = told_in(body, NOON, NOON + timedelta(hours=1))
    assert not body.startswith("{") or json.loads(told) == {"delayed_by": 3600}
