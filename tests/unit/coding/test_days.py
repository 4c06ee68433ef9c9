"""On which day it was done: the forms in which reports name and point at days, and whose day each is."""

from datetime import date, datetime

import pytest

from services.classifier.coding.days.dates import dates_in, tomorrow_in_tokyo
from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article, main

THURSDAY = date(2024, 3, 14)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Struck 7 Mar 0410 UTC off Aden.", date(2024, 3, 7), 1),
        ("Struck 31 Dec 0940 UTC off Aden.", date(2023, 12, 31), 1),
        ("Minibus fired on, Sun 10 March, pm.", date(2024, 3, 10), 1),
        ("It was hit on 11/3/24.", date(2024, 3, 11), 1),
        ("It was hit on 3/13/2024.", date(2024, 3, 13), 1),
        ("It was hit on 11.03.2024.", date(2024, 3, 11), 1),
        ("It was hit on 2024-03-11.", date(2024, 3, 11), 1),
        ("The plant was hit overnight.", THURSDAY, 1),
        ("The plant was hit this morning.", THURSDAY, 1),
        ("A grenade was thrown minutes ago.", THURSDAY, 1),
        ("13:05 - Shells fall on the market.", THURSDAY, 1),
        ("They stormed the town at the weekend.", date(2024, 3, 9), 2),
        ("The hack began in February 2024.", date(2024, 2, 1), 3),
    ],
)
def test_forms_of_days(text: str, day: date, precision: int) -> None:
    whens = dates_in(read(article(body=text))[0][0], THURSDAY)
    assert (day, precision) in [(when.day, when.precision) for when in whens]


def test_a_part_of_the_day_is_of_the_day_beside_it() -> None:
    whens = dates_in(read(article(body="It was hit before dawn on Tuesday."))[0][0], THURSDAY)
    assert [when.day for when in whens] == [date(2024, 3, 12)]


def test_the_previous_night_is_the_one_before_the_day_beside_it() -> None:
    text = "Families counted the damage on Wednesday after rockets fell the previous night."
    whens = dates_in(read(article(body=text))[0][0], THURSDAY)
    assert [when.day for when in whens] == [date(2024, 3, 13), date(2024, 3, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "The sun set on them.",
        "They sat on a bench.",
        "Route 3/4 is shut.",
        "A bomb went off near the Monday Market.",
        "They remembered Bloody Sunday.",
    ],
)
def test_no_days(text: str) -> None:
    assert dates_in(read(article(body=text))[0][0], THURSDAY) == []


@pytest.mark.parametrize(
    ("summary", "day"),
    [
        (
            "Nine people died on Monday when militants shelled a Syrian market, officials said on Wednesday.",
            date(2024, 3, 11),
        ),
        (
            "Israeli warplanes bombed a Hezbollah depot near Tyre in Lebanon, officials said on Wednesday.",
            None,
        ),
        (
            "Israeli warplanes bombed a depot near Tyre in Lebanon overnight, officials said on Wednesday.",
            date(2024, 3, 13),
        ),
        ("Lebanon's army said an Israeli air strike on Tuesday killed nine near Tyre.", date(2024, 3, 12)),
        ("Gunmen from Islamic State killed nine villagers in Niger, the governor said late on Friday.", None),
        ("Police in Nigeria on Tuesday put at 14 the dead of a bomb attack on a mosque in Maiduguri.", None),
        ("Islamic State claimed on Monday an attack on a village in Niger that killed nine.", None),
        ("The United States imposed sanctions on Iran, the Treasury said on Tuesday.", date(2024, 3, 12)),
    ],
)
def test_the_day_of_a_word_is_not_the_day_of_a_deed_done_before_it(summary: str, day: date | None) -> None:
    assert main("", summary).occurred_on == day


@pytest.mark.parametrize(
    ("summary", "inferred"),
    [
        ("Israeli warplanes bombed a depot near Tyre in Lebanon on Wednesday.", False),
        (
            "Israeli warplanes bombed a depot near Tyre in Lebanon overnight, officials said on Wednesday.",
            True,
        ),
        (
            "Israeli warplanes bombed a depot near Tyre in Lebanon in the night from Tuesday to Wednesday.",
            True,
        ),
    ],
)
def test_a_day_that_may_be_the_one_before_is_inferred(summary: str, inferred: bool) -> None:
    event = main("", summary)
    assert (event.occurred_on, event.date_inferred) == (date(2024, 3, 13), inferred)


@pytest.mark.parametrize(("at", "begun"), [("14:59", False), ("15:00", True), ("00:00", False)])
def test_tomorrow_has_begun_for_an_outlet_of_no_known_zone_once_it_has_in_tokyo(at: str, begun: bool) -> None:
    assert tomorrow_in_tokyo(datetime.fromisoformat(f"2024-03-14T{at}Z")) == begun


def test_a_deed_told_in_the_title_has_the_day_of_its_story() -> None:
    event = main(
        "Rebels attack army base in Mali, killing nine soldiers",
        "The garrison was taken by surprise on Tuesday evening.",
        "Families have waited for news since Monday. The general will visit on Friday.",
    )
    assert event.occurred_on == date(2024, 3, 12)


def test_the_day_of_a_threat_is_the_day_of_the_word() -> None:
    event = main("", "Iran threatened on Wednesday to attack Israel on Friday if it strikes again.")
    assert (event.event_type, event.occurred_on) == ("THREATEN", date(2024, 3, 13))
