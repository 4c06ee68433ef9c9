"""Stories of events that the rules let pass and the trained reader names."""

from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.opening import OPENED, open_draft
from tests.unit.coding.hearing import case_of, coder_hearing, one_that_says, opinion_on
from tests.unit.coding.reading import article

NO_PATTERN = (
    "Night of terror in Kaduna",
    "Riders came to the village after dark. By dawn nine farmers lay dead in their fields.",
)


def test_a_deed_too_weak_for_the_rules_is_opened_when_the_reader_means_its_type() -> None:
    case = case_of("Guard shot in leg outside a jeweller's")
    assert case.main is None
    attack = next(frame for frame in case.frames if frame.event_type == "ASSAULT")

    draft = open_draft(opinion_on(case, kinds="ASSAULT/firearms"), case.readings, "ASSAULT", "firearms")
    assert draft is not None
    assert draft.frames == [attack]
    assert (draft.event_type, draft.mode, draft.status) == ("ASSAULT", "firearms", "actual")
    assert draft.strength == OPENED


def test_what_only_could_happen_is_not_opened_as_if_it_had() -> None:
    case = case_of("China could attack Taiwan with missiles, general says")
    attack = next(frame for frame in case.frames if frame.event_type == "ASSAULT")
    draft = open_draft(opinion_on(case, kinds="ASSAULT/missile"), case.readings, "ASSAULT", "missile")

    assert draft is not None
    assert attack not in draft.frames


def test_a_threat_is_opened_as_a_threat() -> None:
    case = case_of("General warns of harsh answer", "The general warned of a harsh answer on Tuesday.")
    draft = open_draft(opinion_on(case, kinds="THREATEN/violence"), case.readings, "THREATEN", "violence")

    assert draft is not None
    assert draft.status == "threatened"
    assert draft.frames[0].status == "threatened"


def test_a_deed_without_a_pattern_is_told_by_the_words_that_the_reader_points_at() -> None:
    case = case_of(*NO_PATTERN)
    for reading in case.readings:
        reading.frames = []
    opinion = opinion_on(case, kinds="ASSAULT/massacre", recipient="farmers", killed="nine")
    draft = open_draft(opinion, case.readings, "ASSAULT", "massacre")

    assert draft is not None
    frame = draft.frames[0]
    assert frame.sentence.number == 2
    assert frame.span.text == "nine farmers"


def test_the_words_of_an_opened_event_are_its_evidence() -> None:
    text = article(*NO_PATTERN)
    opinions = one_that_says(kinds="ASSAULT/massacre", actor="Riders", recipient="farmers", killed="nine")
    coding = coder_hearing(opinions).code(text)

    assert coding.escalation
    assert coding.main is not None
    assert coding.main.evidence
    for each in coding.main.evidence:
        assert text.text[each.start : each.end] == each.text


def test_an_opinion_without_a_word_opens_the_title() -> None:
    case = case_of(*NO_PATTERN)
    for reading in case.readings:
        reading.frames = []
    draft = open_draft(Opinion(0.9, {"ASSAULT/massacre": 1.0}), case.readings, "ASSAULT", "massacre")

    assert draft is not None
    assert draft.frames[0].sentence.number == 0
    assert draft.frames[0].span.text


def test_a_text_without_sentences_opens_nothing() -> None:
    assert open_draft(Opinion(0.9, {"ASSAULT/massacre": 1.0}), [], "ASSAULT", "massacre") is None


def test_a_retreat_is_no_deed_that_could_ring() -> None:
    case = case_of("Rebels withdraw from Goma", "Rebels withdrew from Goma on Tuesday.")
    assert {frame.event_type for frame in case.frames} == {"RETREAT"}
    opinion = opinion_on(case, kinds={"RETREAT": 0.6, "ASSAULT/clash": 0.4})
    draft = open_draft(opinion, case.readings, "ASSAULT", "clash")

    assert draft is not None
    assert draft.frames[0].event_type == "ASSAULT"
    assert draft.frames[0].why == "named by the trained reader"
