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
)
from services.classifier.voting import Vote
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


def sides(hearing: Hearing, role: str = "actor", land: str | None = None) -> list[Candidate]:
    """The candidates of a role, those last that no word names."""
    return candidates(hearing, as_named, land, role)


def named(hearing: Hearing, name: str) -> Candidate:
    """The one candidate of a name; fails where it is none or several."""
    (found,) = (c for c in sides(hearing) if c.actor.name == name)
    return found


def test_every_mention_of_a_side_is_one_candidate() -> None:
    case = case_of(*STRIKE)
    turkey = named(hearing_on(case), "Turkey")

    assert {number for number, _ in turkey.mentions} == {0, 1}
    assert [number for number, _ in named(hearing_on(case), "Iran").mentions] == [2]


def test_sides_that_the_model_did_not_read_are_no_candidates() -> None:
    case = case_of(*STRIKE)
    found = sides(hearing_on(case, sentences_read=2))

    assert {"TUR"} <= {one.actor.country for one in found}
    assert "IRN" not in {one.actor.country for one in found}, "the third sentence was not read"
    assert sides(hearing_on(case, sentences_read=0)) == []


def test_the_model_may_name_another_actor_than_the_rules() -> None:
    assert [side.country for side in told("rules").actors] == ["TUR"]
    assert [side.country for side in told("model", actor="Iran").actors] == ["IRN"]


def test_a_side_that_nobody_holds_likely_is_not_named() -> None:
    assert [side.name for side in told("model", recipient="Kurdish").actors] == ["unknown attackers"]


@pytest.mark.parametrize(("bias", "sides"), [(-0.3, 2), (-1.5, 1), (-3.0, 0)])
def test_two_likely_sides_are_named_of_two_doubtful_ones_one_and_of_unlikely_ones_none(
    bias: float, sides: int
) -> None:
    case = case_of(*STRIKE)
    hearing = hearing_on(case, actor=("Turkish", "Iran"))

    found = chosen("actor", Vote(bias, {"said": 0.1}), hearing, as_named, None)
    assert found is not None
    assert len(found) == sides


def test_where_no_side_was_read_the_rules_keep_theirs() -> None:
    case = case_of(*STRIKE)

    vote = votes_for("model")["actor"]
    assert chosen("actor", vote, hearing_on(case, sentences_read=0), as_named, None) is None
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


def with_sectors(hearing: Hearing, **shares: float) -> Hearing:
    """The same, with an opinion on who suffered."""
    return replace(hearing, opinion=replace(hearing.opinion, sectors={"recipient": shares}))


LISTENING = Vote(-1.0, {"said": 1.0, "unnamed people by sector": 1.0, "unnamed state by sector": 1.0})
"""A vote that hears of sectors alone where no word names a side."""


def suffering(hearing: Hearing) -> list[tuple[str, str | None, str]]:
    found = chosen("recipient", LISTENING, hearing, as_named, "PAK")
    assert found is not None
    return [(each.actor.name, each.actor.country, str(each.actor.sector)) for each in found]


def test_who_died_unnamed_were_the_lands_people_where_the_model_is_sure_of_that() -> None:
    hearing = hearing_on(case_of("Blast in Quetta leaves six dead"))

    assert suffering(with_sectors(hearing, CVL=0.9)) == [("civilians", "PAK", "CVL")]
    assert suffering(with_sectors(hearing, CVL=0.05, MIL=0.05)) == []


def test_or_its_soldiers() -> None:
    hearing = hearing_on(case_of("Blast in Quetta leaves six dead"))

    assert suffering(with_sectors(hearing, CVL=0.05, GOV=0.1, MIL=0.9)) == [("Pakistan", "PAK", "MIL")]


def test_the_deeds_own_words_stand_for_a_side_that_none_names() -> None:
    hearing = hearing_on(case_of("Blast in Quetta leaves six dead"))

    (hit,) = chosen("recipient", LISTENING, with_sectors(hearing, CVL=0.9), as_named, "PAK") or ()
    assert hit.span == hearing.draft.frames[0].span


def test_a_name_that_no_list_knows_is_a_side_where_the_model_takes_it_for_one() -> None:
    case = case_of("Blast in Moscow", "A bomb tore through the car of Olga Vetrova in Moscow on Tuesday.")
    hearing = with_sectors(hearing_on(case, recipient="Olga Vetrova"), CVL=0.9)

    found = [one.actor for one in sides(hearing, "recipient", "RUS")]
    assert ("Olga Vetrova", "CVL") in [(actor.name, str(actor.sector)) for actor in found]


def test_a_side_is_named_once() -> None:
    case = case_of("Israeli strike hits Hezbollah in Tyre", "Several fighters were killed on Tuesday.")
    hearing = hearing_on(case, recipient=("Hezbollah", "fighters"))
    assert {"Hezbollah", "fighters"} <= {one.actor.name for one in sides(hearing, "recipient")}

    weights = {"said": 1.0, "group": 1.0, "unnamed people": -9.0}
    found = chosen("recipient", Vote(0.0, weights), hearing, as_named, None)
    assert [each.actor.name for each in found or ()] == ["Hezbollah"]


def test_who_only_has_a_part_in_another_deed_is_marked_so() -> None:
    case = case_of(
        "Russia expels two British diplomats as Israel hits Damascus",
        "Russia expelled two British diplomats on Tuesday. Israeli jets struck Damascus on Tuesday.",
    )
    expelled = next(draft for draft in case.drafts if draft.event_type == "SANCTION")
    hearing = Hearing(case, expelled, opinion_on(case), None)

    marked = {
        one.actor.name: side_features(one, "actor", hearing)["of another event"] for one in sides(hearing)
    }
    assert marked["Israel"] == 1.0
    assert marked["Russia"] == 0.0
