"""A report without news of its own names the deed that it looks back at, and never rings for it."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.classifier.coding import Coder
from services.classifier.coding.text.reading import Sentence
from tests.unit.coding.hearing import one_that_says
from tests.unit.coding.reading import article, code


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
            "clash",
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


@pytest.mark.parametrize(
    ("title", "summary", "mode", "place", "day"),
    [
        (
            "The street sweepers of Kherson",
            "Since Russian shells came down on the square on Monday, nobody lingers at the well in Kherson.",
            "artillery",
            "Kherson",
            date(2024, 3, 11),
        ),
        (
            "Tailor of Mogadishu is buried",
            "Ali Warsame was the last of the 18 victims of Saturday's bomb in Mogadishu, Somalia.",
            "explosives",
            "Mogadishu",
            date(2024, 3, 9),
        ),
        (
            "Guards tell of the night",
            "Of the guards killed on Sunday, seven came from Djibo in Burkina Faso; soldiers mourn.",
            "other",
            "Djibo",
            date(2024, 3, 10),
        ),
        (
            "Line 4 does not stop here any more",
            "Since a bomb killed four in Baquba at the start of the week, the bus drives past the stop.",
            "explosives",
            "Baquba",
            None,
        ),
    ],
)
def test_a_deed_is_known_by_its_arms_its_dead_and_its_day(
    title: str, summary: str, mode: str, place: str, day: date | None
) -> None:
    (event,) = code(title, summary).events

    assert (event.recalled, event.mode, event.occurred_on) == (True, mode, day)
    assert event.place is not None
    assert event.place.name == place


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "A plaque on the bridge",
            "The town of Mostar unveiled a plaque on Tuesday for those killed by a shell in 1998.",
        ),
        (
            "The well of Kherson",
            "Since the war began, shells have torn the square of Kherson; a concert is to be held on Friday.",
        ),
    ],
)
def test_a_day_beside_an_old_year_or_a_long_war_makes_nothing_fresh(title: str, summary: str) -> None:
    assert code(title, summary).events == ()


class _Shut:
    """A gate that lets nothing in."""

    threshold = 1.0

    def share(self, sentences: Sequence[Sentence]) -> float:
        return 0.0


@pytest.mark.parametrize(
    ("summary", "recalls"),
    [
        ("Olha Bondar buried her son, killed in the shelling of Kherson on Sunday.", True),
        ("Olha Bondar, whose son was killed in the shelling of Kherson, asks who will pay.", False),
        ("On Sunday the council of Kherson spoke of drones that it may buy.", False),
    ],
)
def test_what_the_gate_keeps_out_may_recall_but_never_rings(
    summary: str, recalls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = Coder(opinions=one_that_says())
    monkeypatch.setattr(shut, "_gatekeeper", _Shut())
    coding = shut.code(article("'My son went out for bread'", summary))

    assert not coding.escalation
    assert [event.recalled for event in coding.events] == [True] * recalls
