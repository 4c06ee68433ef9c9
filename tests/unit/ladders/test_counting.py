"""What an incident counts for."""

from datetime import date, timedelta

import pytest

from services.classifier.incidents import consider
from services.classifier.ladders import Entry, entries, subjects_of
from services.classifier.ladders.counting import main_pair, without
from shared.contracts import Actor, DeedKind, Event, Incident, Ladder, Sector
from tests.support.classifier import MORNING, RUSSIA, UKRAINIANS, article, coded, strike

DAY = date(2024, 3, 5)
HOUTHIS = Actor(text="Houthi rebels", name="Houthis", country="YEM", sector=Sector.REBELS)
GUNMEN = Actor(text="unknown gunmen", name="gunmen", country="YEM", sector=Sector.REBELS)
SAUDIS = Actor(text="Saudi troops", name="Saudi Arabia", country="SAU", sector=Sector.MILITARY)


def opened(event: Event) -> Incident:
    about = article("What happened")
    (incident,) = consider(about, coded(about, event), [], now=MORNING).incidents
    return incident


def test_a_strike_counts_for_its_country_and_its_pair_with_who_acted() -> None:
    assert entries(opened(strike())) == (
        Entry("RUS|UKR", DAY, "ASSAULT>4"),
        Entry("UKR", DAY, "ASSAULT-4"),
    )


def test_the_answer_stands_on_the_same_ladder_in_the_other_direction() -> None:
    troops = UKRAINIANS.model_copy(update={"sector": Sector.MILITARY})
    answer = opened(strike(actors=(troops,), recipients=(RUSSIA,), place=None))

    assert entries(answer) == (Entry("RUS|UKR", DAY, "ASSAULT<4"),)


@pytest.mark.parametrize(
    ("actors", "recipients", "subjects"),
    [
        ((HOUTHIS,), (SAUDIS,), ("Houthis|SAU", "UKR")),
        ((GUNMEN,), (SAUDIS,), ("UKR",)),
        ((), (SAUDIS,), ("UKR",)),
        ((RUSSIA,), (RUSSIA,), ("UKR",)),
        (
            (HOUTHIS, RUSSIA),
            (SAUDIS, UKRAINIANS),
            ("Houthis|SAU", "Houthis|UKR", "RUS|SAU", "RUS|UKR", "UKR"),
        ),
    ],
    ids=["a group by its name", "nobody named", "no actor", "one side", "each with each"],
)
def test_sides_make_pairs(
    actors: tuple[Actor, ...], recipients: tuple[Actor, ...], subjects: tuple[str, ...]
) -> None:
    assert subjects_of(strike(actors=actors, recipients=recipients)) == subjects


def test_what_was_retracted_or_eases_counts_nothing() -> None:
    incident = opened(strike())
    eased = incident.event.model_copy(update={"direction": "deescalatory"})

    assert entries(incident.model_copy(update={"retracted": True})) == ()
    assert entries(incident.model_copy(update={"event": eased})) == ()


def test_a_day_that_is_not_known_is_that_of_the_first_report() -> None:
    week = strike(on=date(2024, 2, 27)).model_copy(update={"date_precision": 2})
    tomorrow_at_its_place = strike(on=date(2024, 3, 6))

    for event in (strike(on=None), week, tomorrow_at_its_place):
        assert {each.day for each in entries(opened(event))} == {DAY}


def test_the_main_pair_is_that_of_the_sides_named_first() -> None:
    assert main_pair(strike(actors=(GUNMEN, HOUTHIS), recipients=(SAUDIS, UKRAINIANS))) == "Houthis|SAU"
    assert main_pair(strike(actors=(GUNMEN,))) == ""


def test_a_ladder_without_what_it_does_not_hold_is_the_same() -> None:
    ladder = Ladder(subject="UKR", days={DAY: {"ASSAULT-4": 1}})
    ours, other = Entry("UKR", DAY, "ASSAULT-4"), Entry("UKR", DAY - timedelta(days=1), "ASSAULT-4")

    assert without(ladder, (other, Entry("SDN", DAY, "ASSAULT-4"))) == ladder
    assert without(ladder, (ours, ours)).count(DAY, DAY) == 0


def test_a_kind_is_read_as_it_was_written() -> None:
    for kind in (DeedKind("ASSAULT", ">", 4), DeedKind("THREATEN", "-", 2)):
        assert DeedKind.read(str(kind)) == kind
    assert DeedKind.read("written by a later release").hostility == 1


def test_a_ladder_counts_by_day_and_by_rung() -> None:
    ladder = Ladder(
        subject="UKR",
        days={DAY: {"ASSAULT-4": 2, "THREATEN-2": 1}, DAY - timedelta(days=2): {"MOBILIZE-3": 1}},
    )
    start = DAY - timedelta(days=6)

    assert ladder.count(start, DAY) == 4
    assert ladder.count(start, DAY, least=3) == 3
    assert ladder.daily(DAY, 4) == (0, 1, 0, 3)
    assert ladder.highest(start, DAY) == 4
    assert ladder.highest(start, DAY - timedelta(days=1)) == 3
    assert ladder.last_of("MOBILIZE", start, DAY) == DAY - timedelta(days=2)
    assert ladder.last_of("SANCTION", start, DAY) is None
