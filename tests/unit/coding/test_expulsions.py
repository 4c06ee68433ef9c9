"""Who expels and who is expelled, in whatever order a report names them."""

import pytest

from tests.unit.coding.reading import main


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Poland expels five Russian diplomats",
            "Poland expelled five Russian diplomats over spying.",
        ),
        ("Russian envoys leave", "Five Russian diplomats expelled by Poland on Monday flew home."),
        (
            "Russian embassy staff gone",
            "The five Russian embassy diplomats whom Poland expelled left.",
        ),
    ],
)
def test_the_state_of_the_envoys_does_not_expel_them(title: str, summary: str) -> None:
    event = main(title, summary)

    assert event.mode == "expel"
    assert [actor.country for actor in event.actors] == ["POL"]
    assert [actor.country for actor in event.recipients] == ["RUS"]
    assert event.place is not None
    assert event.place.country == "POL"


def test_an_answer_in_kind_keeps_its_own_sides() -> None:
    event = main(
        "Russia expels Polish diplomats in tit-for-tat move",
        "Russia on Tuesday expelled five Polish diplomats, a day after Warsaw ordered out as many Russians.",
    )

    assert [actor.country for actor in event.actors] == ["RUS"]
    assert [actor.country for actor in event.recipients] == ["POL"]
