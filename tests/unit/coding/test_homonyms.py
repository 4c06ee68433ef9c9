"""Of places of one name, the one that is meant; and spellings that no gazetteer has."""

from collections import Counter

import pytest

from services.classifier.coding.lexicon import load
from services.classifier.coding.naming.actors import actors_in
from services.classifier.coding.naming.places import places_in
from services.classifier.coding.text.sentences import read
from shared.contracts import Place
from tests.unit.coding.reading import article


def places(text: str, *spoken: str) -> list[Place]:
    """The places of a one-sentence text, in an article that speaks of these countries."""
    (sentence,), _ = read(article(summary=text))
    mentions = actors_in(sentence, load())
    return [located.place for located in places_in(sentence, mentions, Counter(spoken), load())]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("A bomb kills two in Tripoli.", "LBY"),
        ("A bomb kills two in Tripoli, Lebanon.", "LBN"),
        ("A bomb kills two in the Lebanese city of Tripoli.", "LBN"),
        ("Gunmen kill two in Faryab County, Kerman province.", "IRN"),
        ("Gunmen kill two in Faryab Province.", "AFG"),
        ("A man was stabbed in Birmingham, Alabama.", "USA"),
        ("A man was stabbed in Birmingham.", "GBR"),
    ],
)
def test_the_address_decides_and_then_fame(text: str, country: str) -> None:
    assert places(text)[0].country == country


def test_the_countries_that_the_article_speaks_of_decide_between_namesakes() -> None:
    assert places("Gunmen killed two people in Al Jawf.", "YEM", "YEM")[0].country == "YEM"
    assert places("Gunmen killed two people in Al Jawf.", "LBY", "LBY")[0].country == "LBY"


def test_one_mention_of_a_great_power_moves_no_famous_place() -> None:
    assert places("It condemned the capture of Palmyra.", "USA")[0].country == "SYR"


@pytest.mark.parametrize(
    ("printed", "land"),
    [
        ("Huliaipole", "UKR"),
        ("Hulyaipole", "UKR"),
        ("Qabatya", "PSE"),
        ("Berdiansk", "UKR"),
        ("Rajauri", "IND"),
    ],
)
def test_a_place_is_found_by_its_sound_where_its_country_is_spoken_of(printed: str, land: str) -> None:
    (place,) = places(f"Shelling killed two people in {printed}.", land)
    assert place.country == land
    assert place.lat is not None


def test_a_sound_alone_proves_nothing() -> None:
    assert [place.lat for place in places("The festival opens in Hulyaipole.", "FRA")] == [None]


@pytest.mark.parametrize(
    "text", ["Mr Morales said so.", "Hours of talks with Samira Tank.", "The Justice of Karma, a film."]
)
def test_a_name_that_is_a_surname_or_a_word_is_no_place_by_itself(text: str) -> None:
    assert places(text) == []


def test_a_village_of_one_land_of_conflict_needs_no_other_word() -> None:
    (place,) = places("Seven soldiers died in an ambush in Mourdiah.")
    assert place.country == "MLI"


def test_a_name_of_two_lands_joined_by_and_is_one_place() -> None:
    names = [place.name for place in places("Two died in Rajouri district, Jammu and Kashmir.")]
    assert names == ["Rajouri", "Kashmir"]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Artyomovsk", "Bakhmut"),
        ("Krasnoarmeysk", "Pokrovsk"),
        ("Shengal", "Sinjar"),
        ("Panatag Shoal", "Scarborough Shoal"),
        ("South Darfur", "South Darfur"),
    ],
)
def test_old_and_other_spellings_are_known(printed: str, name: str) -> None:
    assert places(f"Two people were killed near {printed}.")[0].name == name


def test_a_house_tells_that_a_known_name_is_a_town() -> None:
    assert places("A bomb went off outside a Dushanbe cafe.", "TJK")[0].name == "Dushanbe"


def test_some_town_of_a_region_is_no_nearer_than_the_region() -> None:
    (sentence,), _ = read(article(summary="A drone killed 30 people in Darfur city."))
    (located,) = places_in(sentence, actors_in(sentence, load()), Counter(["SDN"]), load())
    assert located.rank == 1
