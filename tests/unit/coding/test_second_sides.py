"""Stories of who did it to whom, when rules and model may disagree."""

from dataclasses import replace

import pytest

from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.sides import (
    Candidate,
    best_mention,
    candidates,
    chosen,
    side_features,
    unnamed_civilians,
)
from services.classifier.coding.second.votes import Vote
from shared.contracts import Event
from tests.unit.coding.hearing import (
    as_named,
    case_of,
    coder_hearing,
    hearing_on,
    one_that_says,
    opinion_on,
    votes_for,
)
from tests.unit.coding.reading import article

STRIKE = (
    "Turkish jets strike militants in Iraq",
    "Turkey struck Kurdish militants in northern Iraq on Tuesday, the army said. Iran condemned it.",
)


def told(voice: str, **said: object) -> Event:
    coding = coder_hearing(one_that_says(**said), voice).code(article(*STRIKE))  # type: ignore[arg-type]
    assert coding.main is not None
    return coding.main


def named(hearing: Hearing, name: str) -> Candidate:
    """The one candidate of a name; fails where it is none or several."""
    (found,) = (c for c in candidates(hearing, as_named) if c.actor.name == name)
    return found


def test_every_mention_of_a_side_is_one_candidate() -> None:
    case = case_of(*STRIKE)
    turkey = named(hearing_on(case), "Turkey")

    assert {number for number, _ in turkey.mentions} == {0, 1}
    assert [number for number, _ in named(hearing_on(case), "Iran").mentions] == [2]


def test_sides_that_the_model_did_not_read_are_no_candidates() -> None:
    case = case_of(*STRIKE)
    found = candidates(hearing_on(case, sentences_read=2), as_named)

    assert {"TUR"} <= {one.actor.country for one in found}
    assert "IRN" not in {one.actor.country for one in found}, "the third sentence was not read"
    assert candidates(hearing_on(case, sentences_read=0), as_named) == []


def test_the_model_may_name_another_actor_than_the_rules() -> None:
    assert [side.country for side in told("rules").actors] == ["TUR"]
    assert [side.country for side in told("model", actor="Iran").actors] == ["IRN"]


def test_a_side_that_nobody_holds_likely_is_not_named() -> None:
    assert told("model", recipient="Kurdish").actors == ()


@pytest.mark.parametrize(("bias", "sides"), [(-0.3, 2), (-0.8, 1), (-3.0, 0)])
def test_two_likely_sides_are_named_of_two_doubtful_ones_one_and_of_unlikely_ones_none(
    bias: float, sides: int
) -> None:
    case = case_of(*STRIKE)
    hearing = hearing_on(case, actor=("Turkish", "Iran"))

    found = chosen("actor", Vote(bias, {"said": 0.1}), hearing, as_named)
    assert found is not None
    assert len(found) == sides


def test_where_no_side_was_read_the_rules_keep_theirs() -> None:
    case = case_of(*STRIKE)

    vote = votes_for("model")["actor"]
    assert chosen("actor", vote, hearing_on(case, sentences_read=0), as_named) is None
    assert [side.country for side in told("model", sentences_read=0).actors] == ["TUR"]


def test_the_likeliest_mention_speaks_for_a_side_rather_than_a_bare_adjective() -> None:
    case = case_of(*STRIKE)
    turkey = named(hearing_on(case), "Turkey")

    assert not best_mention(turkey, "actor", hearing_on(case)).adjective
    likely = best_mention(turkey, "actor", hearing_on(case, actor="Turkish jets"))
    assert likely.span.text.startswith("Turkish")


@pytest.mark.parametrize(("role", "other"), [("actor", "recipient"), ("recipient", "actor")])
def test_what_the_rules_say_of_a_side_is_told_for_each_role(role: str, other: str) -> None:
    case = case_of("Iran hits Israel", "Iran hit Israel with missiles on Tuesday.")
    hearing = hearing_on(case, kinds="ASSAULT/missile", **{role: "Iran", other: "Israel"})
    iran, israel = named(hearing, "Iran"), named(hearing, "Israel")

    acts = side_features(iran, "actor", hearing)
    suffers = side_features(iran, "recipient", hearing)
    assert (acts["rules"], acts["rules other"]) == (1.0, 0.0)
    assert (suffers["rules"], suffers["rules other"]) == (0.0, 1.0)
    assert side_features(israel, "recipient", hearing)["rules"] == 1.0
    said = side_features(iran, role, hearing)
    assert said["said"] > 0 > said["said other"]
    assert acts["in title"] == acts["told here"] == 1.0


def with_civilians(hearing: Hearing, share: float) -> Hearing:
    """The same, with an opinion on whether civilians suffered."""
    return replace(hearing, opinion=replace(hearing.opinion, sectors={"recipient": {"CVL": share}}))


def test_who_died_unnamed_were_civilians_where_the_model_is_sure_of_that() -> None:
    hearing = hearing_on(case_of("Blast in Quetta leaves six dead"))

    (hit,) = unnamed_civilians(with_civilians(hearing, 0.9))
    assert (hit.actor.name, hit.actor.sector) == ("civilians", "CVL")
    assert hit.span == hearing.draft.tolls[0].span
    assert unnamed_civilians(with_civilians(hearing, 0.3)) == unnamed_civilians(hearing) == []


def test_nobody_suffers_unnamed_from_a_sanction() -> None:
    text = ("Russia expels two British diplomats", "Russia expelled two British diplomats on Tuesday.")

    assert unnamed_civilians(with_civilians(hearing_on(case_of(*text)), 0.9)) == []


def test_who_only_has_a_part_in_another_deed_is_marked_so() -> None:
    case = case_of(
        "Russia expels two British diplomats as Israel hits Damascus",
        "Russia expelled two British diplomats on Tuesday. Israeli jets struck Damascus on Tuesday.",
    )
    expelled = next(draft for draft in case.drafts if draft.event_type == "SANCTION")
    hearing = Hearing(case, expelled, opinion_on(case), None)

    marked = {
        one.actor.name: side_features(one, "actor", hearing)["of another event"]
        for one in candidates(hearing, as_named)
    }
    assert marked["Israel"] == 1.0
    assert marked["Russia"] == 0.0
