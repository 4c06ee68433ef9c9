"""What Slack's words mean, whatever else it says; and where a token may go."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier import outcome
from services.notifier.channels import Answer, Meaning, slack_errors
from services.notifier.channels.http import OneAddress
from services.notifier.outcome import Fate
from shared.errors import ForbiddenAddress
from tests.support.notifier import NOON

SCHEDULE = (5.0, 300.0)


def said(word: str, status: int = 200, retry_after: str | None = None) -> Answer:
    return Answer(status, 1.0, json.dumps({"ok": False, "error": word}), retry_after)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answer(200, 1.0, '{"ok": true, "ts": "1.2"}'), Meaning.DELIVERED),
        (said("not_in_channel"), Meaning.GONE),
        (said("token_revoked"), Meaning.GONE),
        (said("msg_too_long"), Meaning.REFUSED),
        (Answer(400, 0.0, "invalid_payload"), Meaning.REFUSED),
        (said("ratelimited"), Meaning.ASKED),
        (Answer(429, 1.0, "slow down"), Meaning.ASKED),
        (said("fatal_error"), Meaning.BUSY),
        (said("request_timeout"), Meaning.BUSY),
        (said("service_unavailable", 503), Meaning.BUSY),
        (said("a_word_of_tomorrow"), Meaning.BUSY),
        (Answer(200, 1.0, "<html>"), Meaning.BUSY),
        (Answer(None, 1.0, error="no answer"), Meaning.BUSY),
    ],
)
def test_a_word_says_what_is_to_be_done(answer: Answer, meaning: Meaning) -> None:
    assert slack_errors.read(answer).meaning == meaning


@given(
    st.one_of(st.none(), st.sampled_from([200, 429, 500])), st.one_of(st.text(), st.just('[{"ok": true}]'))
)
def test_no_answer_is_unreadable(status: int | None, body: str) -> None:
    answer = Answer(status, 1.0, body)
    assert slack_errors.read(answer).reason
    assert not (slack_errors.is_ok(answer) and slack_errors.is_clear_no(answer))


@pytest.mark.parametrize(("retry_after", "wait"), [("30", 30.0), (None, 1.0), ("0", 1.0), ("99999", 3600.0)])
def test_who_is_asked_to_wait_waits_as_long_and_is_never_parked(retry_after: str | None, wait: float) -> None:
    answer = said("ratelimited", 429, retry_after)
    decided = outcome.decide(slack_errors.read(answer), answer, 99, SCHEDULE, NOON)
    assert (decided.fate, decided.wait, decided.pause) == (Fate.RETRY, wait, wait)


class _Session:
    """Keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def request(self, method: str, url: str, **options: Any) -> None:
        self.asked.append((url, options))


def test_a_session_for_a_library_sends_to_one_address_without_redirect_or_proxy() -> None:
    session = _Session()
    kept: Any = OneAddress(session, "https://slack.com/api/")  # type: ignore[arg-type]
    kept.request(
        "POST", "https://slack.com/api/chat.postMessage", proxy="http://p", allow_redirects=True, json={}
    )
    assert session.asked == [
        (
            "https://slack.com/api/chat.postMessage",
            {"proxy": None, "allow_redirects": False, "ssl": True, "json": {}},
        )
    ]
    for other in (
        "https://slack.com.evil.example/api/x",
        "http://slack.com/api/x",
        "https://slack.com/other",
    ):
        with pytest.raises(ForbiddenAddress, match="only what begins with"):
            kept.request("POST", other)
    assert len(session.asked) == 1
