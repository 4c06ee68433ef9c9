"""One suite for both memories: what a worker may rely on, whether Redis or the process remembers."""

import multiprocessing
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from services.classifier import handwork
from services.classifier.desk import decide_and_commit
from services.classifier.incidents import Decision, consider, sought
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.memory import Candidates, Committed, Memory, PlainMemory, RedisMemory, follow
from services.classifier.memory.interface import Wanted, guard_of
from shared import handworks, store
from shared.clock import FakeClock
from shared.contracts import Alert, AlertKind, Article, Reason
from shared.errors import BadInput
from shared.names import Names
from tests.support.classifier import (
    KHARKIV,
    MORNING,
    ODESA,
    RUSSIA,
    UKRAINE,
    UKRAINIANS,
    Reader,
    article,
    coded,
    remembering,
    strike,
)

NAMES = Names("tocsin")
LATER = MORNING + timedelta(minutes=20)


@pytest.fixture(params=["plain", "redis"])
def reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "plain":
        return Reader(PlainMemory())
    client = request.getfixturevalue("redis_client")
    return remembering(client, NAMES)


def test_second_report_of_the_same_strike_is_quiet(reader: Reader) -> None:
    first = reader.reads(article("Missiles hit Kharkiv housing block"), strike(killed=2))
    second = reader.reads(article("Housing block in Kharkiv struck, mayor says", at=LATER), strike(killed=2))

    assert reader.rang() == [(AlertKind.OPENED, "Missiles hit Kharkiv housing block")]
    assert second.main_incident == first.main_incident
    assert second.reason is Reason.NOTHING_NEW


def test_the_same_day_in_another_city_is_another_incident(reader: Reader) -> None:
    reader.reads(article("Missiles hit Kharkiv housing block"), strike())
    reader.reads(article("Missiles hit Odesa harbour", at=LATER), strike(place=ODESA))

    assert [kind for kind, _ in reader.rang()] == [AlertKind.OPENED, AlertKind.OPENED]


def test_two_strikes_on_one_city_on_two_printed_days_are_two_incidents(reader: Reader) -> None:
    reader.reads(article("Kharkiv struck on Monday"), strike(on=date(2024, 3, 4), printed_day=True))
    reader.reads(
        article("Kharkiv struck on Tuesday", at=LATER), strike(on=date(2024, 3, 5), printed_day=True)
    )

    assert len(reader.alerts) == 2


def test_an_inferred_day_matches_its_neighbour(reader: Reader) -> None:
    reader.reads(article("Kharkiv struck overnight"), strike(on=date(2024, 3, 4)))
    reader.reads(article("Kharkiv hit by missiles", at=LATER), strike(on=date(2024, 3, 5)))

    assert len(reader.alerts) == 1


def test_attack_and_retaliation_on_one_day_ring_apart(reader: Reader) -> None:
    reader.reads(article("Russia hits Ukraine"), strike(place=UKRAINE))
    answer = strike(place=UKRAINE, actors=UKRAINIANS_FORCES, recipients=(RUSSIA,))
    reader.reads(article("Ukraine strikes Russian positions in reply", at=LATER), answer)

    assert len(reader.alerts) == 2


UKRAINIANS_FORCES = (UKRAINIANS.model_copy(update={"sector": "MIL"}),)


def test_a_higher_toll_is_told_once_with_what_changed(reader: Reader) -> None:
    reader.reads(article("Missiles hit Kharkiv"), strike(killed=2))
    reader.reads(article("Kharkiv toll rises", at=LATER), strike(killed=7))
    reader.reads(article("Kharkiv toll at seven", at=LATER + timedelta(hours=1)), strike(killed=7))

    assert reader.alerts[0].kind == AlertKind.OPENED
    assert len(reader.alerts) == 2
    assert "killed: 2 to 7" in reader.alerts[1].changes
    assert reader.alerts[1].references == (reader.alerts[0].id,)


