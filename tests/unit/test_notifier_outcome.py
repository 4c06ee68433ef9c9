"""What becomes of a delivery after an attempt."""

import pytest

from services.notifier import outcome
from services.notifier.channels import Answer, Meaning, Reading, read_status
from services.notifier.channels.http import Poster
from services.notifier.channels.slack import SlackChannel
from services.notifier.outcome import Fate, asked_wait, decide
from tests.support.notifier import NOON

SCHEDULE = (5.0, 300.0)


def answered(status: int | None, **rest: str) -> Answer:
    return Answer(status, 10.0, **rest)


def fate(status: int | None, attempts: int = 1, **rest: str) -> outcome.Outcome:
    answer = answered(status, **rest)
    return decide(read_status(answer), answer, attempts, SCHEDULE, NOON)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_only_2xx_is_success(status: int) -> None:
    assert fate(status).fate is Fate.DELIVERED


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504, None])
def test_all_else_is_tried_again(status: int | None) -> None:
    again = fate(status, error="" if status else "no answer within 15 s")
    assert again.fate is Fate.RETRY
    assert 4.5 <= again.wait <= 5.5
    assert again.reason


def test_410_disables() -> None:
    assert fate(410).fate is Fate.DISABLED


def test_after_the_schedule_it_is_parked() -> None:
    assert fate(500, attempts=2).fate is Fate.RETRY
    parked = fate(500, attempts=3)
    assert parked.fate is Fate.PARKED
    assert parked.reason == "answered 500 at attempt 3, the schedule's last"


def test_a_refused_message_is_dropped() -> None:
    refused = decide(Reading(Meaning.REFUSED, "unreadable"), answered(400), 1, SCHEDULE, NOON)
    assert refused.fate is Fate.DROPPED


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        (None, 0),
        ("30", 30),
        ("0", 0),
        ("-5", 0),
        ("1e9", 3600),
        ("inf", 0),
        ("nan", 0),
        ("soon", 0),
        ("", 0),
        ("Mon, 02 Mar 2026 12:01:00 GMT", 60),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Mon, 02 Mar 2099 12:01:00 GMT", 3600),
        ("Mon, 02 Mar 2026 12:01:00 -0000", 60),
    ],
)
def test_retry_after_is_heeded_within_bounds(asked: str | None, seconds: float) -> None:
    assert asked_wait(asked, NOON) == seconds


def test_a_wait_that_was_asked_for_never_shortens_the_schedule() -> None:
    assert fate(429, retry_after="1").wait >= 4.5
    patient = fate(503, retry_after="600")
    assert (patient.wait, patient.pause) == (600, 600)


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, "ok", Meaning.DELIVERED),
        (200, '{"success": true}', Meaning.DELIVERED),
        (200, '{"ok": false, "error": "ratelimited"}', Meaning.BUSY),
        (200, '{"ok": false, "error": "channel_not_found"}', Meaning.GONE),
        (400, "invalid_payload", Meaning.REFUSED),
        (400, "no_text", Meaning.REFUSED),
        (400, "what is this", Meaning.BUSY),
        (403, "action_prohibited", Meaning.GONE),
        (404, "no_service", Meaning.GONE),
        (404, "<html>not found</html>", Meaning.BUSY),
        (410, "channel_is_archived", Meaning.GONE),
        (410, "", Meaning.GONE),
        (429, "rate_limited", Meaning.BUSY),
        (500, "rollup_error", Meaning.BUSY),
        (503, "{broken", Meaning.BUSY),
        (503, '{"error":' * 1800, Meaning.BUSY),
        (None, "", Meaning.BUSY),
    ],
)
def test_slack_says_in_words_what_is_wrong(status: int | None, body: str, meaning: Meaning) -> None:
    poster: Poster = None  # type: ignore[assignment]  # reading an answer posts nothing
    assert SlackChannel(poster).read(answered(status, body=body)).meaning is meaning


def test_a_slack_can_not_speak_to_the_terminal_through_its_reason() -> None:
    poster: Poster = None  # type: ignore[assignment]  # reading an answer posts nothing
    body = '{"ok": false, "error": "\\u001b[2J\\u202eratelimited"}'
    reading = SlackChannel(poster).read(answered(200, body=body))
    assert reading.reason == "answered 200 but not ok: [2Jratelimited"
