"""Stories of what it cost, when several numbers stand in a text."""

from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.costs import best_toll, candidates, toll_features
from shared.contracts import Casualties, Count
from tests.unit.coding.hearing import case_of, coder_hearing, hearing_on, one_that_says, votes_for
from tests.unit.coding.reading import article

BLAST = (
    "Blast in Quetta leaves five dead",
    "A bomb killed five people and wounded 12 in Quetta on Tuesday, police said. Some 40 shops were burnt.",
)


def cost(voice: str, *text: str, **said: object) -> Casualties:
    opinions = one_that_says(kinds="ASSAULT/explosives", **said)  # type: ignore[arg-type]
    coding = coder_hearing(opinions, voice).code(article(*text))
    assert coding.main is not None
    return coding.main.casualties


def test_every_number_that_was_read_is_a_candidate_once() -> None:
    case = case_of(*BLAST)
    found = candidates("killed", hearing_on(case))

    spans = [(each.toll.span.start, each.toll.span.end) for each in found if not each.parts]
    assert {"12", "40"} <= {each.toll.span.text for each in found}
    assert len(spans) == len(set(spans))


def test_a_number_that_no_harm_governs_has_no_field_of_its_own() -> None:
    case = case_of(*BLAST)
    hearing = hearing_on(case)
    shops = next(each for each in candidates("killed", hearing) if "40" in each.toll.span.text)

    assert shops.toll.field == ""
    features = toll_features("killed", shops, hearing)
    assert features["rules"] == features["reads so"] == features["reads otherwise"] == 0.0


def test_the_rules_tolls_are_candidates_even_where_the_model_did_not_read() -> None:
    case = case_of(*BLAST)
    assert case.main is not None
    found = candidates("killed", hearing_on(case, sentences_read=0))

    assert [each.toll for each in found] == case.main.tolls
    for each in found:
        assert case.readings[each.number].sentence.start <= each.toll.span.start


FIGHT = (
    "Five policemen killed in Sourou",
    "Gunmen shot five policemen dead in Sourou, Burkina Faso, on Monday. Fifteen attackers were also killed.",
)


def unsummed(*text: str) -> Hearing:
    """A hearing on an event whose tolls the rules have not added up."""
    hearing = hearing_on(case_of(*text))
    hearing.draft.tolls.clear()
    return hearing


def test_the_dead_of_both_sides_are_a_candidate_too_with_what_speaks_for_their_sum() -> None:
    hearing = unsummed(*FIGHT)
    (both,) = [each for each in candidates("killed", hearing) if each.parts]

    assert (both.toll.count.low, both.toll.count.high) == (20, 20)
    features = toll_features("killed", both, hearing)
    assert features["sum"] == features["sum of foes"] == features["sum with more"] == 1.0
    assert features["sum of two places"] == features["sum in a sentence"] == 0.0


def test_one_number_told_twice_is_never_added_up() -> None:
    hearing = hearing_on(case_of("Five killed in Quetta", "A bomb killed five people in Quetta on Tuesday."))

    assert not [each for each in candidates("killed", hearing) if each.parts]


def test_the_dead_of_two_places_are_known_to_lie_apart() -> None:
    text = "An airstrike killed 15 people in Deir el-Balah and another killed 11 in Rafah on Monday."
    hearing = unsummed("Airstrikes in Gaza", text)
    (both,) = [each for each in candidates("killed", hearing) if each.parts]

    assert toll_features("killed", both, hearing)["sum of two places"] == 1.0


def test_both_voices_agree_on_a_plain_toll() -> None:
    both = Casualties(killed=Count(low=5, high=5), injured=Count(low=12, high=12))

    assert cost("rules", *BLAST) == both
    assert cost("model", *BLAST, killed="five", injured="12") == both


def test_the_model_may_say_that_a_number_is_no_toll() -> None:
    assert cost("model", *BLAST, injured="12") == Casualties(injured=Count(low=12, high=12))


def test_the_model_may_find_a_toll_that_no_rule_reads() -> None:
    found = cost("model", *BLAST, killed="40")

    assert found.killed == Count(low=40, high=40)


def test_the_words_of_a_voted_toll_are_its_evidence() -> None:
    opinions = one_that_says(kinds="ASSAULT/explosives", killed="40")
    coding = coder_hearing(opinions).code(article(*BLAST))
    assert coding.main is not None

    assert [each.text for each in coding.main.evidence if each.field == "casualties.killed"] == ["40"]


def test_an_article_without_numbers_states_no_toll() -> None:
    hearing = hearing_on(case_of("Israel strikes Damascus", "Israel struck Damascus on Tuesday."))

    assert best_toll("killed", votes_for("model")["killed"], hearing) is None
