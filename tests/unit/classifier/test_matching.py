"""The same incident or not: CODEBOOK §6 on single events."""

from datetime import date, timedelta

import pytest

from services.classifier.incidents.comparing.places import distance_km
from services.classifier.incidents.comparing.sides import same_side
from services.classifier.memory import PlainMemory
from shared.contracts import Actor, Event, Place, Precision, Sector
from tests.support.classifier import (
    KHARKIV,
    MORNING,
    ODESA,
    RUSSIA,
    UKRAINE,
    UKRAINIANS,
    Reader,
    article,
    strike,
)

ERBIL = Place(name="Erbil", country="IRQ", lat=36.19, lon=44.01, precision=Precision.CITY)
AIR_BASE = Place(name="Erbil Air Base", country="IRQ", lat=36.24, lon=43.96, precision=Precision.EXACT)
KATAEB = Actor(text="Kataeb Hezbollah", name="Kataeb Hezbollah", country="IRQ", sector=Sector.REBELS)
NUJABA = Actor(text="Nujaba", name="Harakat Hezbollah al-Nujaba", country="IRQ", sector=Sector.REBELS)
MILITANTS = Actor(text="militants", name="militants", country="IRQ", sector=Sector.REBELS)
BACKED_MILITIA = Actor(
    text="militia", name="Iran-backed militia", country="IRQ", sector=Sector.REBELS, backed_by=("IRN",)
)
GUNMEN = Actor(text="gunmen", name="gunmen", sector=Sector.UNKNOWN)
AMERICANS = Actor(text="US troops", name="United States", country="USA", sector=Sector.MILITARY)


def joined(first: Event, second: Event) -> bool:
    """Whether the second event joins the first one's incident; the two texts have nothing in common."""
    reader = Reader(PlainMemory())
    one = reader.reads(article("alpha beta gamma"), first)
    two = reader.reads(article("delta epsilon zeta"), second)
    return one.main_incident == two.main_incident


@pytest.mark.parametrize(
    ("second", "same"),
    [
        (strike(), True),
        (strike(place=UKRAINE), True),
        (strike(place=None), True),
        (strike(place=ODESA), False),
        (strike(on=None), True),
        (strike(on=date(2024, 3, 6)), True),
        (strike(on=date(2024, 3, 7)), False),
        (strike(actors=()), True),
        (strike(actors=(GUNMEN,)), True),
        (strike(actors=(AMERICANS,)), False),
        (strike(event_type="PROTEST", mode="riot"), True),
        (strike(event_type="COERCE", mode="blockade"), False),
        (strike(event_type="THREATEN", mode="violence"), False),
        (strike(actors=(UKRAINIANS,), recipients=(RUSSIA,)), False),
    ],
)
def test_what_joins_a_missile_strike_on_kharkiv(second: Event, same: bool) -> None:
    assert joined(strike(place=KHARKIV), second) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("COERCE", "seize"), ("COERCE", "deport"), False),
        (("COERCE", "blockade"), ("COERCE", "restrict"), True),
        (("MOBILIZE", "weapons-test"), ("MOBILIZE", "exercise"), False),
        (("THREATEN", "violence"), ("THREATEN", "ultimatum"), True),
        (("SANCTION", "expel"), ("SANCTION", "sanction"), False),
        (("ASSAULT", "clash"), ("ASSAULT", "firearms"), True),
    ],
)
def test_outside_force_two_acts_of_one_type_are_two(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    first = strike(event_type=one[0], mode=one[1])
    assert joined(first, strike(event_type=other[0], mode=other[1])) is same


def test_two_undated_reports_agree_only_when_published_within_a_day() -> None:
    def joins(after: timedelta) -> bool:
        reader = Reader(PlainMemory())
        one = reader.reads(article("alpha beta gamma"), strike(on=None))
        two = reader.reads(article("delta epsilon zeta", at=MORNING + after), strike(on=None))
        return one.main_incident == two.main_incident

    assert joins(timedelta(hours=20))
    assert not joins(timedelta(days=2))


def test_an_air_base_and_its_city_are_one_place() -> None:
    assert joined(strike(place=ERBIL), strike(place=AIR_BASE))


def test_two_attacks_by_unknown_hands_somewhere_in_a_country_stay_apart() -> None:
    nameless = strike(place=UKRAINE, actors=(), recipients=())
    assert not joined(nameless, nameless)


def test_unknown_hands_and_nameless_victims_prove_nothing() -> None:
    """A bombing in Pakistan is not the strike at sea that an earlier report told without a place."""
    people = Actor(text="people", name="civilians", sector=Sector.CIVILIANS)
    at_sea = strike(place=None, on=None, actors=(AMERICANS,), recipients=(people,), killed=11)
    pakistan = Place(name="Pakistan", country="PAK", lat=30.0, lon=70.0, precision=Precision.COUNTRY)
    victims = people.model_copy(update={"country": "PAK"})
    bombing = strike(place=pakistan, on=None, actors=(GUNMEN,), recipients=(victims,), killed=12)

    assert not joined(at_sea, bombing)
    assert joined(at_sea, strike(place=None, on=None, actors=(AMERICANS,), recipients=(), killed=11))
    assert not joined(at_sea, strike(place=None, on=None, actors=(AMERICANS,), recipients=(), killed=3))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (KATAEB, KATAEB, True),
        (KATAEB, NUJABA, False),
        (KATAEB, MILITANTS, True),
        (KATAEB, GUNMEN, True),
        (KATAEB, BACKED_MILITIA, True),
        (NUJABA, BACKED_MILITIA, True),
        (KATAEB, AMERICANS, False),
        (RUSSIA, RUSSIA.model_copy(update={"name": "Russian army", "sector": "GOV"}), True),
        (UKRAINIANS, RUSSIA, False),
    ],
)
def test_sides(one: Actor, other: Actor, same: bool) -> None:
    assert same_side(one, other) is same
    assert same_side(other, one) is same


def test_a_sea_that_both_name_is_as_good_as_a_country() -> None:
    """A seized ship's second report may not say whose it was."""
    strait = Place(name="Strait of Hormuz", lat=26.6, lon=56.2, precision=Precision.REGION)
    aden = Place(name="Gulf of Aden", lat=12.5, lon=47.5, precision=Precision.REGION)
    seizure = strike(event_type="COERCE", mode="seize", place=strait)

    assert joined(seizure, strike(event_type="COERCE", mode="seize", place=strait, recipients=()))
    assert not joined(
        seizure, strike(event_type="COERCE", mode="seize", place=strait, actors=(), recipients=())
    )
    assert not joined(seizure, strike(event_type="COERCE", mode="seize", place=aden, recipients=()))


def test_a_coup_that_was_first_told_by_its_curfew_is_a_coup() -> None:
    reader = Reader(PlainMemory())
    curfew = strike(event_type="COERCE", mode="curfew").model_copy(update={"hostility": 2})
    reader.reads(article("alpha beta gamma"), curfew)
    told = reader.reads(article("delta epsilon zeta"), strike(event_type="COERCE", mode="coup", killed=40))

    (incident,) = told.incidents
    assert incident.event.mode == "coup"


def test_distance_is_great_circle_kilometres() -> None:
    # Erbil city to its airport is about 7 km; Kharkiv to Odesa about 570 km.
    near, far = distance_km(ERBIL, AIR_BASE), distance_km(KHARKIV, ODESA)
    assert near is not None
    assert 5 < near < 9
    assert far is not None
    assert 550 < far < 590
    assert distance_km(ERBIL, Place(name="nowhere")) is None
