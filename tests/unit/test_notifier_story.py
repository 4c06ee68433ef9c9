"""What a late listener is told: bounded, whatever had rung, and laid out in words of our own."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.notifier import message
from services.notifier.channels.slack_message import lay_out
from services.notifier.channels.slack_story import before
from services.notifier.routing.story import CHANGES, MOST, TEXT, story
from shared.contracts import Alert, AlertKind, Change, Incident, Reason, Severity, Tier
from tests.support.notifier import NOON, alert, event


def incident(rang: int, text: str = "killed: 1 to 3") -> Incident:
    return Incident(
        id="inc_1",
        opened_at=NOON,
        updated_at=NOON,
        event=event(),
        severity=Severity(score=50, tier=Tier.SEVERE),
        headline="Drones hit Port Ander",
        history=tuple(
            Change(
                at=NOON + timedelta(minutes=number),
                article_id=f"art_{number}",
                because="",
                kind=AlertKind.UPDATED,
                reason=Reason.MORE_KILLED,
                changes=(text,) * 20,
                sequence=number,
            )
            for number in range(1, rang + 1)
        ),
    )


def test_a_long_story_keeps_its_beginning_and_its_end() -> None:
    told = story(alert(AlertKind.ESCALATED, sequence=40), incident(39))
    assert [each["sequence"] for each in told] == [1, *range(41 - MOST, 40)]
    assert {len(each["changes"]) for each in told} == {CHANGES}
    assert story(alert(AlertKind.ESCALATED, sequence=3), None) == []
    assert len(story(alert(AlertKind.ESCALATED, sequence=3), incident(39))) == 2


def test_a_body_with_a_story_fits_and_never_loses_that_it_is_one() -> None:
    late = alert(AlertKind.ESCALATED, sequence=40, sentence="\x00" * 9000, changes=("\x01" * 9000,) * 9)
    told = story(late, incident(39, "Ä" * 5000))
    assert len(told[0]["changes"][0]) == TEXT
    text = message.body(late, story=told)
    assert len(text.encode()) <= message.MAX_BYTES
    data = json.loads(text)["data"]
    assert isinstance(data["story"], list)
    assert "the story's middle" in data["cut"]


@pytest.mark.parametrize(
    "told",
    [
        None,
        "a story",
        [],
        [None, 1, "x"],
        [{"kind": "opened"}],
        [{"kind": "<!channel>", "at": NOON.isoformat()}],
        [{"kind": "opened", "at": "9999-12-31T23:59:59-23:59"}],
        [{"kind": ["opened"], "at": {"a": 1}}],
    ],
)
def test_a_story_that_nobody_can_read_is_none(told: Any) -> None:
    late = Alert.model_validate(alert().model_dump() | {"story": told})
    assert before(late) == ""
    assert "First heard" not in str(lay_out(late, NOON))


def test_a_chat_shows_the_newest_of_it_in_one_line() -> None:
    told = story(alert(AlertKind.ESCALATED, sequence=40), incident(39))
    late = Alert.model_validate(alert().model_dump() | {"story": told})
    said = before(late)
    assert said.startswith("First heard here. Before: … updated 2 Mar 12:34 UTC, ")
    assert said.endswith("updated 2 Mar 12:39 UTC.")
    assert said in str(lay_out(late, NOON))
