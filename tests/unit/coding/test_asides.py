"""Stories of places that stand beside the scene: a hospital, an earlier deed."""

import pytest

from tests.unit.coding.reading import main


@pytest.mark.parametrize(
    ("summary", "place"),
    [
        (
            "Gunmen killed two men near Zaria on Monday; a third died of wounds in a Kaduna hospital.",
            "Zaria",
        ),
        ("A mine killed two soldiers near Kidal on Monday; the wounded were flown to Bamako.", "Kidal"),
        ("An airstrike on Hodeidah killed nine people on Monday, a spokesman said in Aden.", "Hodeidah"),
        ("Drones hit Belgorod on Monday, hours after a missile killed ten people in Kharkiv.", "Belgorod"),
        ("Jets bombed Sanaa on Monday in retaliation for a drone that killed two people in Eilat.", "Sanaa"),
    ],
)
def test_a_place_beside_the_scene_gives_way(summary: str, place: str) -> None:
    event = main("", summary)
    assert event.place is not None
    assert event.place.name == place


def test_a_clinic_that_was_hit_is_the_scene() -> None:
    event = main(
        "", "Two patients died in the bombing of a clinic in Kupiansk, a doctor in Kyiv told reporters."
    )
    assert event.place is not None
    assert event.place.name == "Kupiansk"


def test_the_only_place_of_a_report_stays() -> None:
    event = main(
        "Shelling kills two soldiers", "Two soldiers died of their wounds in a Kharkiv hospital on Monday."
    )
    assert event.place is not None
    assert event.place.name == "Kharkiv"


def test_the_end_of_a_way_is_no_better_place() -> None:
    event = main(
        "",
        "Estonia's navy seized a tanker heading for Ust-Luga on Monday, the prime minister said in Tallinn.",
    )
    assert event.place is not None
    assert event.place.country == "EST"
