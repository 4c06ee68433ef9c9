"""A stated answer finds the incident that it answers, also when another article told of that one."""

from datetime import date, timedelta

import pytest

from services.classifier.memory import PlainMemory
from shared.contracts import Actor, Event, Place, Precision, Response, Sector
from tests.support.classifier import KHARKIV, MORNING, RUSSIA, Reader, article, strike

NEXT_DAY = MORNING + timedelta(days=1)
UKRAINE_STATE = Actor(text="Ukraine", name="Ukraine", country="UKR", sector=Sector.MILITARY)
RYAZAN = Place(name="Ryazan", country="RUS", lat=54.63, lon=39.74, precision=Precision.CITY)


@pytest.fixture
def reader() -> Reader:
    return Reader(PlainMemory())


def answer(cue: str, text: str, on: date = date(2024, 3, 6)) -> Event:
    event = strike(place=RYAZAN, on=on, actors=(UKRAINE_STATE,), recipients=(RUSSIA,), mode="drone")
    return event.model_copy(update={"responds_to": Response(cue=cue, text=text)})


def answered_by(
    reader: Reader, *told: tuple[str, Event], cue: str, text: str
) -> tuple[str | None, list[str]]:
    """What the answer is linked to, and the incidents that were told before it."""
    known = [reader.reads(article(title), event).main_incident or "" for title, event in told]
    decision = reader.reads(article("Drones hit Ryazan refinery", at=NEXT_DAY), answer(cue, text))
    return decision.incidents[0].responds_to, known


def test_the_answer_is_linked_to_the_blow_that_another_article_told(reader: Reader) -> None:
    linked, known = answered_by(
        reader,
        ("Missile hits Kharkiv dormitory", strike()),
        cue="in reply to",
        text="Tuesday's strike on a Kharkiv dormitory",
    )

    assert linked == known[0]


def test_of_two_blows_the_named_one_is_answered(reader: Reader) -> None:
    odesa = Place(name="Odesa", country="UKR", lat=46.48, lon=30.73, precision=Precision.CITY)
    linked, known = answered_by(
        reader,
        ("Missile hits Kharkiv dormitory", strike()),
        ("Missile hits Odesa harbour", strike(place=odesa)),
        cue="in reply to",
        text="the strike on Kharkiv",
    )

    assert linked == known[0]


def test_what_only_came_before_is_not_answered(reader: Reader) -> None:
    rebels = Actor(text="rebels", name="Free Harbour Front", country="RUS", sector=Sector.REBELS)
    blow = strike(place=RYAZAN, actors=(rebels,), recipients=(RUSSIA,))
    linked, _ = answered_by(reader, ("Rebels shell Ryazan", blow), cue="hours after", text="a raid on Ryazan")

    assert linked is None


def test_after_is_an_answer_where_the_struck_side_strikes_back(reader: Reader) -> None:
    blow = strike(recipients=(UKRAINE_STATE,))
    linked, known = answered_by(
        reader, ("Missile hits Kharkiv barracks", blow), cue="a day after", text="a missile hit Kharkiv"
    )

    assert linked == known[0]


def test_the_second_blow_of_one_hand_is_no_answer_to_its_first(reader: Reader) -> None:
    first = strike(place=RYAZAN, actors=(UKRAINE_STATE,), recipients=(RUSSIA,), printed_day=True)
    linked, _ = answered_by(
        reader, ("Drones hit Ryazan", first), cue="in response to", text="the strike on Ryazan"
    )

    assert linked is None


def test_a_deed_older_than_two_weeks_is_not_sought(reader: Reader) -> None:
    reader.reads(article("Missile hits Kharkiv dormitory"), strike(place=KHARKIV))
    late = article("Drones hit Ryazan refinery", at=MORNING + timedelta(days=16))
    decision = reader.reads(late, answer("in reply to", "the strike on Kharkiv", late.published_at.date()))

    assert decision.incidents[0].responds_to is None
