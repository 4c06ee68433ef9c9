"""What the reader's parts make of single sentences: numbers, days, tolls, sides, places, weapons."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.classifier.coding import Coder
from services.classifier.coding.days.dates import dates_in, is_old, tomorrow_has_begun
from services.classifier.coding.lexicon import load
from services.classifier.coding.naming.actors import actors_in
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Sentence
from services.classifier.coding.text.sentences import BODY_LIMIT, read
from services.classifier.coding.tolls.casualties import tolls_in
from shared.contracts import Actor
from tests.unit.coding.reading import article, code, main


def sentence(text: str) -> Sentence:
    return read(article(body=text))[0][0]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("five people", 5, 5),
        ("twenty-one people", 21, 21),
        ("1,140 people", 1140, 1140),
        ("one hundred and three people", 103, 103),
        ("two thousand people", 2000, 2000),
        ("more than 30 people", 30, 30),
        ("several people", 3, 9),
        ("dozens of people", 24, 60),
        ("several dozen people", 24, 60),
        ("scores of people", 40, 99),
        ("hundreds of people", 200, 500),
        ("up to 30 people", 1, 30),
        ("10 to 15 people", 10, 15),
        ("a dozen people", 12, 12),
        ("2.5 people", None, None),
        ("2000 people", 2000, 2000),
    ],
)
def test_numbers_follow_the_codebook(text: str, low: int | None, high: int | None) -> None:
    counts = [(number.count.low, number.count.high) for number in numbers_in(sentence(text))]
    assert counts == ([] if low is None else [(low, high)])


@pytest.mark.parametrize(
    "text",
    [
        "a 25-year-old man",
        "an F-16 jet",
        "an S-300 missile",
        "the war that began in April 2023",
        "In 1991 troops left",
        "the clashes of 2008, again",
    ],
)
def test_ages_types_and_years_are_not_numbers(text: str) -> None:
    assert numbers_in(sentence(text)) == []


THURSDAY = date(2024, 3, 14)


@pytest.mark.parametrize(
    ("text", "day", "printed"),
    [
        ("It happened on Monday.", date(2024, 3, 11), True),
        ("It happened on Thursday.", THURSDAY, True),
        ("It happened yesterday.", date(2024, 3, 13), False),
        ("It happened on 7 October.", date(2023, 10, 7), True),
        ("It happened on October 7, 2023.", date(2023, 10, 7), True),
        ("It happened on Oct. 7.", date(2023, 10, 7), True),
        ("It happened three days ago.", date(2024, 3, 11), False),
        ("It happened on 29 February 2024.", date(2024, 2, 29), True),
    ],
)
def test_days_resolve_against_publication(text: str, day: date, printed: bool) -> None:
    (when,) = dates_in(sentence(text), THURSDAY)
    assert (when.day, when.precision, when.printed) == (day, 1, printed)


@pytest.mark.parametrize(
    ("text", "late", "day"),
    [
        ("It happened on Friday.", True, date(2024, 3, 15)),
        ("It happened on Friday.", False, date(2024, 3, 8)),
        ("It happened last Friday.", True, date(2024, 3, 8)),
        ("It happened on Saturday.", True, date(2024, 3, 9)),
        ("It happened on Thursday.", True, THURSDAY),
    ],
)
def test_a_weekday_that_has_begun_somewhere_is_tomorrow(text: str, late: bool, day: date) -> None:
    (when,) = dates_in(sentence(text), THURSDAY, late)
    assert when.day == day


@pytest.mark.parametrize(("at", "begun"), [("09:59:59", False), ("10:00:00", True), ("23:00:00", True)])
def test_tomorrow_begins_on_the_first_islands_of_the_day(at: str, begun: bool) -> None:
    assert tomorrow_has_begun(datetime.fromisoformat(f"2024-03-14T{at}Z"), THURSDAY) == begun


def test_a_report_of_an_evening_in_new_york_tells_of_asias_next_morning() -> None:
    about = article(
        "Missile strike kills three in Taiwan",
        "A Chinese missile strike on Taipei killed three people on Wednesday, Taiwan said.",
    ).model_copy(update={"published_at": datetime(2023, 12, 27, 0, 30, tzinfo=UTC)})
    evening = Coder().code(about, ZoneInfo("America/New_York"))
    assert [event.occurred_on for event in evening.events] == [date(2023, 12, 27)]

    # A day without an hour, read as noon in UTC: nothing says that it was evening.
    noon = about.model_copy(update={"published_at": datetime(2023, 12, 26, 12, tzinfo=UTC)})
    assert [event.occurred_on for event in Coder().code(noon).events] == [date(2023, 12, 20)]


@pytest.mark.parametrize("text", ["in 1991", "ten years ago", "in August 2020", "last year", "decades ago"])
def test_long_ago_is_old(text: str) -> None:
    found = dates_in(sentence(f"It happened {text}."), THURSDAY)
    assert all(is_old(when, THURSDAY) for when in found)
    assert found or text == "decades ago"  # a vague past is left to the cues of habit


def test_a_month_as_a_verb_is_no_day() -> None:
    assert dates_in(sentence("They may march on the capital."), THURSDAY) == []


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("Four soldiers are killed and two others are wounded.", {"killed": 4, "injured": 2}),
        ("Gunmen attack a village, killing 19 gendarmes and a civilian.", {"killed": 20}),
        ("Two Kenyan guards and a Somali policeman were killed.", {"killed": 3}),
        ("The blast left three dead and five wounded.", {"killed": 3, "injured": 5}),
        ("The death toll rose to 41.", {"killed": 41}),
        ("No one was killed.", {"killed": 0}),
        ("No casualties were reported.", {"killed": 0, "injured": 0}),
        ("A 14-year-old boy is killed.", {"killed": 1}),
        ("Twenty people, including eight volunteers, are killed.", {"killed": 20}),
        ("Rebels kidnapped 15 missionaries.", {"abducted": 15}),
        ("They fired 15 rockets and destroyed 3 tanks.", {}),
        ("Some 2,500 soldiers are stationed there.", {}),
    ],
)
def test_tolls(text: str, tolls: dict[str, int]) -> None:
    read_sentence = sentence(text)
    found = tolls_in(read_sentence, actors_in(read_sentence, load()))
    assert {toll.field: toll.count.low for toll in found} == tolls


def one_actor(text: str) -> Actor:
    (mention,) = actors_in(sentence(text), load())
    return mention.actor


@pytest.mark.parametrize(
    ("text", "name", "country", "sector"),
    [
        ("Kata'ib Hizballah", "Kataeb Hezbollah", "IRQ", "REB"),
        ("Kata’ib Hizballah fighters", "Kataeb Hezbollah", "IRQ", "REB"),
        ("al-Shabaab militants", "Al-Shabaab", "SOM", "REB"),
        ("Israeli soldiers", "Israel", "ISR", "MIL"),
        ("the Pentagon", "United States", "USA", "MIL"),
        ("U.S. troops", "United States", "USA", "MIL"),
        ("Myanmar's junta", "Myanmar", "MMR", "MIL"),
        ("Pakistani Taliban", "Tehrik-i-Taliban Pakistan", "PAK", "REB"),
        ("Palestinian militants", "Palestinian militants", "PSE", "REB"),
        ("Afghan civilians", "civilians", "AFG", "CVL"),
        ("the Donetsk People's Republic", "Donetsk People's Republic", "UKR", "REB"),
        ("unidentified gunmen", "unknown gunmen", None, "UNK"),
    ],
)
def test_actors(text: str, name: str, country: str | None, sector: str) -> None:
    actor = one_actor(text)
    assert (actor.name, actor.country, actor.sector) == (name, country, sector)


def test_who_backs_them_is_kept() -> None:
    actor = one_actor("Iran-backed militias")
    assert (actor.country, actor.sector, actor.backed_by) == (None, "REB", ("IRN",))


def test_us_is_not_us() -> None:
    assert actors_in(sentence("They told us that it is late."), load()) == []
    assert [m.actor.name for m in actors_in(sentence("They told US officials."), load())] == ["United States"]


def test_a_village_that_no_gazetteer_knows_lies_where_its_address_lies() -> None:
    event = main("", "Gunmen opened fire on villagers in Xyzabad, Mali, killing six people.")
    assert event.place is not None
    assert (event.place.name, event.place.country, event.place.lat) == ("Xyzabad", "MLI", None)


def test_a_dateline_is_not_a_place_of_action() -> None:
    event = main(
        "", "", "CAIRO (Agency) - Israeli warplanes bombed a Hezbollah depot near Tyre in Lebanon on Monday."
    )
    assert event.place is not None
    assert event.place.country == "LBN"
    assert [actor.name for actor in event.actors] == ["Israel"]


def test_both_spellings_of_a_town_are_one_place() -> None:
    one = main("", "A missile attack on Arbil in Iraq killed two people.").place
    other = main("", "A missile attack on Erbil in Iraq killed two people.").place
    assert one == other
    assert one is not None


def test_a_very_long_text_is_read_from_the_top_and_says_so() -> None:
    body = "Nothing happened here. " * (BODY_LIMIT // 10)
    assert code(body=body).reason.endswith("only its beginning was read")


def test_without_words_of_force_the_reason_says_so() -> None:
    assert (
        code("Village opens new bridge").reason
        == "no word of force, threat, sanction or repression in the text"
    )
