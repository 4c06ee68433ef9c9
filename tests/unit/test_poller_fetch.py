"""What is sent, and what an answer means."""

import hashlib
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from multidict import CIMultiDict

from services.poller.fetch import judge, request_headers, seconds_asked
from services.poller.outcome import Outcome
from shared.contracts import Feed
from shared.guard import Fetched
from tests.support.poller import NOW

BODY = b"<rss/>"


def feed(**rest: Any) -> Feed:
    return Feed(id="feed_1", url="https://herald.example.org/rss", interval=300, added_at=NOW, **rest)


def answered(status: int = 200, body: bytes = BODY, complete: bool = True, **headers: str) -> Fetched:
    named = CIMultiDict((name.replace("_", "-"), value) for name, value in headers.items())
    return Fetched(status, named, body, "https://herald.example.org/rss", complete)


def test_both_validators_go_back_exactly_as_they_were_issued() -> None:
    issued = judge(feed(), answered(etag='W/"a, b"', last_modified="yesterday, roughly"), NOW)
    headers = request_headers(feed(etag=issued.etag, last_modified=issued.last_modified))
    assert headers["If-None-Match"] == 'W/"a, b"'
    assert headers["If-Modified-Since"] == "yesterday, roughly"


def test_no_validator_is_invented() -> None:
    assert set(request_headers(feed())) == {"Accept"}
    assert set(request_headers(feed(etag='"1"'))) == {"Accept", "If-None-Match"}


def test_a_body_brings_its_own_validators_and_drops_the_old() -> None:
    answer = judge(feed(etag='"old"', last_modified="old"), answered(etag='"new"'), NOW)
    assert (answer.outcome, answer.etag, answer.last_modified, answer.body) == (
        Outcome.READ,
        '"new"',
        None,
        BODY,
    )


def test_a_known_body_is_not_read_again_but_its_new_validators_are_kept() -> None:
    known = feed(etag='"old"', body_hash=hashlib.sha256(BODY).hexdigest())
    answer = judge(known, answered(etag='"new"'), NOW)
    assert (answer.outcome, answer.etag, answer.body) == (Outcome.SAME_BODY, '"new"', b"")


def test_a_body_that_broke_off_is_never_a_known_one() -> None:
    known = feed(body_hash=hashlib.sha256(BODY).hexdigest())
    assert judge(known, answered(complete=False), NOW).outcome is Outcome.READ


def test_a_304_keeps_what_it_does_not_renew() -> None:
    known = feed(etag='"1"', last_modified="then", body_hash="h")
    kept = judge(known, answered(304, b""), NOW)
    assert (kept.outcome, kept.etag, kept.last_modified, kept.body_hash) == (
        *(Outcome.NOT_MODIFIED, '"1"', "then", "h"),
    )
    renewed = judge(known, answered(304, b"", etag='"2"'), NOW)
    assert (renewed.etag, renewed.last_modified) == ('"2"', "then")


def test_a_validator_that_is_no_text_is_not_kept() -> None:
    assert judge(feed(), answered(etag='"\udcff"'), NOW).etag is None


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (410, {}, Outcome.GONE),
        (404, {}, Outcome.MISSING),
        (403, {}, Outcome.MISSING),
        (401, {}, Outcome.MISSING),
        (429, {}, Outcome.ASKED_TO_WAIT),
        (429, {"retry_after": "60"}, Outcome.ASKED_TO_WAIT),
        (503, {"retry_after": "60"}, Outcome.ASKED_TO_WAIT),
        (503, {}, Outcome.UNREACHABLE),
        (500, {}, Outcome.UNREACHABLE),
        (502, {}, Outcome.UNREACHABLE),
        (204, {}, Outcome.UNREACHABLE),
        (302, {}, Outcome.UNREACHABLE),
        (999, {}, Outcome.UNREACHABLE),
    ],
)
def test_every_status_has_a_meaning_and_words(status: int, headers: dict[str, str], outcome: Outcome) -> None:
    answer = judge(feed(etag='"1"'), answered(status, **headers), NOW)
    assert answer.outcome is outcome
    assert answer.problem.startswith(f"HTTP {status}")


@pytest.mark.parametrize(
    ("printed", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(minutes=2), usegmt=True), 120.0),
        (format_datetime(NOW - timedelta(minutes=2), usegmt=True), 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(printed: str, seconds: float | None) -> None:
    assert seconds_asked({"Retry-After": printed}, NOW) == seconds
