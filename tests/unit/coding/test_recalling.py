"""A report without news of its own names the deed that it looks back at, and never rings for it."""

from datetime import date

import pytest

from tests.unit.coding.reading import code


@pytest.mark.parametrize(
    ("title", "summary", "mode", "place"),
    [
        (
            "A school in ruins: what the raid left",
            "Four days after the air raid on Nyala in Sudan, families have dug 19 graves.",
            "airstrike",
            "Nyala",
        ),
        (
            "Venezuela rejects charge of border shooting",
            "Caracas denied that its soldiers shot at a Guyanese patrol near Eteringbang on Tuesday.",
            "firearms",
            "Eteringbang",
        ),
    ],
)
def test_the_deed_that_a_silent_report_looks_back_at(title: str, summary: str, mode: str, place: str) -> None:
    coding = code(title, summary)
    (event,) = coding.events

    assert not coding.escalation
    assert (event.recalled, event.main, event.mode) == (True, False, mode)
    assert event.place is not None
    assert event.place.name == place
    assert "only recalls" in coding.reason


def test_days_are_counted_back_from_the_report() -> None:
    summary = "Four days after the air raid on Nyala in Sudan, families have dug 19 graves."
    (event,) = code("A school in ruins: what the raid left", summary).events

    assert (event.occurred_on, event.date_inferred) == (date(2024, 3, 10), True)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Ten years after the siege",
            "A film tells of the siege of Homs in Syria, ten years after the attack.",
        ),
        ("Gas explosion kills two in Kharkiv", "A gas explosion wrecked a flat; an attack was ruled out."),
        ("Metalist win the cup final", "The league side from Kharkiv attacked from the start of the match."),
        ("Why the strait matters", "If Iran attacked ships, oil would rise, the analysts say."),
    ],
)
def test_no_deed_is_recalled_of_old_of_an_accident_or_of_a_game(title: str, summary: str) -> None:
    assert code(title, summary).events == ()
