"""Ladders in both memories: what is counted, when it rings, and that a load doubles nothing."""

import multiprocessing
import random
from datetime import date, timedelta
from typing import Any

import pytest

from services.classifier.incidents import Decision, consider
from services.classifier.ladders import entries
from services.classifier.ladders.book import Book
from services.classifier.memory import Committed, PlainMemory, RedisMemory
from shared import ladders, store
from shared.contracts import Alert, AlertKind, Incident, Ladder, Reason, ReportedTally, Tally
from shared.names import Names
from tests.support.classifier import (
    KHARKIV,
    MORNING,
    ODESA,
    RUSSIA,
    UKRAINIANS,
    Reader,
    article,
    coded,
    remembering,
    strike,
)
from tests.support.ladders import each_week, struck, watched

NAMES = Names("tocsin")
PAIR, LAND = "RUS|UKR", "UKR"
TODAY = MORNING.date()
THREAT = strike(event_type="THREATEN", mode="violence").model_copy(
    update={"status": "threatened", "hostility": 2}
)


@pytest.fixture(params=["plain", "redis"])
def reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "plain":
        return Reader(PlainMemory())
    client = request.getfixturevalue("redis_client")
    return remembering(client, NAMES)


def ladder(reader: Reader, subject: str = PAIR) -> Ladder:
    found = reader.memory.ladders([subject], TODAY - timedelta(days=200), TODAY + timedelta(days=20))
    return found.of(subject)


def trends(reader: Reader) -> list[Alert]:
    return [alert for alert in reader.alerts if alert.kind == AlertKind.TREND]


# ---- what is counted ----------------------------------------------------------------------------


def test_an_incident_is_counted_once_however_many_tell_it(reader: Reader) -> None:
    for minutes in range(5):
        at = MORNING + timedelta(minutes=minutes)
        reader.reads(article(f"Kharkiv struck, edition {minutes}", at=at), strike(killed=minutes))

    assert ladder(reader).days == {TODAY: {"ASSAULT>4": 1}}
    assert ladder(reader, LAND).days == {TODAY: {"ASSAULT-4": 1}}


def test_a_correction_moves_it_and_a_retraction_takes_it_out(reader: Reader) -> None:
    first = article("Blasts in Kharkiv")
    reader.reads(first, strike())
    yesterday = strike(on=TODAY - timedelta(days=1), actors=())
    reader.reads(article("Blasts in Kharkiv on Monday", id=first.id, revision=2), yesterday)
    assert ladder(reader).days == {}
    assert ladder(reader, LAND).days == {TODAY - timedelta(days=1): {"ASSAULT-4": 1}}

    reader.reads(article("It was fireworks", id=first.id, revision=3))
    assert ladder(reader, LAND).days == {}


def test_what_is_told_in_passing_or_late_counts_as_well(reader: Reader) -> None:
    late = article("Odesa struck", fetched_at=MORNING + timedelta(days=3))
    reader.reads(article("Kharkiv struck, after Odesa"), strike(), strike(place=ODESA, main=False))
    reader.reads(late, strike(place=KHARKIV.model_copy(update={"name": "Sumy", "lat": 50.9, "lon": 34.8})))

    assert ladder(reader).count(TODAY, TODAY) == 3


def test_a_threat_stands_at_its_own_rung(reader: Reader) -> None:
    reader.reads(article("Russia threatens Ukraine"), THREAT)

    assert ladder(reader).days == {TODAY: {"THREATEN>2": 1}}


def test_a_hand_that_retracts_takes_out_what_was_counted(reader: Reader) -> None:
    opened = struck(reader, MORNING)
    known = reader.memory.known([opened])
    retracted = known.incidents[0].model_copy(update={"retracted": True, "version": 2})
    by_hand = Decision(article=None, reason=Reason.SOURCE_WITHDREW, incidents=(retracted,))

    assert reader.memory.commit(by_hand, known.versions) is Committed.WRITTEN
    assert ladder(reader).days == {}


def test_a_ladders_version_rises_only_when_its_counts_change(reader: Reader) -> None:
    reader.reads(article("Kharkiv struck"), strike(killed=2))
    version = ladder(reader).version
    reader.reads(article("Kharkiv toll rises", at=MORNING + timedelta(minutes=5)), strike(killed=9))

    assert ladder(reader).version == version > 0


def test_what_was_judged_on_a_ladder_that_moved_is_judged_again(reader: Reader) -> None:
    struck(reader, MORNING)
    decision = Decision(article=None, reason=Reason.NOTHING_NEW, judged_on={PAIR: ladder(reader).version})
    assert reader.memory.commit(decision, {}) is Committed.WRITTEN

    struck(reader, MORNING)
    assert reader.memory.commit(decision, {}) is Committed.CONFLICT


