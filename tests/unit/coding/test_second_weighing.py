"""Stories of articles that rules and trained reader hear together, from the gate to the coding."""

from collections.abc import Sequence

import pytest

from services.classifier.coding import Coder
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.weighing import hear, meant_draft
from services.classifier.coding.text.reading import Sentence
from shared.contracts import Article, Coding
from tests.unit.coding.hearing import (
    case_of,
    coder_hearing,
    one_that_says,
    opinion_on,
    votes_for,
)
from tests.unit.coding.reading import article

STRIKE = (
    "Israeli airstrike kills five in Beirut",
    "Israel struck a house in Beirut on Wednesday, killing five people and wounding two.",
)
TALKS = ("Leaders meet in Paris to discuss attack", "They talked of Sunday's attack and had lunch.")
PULL_BACK = ("Rebels withdraw from Goma under ceasefire", "Rebels withdrew from Goma on Tuesday.")
THREAT = ("Iran vows to strike Israel", "Iran threatened on Wednesday to strike Israel.")


def heard(*text: str, voice: str = "model", **said: object) -> Coding:
    return coder_hearing(one_that_says(**said), voice).code(article(*text))  # type: ignore[arg-type]


def without_score(coding: Coding) -> Coding:
    return coding.model_copy(update={"score": 0.0, "reason": ""})


def test_where_both_agree_the_coding_is_that_of_the_rules() -> None:
    rules = Coder(opinions=None).code(article(*STRIKE))
    both = heard(*STRIKE, voice="rules")

    assert without_score(both) == without_score(rules)
    assert both.reason == f"{rules.reason}; the trained reader says 0.97"


def test_a_reader_who_has_no_opinion_leaves_the_rules_alone() -> None:
    def speechless(article: Article, sentences: Sequence[Sentence]) -> Opinion | None:
        return None

    for text in (STRIKE, TALKS, PULL_BACK, THREAT, ("", "")):
        rules = Coder(opinions=None).code(article(*text))
        assert coder_hearing(speechless).code(article(*text)) == rules


def test_the_reader_may_silence_the_rules_and_is_named() -> None:
    coding = heard(*STRIKE, relevance=0.02, kinds="none")

    assert not coding.escalation
    assert coding.score < 0.5
    assert coding.main is None
    assert "the trained reader says 0.02, no new event" in coding.reason


def test_the_reader_may_ring_where_the_rules_are_silent() -> None:
    assert not Coder(opinions=None).code(article(*TALKS)).escalation
    coding = heard(*TALKS, kinds="ASSAULT/explosives")

    assert coding.escalation
    assert coding.score >= 0.5
    assert coding.main is not None
    assert (coding.main.event_type, coding.main.mode) == ("ASSAULT", "explosives")


def test_a_bell_has_the_share_of_its_vote_as_its_score() -> None:
    assert heard(*STRIKE, relevance=0.8).score == pytest.approx(0.8)
    assert heard(*STRIKE, relevance=0.2).score == pytest.approx(0.2)


@pytest.mark.parametrize("text", [STRIKE, TALKS, PULL_BACK, THREAT])
@pytest.mark.parametrize("relevance", [0.03, 0.49, 0.51, 0.97])
@pytest.mark.parametrize("kind", ["ASSAULT/drone", "THREATEN/violence", "SANCTION/expel", "RETREAT", "none"])
def test_score_bell_and_main_event_never_disagree(text: tuple[str, str], relevance: float, kind: str) -> None:
    kinds = {kind: 0.9, "MOBILIZE/troops": 0.1}
    coding = heard(*text, relevance=relevance, kinds=kinds)

    assert coding.escalation == (coding.score >= 0.5)
    assert coding.escalation == (coding.main is not None and coding.main.escalates)
    assert (coding.severity is None) == (coding.main is None)
    assert len([event for event in coding.events if event.main]) == (1 if coding.main else 0)
    assert coding.reason


