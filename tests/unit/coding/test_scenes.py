"""Where it happened is not where somebody speaks of it, nor where who was hit is at home."""

import pytest

from tests.unit.coding.reading import main


@pytest.mark.parametrize(
    ("title", "summary", "place", "country"),
    [
        (
            "",
            "The health ministry in Sanaa said an Israeli air strike on Hodeidah killed nine people.",
            "Hodeidah",
            "YEM",
        ),
        (
            "Congo: soldiers seize power",
            "Soldiers said they had seized power in a coup in Brazzaville.",
            "Brazzaville",
            "COG",
        ),
        (
            "Rebels kill nine in Congo village",
            "M23 rebels killed nine villagers near Walikale in eastern Congo, a Congolese official said.",
            "Walikale",
            "COD",
        ),
    ],
)
def test_the_scene_is_not_the_seat(title: str, summary: str, place: str, country: str) -> None:
    event = main(title, summary)
    assert event.place is not None
    assert (event.place.name, event.place.country) == (place, country)
