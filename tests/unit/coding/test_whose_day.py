"""Stories of whose day it is: the deed's, that of what it answers, or that of what came before."""

from datetime import date

import pytest

from services.classifier.coding.days.clocks import clock_in
from services.classifier.coding.days.dates import dates_in
from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article, main

THURSDAY = date(2024, 3, 14)
MONDAY, TUESDAY, WEDNESDAY = date(2024, 3, 11), date(2024, 3, 12), date(2024, 3, 13)


@pytest.mark.parametrize(
    "text",
    [
        "The toll from Tuesday's twin car bomb attacks in Baghdad, Iraq, has risen to 19.",
        "Nineteen people were killed by Tuesday's car bomb attack in Baghdad, Iraq.",
    ],
)
def test_a_possessive_day_is_that_of_the_deed_it_owns(text: str) -> None:
    assert main("", text).occurred_on == TUESDAY


def test_since_a_day_bounds_and_since_its_deed_dates() -> None:
    title = "Car bomb kills 19 in Baghdad, Iraq"
    assert main(title, "Ten more have died since Tuesday's attack.").occurred_on == TUESDAY
    assert main(title, "The markets have been shut since Tuesday.").occurred_on is None


def test_a_deed_is_not_of_the_day_of_what_it_answers() -> None:
    text = "Ukrainian drones hit a refinery in Saratov, Russia, overnight in answer to Monday's missile raid."
    event = main("", text)
    assert (event.occurred_on, event.date_inferred) == (THURSDAY, True)


def test_days_counted_from_a_deed_date_that_deed_alone() -> None:
    text = "Shells fell on Tyre in Lebanon on Wednesday, two days after a raid."
    whens = dates_in(read(article(body=text))[0][0], THURSDAY)
    assert [(when.day, when.counted) for when in whens] == [(WEDNESDAY, False), (MONDAY, True)]
    event = main("", "Israeli shells killed four in Tyre, Lebanon, a day after a rocket attack.")
    assert event.occurred_on is None


def test_the_same_day_is_the_one_told_before_it() -> None:
    text = "Four were killed on Tuesday and six more the same day."
    whens = dates_in(read(article(body=text))[0][0], THURSDAY)
    assert [when.day for when in whens] == [TUESDAY, TUESDAY]


def test_overnight_stands_against_a_day_that_it_cannot_mean() -> None:
    event = main(
        "",
        "Israeli warplanes bombed a depot near Tyre in Lebanon overnight, killing two.",
        "An Israeli strike on Tyre on Monday killed nine people.",
    )
    assert event.occurred_on == THURSDAY


def test_a_market_held_on_mondays_is_no_day_though_its_raid_is() -> None:
    whens = dates_in(read(article(body="They buried the dead of Monday's market raid."))[0][0], THURSDAY)
    assert [when.day for when in whens] == [MONDAY]


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed nine villagers near Tillaberi in Niger at noon.",
        "Gunmen killed nine villagers near Tillaberi in Niger at about 6:20 pm.",
        "Gunmen killed nine villagers in the morning near Tillaberi in Niger.",
        "Gunmen killed nine villagers in Niger shortly after midnight, officials said on Thursday.",
    ],
)
def test_an_hour_without_a_day_is_of_today_and_inferred(text: str) -> None:
    event = main("", text)
    assert (event.occurred_on, event.date_inferred) == (THURSDAY, True)


def test_an_hour_in_the_lead_dates_the_deed_of_the_title() -> None:
    title = "Gunmen kill nine villagers in Niger"
    assert main(title, "The raid near Tillaberi began at 3 am.").occurred_on == THURSDAY
    assert main(title, "They were farmers, the governor said at noon.").occurred_on is None


@pytest.mark.parametrize(
    "text",
    [
        "A curfew from 6 pm was imposed.",
        "It is open every day at noon.",
        "The governor said the morning was calm.",
        "Nobody came.",
    ],
)
def test_no_hours_of_a_deed(text: str) -> None:
    assert clock_in(read(article(body=text))[0][0], THURSDAY) is None


def test_a_named_day_counts_for_more_than_an_hour() -> None:
    event = main("Gunmen kill nine villagers in Niger", "They came at 3 am. It was on Tuesday.")
    assert (event.occurred_on, event.date_inferred) == (TUESDAY, False)


def test_the_day_of_a_funeral_is_not_that_of_the_deed() -> None:
    title = "Nine villagers killed by gunmen in Niger"
    summary = "The nine were buried side by side on Wednesday. They were shot near Tillaberi on Monday."
    assert main(title, summary).occurred_on == MONDAY
