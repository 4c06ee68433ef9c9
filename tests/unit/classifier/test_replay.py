"""An archive replayed: in the outlets' zones, and with their voices."""

from datetime import datetime

import pytest

from services.classifier.coding import Coder
from services.classifier.memory import PlainMemory
from services.classifier.replay import Replayed, archive_of, in_published_order, replay, to_line
from shared.contracts import Article, Certainty, Event
from tests.support.classifier import MORNING, Reader, article, strike
from tests.support.ladders import struck, watched

CODER = Coder()


def told(
    outlet: str, at: str, summary: str, title: str = "Russian missile strike on Kharkiv kills four"
) -> Article:
    moment = datetime.fromisoformat(at)
    return Article(
        id=f"art_{outlet}",
        outlet=outlet,
        title=title,
        summary=summary,
        published_at=moment,
        fetched_at=moment,
    )


def replayed(*articles: Article) -> list[Event]:
    """The incident's event after each article."""
    return [
        incident.event
        for each in replay(in_published_order(articles), CODER)
        for incident in each.decision.incidents
    ]


@pytest.mark.parametrize(("outlet", "day"), [("scmp.com", "2024-03-05"), ("nobody.example", "2024-03-04")])
def test_an_evening_in_utc_is_the_next_day_in_hong_kong(outlet: str, day: str) -> None:
    (event,) = replayed(
        told(
            outlet,
            "2024-03-04T20:30:00Z",
            "A Russian missile strike on the Ukrainian city of Kharkiv killed four people today.",
        )
    )
    assert event.occurred_on is not None
    assert event.occurred_on.isoformat() == day


REPORTS = (
    ("09:00", "A Russian missile strike on the Ukrainian city of Kharkiv killed four people on Tuesday."),
    (
        "09:20",
        "Four people died on Tuesday when a Russian missile struck Kharkiv in Ukraine, its mayor told us.",
    ),
    ("09:40", "Rescuers in Kharkiv found four people killed by a Russian missile strike on Tuesday morning."),
)


@pytest.mark.parametrize(
    ("outlets", "ending", "certainty"),
    [
        (("reuters.com", "a.example", "b.example"), " (Reuters)", Certainty.LIKELY),
        (("reuters.com", "a.example", "b.example"), "", Certainty.OBSERVED),
    ],
)
def test_a_wire_and_its_reprints_do_not_make_an_event_observed(
    outlets: tuple[str, ...], ending: str, certainty: Certainty
) -> None:
    events = replayed(
        *(
            told(outlet, f"2024-03-05T{at}:00Z", text + ending, f"Russian missile strike on Kharkiv: {at}")
            for outlet, (at, text) in zip(outlets, REPORTS, strict=True)
        )
    )
    assert len(events) == 3
    assert [event.certainty for event in events] == [Certainty.LIKELY, Certainty.LIKELY, certainty]


# ---- trends and an archive's days ---------------------------------------------------------------


def test_a_trend_stands_among_what_else_rang_and_is_no_main_alert() -> None:
    reader = Reader(PlainMemory())
    watched(reader, MORNING, 100)
    about = article("Missiles hit Kharkiv")
    line = to_line(Replayed(about, reader.reads(about, strike())))

    assert line["alert"]["kind"] == "opened"
    assert [(each["incident_id"], each["kind"], each["trend"]["subject"]) for each in line["also"]] == [
        (None, "trend.escalated", "RUS|UKR"),
        (None, "trend.escalated", "UKR"),
    ]


def test_an_archive_covers_the_days_on_which_it_has_articles() -> None:
    memory = PlainMemory()
    reader = Reader(memory)
    struck(reader, MORNING)
    archive = archive_of([article("One", at=MORNING), article("Two", at=MORNING)], memory)

    assert archive.days == {MORNING.date()}
    assert {subject: sum(map(len, days.values())) for subject, days in archive.counts.items()} == {
        "RUS|UKR": 1,
        "UKR": 1,
    }
