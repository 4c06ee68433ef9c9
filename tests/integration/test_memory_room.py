"""What a commit leaves behind: all of it expires, buckets drop what has, guards are as fine as they say."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.classifier.incidents import Decision, consider, sought
from services.classifier.incidents.filing import cards
from services.classifier.memory import Committed, RedisMemory
from shared import incidents, retention
from shared.contracts import Article, Incident, Place, Precision
from shared.names import Names
from tests.benchmarks.bulk import Bulk, decisions_of
from tests.benchmarks.invented_news import START, News
from tests.support.classifier import KHARKIV, MORNING, Reader, article, coded, remembering, strike

NAMES = Names("tocsin")
LATER = MORNING + timedelta(minutes=20)
LONGEST = int(retention.LADDERS.total_seconds())
FOR_GOOD = {NAMES.pending, NAMES.attempts, NAMES.considered, NAMES.alerts, NAMES.incidents} | {
    NAMES.ladders,
    NAMES.observed,
}
"""Emptied as articles are considered, trimmed by the house, or a count of few fields."""
LAGOS = Place(name="Lagos", country="NGA", lat=6.45, lon=3.4, precision=Precision.CITY)


@pytest.fixture
def reader(redis_client: Any) -> Reader:
    return remembering(redis_client, NAMES)


def raw(client: Any, key: str) -> bytes:
    found: bytes = client.execute_command("GET", key, NEVER_DECODE=True)
    return found


def opened(reader: Reader) -> str:
    found = reader.reads(article("Missiles hit Kharkiv housing block"), strike(killed=2)).main_incident
    assert found is not None
    return found


def test_all_that_a_commit_writes_expires(reader: Reader, redis_client: Any) -> None:
    opened(reader)
    reader.reads(article("Kharkiv toll rises to 14", at=LATER), strike(killed=14))

    lives = {key: redis_client.ttl(key) for key in redis_client.keys("*")}
    assert {key for key, ttl in lives.items() if ttl < 0} <= FOR_GOOD
    assert max(lives.values()) <= LONGEST
    assert redis_client.zcard(NAMES.pending) == redis_client.hlen(NAMES.attempts) == 0


def test_a_bucket_outlives_the_incidents_on_its_cards(reader: Reader, redis_client: Any) -> None:
    incident = redis_client.ttl(NAMES.incident(opened(reader)))
    buckets = redis_client.keys(NAMES.bucket("*"))
    assert buckets
    assert min(map(redis_client.ttl, buckets)) > incident


def test_the_index_drops_what_last_changed_a_month_ago(reader: Reader, redis_client: Any) -> None:
    opened(reader)
    later = MORNING + retention.INCIDENTS + timedelta(hours=1)
    reader.reads(article("Missiles hit Odesa", at=later), strike(on=later.date()))

    assert redis_client.zcard(NAMES.incidents) == 1


def test_a_bucket_drops_the_cards_of_incidents_that_expired(reader: Reader, redis_client: Any) -> None:
    """A day long past that is told of for ever would never expire itself."""
    gone = opened(reader)
    redis_client.delete(NAMES.incident(gone))
    (bucket,) = redis_client.keys(NAMES.bucket("ASSAULT:UKR:*"))
    number = bytes.fromhex(gone.removeprefix("inc_"))
    assert number in raw(redis_client, bucket)
    for minute in range(70):
        reader.reads(article("Kharkiv toll rises", at=LATER + timedelta(minutes=minute)), strike())

    assert number not in raw(redis_client, bucket)
    assert len(reader.memory.candidates(sought(*about())).incidents) == 1


def about() -> tuple[Article, Any]:
    asked = article("Kharkiv housing block struck by missiles", at=LATER)
    return asked, coded(asked, strike())


def test_an_incident_stands_packed_and_a_bare_one_of_an_older_release_is_read_and_changed(
    reader: Reader, redis_client: Any
) -> None:
    key = NAMES.incident(opened(reader))
    packed = raw(redis_client, key)
    incident = incidents.unpack(packed)
    assert packed.startswith(b"Z0000001")
    assert len(packed) < len(incident.to_json()) / 2
    redis_client.set(key, incident.to_json())

    assert incidents.get(redis_client, NAMES, incident.id) == incident
    joined = reader.reads(article("Kharkiv toll rises to 14", at=LATER), strike(killed=14))
    assert joined.main_incident == incident.id
    assert raw(redis_client, key).startswith(b"Z0000002")


def test_first_reports_of_one_day_in_two_lands_do_not_conflict(reader: Reader) -> None:
    """Both read where all near copies of the day meet; what came in between shares no words with this one."""
    slow, memory = article("Missiles hit Kharkiv housing block"), reader.memory
    coding = coded(slow, strike())
    read = memory.candidates(sought(slow, coding))
    reader.reads(
        article("Gunmen raid a depot of rice in Lagos"), strike(place=LAGOS, actors=(), recipients=())
    )

    reader.arrives(slow)
    decision = consider(slow, coding, read.incidents, now=MORNING)
    assert memory.commit(decision, read.versions) is Committed.WRITTEN


def test_a_copy_that_names_another_land_conflicts(reader: Reader) -> None:
    text = "Seven people were hurt when missiles fell on a market hall in the north of town, rescuers said"
    slow, memory = article("Missiles fall on market hall", summary=text), reader.memory
    coding = coded(slow, strike())
    read = memory.candidates(sought(slow, coding))
    copy = article("Missiles fall on the market hall", summary=text, at=LATER)
    reader.reads(copy, strike(place=LAGOS, actors=(), recipients=()))

    reader.arrives(slow)
    decision = consider(slow, coding, read.incidents, now=MORNING)
    assert memory.commit(decision, read.versions) is Committed.CONFLICT
    again = memory.candidates(sought(slow, coding))
    assert [each.reports[0].article_id for each in again.incidents] == [copy.id]


def test_what_is_read_of_another_land_is_guarded_itself(reader: Reader) -> None:
    text = "Seven people were hurt when missiles fell on a market hall in the north of town, rescuers said"
    copied = article("Missiles fall on the market hall", summary=text)
    reader.reads(copied, strike(place=LAGOS, actors=(), recipients=()))
    slow, memory = article("Missiles fall on market hall", summary=text), reader.memory
    coding = coded(slow, strike(place=KHARKIV))
    read = memory.candidates(sought(slow, coding))
    assert len(read.incidents) == 1
    other = article("Lagos counts its dead after a raid", at=LATER)
    reader.reads(other, strike(place=LAGOS, actors=(), recipients=(), killed=4))

    reader.arrives(slow)
    decision = consider(slow, coding, read.incidents, now=MORNING)
    assert memory.commit(decision, read.versions) is Committed.CONFLICT


def test_what_is_loaded_at_once_is_what_commits_would_have_written(redis_client: Any) -> None:
    """The benchmark of incidents rests on it."""
    stories = [*News(3).incidents(40), News(5).incident(START, reports=60)]
    one, other = Names("one"), Names("other")
    memory = RedisMemory(redis_client, one)
    for told in stories:
        for decision in decisions_of(told):
            commit(redis_client, memory, one, decision)
    bulk = Bulk(redis_client, other)
    bulk.load(stories[:20])
    bulk.finish()
    bulk.load(stories[20:])
    bulk.finish()

    redis_client.delete(one.considered)
    assert standing(redis_client, other) == standing(redis_client, one)


def commit(client: Any, memory: RedisMemory, names: Names, decision: Decision) -> None:
    assert decision.article is not None
    client.zadd(names.pending, {decision.article.key: 1})
    assert memory.commit(decision, {}) is Committed.WRITTEN


def standing(client: Any, names: Names) -> dict[str, Any]:
    """Every key without its prefix, with what stands there, the records of a bucket in any order."""
    found: dict[str, Any] = {}
    for key in client.keys(f"{names.prefix}:*"):
        kind, name = client.type(key), key.removeprefix(names.prefix)
        if key.startswith(names.bucket("")):
            whole = raw(client, key)
            size = len(
                cards.record(
                    key.removeprefix(names.bucket("")), "inc_" + 16 * "0", bytes(cards.SIZE), bytes(32)
                )
            )
            found[name] = whole[:8], sorted(whole[at : at + size] for at in range(8, len(whole), size))
        elif kind == "string":
            found[name] = raw(client, key).replace(f'"{names.prefix}:'.encode(), b'":')
        elif kind == "set":
            found[name] = {each.removeprefix(names.prefix) for each in client.smembers(key)}
        elif kind == "hash":
            # How often a ladder moved is not what is on it.
            told = client.hgetall(key)
            if key.startswith(names.ladder("")):
                told = {day: json.loads(kinds) for day, kinds in told.items() if day != "version"}
            found[name] = told
        elif key == names.incidents:
            found[name] = client.zrange(key, 0, -1, withscores=True)
        else:
            found[name] = sorted(client.zrange(key, 0, -1))
        found[f"{name} lives"] = round(client.ttl(key) / 3600)
    return found


def test_an_incident_of_fifty_reports_takes_a_fraction_of_its_json(redis_client: Any) -> None:
    hot: Incident = [*decisions_of(News(5).incident(START, reports=60))][-1].incidents[0]
    assert len(incidents.pack(hot)) < 0.15 * len(hot.to_json())