def test_both_memories_count_what_a_recount_finds(redis_client: Any) -> None:
    """Three hundred changes of forty incidents in no order: sides, days, places, levels, retractions."""
    dice = random.Random(7)  # noqa: S311
    plain, real = PlainMemory(), RedisMemory(redis_client, NAMES)
    states: dict[str, Incident] = {}
    for step in range(300):
        about = article("A strike", at=MORNING)
        event = strike(
            place=dice.choice((KHARKIV, None)),
            on=TODAY - timedelta(days=dice.randrange(5)),
            actors=dice.choice(((RUSSIA,), (UKRAINIANS,), ())),
            recipients=dice.choice(((RUSSIA,), (UKRAINIANS,), (RUSSIA, UKRAINIANS))),
        ).model_copy(update={"hostility": dice.choice((2, 4))})
        (found,) = consider(about, coded(about, event), [], now=MORNING + timedelta(seconds=step)).incidents
        name = f"inc_{dice.randrange(40):016x}"
        states[name] = found.model_copy(update={"id": name, "retracted": dice.random() < 0.2})
        decision = Decision(article=None, reason=Reason.NOTHING_NEW, incidents=(states[name],))
        assert plain.commit(decision, {}) is real.commit(decision, {}) is Committed.WRITTEN

    recount: dict[str, dict[date, dict[str, int]]] = {}
    for entry in (entry for state in states.values() for entry in entries(state)):
        kinds = recount.setdefault(entry.subject, {}).setdefault(entry.day, {})
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    for subject in (PAIR, LAND):
        read = [m.ladders([subject], TODAY - timedelta(days=9), TODAY).of(subject) for m in (plain, real)]
        assert read[0].days == read[1].days == recount[subject]


# ---- when it rings ------------------------------------------------------------------------------


def test_nothing_rings_while_the_history_is_short(reader: Reader) -> None:
    watched(reader, MORNING, 89)
    for hours in range(12):
        struck(reader, MORNING + timedelta(hours=hours))

    assert trends(reader) == []
    assert reader.alerts[-1].severity is not None
    terms = {term.name: term for term in reader.alerts[-1].severity.terms}
    assert terms["rate"].reason == terms["first in 90 days"].reason == "history too short"


