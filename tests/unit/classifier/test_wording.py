"""The sentence of an alert: who, what, whom, where, when, at what cost."""

from datetime import date

import pytest

from services.classifier.incidents.telling.wording import number, sentence
from shared.contracts import Actor, Count, Event, EventType, Place, Precision, Sector
from tests.support.classifier import UKRAINE, strike


def test_the_sentence_of_a_strike() -> None:
    assert sentence(strike(killed=4)) == "Russia: missile strike on Ukraine in Kharkiv, 5 Mar 2024; 4 killed."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (strike(actors=(), recipients=(), place=None, on=None), "Missile strike."),
        (
            strike(actors=(), place=UKRAINE, on=date(2024, 12, 1)),
            "Missile strike on Ukraine, 1 Dec 2024.",
        ),
        (
            strike(event_type="THREATEN", mode="nuclear", on=None, place=None),
            "Russia: nuclear threat against Ukraine.",
        ),
        (
            strike(event_type="THREATEN", mode="blockade", on=None, place=None),
            "Russia: threat of a blockade against Ukraine.",
        ),
        (
            strike(event_type="SANCTION", mode="expel", on=None, place=None),
            "Russia: expulsion of diplomats of Ukraine.",
        ),
    ],
)
def test_missing_fields_leave_no_hole(event: Event, said: str) -> None:
    assert sentence(event) == said


AMERICANS = Actor(text="US troops", name="United States", country="USA", sector=Sector.MILITARY)
KENYANS = Actor(text="police", name="Kenya", country="KEN", sector=Sector.POLICE)
GUNMEN = Actor(text="gunmen", name="unknown gunmen", sector=Sector.UNKNOWN)
NOBODY = Actor(text="", name="unknown attackers", sector=Sector.UNKNOWN)
LESOTHO = Actor(text="government", name="Lesotho", country="LSO", sector=Sector.GOVERNMENT)
MUTINEERS = Actor(text="soldiers", name="mutinous soldiers", country="LSO", sector=Sector.MILITARY)
HORMUZ = Place(name="Strait of Hormuz", precision=Precision.REGION)
BASE = Place(name="Erbil air base", country="IRQ", precision=Precision.EXACT)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            strike(mode="drone", actors=(), recipients=(AMERICANS,), place=BASE, on=None),
            "Drone attack on forces of the United States at Erbil air base.",
        ),
        (
            strike(mode="artillery", actors=(), recipients=(AMERICANS,), place=BASE, on=None).model_copy(
                update={"weapon": "Katyusha rockets"}
            ),
            "Rocket attack on forces of the United States at Erbil air base.",
        ),
        (
            strike(mode="clash", actors=(GUNMEN,), recipients=(KENYANS,), place=None, on=None, killed=5),
            "Unknown gunmen: armed clash with police of Kenya; 5 killed.",
        ),
        (
            strike(mode="drone", actors=(NOBODY,), recipients=(AMERICANS,), place=BASE, on=None),
            "Drone attack on forces of the United States at Erbil air base.",
        ),
        (
            strike(event_type="COERCE", mode="seize", place=HORMUZ, on=None),
            "Russia: seizure from Ukraine in the Strait of Hormuz.",
        ),
        (
            strike(
                event_type="COERCE",
                mode="coup",
                actors=(MUTINEERS,),
                recipients=(LESOTHO,),
                place=None,
                on=None,
            ),
            "Mutinous soldiers: coup against the government of Lesotho.",
        ),
        (
            strike(event_type="MOBILIZE", mode="naval", place=None, on=None),
            "Russia: naval deployment against Ukraine.",
        ),
    ],
)
def test_it_reads_as_a_person_would_say_it(event: Event, said: str) -> None:
    assert sentence(event) == said


@pytest.mark.parametrize("event_type", list(EventType))
def test_every_type_has_words_without_a_mode(event_type: EventType) -> None:
    assert sentence(
        strike(mode="", on=None).model_copy(update={"event_type": event_type, "mode": None})
    ).endswith(".")


def test_a_range_is_printed_as_one() -> None:
    assert number(Count(low=3, high=9)) == "3-9"
    assert number(Count(low=3, high=3)) == "3"
