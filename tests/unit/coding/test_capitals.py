"""A capital that a text points at is a town; a capital's name for its government is none."""

import pytest

from tests.unit.coding.test_homonyms import places


@pytest.mark.parametrize(
    ("text", "spoken", "place"),
    [
        ("A car bomb killed six people in the Somali capital on Monday.", "SOM", "Mogadishu"),
        ("A drone hit a tower in Ukraine's capital on Monday.", "UKR", "Kyiv"),
        ("Gunmen killed two guards in the capital on Monday.", "MLI", "Bamako"),
    ],
)
def test_a_capital_without_its_name_is_found(text: str, spoken: str, place: str) -> None:
    assert places(text, spoken, spoken)[-1].name == place


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed two guards in the provincial capital on Monday.",
        "The murder was a capital crime in the country.",
        "The firm raised capital in the spring.",
    ],
)
def test_not_every_capital_is_the_lands(text: str) -> None:
    assert [each.name for each in places(text, "NGA", "NGA") if each.precision == "city"] == []


def test_a_capital_of_one_of_two_lands_is_left_open() -> None:
    assert places("A blast was heard in the capital on Monday.", "ETH", "ERI") == []


@pytest.mark.parametrize(
    "text", ["Taipei says its ships left.", "It blamed the Kyiv regime.", "It was shelled by Kyiv's forces."]
)
def test_a_government_is_no_scene(text: str) -> None:
    assert places(text, "UKR", "TWN") == []


def test_a_town_that_has_suffered_is_a_scene() -> None:
    assert [each.name for each in places("Shelling in Kyiv has killed two.", "UKR")] == ["Kyiv"]