def test_a_pull_back_stays_the_news_while_nobody_hears_a_bell() -> None:
    coding = heard(*PULL_BACK, relevance=0.1, kinds="RETREAT")

    assert not coding.escalation
    assert coding.main is not None
    assert coding.main.event_type == "RETREAT"


def test_a_pull_back_is_told_beside_the_event_that_the_reader_hears_in_it() -> None:
    coding = heard(*PULL_BACK, kinds="ASSAULT/clash")

    assert [event.event_type for event in coding.events] == ["ASSAULT", "RETREAT"]
    assert [event.main for event in coding.events] == [True, False]


def test_a_threat_is_threatened_and_a_blow_is_actual() -> None:
    threat, blow = heard(*THREAT, kinds="THREATEN/violence"), heard(*STRIKE)

    assert threat.main is not None
    assert (threat.main.event_type, threat.main.status) == ("THREATEN", "threatened")
    assert blow.main is not None
    assert (blow.main.event_type, blow.main.status) == ("ASSAULT", "actual")


def test_the_reader_has_a_say_in_the_mode() -> None:
    coding = heard(*STRIKE, kinds={"ASSAULT/drone": 0.99, "ASSAULT/airstrike": 0.01})

    assert coding.main is not None
    assert coding.main.mode == "drone"
    assert coding.main.cameo


def test_the_main_event_may_be_the_one_whose_type_the_reader_means() -> None:
    case = case_of(
        "Russia expels two British diplomats as drones hit Moscow",
        "Russia expelled two British diplomats on Tuesday. Ukrainian drones struck Moscow on Tuesday.",
    )
    expelled = meant_draft(case, opinion_on(case, kinds={"SANCTION/expel": 1.0}))
    struck = meant_draft(case, opinion_on(case, kinds={"ASSAULT/drone": 1.0}))

    assert expelled is not None
    assert expelled.event_type == "SANCTION"
    assert struck is not None
    assert struck.event_type == "ASSAULT"


def test_what_is_opened_becomes_one_of_the_drafts_and_says_so() -> None:
    case = case_of(*TALKS)
    before = len(case.drafts)
    verdict = hear(case, opinion_on(case, kinds="ASSAULT/explosives"), votes_for("model"))

    assert verdict.rings
    assert verdict.share > 0.9
    assert case.main is case.drafts[0]
    assert len(case.drafts) == before + 1


def test_a_text_longer_than_what_was_read_keeps_the_rules_event() -> None:
    long = STRIKE[1] + " The weather was mild in the valley that day." * 60
    coding = heard(STRIKE[0], long, voice="rules", sentences_read=2)

    assert without_score(coding) == without_score(Coder(opinions=None).code(article(STRIKE[0], long)))


def test_an_opinion_without_words_leaves_sides_and_scene_to_the_rules() -> None:
    ruled = Coder(opinions=None).code(article(*STRIKE)).main
    coding = coder_hearing(lambda *_: Opinion(0.9, {"ASSAULT/airstrike": 1.0}), "rules").code(
        article(*STRIKE)
    )

    assert ruled is not None
    assert coding.main is not None
    assert coding.main.actors == ruled.actors
    assert coding.main.place == ruled.place
    assert coding.main.casualties == ruled.casualties


def test_the_same_opinion_gives_the_same_coding() -> None:
    coder = coder_hearing(one_that_says(actor="Israel", place="Beirut", killed="five"))

    assert coder.code(article(*STRIKE)) == coder.code(article(*STRIKE))


def test_a_release_that_the_reader_half_takes_for_an_attack_stays_a_release() -> None:
    """Without a deed that the rules see, a share above a half is not enough, and then nothing is refilled."""
    opinions = one_that_says(0.7, kinds="ASSAULT/ground-offensive", actor="Rebels")
    coding = coder_hearing(opinions, "model").code(article(*PULL_BACK))

    assert not coding.escalation
    assert coding.main is not None
    assert coding.main.event_type == "RETREAT"
