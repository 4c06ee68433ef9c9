"""No secret reaches the log: not in the words, not in what stands beside them, not in a traceback."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from shared import log

HOOK = "https://hooks.slack.com/services/T000/B000/hidden"
SECRET = "whsec_hidden+hidden/hidden="


@pytest.fixture(params=["json", "console"])
def heard(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a service that logs in either form wrote; everything is put back afterwards."""
    root = logging.getLogger()
    before = root.handlers, root.level
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    log.set_up("bell", form=request.param)
    try:
        yield heard
    finally:
        root.handlers = before[0]
        root.setLevel(before[1])
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


def masked(heard: io.StringIO) -> str:
    said = heard.getvalue()
    assert "hidden" not in said
    assert log.MASK in said
    for line in said.splitlines():
        if line.startswith("{"):
            json.loads(line)
    return said


def test_in_the_words_of_the_event(heard: io.StringIO) -> None:
    structlog.get_logger("test").info(f"posted to {HOOK} with {SECRET}", url=HOOK)
    assert "hooks.slack.com" in masked(heard)


def test_in_an_exception_and_in_its_cause(heard: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"no answer from {HOOK}")
        except ValueError as exc:
            raise RuntimeError(f"can't sign with {SECRET}") from exc
    except RuntimeError:
        structlog.get_logger("test").exception("failed")
    said = masked(heard)
    assert "Traceback" in said
    assert "ValueError" in said


def test_in_what_a_library_logs(heard: io.StringIO) -> None:
    try:
        raise ValueError(f"no answer from {HOOK}")
    except ValueError:
        logging.getLogger("library").exception("can't post to %s", HOOK)
    assert "Traceback" in masked(heard)


def test_in_containers_however_deep(heard: io.StringIO) -> None:
    circle: dict[str, object] = {"url": HOOK}
    circle["self"] = circle
    structlog.get_logger("test").info(
        "lane visited",
        endpoints=[{"url": HOOK, "secrets": (SECRET,)}, {HOOK}],
        errors=[ValueError(SECRET)],
        body=SECRET.encode(),
        circle=circle,
    )
    masked(heard)


def test_what_is_no_secret_stays_as_it_is(heard: io.StringIO) -> None:
    structlog.get_logger("test").info("lane visited", count=3, well=True, missing=None, lanes=["a", 1.5])
    said = heard.getvalue()
    if said.startswith("{"):
        line = json.loads(said)
        assert (line["count"], line["well"], line["missing"], line["lanes"]) == (3, True, None, ["a", 1.5])
    else:
        assert "lanes" in said
