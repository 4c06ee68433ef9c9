"""Stories of words with two meanings, of a blow and its answer, and of names that are no places."""

import pytest

from shared.contracts import Count, Event
from tests.unit.coding.hearing import case_of
from tests.unit.coding.reading import code, main

ODESA = "Missile strike on Odesa port wounds six as Kyiv answers with drone raid"
BODY = (
    "Russian missiles struck the port of Odesa on Wednesday, wounding six dock workers, the governor said. "
    "Hours later Ukraine sent drones at an oil depot near Belgorod in reply. "
    "The drone raid set two tanks alight but nobody was hurt, officials there said. "
)


def names(event: Event) -> list[str]:
    return [actor.name for actor in event.actors]


def test_who_answers_did_not_strike_first() -> None:
    strike, answer = code(ODESA).events
    assert (strike.main, strike.mode, names(strike)) == (True, "missile", ["unknown attackers"])
    assert strike.casualties.injured == Count(low=6, high=6)
    assert (answer.mode, names(answer)) == ("drone", ["Ukraine"])
    assert answer.casualties.injured is None
    assert answer.responds_to is not None
    assert (answer.responds_to.cue, answer.responds_to.event) == ("answers with", 0)


def test_the_body_names_the_attacker_and_counts_the_wounded_once() -> None:
    strike, answer = code(ODESA, "", BODY).events
    assert names(strike) == ["Russia"]
    assert strike.place is not None
    assert strike.place.name == "Odesa"
    assert strike.casualties.injured == Count(low=6, high=6)
    assert names(answer) == ["Ukraine"]
    assert answer.place is not None
    assert answer.place.name == "Belgorod"
    assert answer.responds_to is not None
    assert answer.responds_to.event == 0


def test_a_denial_stands_on_the_deniers_own_attack() -> None:
    strike, answer = code(ODESA, "", BODY + "Kyiv denied that its drones had hit homes.").events
    assert strike.claim.denied_by == ()
    assert answer.claim.denied_by == ("Ukraine",)
    strike, answer = code(ODESA, "", BODY + "Moscow denied that it had aimed at the port.").events
    assert strike.claim.denied_by == ("Russia",)
    assert answer.claim.denied_by == ()


@pytest.mark.parametrize(
    ("title", "event_type", "actor"),
    [
        ("Russia hammers Ukraine again as mediators gather", "ASSAULT", "Russia"),
        ("Russia batters Ukraine for a third night", "ASSAULT", "Russia"),
        ("As Chinese drills begin, Taiwan expels three mainland bloggers", "COERCE", "Taiwan"),
        ("Rwanda-backed rebels enter Bukavu", "ASSAULT", "Rwanda-backed rebels"),
        ("Rwanda-backed rebels enter the refuge city in eastern Congo", "ASSAULT", "Rwanda-backed rebels"),
    ],
)
def test_plain_words_for_force_are_heard(title: str, event_type: str, actor: str) -> None:
    event = main(title)
    assert (event.event_type, event.actors[0].name) == (event_type, actor)
    assert event.escalates


@pytest.mark.parametrize(
    "title",
    [
        "Storm batters Ukraine, killing two",
        "Fire in Kharkiv market injures nine",
        "Gale pounds Odesa harbour",
        "Germany hammers Spain in the final",
        "Nurses' strike hits hospital in Haifa",
        "Poland orders light attack aircraft and howitzers",
        "Spies warn China may attack Taiwan",
        "Ban on Turkish newspaper ruled unlawful by court",
    ],
)
def test_the_same_words_in_another_world_are_silent(title: str) -> None:
    assert not code(title).escalation


@pytest.mark.parametrize(
    "title",
    [
        "Rebels storm army base in Mali, killing nine",
        "Israeli fire kills four at Gaza clinic",
        "Rebels attack aircraft at Khartoum airport",
        "Iran warns it may attack ships in the Gulf",
        "Shells hit hospital in Kherson, killing three",
        "Car bomb and fire kill six in Mogadishu",
    ],
)
def test_and_in_our_world_they_ring(title: str) -> None:
    assert code(title).escalation


@pytest.mark.parametrize(
    "where", ["in the South", "near Their Bodies From Oct", "in a Latin American city", "on Us"]
)
def test_capitals_alone_make_no_place(where: str) -> None:
    event = main("", f"Gunmen killed five soldiers {where}, the army said on Tuesday.")
    assert event.place is None
    assert "United States" not in [actor.name for actor in event.recipients]


def test_south_kivu_is_still_a_place() -> None:
    place = main("", "Gunmen killed ten villagers in South Kivu on Tuesday.").place
    assert place is not None
    assert place.country == "COD"


def test_where_they_talk_is_not_where_it_happens() -> None:
    place = main("China begins live-fire exercise", "Envoys held talks in Geneva as the drill began.").place
    assert place is None or place.name != "Geneva"
    place = main("Talks in Geneva as China begins live-fire exercise").place
    assert place is not None
    assert place.country == "CHN"


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Shots fired at Turkish consulate in Rotterdam",
            "Police say a man in a hood fired four rounds at the building in Rotterdam on Tuesday.",
        ),
        (
            "Parcel explodes in party office in Graz",
            "A clerk in Graz was injured on Tuesday morning when she opened it.",
        ),
    ],
)
def test_a_blow_at_the_house_of_a_state_or_a_party_is_aimed_at_it(title: str, summary: str) -> None:
    assert code(title, summary).escalation


@pytest.mark.parametrize(
    "title",
    [
        "Shots fired near the consulate in Rotterdam",
        "Gas boiler explodes in party office in Graz",
        "Inmate fires shots at guard in prison in Graz",
        "Shots fired at bakery in Graz",
    ],
)
def test_a_house_that_only_stands_beside_the_blow_makes_no_politics(title: str) -> None:
    assert not code(title, "Police asked for witnesses on Tuesday.").escalation


def test_a_security_team_plays_nothing() -> None:
    case = case_of("Shots fired at consulate", "The national security team leads the inquiry in Toronto.")
    assert "sport" not in case.noise
