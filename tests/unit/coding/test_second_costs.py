"""Stories of what it cost, when several numbers stand in a text."""

from services.classifier.coding.second.costs import best_toll, toll_features, tolls
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
    found = tolls(hearing_on(case))

    spans = [(toll.span.start, toll.span.end) for _, toll in found]
    assert {"12", "40"} <= {toll.span.text for _, toll in found}
    assert len(spans) == len(set(spans))


def test_a_number_that_no_harm_governs_has_no_field_of_its_own() -> None:
    case = case_of(*BLAST)
    shops = next(pair for pair in tolls(hearing_on(case)) if "40" in pair[1].span.text)

    assert shops[1].field == ""
    features = toll_features("killed", *shops, hearing_on(case))
    assert features["rules"] == features["reads so"] == features["reads otherwise"] == 0.0


def test_the_rules_tolls_are_candidates_even_where_the_model_did_not_read() -> None:
    case = case_of(*BLAST)
    assert case.main is not None
    found = tolls(hearing_on(case, sentences_read=0))

    assert [toll for _, toll in found] == case.main.tolls
    for number, toll in found:
        assert case.readings[number].sentence.start <= toll.span.start


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
