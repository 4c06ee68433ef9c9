"""Stories of who was hit, on whose ground, and in answer to what."""

import pytest

from shared.contracts import Count, Event
from tests.unit.coding.reading import code, main


def hit(event: Event) -> list[str | None]:
    return [recipient.country for recipient in event.recipients]


@pytest.mark.parametrize(
    "title",
    [
        "Four Russian soldiers wounded in drone attack on Syria air base",
        "Drone attack on Syrian base wounds four Russian soldiers",
    ],
)
def test_foreign_troops_were_hit_not_the_ground_they_stood_on(title: str) -> None:
    event = main(title)
    assert hit(event) == ["RUS"]
    assert event.place is not None
    assert event.place.country == "SYR"


@pytest.mark.parametrize(
    "summary",
    [
        "Aircraft of the United States struck three sites in Syria that Iranian forces use to store drones.",
        "US warplanes struck three sites in Syria that are used by Iranian forces.",
        "US warplanes struck a base in Syria which hosts Iranian forces.",
        "US warplanes struck a base in Syria where Iranian forces are stationed.",
        "US warplanes struck a base in Syria hosting Iranian forces.",
    ],
)
def test_who_uses_a_place_is_who_was_hit_there(summary: str) -> None:
    event = main("US strikes sites in Syria", summary)
    assert [actor.name for actor in event.actors] == ["United States"]
    assert hit(event) == ["IRN"]
    assert event.weapon_class != "drone"


def test_a_release_speaks_of_its_own_troops() -> None:
    event = main(
        "Statement on attack in Syria",
        "Forces of the United States came under attack in Syria on Wednesday. "
        "A rocket attack on Al Tanf in Syria wounded two of our soldiers.",
    )
    assert hit(event) == ["USA"]


def test_a_state_that_answers_has_its_own_place() -> None:
    strike, attack = code(
        "Turkey strikes militants in Iraq in retaliation for bomb attack",
        "Turkish warplanes struck Kurdish militants in northern Iraq within hours of a bomb attack "
        "which wounded two policemen in Ankara.",
    ).events
    assert strike.place is not None
    assert strike.place.country == "IRQ"
    assert strike.casualties.injured is None
    assert strike.responds_to is not None
    assert strike.responds_to.event == 1
    assert attack.casualties.injured == Count(low=2, high=2)


def test_who_answers_fired_and_who_is_answered_did_not() -> None:
    event = main("Rockets fall on Sderot as Gaza militants answer Israeli strikes")
    assert event.mode == "artillery"
    assert "Israel" not in [actor.name for actor in event.actors]
    assert event.responds_to is not None
    assert event.responds_to.cue == "answer"


def test_a_capital_that_counts_the_cost_is_a_government() -> None:
    event = main(
        "Damascus counts the cost of Israeli air strikes",
        "Three soldiers were killed when Israeli aircraft struck two sites, a blow to Moscow's ally.",
    )
    assert event.place is None or event.place.name not in ("Damascus", "Moscow")


def test_the_gulf_is_a_sea_and_gulf_states_are_not() -> None:
    event = main(
        "Explosion hits Omani tanker in the Gulf", "A limpet mine exploded on the Omani tanker in the Gulf."
    )
    assert event.place is not None
    assert (event.place.name, event.place.country) == ("Persian Gulf", None)
    assert all(
        each.place is None or each.place.name != "Persian Gulf"
        for each in code("Gulf states bomb Houthis").events
    )


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ("Two killed, 30 wounded in shelling of Kherson", 2, 30),
        ("Five dead and 20 wounded in Kabul bomb blast", 5, 20),
        ("Soldier killed, 18 wounded in bomb blast in Mali", 1, 18),
        ("Policeman killed, four wounded as gunmen attack checkpoint in Quetta, Pakistan", 1, 4),
        ("Civilian martyred, three wounded in Israeli strike on Lebanon", 1, 3),
    ],
)
def test_a_headlines_two_tolls_are_kept_apart(title: str, killed: int, injured: int) -> None:
    casualties = main(title).casualties
    assert casualties.killed == Count(low=killed, high=killed)
    assert casualties.injured == Count(low=injured, high=injured)


def test_an_attack_that_one_group_claims_and_another_is_blamed_for_has_both() -> None:
    event = main(
        "Drone attack wounds two US soldiers at Syria air base",
        "A drone attack wounded two US soldiers at a base in Syria on Wednesday.",
        "US officials blame Kataeb Hezbollah for the attack, "
        "which the Islamic Resistance in Iraq has claimed.",
    )
    assert [actor.name for actor in event.actors] == ["Islamic Resistance in Iraq", "Kataeb Hezbollah"]
    assert (event.claim.by, event.claim.attributed_by) == ("Islamic Resistance in Iraq", "United States")
