"""Who is named and does nothing: speakers, owners of the ground, who was hit."""

import pytest

from services.classifier.coding.second.bystanders import stands_by
from services.classifier.coding.second.sides import CHOSEN, chosen, standing
from services.classifier.voting import Vote
from tests.unit.coding.hearing import as_named, case_of, hearing_on

LISTENING = Vote(0.0, {"said": 1.0})
"""Hears what the model says and nothing else."""


def standing_by(name: str, title: str, summary: str = "") -> list[bool]:
    return [
        stands_by(mention, reading)
        for reading in case_of(title, summary).readings
        for mention in reading.mentions
        if name in mention.span.text
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "police",
            "A bomb killed four in Herat on Friday, and Afghan police gave the number of hurt as nine.",
        ),
        ("governor", "A bomb killed four in Herat on Friday, according to the governor."),
        ("ministry", "A bomb killed four in Herat on Friday, the interior ministry said."),
        ("officials", "A bomb killed four in Herat on Friday, said officials."),
        ("Afghan", "A bomb killed four in an Afghan province on Friday."),
        ("soldiers", "A bomb killed four soldiers in Herat on Friday."),
    ],
)
def test_who_speaks_is_hit_or_owns_the_ground_does_nothing(name: str, text: str) -> None:
    assert standing_by(name, "Bomb kills four", text) == [True]


def test_a_headlines_first_land_is_its_topic() -> None:
    assert standing_by("Sudan", "Sudan: six dead in drone attack on market") == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Israel said it had struck a depot near Tyre on Friday.",
        "The army shelled a market in Goma on Friday.",
        "Amnesty said officers used live rounds in Nairobi on Friday.",
        "Turkish aircraft bombed a village near Dohuk on Friday.",
    ],
)
def test_who_tells_its_own_deed_does_not_stand_by(text: str) -> None:
    assert not any(
        standing_by(name, "", text) == [True] for name in ("Israel", "army", "aircraft", "officers")
    )


def test_the_lands_own_state_that_only_speaks_is_not_the_doer() -> None:
    case = case_of("Blast kills six in Kabul", "Afghan police said the blast in Kabul on Friday hurt nine.")
    hearing = hearing_on(case, actor="Afghan police")

    assert chosen("actor", LISTENING, hearing, as_named, "AFG") == []


def test_a_state_that_speaks_of_another_land_may_tell_its_own_deed() -> None:
    case = case_of(
        "Blast kills six in Kabul", "Pakistani police said the blast in Kabul on Friday hurt nine."
    )
    hearing = hearing_on(case, actor="Pakistani police")

    found = chosen("actor", LISTENING, hearing, as_named, "AFG")
    assert [each.actor.country for each in found or ()] == ["PAK"]


@pytest.mark.parametrize(("hit", "found"), [(0.99, []), (0.2, ["Hezbollah"])])
def test_whom_both_votes_mean_has_the_likelier_role(hit: float, found: list[str]) -> None:
    case = case_of("Blast near Tyre", "A blast near Tyre killed two Hezbollah fighters on Friday.")
    hearing = hearing_on(case, actor="Hezbollah fighters")

    told = chosen("actor", LISTENING, hearing, as_named, "LBN", {"hezbollah": hit})
    assert [each.actor.name for each in told or ()] == found


def test_who_is_named_has_a_share_of_either_role() -> None:
    case = case_of("Blast near Tyre", "A blast near Tyre killed two Hezbollah fighters on Friday.")
    hearing = hearing_on(case, actor="Hezbollah fighters")

    assert standing("actor", LISTENING, hearing, as_named, "LBN")["hezbollah"] > CHOSEN
    assert standing("recipient", LISTENING, hearing, as_named, "LBN")["hezbollah"] < CHOSEN
