"""The sentence of an alert: who, what, whom, where, when, at what cost."""

from datetime import date

import pytest

from services.classifier.incidents.wording import number, sentence
from shared.contracts import Count, Event, EventType
from tests.support.classifier import UKRAINE, strike


def test_the_sentence_of_a_strike() -> None:
    assert sentence(strike(killed=4)) == "Russia: missile strike on Ukraine in Kharkiv, 5 Mar 2024; 4 killed."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (strike(actors=(), recipients=(), place=None, on=None), "Missile strike."),
        (
            strike(actors=(), place=UKRAINE, on=date(2024, 12, 1)),
            "Missile strike on Ukraine in Ukraine, 1 Dec 2024.",
        ),
        (
            strike(event_type="THREATEN", mode="nuclear", on=None, place=None),
            "Russia: nuclear threat against Ukraine.",
        ),
        (
            strike(event_type="THREATEN", mode="blockade", on=None, place=None),
            "Russia: threat of a blockade against Ukraine.",
        ),
        (
            strike(event_type="SANCTION", mode="expel", on=None, place=None),
            "Russia: expulsion of diplomats against Ukraine.",
        ),
    ],
)
def test_missing_fields_leave_no_hole(event: Event, said: str) -> None:
    assert sentence(event) == said


@pytest.mark.parametrize("event_type", list(EventType))
def test_every_type_has_words_without_a_mode(event_type: EventType) -> None:
    assert sentence(
        strike(mode="", on=None).model_copy(update={"event_type": event_type, "mode": None})
    ).endswith(".")


def test_a_range_is_printed_as_one() -> None:
    assert number(Count(low=3, high=9)) == "3-9"
    assert number(Count(low=3, high=3)) == "3"
