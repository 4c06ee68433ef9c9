"""Stories of whether an article rings, and of what kind its event is."""

import pytest

from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.ringing import fitting, kind_of, relevance_features
from services.classifier.voting import odds
from tests.unit.coding.hearing import case_of, opinion_on

STRIKE = ("Israeli airstrike kills five in Beirut", "Israel struck a house in Beirut on Wednesday.")


def features_of(*text: str, **said: object) -> dict[str, float]:
    case = case_of(*text)
    return dict(relevance_features(opinion_on(case, **said), case))


def test_a_strike_that_both_see_speaks_for_a_bell_in_every_feature() -> None:
    features = features_of(*STRIKE)

    assert features["rules ring"] == 1.0
    assert features["rules strength"] == features["best deed"] > 0.5
    assert features["model"] > 0 < features["model kind"]
    assert features["no deed"] == features["best is history"] == features["best is unreal"] == 0.0


def test_a_retreat_never_rings_by_rule_and_counts_as_quiet_in_the_opinion() -> None:
    text = ("Rebels withdraw from Goma under ceasefire", "Rebels withdrew from Goma on Tuesday.")
    features = features_of(*text, kinds={"RETREAT": 0.7, "AGREE": 0.2, "ASSAULT/clash": 0.1})

    assert features["rules ring"] == features["rules strength"] == features["best deed"] == 0.0
    assert features["no deed"] == 1.0
    assert features["model kind"] == pytest.approx(odds(0.1))


def test_a_text_without_a_deed_says_so() -> None:
    features = features_of(
        "Leaders meet in Paris", "They talked of trade.", kinds={"none": 1.0}, relevance=0.02
    )

    assert features["no deed"] == 1.0
    assert features["model"] < 0 > features["model kind"]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Rebels killed 80 villagers in Rwanda in 1994", "best is history"),
        ("China could attack Taiwan with missiles, general says", "best is unreal"),
    ],
)
def test_a_deed_that_is_no_news_speaks_against_a_bell(title: str, told: str) -> None:
    features = features_of(title)

    assert features[told] == 1.0
    assert features["best deed"] == features["rules ring"] == 0.0


def test_the_likeliest_kind_is_taken_where_the_rules_have_none() -> None:
    opinion = Opinion(0.9, {"ASSAULT/drone": 0.3, "COERCE/arrest": 0.6, "none": 0.1})

    assert kind_of(opinion, None, None) == ("COERCE", "arrest")


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_the_rules_kind_wins_a_close_race(share: float) -> None:
    opinion = Opinion(0.9, {"ASSAULT/drone": share, "ASSAULT/airstrike": 1 - share})

    assert kind_of(opinion, "ASSAULT", "drone") == ("ASSAULT", "drone")


def test_the_rules_kind_loses_to_a_sure_reader() -> None:
    opinion = Opinion(0.9, {"ASSAULT/drone": 0.02, "ASSAULT/airstrike": 0.98})

    assert kind_of(opinion, "ASSAULT", "drone") == ("ASSAULT", "airstrike")


def test_the_rules_type_counts_where_their_mode_is_unknown() -> None:
    opinion = Opinion(0.9, {"COERCE/seize": 0.5, "ASSAULT/clash": 0.4, "none": 0.1})

    assert kind_of(opinion, "ASSAULT", "no such mode") == ("ASSAULT", "clash")


def test_an_escalation_is_never_quiet_however_likely_that_is() -> None:
    opinion = Opinion(0.9, {"none": 0.9, "RETREAT": 0.09, "PROTEST/riot": 0.01})

    assert kind_of(opinion, "RETREAT", None) == ("PROTEST", "riot")


def test_drafts_fit_by_their_type_and_the_best_of_them_wholly() -> None:
    case = case_of(
        "Russia expels two British diplomats as drones hit Moscow",
        "Russia expelled two British diplomats on Tuesday. Ukrainian drones struck Moscow on Tuesday.",
    )
    kinds = [draft.event_type for draft in case.drafts]
    assert {"ASSAULT", "SANCTION"} <= set(kinds)
    fits = fitting(opinion_on(case, kinds={"SANCTION/expel": 0.9, "ASSAULT/drone": 0.1}), case.drafts)

    by_type = {draft.event_type: fits[id(draft)] for draft in case.drafts}
    assert by_type["SANCTION"] == 0.0 > by_type["ASSAULT"]
    assert fitting(opinion_on(case), []) == {}