def test_a_secondary_event_opens_silently_and_rings_when_it_is_first_main(reader: Reader) -> None:
    earlier = strike(place=ODESA, main=False)
    reader.reads(article("Missiles hit Kharkiv, hours after Odesa"), strike(), earlier)
    assert len(reader.alerts) == 1

    reader.reads(article("Odesa counts the damage of the strike", at=LATER), strike(place=ODESA))
    assert reader.alerts[1].reason is Reason.FIRST_MAIN


def test_a_stale_article_is_recorded_silently(reader: Reader) -> None:
    old = article("Missiles hit Kharkiv", fetched_at=MORNING + timedelta(days=2))
    decision = reader.reads(old, strike())

    assert reader.alerts == []
    assert decision.reason is Reason.STALE
    assert decision.incidents[0].announced is False


def test_a_near_copy_joins_and_counts_as_no_second_outlet(reader: Reader) -> None:
    text = (
        "Seven people were hurt when missiles fell on a market hall in the north of the city, rescuers said"
    )
    reader.reads(article("Missiles fall on Kharkiv market hall", summary=text), strike())
    copy = article("Missiles fall on market hall in Kharkiv", summary=text, outlet="daily.example", at=LATER)
    decision = reader.reads(copy, strike())

    assert decision.joinings[0].because == "copies an earlier report"
    assert decision.incidents[0].outlets == ("harbour-post.example",)


