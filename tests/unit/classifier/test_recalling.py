"""What an article only recalls joins the incident it tells of, and neither opens nor moves nor rings one."""

from datetime import timedelta

from services.classifier.memory import PlainMemory
from shared.contracts import Article, Casualties, Count, Event, Status
from tests.support.classifier import MORNING, ODESA, Reader, article, strike

TITLE = "Missile strike hits dormitory in Kharkiv, killing nine"
WORDS = "A Russian missile hit a student dormitory in the Saltivka district of Kharkiv, killing nine people."
LATER = "Four days after the missile strike on the dormitory in Saltivka, Kharkiv buried nine students."


def report(on_day: int = 0, **more: str) -> Article:
    return article(TITLE, summary=WORDS, at=MORNING + timedelta(days=on_day), **more)  # type: ignore[arg-type]


def follow_up(on_day: int = 4, **more: str) -> Article:
    at = MORNING + timedelta(days=on_day)
    return article("Kharkiv buries its students", summary=LATER, at=at, **more)  # type: ignore[arg-type]


def recalled(event: Event) -> Event:
    return event.model_copy(update={"status": Status.HISTORICAL, "main": False})


def test_a_background_event_joins_the_incident_it_tells_of_in_silence() -> None:
    reader = Reader(PlainMemory())
    first = reader.reads(report(), strike(killed=9))
    later = reader.reads(follow_up(), recalled(strike()))

    assert later.main_incident == first.main_incident
    assert later.joinings[0].recalled
    assert reader.rang() == [("opened", TITLE)]


def test_a_background_event_opens_nothing() -> None:
    reader = Reader(PlainMemory())
    decision = reader.reads(follow_up(), recalled(strike()))

    assert (decision.joinings, decision.incidents, reader.rang()) == ((), (), [])


def test_a_background_event_moves_nothing_and_is_no_voice() -> None:
    reader = Reader(PlainMemory())
    reader.reads(report(), strike(killed=9))
    many = Casualties(killed=Count(low=60, high=60))
    later = reader.reads(
        follow_up(outlet="other.example"), recalled(strike()).model_copy(update={"casualties": many})
    )
    (incident,) = later.incidents

    assert incident.event.casualties.killed == Count(low=9, high=9)
    assert incident.outlets == ("harbour-post.example",)
    assert incident.reports_count == 2
    assert reader.rang() == [("opened", TITLE)]


def test_codes_alone_prove_nothing_of_what_is_recalled() -> None:
    reader = Reader(PlainMemory())
    reader.reads(report(), strike(killed=9))
    other = article("A reward is offered for the bombers", summary="The governor spoke to the press at noon.")

    assert reader.reads(other, recalled(strike(killed=9))).joinings == ()


def test_a_likeness_in_words_does_not_bring_two_towns_together() -> None:
    reader = Reader(PlainMemory())
    reader.reads(report(), strike(killed=9))
    elsewhere = article("Odesa buries its dead", summary="Odesa buried the nine dead of a missile strike.")

    assert reader.reads(elsewhere, recalled(strike(place=ODESA))).joinings == ()


def test_an_incident_that_its_only_report_no_longer_tells_as_news_is_retracted() -> None:
    reader = Reader(PlainMemory())
    reader.reads(report(id="art_own"), strike(killed=9))
    reader.reads(follow_up(outlet="other.example"), recalled(strike()))
    edited = article(TITLE, summary=WORDS, id="art_own", revision=2, at=MORNING)
    reader.reads(edited, recalled(strike()))

    assert [kind for kind, _ in reader.rang()] == ["opened", "retracted"]
