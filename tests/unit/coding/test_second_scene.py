"""Stories of where it happened, when a text names more lands than one."""

from services.classifier.coding.second.scene import (
    best_land,
    best_place,
    land_features,
    lands,
    place_features,
)
from services.classifier.voting import odds
from shared.contracts import Event
from tests.unit.coding.hearing import SURE, case_of, coder_hearing, hearing_on, one_that_says, votes_for
from tests.unit.coding.reading import article

STRIKE = (
    "Israeli airstrike hits Damascus",
    "An Israeli airstrike hit Damascus on Tuesday. Iran and Lebanon condemned it from Beirut.",
)
SEA = ("Houthi missile hits tanker in Red Sea", "A Houthi missile hit a tanker in the Red Sea on Tuesday.")


def told(voice: str, *text: str, **said: object) -> Event:
    coding = coder_hearing(one_that_says(**said), voice).code(article(*text))  # type: ignore[arg-type]
    assert coding.main is not None
    return coding.main


def test_a_land_gathers_its_places_and_its_sides() -> None:
    found = {land.code: land for land in lands(hearing_on(case_of(*STRIKE)))}

    assert {"ISR", "SYR", "IRN", "LBN"} <= set(found)
    assert {number for number, _ in found["SYR"].places} == {0, 1}
    assert found["IRN"].places == []
    assert found["IRN"].sides[0][0] == 2


def test_a_text_that_names_no_land_has_none_to_choose() -> None:
    case = case_of("Gunmen kill three soldiers", "Gunmen shot three soldiers dead on Tuesday.")
    none = best_land(votes_for("model")["country"], hearing_on(case))

    assert none is None


def test_the_model_may_move_the_scene() -> None:
    ruled, moved = told("rules", *STRIKE), told("model", *STRIKE, place="Beirut")

    assert ruled.place is not None
    assert (ruled.place.name, ruled.place.country) == ("Damascus", "SYR")
    assert moved.place is not None
    assert (moved.place.name, moved.place.country) == ("Beirut", "LBN")
    assert "Beirut" in {each.text for each in moved.evidence if each.field == "place"}


def test_a_land_that_only_a_side_names_is_a_place_as_wide_as_itself() -> None:
    case = case_of(*STRIKE)
    iran = next(land for land in lands(hearing_on(case)) if land.code == "IRN")

    assert best_place(votes_for("model")["place"], iran, hearing_on(case)) is None


def test_what_is_done_at_home_is_not_where_it_points() -> None:
    text = (
        "North Korea fires missile towards Hokkaido",
        "North Korea fired a ballistic missile towards Hokkaido.",
    )
    place = told("rules", *text, kinds="MOBILIZE/weapons-test").place
    assert place is not None
    assert place.country == "PRK"


def test_the_sea_is_a_scene_without_a_land() -> None:
    place = told("rules", *SEA, kinds="ASSAULT/missile").place
    assert place is not None
    assert (place.name, place.country) == ("Red Sea", None)

    case = case_of(*SEA)
    sea = next(land for land in lands(hearing_on(case)) if land.code is None)
    features = land_features(sea, hearing_on(case))
    assert features["no land"] == features["has place"] == 1.0
    assert features["has town"] == 0.0


def test_a_town_with_a_word_of_place_before_it_says_where() -> None:
    case = case_of("Blast kills five in Quetta, Pakistan", "A bomb killed five people in Quetta on Tuesday.")
    pakistan = next(land for land in lands(hearing_on(case)) if land.code == "PAK")
    hearing = hearing_on(case, "PAK", place="Quetta")

    features = land_features(pakistan, hearing)
    assert features["place said"] == odds(SURE)
    assert features["has town"] == features["town at"] == features["town told here"] == 1.0
    assert features["rules"] == features["rules in a blow"] == features["first"] == 1.0


def test_a_finer_place_of_the_land_is_told_apart_from_the_land() -> None:
    case = case_of("Blast kills five in Quetta, Pakistan", "A bomb killed five people in Quetta on Tuesday.")
    pakistan = next(land for land in lands(hearing_on(case)) if land.code == "PAK")
    hearing = hearing_on(case, "PAK", place="Quetta")

    for number, located in pakistan.places:
        features = place_features(number, located, hearing)
        assert features["town"] + features["region"] + features["country"] + features["sea"] == 1.0
        assert (features["said"] == odds(SURE)) == (located.place.name == "Quetta")
    best = best_place(votes_for("model")["place"], pakistan, hearing)
    assert best is not None
    assert best.place.name == "Quetta"


def test_a_place_beyond_what_was_read_is_neither_likely_nor_rejected() -> None:
    case = case_of(*STRIKE)
    lebanon = next(land for land in lands(hearing_on(case)) if land.code == "LBN")
    beirut = next(pair for pair in lebanon.places if pair[1].place.name == "Beirut")

    features = place_features(*beirut, hearing_on(case, sentences_read=1))
    assert features["said"] == odds(None)


def test_a_town_that_a_headline_names_without_a_word_of_place_is_found_by_the_model() -> None:
    case = case_of("Sumy: three killed as glide bombs hit bakery")
    assert all(not reading.located for reading in case.readings), "no word says that it is a place"

    (land,) = (land for land in lands(hearing_on(case, place="Sumy")) if land.places)
    assert land.code == "UKR"
    assert {located.place.name for _, located in land.places} == {"Sumy"}
    assert all(not land.places for land in lands(hearing_on(case)))
