"""When the machine merges two incidents, when it splits one, and when it leaves both alone."""

from datetime import date, timedelta

import pytest

from services.classifier.incidents import consider, merging, uniting
from services.classifier.incidents.telling import announcing
from services.classifier.incidents.telling.announcing import Verdict
from services.classifier.memory import PlainMemory
from shared.contracts import Actor, AlertKind, Article, Event, Incident, Place, Precision, Reason, Sector
from tests.support.classifier import MORNING, ODESA, Reader, article, coded, strike

DAY = date(2024, 3, 5)
HILLS = Place(name="Bay region", country="SOM", lat=2.6, lon=43.6, precision=Precision.REGION)
TOWN = Place(name="Baidoa", country="SOM", lat=3.11, lon=43.65, precision=Precision.CITY)
COAST = Place(name="Mogadishu", country="SOM", lat=2.04, lon=45.34, precision=Precision.CITY)
UNKNOWN = Actor(text="", name="unknown attackers", sector=Sector.UNKNOWN)
GROUP = Actor(text="al-Shabaab", name="al-Shabaab", country="SOM", sector=Sector.REBELS)
SOMALIA = Actor(text="lawmaker", name="Somalia", country="SOM", sector=Sector.GOVERNMENT)


def bomb(place: Place, killed: int, actor: Actor, *hit: Actor, main: bool = True) -> Event:
    return strike(
        place=place, on=DAY, actors=(actor,), recipients=hit, killed=killed, main=main, mode="explosives"
    )


@pytest.fixture
def reader() -> Reader:
    return Reader(PlainMemory())


def convoy(reader: Reader) -> tuple[str, str]:
    """One bomb that two articles told of as two: in its region, and in passing in its town."""
    region = article(
        "Roadside bomb hits lawmaker's convoy in the region",
        summary="Two guards died on Tuesday when a roadside bomb struck the convoy of a lawmaker in Bay.",
    )
    first = reader.reads(region, bomb(HILLS, 2, UNKNOWN, SOMALIA)).main_incident
    capital = article(
        "Group claims Mogadishu car bomb that killed 11",
        summary="The group said that its car bomb killed 11 at a junction. Another killed four in Baidoa.",
        at=MORNING + timedelta(hours=3),
    )
    events = [bomb(COAST, 11, GROUP), bomb(TOWN, 4, UNKNOWN, main=False)]
    second = reader.reads(capital, *events).joinings[1].incident_id
    assert first is not None
    assert first != second
    return first, second


def shows_them_one() -> tuple[Article, Event]:
    """A report of the bomb in the town, in words of the report from the region."""
    later = article(
        "Four dead in bombing of lawmaker's convoy",
        summary="Four guards died when a roadside bomb struck the convoy of a lawmaker in Baidoa in Bay.",
        at=MORNING + timedelta(hours=5),
    )
    return later, bomb(TOWN, 4, GROUP, SOMALIA)


def incident(reader: Reader, id_: str) -> Incident:
    (found,) = reader.memory.known([id_]).incidents
    return found


def test_a_later_report_shows_that_two_incidents_are_one(reader: Reader) -> None:
    first, second = convoy(reader)
    rang = len(reader.alerts)
    assert reader.reads(*shows_them_one()).main_incident == first

    stays, goes = incident(reader, first), incident(reader, second)
    assert (goes.retracted, goes.merged_into, stays.merged) == (True, first, (second,))
    assert (len(stays.reports), stays.version, goes.version) == (3, 2, 2)
    assert f"now one with {second}: the reports of each tell of the other" in stays.history[-1].because
    assert goes.history[-1].reason is Reason.MERGED
    # Nobody was told of the one that opened silently: there is nothing to take back.
    assert AlertKind.RETRACTED not in [alert.kind for alert in reader.alerts[rang:]]


def test_what_was_told_is_taken_back_and_says_where_it_went(reader: Reader) -> None:
    first, second = convoy(reader)
    told = announcing.rung(incident(reader, second), Verdict(AlertKind.OPENED, Reason.FIRST_MAIN))
    later, event = shows_them_one()
    decision = consider(later, coded(later, event), [incident(reader, first), told], now=later.fetched_at)

    (back,) = [alert for alert in decision.alerts if alert.kind == AlertKind.RETRACTED]
    assert (back.incident_id, back.sequence, back.merged_into) == (second, 2, first)
    assert back.references == (f"{second}-1",)
    assert decision.main_incident == first


def test_what_a_person_split_is_not_merged_though_its_reports_are_alike(reader: Reader) -> None:
    first, second = convoy(reader)
    one, two = incident(reader, first), incident(reader, second)
    later, event = shows_them_one()
    (joined,) = consider(later, coded(later, event), [two], now=later.fetched_at).incidents
    assert merging.are_one(one, joined)

    assert merging.are_one(one, joined.model_copy(update={"apart_from": (first,)})) == ""


def test_what_was_merged_into_one_that_was_split_stays_apart_from_the_other(reader: Reader) -> None:
    first, second = convoy(reader)
    one, two = incident(reader, first), incident(reader, second)
    one = one.model_copy(update={"merged": ("inc_before",)})
    two = two.model_copy(update={"apart_from": ("inc_before",)})

    assert uniting.held_apart(one, two)
    assert uniting.held_apart(two, one)


def test_one_article_that_tells_of_two_keeps_them_two(reader: Reader) -> None:
    both = article("Missiles hit Kharkiv and Odesa")
    told = reader.reads(both, strike(), strike(place=ODESA, main=False))
    one, two = (incident(reader, joining.incident_id) for joining in told.joinings)

    assert merging.are_one(one, two) == ""


def test_a_revision_that_moves_out_opens_what_says_whence_it_came(reader: Reader) -> None:
    about = article("Missiles hit Kharkiv")
    old = reader.reads(about, strike(killed=2)).main_incident
    reader.reads(article("Kharkiv struck, mayor says", at=MORNING + timedelta(minutes=5)), strike(killed=2))
    edited = article("Missiles hit Odesa, not Kharkiv", id=about.id, revision=2)
    new = reader.reads(edited, strike(place=ODESA, killed=2, printed_day=True)).main_incident
    assert old is not None
    assert new is not None
    assert new != old

    assert incident(reader, new).split_from == old
    assert reader.alerts[-1].split_from == old
    assert f"moved out of {old}" in incident(reader, new).history[0].because
    assert incident(reader, old).history[-1].because == f"a newer revision tells of {new} instead"