def test_a_revision_replaces_what_the_older_one_gave(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv, 4 dead")
    reader.reads(first, strike(killed=4))
    decision = reader.reads(
        article("Missiles hit Kharkiv, 5 dead", id=first.id, revision=2), strike(killed=5)
    )

    (incident,) = decision.incidents
    assert [(report.revision, report.event.casualties.killed.low) for report in incident.reports] == [(2, 5)]
    assert incident.reports_count == 1


def test_a_revision_without_the_event_retracts_what_rested_on_it_alone(reader: Reader) -> None:
    first = article("Blasts in Kharkiv")
    reader.reads(first, strike())
    reader.reads(article("Blasts in Kharkiv were fireworks, mayor says", id=first.id, revision=2, at=LATER))

    assert [str(alert.kind) for alert in reader.alerts] == [AlertKind.OPENED, AlertKind.RETRACTED]
    assert reader.alerts[1].references == (reader.alerts[0].id,)


def test_an_edited_headline_leaves_each_event_with_its_own_incident(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv and Odesa")
    one = reader.reads(first, strike(), strike(place=ODESA, main=False))
    edited = article("Missiles strike Kharkiv and Odesa", id=first.id, revision=2, at=LATER)
    two = reader.reads(edited, strike(), strike(place=ODESA, main=False))

    assert [j.incident_id for j in two.joinings] == [j.incident_id for j in one.joinings]
    assert len(reader.alerts) == 1


def test_an_edit_with_a_new_main_event_keeps_the_old_incident_with_the_old_event(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv")
    opened = reader.reads(first, strike()).main_incident
    edited = article("Missiles hit Odesa after Kharkiv", id=first.id, revision=2, at=LATER)
    decision = reader.reads(edited, strike(place=ODESA), strike(main=False))

    assert decision.main_incident != opened
    assert decision.joinings[1].incident_id == opened
    assert [alert.incident_id for alert in reader.alerts] == [opened, decision.main_incident]


def test_a_corrected_place_stays_the_same_incident(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv")
    opened = reader.reads(first, strike()).main_incident
    corrected = article("Missiles hit Odesa, not Kharkiv", id=first.id, revision=2, at=LATER)
    assert reader.reads(corrected, strike(place=ODESA)).main_incident == opened


def test_a_source_that_corrects_itself_corrects_what_was_told(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv, 300 dead")
    reader.reads(first, strike(killed=300))
    reader.reads(article("Missiles hit Kharkiv, 3 dead", id=first.id, revision=2, at=LATER), strike(killed=3))
    moved = article("Missiles hit Odesa, 3 dead", id=first.id, revision=3, at=LATER)
    reader.reads(moved, strike(killed=3, place=ODESA))

    assert [alert.kind for alert in reader.alerts] == [
        AlertKind.OPENED,
        AlertKind.CORRECTED,
        AlertKind.CORRECTED,
    ]
    assert reader.alerts[1].changes == ("killed: 300 to 3",)
    assert reader.alerts[2].changes == ("place: Kharkiv to Odesa",)


def test_a_correction_is_told_however_late(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv, 300 dead")
    reader.reads(first, strike(killed=300))
    late = MORNING + timedelta(days=3)
    edit = article("Missiles hit Kharkiv, 3 dead", id=first.id, revision=2, fetched_at=late)
    reader.reads(edit, strike(killed=3))

    assert [alert.kind for alert in reader.alerts] == [AlertKind.OPENED, AlertKind.CORRECTED]


def test_a_figure_that_another_outlet_still_gives_is_not_corrected(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv")
    reader.reads(first, strike(killed=12))
    reader.reads(article("Twelve dead in Kharkiv", at=LATER), strike(killed=12))
    reader.reads(article("Missiles hit Kharkiv (updated)", id=first.id, revision=2, at=MORNING), strike())

    assert len(reader.alerts) == 1


def test_a_retraction_is_told_once(reader: Reader) -> None:
    first = article("Blasts in Kharkiv")
    reader.reads(first, strike())
    for revision in (2, 3, 4):
        reader.reads(article(f"Fireworks, edit {revision}", id=first.id, revision=revision, at=LATER))

    assert [alert.kind for alert in reader.alerts] == [AlertKind.OPENED, AlertKind.RETRACTED]


def test_another_feeds_teaser_of_the_page_takes_nothing_back(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv", feed_id="feed_world")
    reader.reads(first, strike())
    reader.reads(article("More on our site", id=first.id, revision=2, feed_id="feed_front", at=LATER))

    assert [alert.kind for alert in reader.alerts] == [AlertKind.OPENED]


def test_figures_that_waver_between_outlets_ring_once(reader: Reader) -> None:
    reader.reads(article("Missiles hit Kharkiv"), strike(killed=2))
    for hours, killed in enumerate((12, 9, 12, 9, 12), start=1):
        report = article(f"Kharkiv toll, edition {hours}", at=MORNING + timedelta(hours=hours))
        reader.reads(report, strike(killed=killed))

    assert len(reader.alerts) == 2


def test_a_stale_report_swallows_no_escalation(reader: Reader) -> None:
    reader.reads(article("Missiles hit Kharkiv"), strike(killed=1))
    late = article("Kharkiv toll", at=LATER, fetched_at=LATER + timedelta(days=2))
    reader.reads(late, strike(killed=300))
    assert len(reader.alerts) == 1

    reader.reads(
        article("Three hundred dead in Kharkiv", at=LATER + timedelta(minutes=5)), strike(killed=300)
    )
    assert "killed: 1 to 300" in reader.alerts[1].changes


def test_a_figure_outlives_a_crowd_of_reports(reader: Reader) -> None:
    reader.reads(article("Missiles hit Kharkiv"), strike(killed=30))
    for minute in range(60):
        reader.reads(article(f"Kharkiv, note {minute}", at=MORNING + timedelta(minutes=minute)), strike())
    decision = reader.reads(article("Kharkiv again", at=LATER + timedelta(hours=2)), strike(killed=30))

    (incident,) = decision.incidents
    assert incident.event.casualties.killed is not None
    assert len(incident.reports) <= 50
    assert incident.reports_count == 62
    assert len(reader.alerts) == 1


def test_an_id_that_stands_is_never_given_again(reader: Reader) -> None:
    """A revision number may come again after its table expired; its incident's id may not."""
    first = article("Missiles hit Kharkiv")
    opened = reader.reads(first, strike()).incidents[0]
    coding = coded(first, strike(event_type="COERCE", mode="blockade"))
    decision = consider(first, coding, [opened], now=LATER)

    assert decision.main_incident is not None
    assert decision.main_incident != opened.id


@pytest.mark.parametrize("placeless_first", [True, False])
def test_a_report_without_a_place_finds_its_incident_in_either_order(
    reader: Reader, placeless_first: bool
) -> None:
    placeless = strike(place=None)
    one, two = (placeless, strike()) if placeless_first else (strike(), placeless)
    reader.reads(article("alpha beta gamma"), one)
    reader.reads(article("delta epsilon zeta", at=LATER), two)

    assert [alert.kind for alert in reader.alerts].count(AlertKind.OPENED) == 1


def test_considering_an_article_again_changes_nothing(reader: Reader) -> None:
    about = article("Missiles hit Kharkiv")
    reader.reads(about, strike())
    reader.reads(about, strike())

    assert len(reader.alerts) == 1


def test_a_commit_that_read_an_empty_bucket_conflicts_once_it_is_filled(reader: Reader) -> None:
    """Creation is guarded too: both had read 'nothing there'."""
    memory = reader.memory
    slow, fast = article("Missiles hit Kharkiv"), article("Kharkiv hit by missiles", at=LATER)
    coding = coded(slow, strike())
    read = memory.candidates(sought(slow, coding))
    assert read.incidents == ()
    reader.reads(fast, strike())

    reader.arrives(slow)
    decision = consider(slow, coding, read.incidents, now=MORNING)
    assert memory.commit(decision, read.versions) is Committed.CONFLICT
    assert len(reader.alerts) == 1


ROUNDS, WORKERS = 200, 8


def _race(url: str, number: int, barrier: Any, rounds: list[list[str]]) -> None:
    """One of eight workers: in each round all consider a first report of one incident at once."""
    client = store.connect(url)
    memory: Memory = RedisMemory(client, NAMES)
    for reports in rounds:
        about = Article.from_json(reports[number])
        barrier.wait(30)
        decide_and_commit(
            about,
            coded(about, strike(place=KHARKIV, on=about.published_at.date())),
            memory,
            FakeClock(about.published_at),
            stale_after=timedelta(days=1),
        )


def test_what_no_article_moved_is_written_unless_an_article_was_first(reader: Reader) -> None:
    opened = reader.reads(article("Missiles hit Kharkiv housing block"), strike(killed=2)).main_incident
    assert opened is not None
    known = reader.memory.known([opened, "inc_of_nobody"])
    (incident,) = known.incidents
    by_hand = Decision(
        article=None,
        reason=Reason.NOTHING_NEW,
        incidents=(incident.model_copy(update={"version": 2, "headline": "Kharkiv struck"}),),
    )

    assert known.versions
    assert reader.memory.commit(by_hand, known.versions) is Committed.WRITTEN
    assert reader.memory.commit(by_hand, known.versions) is Committed.CONFLICT
    assert [each.headline for each in reader.memory.known([opened]).incidents] == ["Kharkiv struck"]


HAND = Hand("ana", LATER, "one and the same")


def two_cities(reader: Reader) -> tuple[str, str]:
    kharkiv = reader.reads(article("Missiles hit Kharkiv"), strike()).main_incident
    odesa = reader.reads(article("Missiles hit Odesa harbour", at=LATER), strike(place=ODESA)).main_incident
    assert kharkiv
    assert odesa
    return kharkiv, odesa


def test_what_a_person_merged_takes_the_reports_of_both_from_then_on(reader: Reader) -> None:
    kharkiv, odesa = two_cities(reader)
    handwork.merge(reader.memory, odesa, kharkiv, HAND)
    noon = MORNING + timedelta(hours=3)
    for place in (KHARKIV, ODESA):
        told = reader.reads(article(f"{place.name} struck, mayor says", at=noon), strike(place=place))
        assert told.main_incident == kharkiv

    assert [str(alert.kind) for alert in reader.alerts] == [AlertKind.OPENED, AlertKind.OPENED]
    (stays,) = reader.memory.known([kharkiv]).incidents
    assert stays.reports_count == 4


def test_what_went_leads_on_though_what_goes_on_is_filed_elsewhere(reader: Reader) -> None:
    """The end of the merges is read by its id, and guarded as the rest is."""
    kharkiv, odesa = two_cities(reader)
    handwork.merge(reader.memory, odesa, kharkiv, HAND)
    (gone,) = reader.memory.known([odesa]).incidents
    led = follow(reader.memory, Candidates((gone,), {}))
    (stays,) = reader.memory.known([kharkiv]).incidents

    assert {each.id for each in led.incidents} == {kharkiv, odesa}
    assert led.versions[guard_of(stays)] == stays.version


def test_a_person_and_a_worker_at_once_lose_nothing(reader: Reader) -> None:
    """The person had read before the worker wrote: the work is done again, with what the worker brought."""
    kharkiv, odesa = two_cities(reader)
    seen = []

    class Slow:
        """A memory in which a worker is always quicker, once."""

        def known(self, ids: Sequence[str]) -> Candidates:
            return reader.memory.known(ids)

        def candidates(self, wanted: Wanted) -> Candidates:
            return reader.memory.candidates(wanted)

        def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
            if not seen:
                late = article("Odesa harbour struck, mayor says", at=LATER)
                reader.reads(late, strike(place=ODESA))
            seen.append(reader.memory.commit(decision, versions))
            return seen[-1]

    handwork.merge(Slow(), kharkiv, odesa, HAND)

    assert seen == [Committed.CONFLICT, Committed.WRITTEN]
    (stays,) = reader.memory.known([kharkiv]).incidents
    assert (len(stays.reports), stays.reports_count) == (3, 3)


def test_a_split_opens_what_later_reports_find(reader: Reader) -> None:
    kharkiv, odesa = two_cities(reader)
    handwork.merge(reader.memory, odesa, kharkiv, HAND)
    (stays,) = reader.memory.known([kharkiv]).incidents
    back = handwork.split(reader.memory, kharkiv, [stays.reports[1].article_id], HAND).incidents[0]
    follow_up = article("Odesa harbour struck, mayor says", at=MORNING + timedelta(hours=3))

    assert reader.reads(follow_up, strike(place=ODESA)).main_incident == back.id
    assert back.split_from == kharkiv


def test_the_audit_stands_in_the_same_step_as_the_work(redis_client: Any) -> None:
    reader = remembering(redis_client, NAMES)
    kharkiv, odesa = two_cities(reader)
    with pytest.raises(BadInput, match="name two"):
        handwork.merge(reader.memory, odesa, odesa, HAND)
    handwork.merge(reader.memory, odesa, kharkiv, HAND)
    handwork.retract(reader.memory, kharkiv, HAND)

    done = handworks.newest(redis_client, NAMES, 10)
    assert [(work.deed, work.incidents) for work in done] == [
        ("retract", (kharkiv,)),
        ("merge", (kharkiv, odesa)),
    ]
    redis_client.xadd(NAMES.handwork, {"handwork": "not JSON"})
    assert len(handworks.newest(redis_client, NAMES, 10)) == 2


def test_first_reports_on_eight_workers_open_once(redis_url: str, redis_client: Any) -> None:
    """200 rounds; in each, eight processes commit the first reports of one incident at the same moment."""
    arrives = remembering(redis_client, NAMES).arrives
    rounds = []
    for each in range(ROUNDS):
        day = MORNING + timedelta(days=4 * each)
        reports = [
            article(f"Report {n} of round {each}", at=day, outlet=f"outlet{n}.example")
            for n in range(WORKERS)
        ]
        for report in reports:
            arrives(report)
        rounds.append([report.to_json() for report in reports])
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(WORKERS)
    workers = [context.Process(target=_race, args=(redis_url, n, barrier, rounds)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS

    alerts = [Alert.from_json(fields["alert"]) for _, fields in redis_client.xrange(NAMES.alerts)]
    opened = [alert for alert in alerts if alert.kind == AlertKind.OPENED]
    assert len(opened) == ROUNDS
    assert len({alert.id for alert in alerts}) == len(alerts)
    assert redis_client.zcard(NAMES.pending) == 0