def test_a_rate_beyond_its_baseline_rings_once_a_week_with_its_arithmetic(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    each_week(reader, MORNING, [2] * 12)
    assert trends(reader) == []

    tipping = [struck(reader, MORNING + timedelta(hours=hours)) for hours in range(9)]
    rang = {alert.trend.subject: alert for alert in trends(reader) if alert.trend}
    assert len(trends(reader)) == len(rang) == 2
    pair = rang[PAIR]
    assert pair.trend is not None
    assert (pair.incident_id, pair.reason, pair.trend.incident_id) == (None, Reason.RATE_UP, tipping[6])
    assert pair.trend.arithmetic.startswith("7 in 7 days; usually 2 (median of 12 weeks, MAD 0, taken as 1)")
    assert (pair.trend.week, pair.trend.days[-1], len(pair.trend.days)) == (7, 7, 30)
    assert pair.headline == "Russia and Ukraine: 7 incidents in 7 days, usually 2"
    assert pair.severity is not None
    assert rang[LAND].headline == "Ukraine: 7 incidents in 7 days, usually 2"

    for days in (1, 8):
        watched(reader, MORNING + timedelta(days=days), 7 if days == 8 else 1)
        for hours in range(9):
            struck(reader, MORNING + timedelta(days=days, hours=hours))
        assert len(trends(reader)) == (2 if days == 1 else 4)


def test_the_first_blow_rings_its_rung(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    reader.reads(article("Russia threatens Ukraine", at=MORNING - timedelta(days=9)),
                 THREAT.model_copy(update={"occurred_on": TODAY - timedelta(days=9)}))  # fmt: skip
    reader.alerts.clear()
    first = struck(reader, MORNING)
    struck(reader, MORNING + timedelta(hours=1))

    pair, land = trends(reader)
    assert pair.trend is not None
    assert land.trend is not None
    assert (pair.trend.subject, land.trend.subject) == (PAIR, LAND)
    assert (pair.reason, pair.trend.rung, pair.trend.incident_id) == (Reason.RUNG_REACHED, 4, first)
    assert pair.trend.arithmetic == (
        "use of force (MID 4) for the first time in 90 days; "
        "the highest before was threat of force (MID 2), 1 time"
    )


def test_what_is_told_in_passing_or_late_rings_no_trend(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    reader.reads(article("A look back"), strike(main=False))
    late = article("Odesa struck", fetched_at=MORNING + timedelta(days=3))
    reader.reads(late, strike(place=ODESA))

    assert trends(reader) == []


def test_of_what_was_only_told_in_passing_the_first_main_report_rings(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    reader.reads(article("A look back"), strike(main=False))
    reader.reads(article("Missiles hit Kharkiv", at=MORNING + timedelta(minutes=5)), strike())

    assert [alert.reason for alert in trends(reader)] == [Reason.RUNG_REACHED] * 2


def test_a_decision_says_of_each_ladder_why_it_rang_or_not(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    struck(reader, MORNING)
    second = reader.reads(article("Odesa struck"), strike(place=ODESA))

    assert second.trends[0].startswith("RUS|UKR: within its own baseline, and no new rung (2 in 7 days; ")


# ---- severity -----------------------------------------------------------------------------------


def test_severity_knows_the_first_of_its_kind_and_never_counts_itself(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    report = article("Missiles hit Kharkiv")
    first = reader.reads(report, strike()).incidents[0]
    again = reader.reads(
        article("Missiles hit Kharkiv (edited)", id=report.id, revision=2), strike()
    ).incidents[0]
    follow = reader.reads(
        article("Kharkiv, the day after", at=MORNING + timedelta(hours=1)), strike()
    ).incidents[0]
    second = reader.reads(article("Odesa harbour hit"), strike(place=ODESA)).incidents[0]

    def of(incident: Incident) -> tuple[float, str]:
        (term,) = (each for each in incident.severity.terms if each.name == "first in 90 days")
        return term.points, term.reason

    assert of(first) == of(again) == of(follow) == (8.0, "none seen in 100 days")
    assert of(second) == (0.0, "last on 2024-03-05")


def test_severity_weighs_a_rate_above_its_baseline(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    each_week(reader, MORNING, [2] * 12)
    for hours in range(9):
        struck(reader, MORNING + timedelta(hours=hours))
    last = reader.alerts[-1]

    assert last.severity is not None
    (rate,) = (term for term in last.severity.terms if term.name == "rate")
    assert rate.points == 6.0
    assert rate.reason.startswith("4.0 times the usual rate (8 in 7 days; usually 2")


def test_sides_without_a_name_have_no_past(reader: Reader) -> None:
    watched(reader, MORNING, 100)
    (incident,) = reader.reads(article("Blast in Kharkiv"), strike(actors=())).incidents

    reasons = {term.name: term.reason for term in incident.severity.terms}
    assert reasons["rate"] == reasons["first in 90 days"] == "not both sides are named"


# ---- a load -------------------------------------------------------------------------------------


def archive(*days: int, count: int = 3, since: date = TODAY) -> ladders.Archive:
    told = ReportedTally(
        tally=Tally(count=103, of="attacks", since=date(2023, 10, 17)),
        article_id="art_1",
        outlet="harbour.example",
        published_at=MORNING,
    )
    covered = [since - timedelta(days=day) for day in days]
    counts = {PAIR: {day: {"ASSAULT>4": count} for day in covered}}
    return ladders.Archive(frozenset(covered), counts, {PAIR: [told]})


def read(client: Any) -> dict[date, int]:
    found = ladders.read(client, NAMES, [PAIR], TODAY - timedelta(days=200), TODAY).of(PAIR)
    return {day: sum(kinds.values()) for day, kinds in found.days.items()}


def test_a_load_may_be_run_again_and_over_another(redis_client: Any) -> None:
    for _ in range(2):
        loaded = ladders.load(redis_client, NAMES, archive(10, 11, 12), MORNING)
        assert (loaded.days, loaded.subjects, loaded.live) == (3, 1, 0)
        assert read(redis_client) == {TODAY - timedelta(days=n): 3 for n in (10, 11, 12)}
    ladders.load(redis_client, NAMES, archive(12, 13, count=5), MORNING)

    assert read(redis_client) == {
        TODAY - timedelta(days=n): c for n, c in ((10, 3), (11, 3), (12, 5), (13, 5))
    }
    assert len(ladders.tallies(redis_client, NAMES, PAIR)) == 1
    assert ladders.subjects(redis_client, NAMES) == [PAIR]


def test_a_day_that_an_archive_covers_without_an_incident_is_a_day_of_none(redis_client: Any) -> None:
    ladders.load(redis_client, NAMES, archive(10, 11), MORNING)
    empty = ladders.Archive(frozenset({TODAY - timedelta(days=10)}), {})
    ladders.load(redis_client, NAMES, empty, MORNING)

    assert read(redis_client) == {TODAY - timedelta(days=11): 3}


def test_days_that_the_house_watched_stay_as_it_saw_them(redis_client: Any) -> None:
    reader = remembering(redis_client, NAMES)
    struck(reader, MORNING)
    loaded = ladders.load(redis_client, NAMES, archive(0, 1, 2), MORNING)

    assert (loaded.days, loaded.live) == (2, 1)
    assert read(redis_client) == {TODAY: 1, TODAY - timedelta(days=1): 3, TODAY - timedelta(days=2): 3}


def test_a_loaded_day_that_the_house_then_watches_is_its_own(redis_client: Any) -> None:
    ladders.load(redis_client, NAMES, archive(0, 1), MORNING)
    reader = remembering(redis_client, NAMES)
    struck(reader, MORNING)

    assert read(redis_client) == {TODAY: 1, TODAY - timedelta(days=1): 3}


def test_a_loaded_past_is_what_trends_and_severity_are_judged_on(redis_client: Any) -> None:
    quiet = frozenset(TODAY - timedelta(days=n) for n in range(1, 100))
    ladders.load(redis_client, NAMES, ladders.Archive(quiet, {}), MORNING)
    reader = remembering(redis_client, NAMES)
    struck(reader, MORNING)

    assert [alert.reason for alert in trends(reader)] == [Reason.RUNG_REACHED] * 2


def test_what_is_older_than_it_is_kept_is_not_loaded(redis_client: Any) -> None:
    loaded = ladders.load(redis_client, NAMES, archive(399, 401), MORNING)

    assert loaded.days == 1


# ---- many workers ---


def _race(url: str, number: int, barrier: Any) -> None:
    """Tell ten deeds of a type of its own, each in another town, as fast as the others.

    Types share no bucket: nothing but the ladder is common to these workers.
    """
    with store.connect(url) as client:
        reader = remembering(client, NAMES)
        barrier.wait(60)
        for each in range(STRIKES):
            town = KHARKIV.model_copy(
                update={"name": f"Town {number}-{each}", "lat": 44.0 + number, "lon": 22.0 + 1.5 * each}
            )
            title = f"Worker {number} tells of strike {each} on {town.name}"
            reader.reads(article(title, outlet=f"outlet{number}.example", id=f"art_{number}_{each}"),
                         strike(place=town, event_type=TYPES[number]))  # fmt: skip


WORKERS, STRIKES = 4, 10
TYPES = ("ASSAULT", "COERCE", "MOBILIZE", "SANCTION")


def test_of_many_workers_every_count_stands_and_each_trend_rings_once(
    redis_url: str, redis_client: Any
) -> None:
    quiet = frozenset(TODAY - timedelta(days=n) for n in range(1, 100))
    ladders.load(redis_client, NAMES, ladders.Archive(quiet, {}), MORNING)
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(WORKERS)
    workers = [context.Process(target=_race, args=(redis_url, n, barrier)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS

    assert read(redis_client) == {TODAY: WORKERS * STRIKES}
    rang = [Alert.from_json(fields["alert"]) for _, fields in redis_client.xrange(NAMES.alerts)]
    told = sorted((each.trend.subject, str(each.trend.why), each.trend.week) for each in rang if each.trend)
    assert told == [(PAIR, "rate", 5), (PAIR, "rung", 1), (LAND, "rate", 5), (LAND, "rung", 1)]


# ---- in Redis -----------------------------------------------------------------------------------


def test_old_days_fall_out_and_everything_expires(redis_client: Any) -> None:
    reader = remembering(redis_client, NAMES)
    long_ago = MORNING - timedelta(days=500)
    struck(reader, long_ago)
    opened = struck(reader, MORNING)

    days = {field for field in redis_client.hkeys(NAMES.ladder(PAIR)) if field[0].isdigit()}
    assert days == {f"{TODAY}"}
    assert redis_client.hkeys(NAMES.observed) == [f"{TODAY}"]
    assert ladders.incidents_of(redis_client, NAMES, PAIR, 10) == [opened]
    for key in (NAMES.ladder(PAIR), NAMES.ladder_incidents(PAIR), NAMES.incident_ladders(opened)):
        assert redis_client.ttl(key) > 0, key


def test_tallies_stand_beside_the_count_each_as_it_was_told_last(redis_client: Any) -> None:
    memory = RedisMemory(redis_client, NAMES)
    arrives = remembering(redis_client, NAMES).arrives
    for minutes, count in ((0, 103), (5, 104)):
        about = article(f"{count} attacks since October", at=MORNING + timedelta(minutes=minutes))
        arrives(about)
        told = ReportedTally(
            tally=Tally(count=count, of="attacks", since=date(2023, 10, 17)),
            article_id=about.id,
            outlet=about.outlet,
            published_at=about.published_at,
        )
        decision = Decision(
            article=about, reason=Reason.NOTHING_NEW, at=about.fetched_at, tallies={PAIR: (told,)}
        )
        assert memory.commit(decision, {}) is Committed.WRITTEN

    assert [each.tally.count for each in ladders.tallies(redis_client, NAMES, PAIR)] == [104]


def test_a_book_is_a_memory_of_its_own() -> None:
    assert Book().read([PAIR]).of(PAIR) == Ladder(subject=PAIR)
