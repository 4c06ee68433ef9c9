"""A quiet period loses nothing and tells nothing twice: the same stories on both memories."""

import os
import signal
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.classifier.incidents import Decision, wake
from services.classifier.memory import Committed, PlainMemory, RedisMemory
from services.classifier.waking import replay_until, ring_what_waited
from services.cli import worker
from shared.contracts import Alert, AlertKind, Incident, Reason
from shared.names import Names
from shared.settings import Settings
from tests.support.classifier import KHARKIV, MORNING, RUSSIA, UKRAINE, Reader, article, remembering, strike
from tests.support.front import eventually

NAMES = Names("tocsin")
QUIET = timedelta(minutes=30)


@pytest.fixture(params=["plain", "redis"])
def reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "plain":
        return Reader(PlainMemory(), quiet=QUIET)
    client = request.getfixturevalue("redis_client")

    return remembering(client, NAMES, QUIET)


def at(minutes: float) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def toll(reader: Reader, minutes: float, killed: int, **more: Any) -> Decision:
    own = " ".join(f"word{minutes}{letter}" for letter in "abcdefgh")  # so that none is a copy
    about = article(f"Kharkiv {own}", at=at(minutes), outlet=f"o{minutes}.example")
    return reader.reads(about, strike(killed=killed, **more))


def state(reader: Reader) -> Incident:
    (incident,) = reader.memory.known([reader.alerts[0].incident_id or ""]).incidents
    return incident


def kinds(reader: Reader) -> list[str]:
    return [str(alert.kind) for alert in reader.alerts]


@pytest.fixture
def waiting(reader: Reader) -> Reader:
    """A strike whose toll rose to five, which rang, and ten minutes later to twelve, which waits."""
    toll(reader, 0, 1)
    toll(reader, 5, 5)
    assert toll(reader, 15, 12).reason is Reason.WAITS
    assert kinds(reader) == ["opened", "updated"]
    return reader


def test_a_second_change_of_a_kind_waits_and_is_told_without_further_news(waiting: Reader) -> None:
    assert state(waiting).wakes_at == at(35)
    assert waiting.looks(at(34)) == []

    (alert,) = waiting.looks(at(36))
    assert (alert.kind, alert.reason, alert.changes) == (
        AlertKind.UPDATED,
        Reason.MORE_KILLED,
        ("killed: 5 to 12",),
    )
    assert (alert.at, alert.sequence, alert.article_id) == (at(36), 3, None)
    assert alert.references == tuple(each.id for each in waiting.alerts[:2])
    assert state(waiting).wakes_at is None
    assert waiting.looks(at(60)) == []


def test_the_step_stands_in_the_history_with_its_reason(waiting: Reader) -> None:
    waiting.looks(at(36))
    waits, woke = state(waiting).history[-2:]

    assert (waits.kind, waits.reason, waits.changes) == (None, Reason.WAITS, ("killed: 5 to 12",))
    assert (woke.article_id, woke.because, woke.sequence) == ("", "the quiet period is over", 3)


def test_it_is_told_as_it_then_stands(waiting: Reader) -> None:
    toll(waiting, 20, 30)
    toll(waiting, 25, 28)
    (alert,) = waiting.looks(at(36))

    assert alert.changes == ("killed: 5 to 28",)
    assert alert.event is not None
    assert alert.event.casualties.killed is not None
    assert alert.event.casualties.killed.low == 28


def test_what_is_taken_back_meanwhile_is_not_told(reader: Reader) -> None:
    toll(reader, 0, 1)
    toll(reader, 5, 5)
    wrong = article("Kharkiv toll at 12", at=at(15))
    reader.reads(wrong, strike(killed=12))
    fixed = article("Kharkiv toll at 5", at=at(20), id=wrong.id, revision=2)
    assert reader.reads(fixed, strike(killed=5)).reason is Reason.NOTHING_NEW

    assert state(reader).wakes_at is None
    assert reader.looks(at(36)) == []
    assert kinds(reader) == ["opened", "updated"]


def test_another_reason_rings_at_once_and_tells_what_waited(waiting: Reader) -> None:
    decision = toll(waiting, 20, 12, claimed_by="Russia")

    assert decision.reason is Reason.NOW_CLAIMED
    assert waiting.alerts[-1].changes == ("killed: 5 to 12", "claimed by Russia")
    assert state(waiting).wakes_at is None
    assert waiting.looks(at(36)) == []


def test_a_correction_and_a_retraction_never_wait(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv, 300 dead", at=at(0))
    reader.reads(first, strike(killed=300))
    for revision, killed in ((2, 30), (3, 3)):
        edit = article(f"Missiles hit Kharkiv, {killed}", at=at(revision), id=first.id, revision=revision)
        reader.reads(edit, strike(killed=killed))
    reader.reads(article("Fireworks in Kharkiv", at=at(5), id=first.id, revision=4))

    assert kinds(reader) == ["opened", "corrected", "corrected", "retracted"]


def test_a_retraction_ends_the_waiting(reader: Reader) -> None:
    first = article("Missiles hit Kharkiv", at=at(0))
    for revision, killed in ((1, 1), (2, 5), (3, 12)):
        edit = article(f"Kharkiv, edit {revision}", at=at(revision), id=first.id, revision=revision)
        reader.reads(edit, strike(killed=killed))
    assert state(reader).wakes_at == at(32)
    reader.reads(article("Fireworks in Kharkiv", at=at(10), id=first.id, revision=4))

    assert state(reader).wakes_at is None
    assert reader.looks(at(60)) == []


def test_a_stale_report_neither_wakes_nor_forgets_what_waits(waiting: Reader) -> None:
    old = article("Kharkiv, the night", at=at(-3000), fetched_at=at(18), outlet="late.example")
    assert waiting.reads(old, strike(killed=2)).reason is Reason.STALE

    assert state(waiting).wakes_at == at(35)
    assert [alert.changes for alert in waiting.looks(at(36))] == [("killed: 5 to 12",)]


def test_after_the_period_news_rings_at_once_again(waiting: Reader) -> None:
    toll(waiting, 40, 30)
    assert waiting.alerts[-1].changes == ("killed: 5 to 30",)
    assert waiting.looks(at(80)) == []


def test_without_a_quiet_period_nothing_waits(reader: Reader) -> None:
    reader.quiet = timedelta(0)
    for minutes, killed in ((0, 1), (1, 5), (2, 12), (3, 30)):
        toll(reader, minutes, killed)
    assert kinds(reader)[0] == "opened"
    assert len(reader.alerts) == 4
    assert reader.looks(at(60)) == []


def test_what_waits_when_the_period_is_switched_off_is_told_at_its_time(waiting: Reader) -> None:
    waiting.quiet = timedelta(0)
    assert len(waiting.looks(at(36))) == 1


def test_an_archives_clock_tells_each_at_its_own_moment(waiting: Reader) -> None:
    (decision,) = replay_until(waiting.memory, at(500), QUIET)
    assert [alert.at for alert in decision.alerts] == [at(35)]


# ---- a kill anywhere, and many workers ----------------------------------------------------------


class Killed(Exception):
    """Stands for the death of a worker."""


class Dying:
    """A memory whose worker dies at its commit, before it is written or after."""

    def __init__(self, memory: Any, *, written: bool) -> None:
        self._memory, self._written = memory, written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        if self._written:
            self._memory.commit(decision, versions)
        raise Killed


def killed_while_looking(reader: Reader, *, written: bool) -> None:
    with pytest.raises(Killed):
        ring_what_waited(Dying(reader.memory, written=written), at(36), QUIET)


def test_a_worker_killed_before_its_commit_loses_nothing(waiting: Reader) -> None:
    killed_while_looking(waiting, written=False)
    assert len(waiting.looks(at(41))) == 1
    assert waiting.looks(at(46)) == []


def test_a_worker_killed_after_its_commit_tells_nothing_twice(waiting: Reader) -> None:
    killed_while_looking(waiting, written=True)
    assert waiting.looks(at(41)) == []
    assert (state(waiting).sequence, state(waiting).wakes_at) == (3, None)


def test_of_two_workers_that_look_at_once_one_tells(waiting: Reader) -> None:
    incident_id = state(waiting).id
    read = [waiting.memory.known([incident_id]) for _ in range(2)]
    decisions = [wake(each.incidents[0], now=at(36), quiet=QUIET) for each in read]
    answers = [
        waiting.memory.commit(decision, each.versions)
        for decision, each in zip(decisions, read, strict=True)
        if decision is not None
    ]
    assert answers == [Committed.WRITTEN, Committed.CONFLICT]
    assert waiting.looks(at(41)) == []


def test_a_report_that_was_first_makes_the_look_come_to_nothing(waiting: Reader) -> None:
    known = waiting.memory.known([state(waiting).id])
    decision = wake(known.incidents[0], now=at(36), quiet=QUIET)
    assert decision is not None
    toll(waiting, 36, 13)

    assert waiting.memory.commit(decision, known.versions) is Committed.CONFLICT
    assert waiting.alerts[-1].changes == ("killed: 5 to 13",)


def test_an_incident_that_expired_is_forgotten(redis_client: Any) -> None:
    memory = RedisMemory(redis_client, NAMES)
    redis_client.zadd(NAMES.waking, {"inc_gone": 1})

    assert memory.due(at(0)) == ()
    assert redis_client.zcard(NAMES.waking) == 0


def test_the_bell_stands_on_the_stream_like_any_other(redis_client: Any) -> None:
    reader = remembering(redis_client, NAMES, QUIET)
    for minutes, killed in ((0, 1), (5, 5), (15, 12)):
        toll(reader, minutes, killed)
    reader.looks(at(36))

    streamed = [Alert.from_json(fields["alert"]) for _, fields in redis_client.xrange(NAMES.alerts)]
    assert streamed == reader.alerts
    assert redis_client.zcard(NAMES.waking) == 0


def test_a_running_worker_looks_by_itself(redis_client: Any, settings: Settings) -> None:
    reader = remembering(redis_client, NAMES, QUIET)
    for minutes, killed in ((0, 1), (5, 5), (15, 12)):
        toll(reader, minutes, killed)
    line = worker.command(name="ours", concurrency=1, log_level="INFO")
    environment = os.environ | {
        "TOCSIN_REDIS_URL": settings.redis_url or "",
        "TOCSIN_DATA_DIR": str(settings.data_dir),
    }
    with subprocess.Popen(
        line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            eventually(lambda: bool(redis_client.xlen(NAMES.alerts) == 3))
        finally:
            os.killpg(running.pid, signal.SIGKILL)
    assert redis_client.zcard(NAMES.waking) == 0


# ---- what else is news --------------------------------------------------------------------------


def test_it_is_told_when_it_becomes_known_where_it_was(reader: Reader) -> None:
    reader.reads(article("Missiles hit Ukraine", at=at(0)), strike(place=UKRAINE))
    reader.reads(article("Kharkiv was hit", at=at(1), outlet="b.example"), strike(place=KHARKIV))
    reader.reads(article("Kharkiv counts its windows", at=at(2), outlet="c.example"), strike(place=KHARKIV))

    assert [(a.kind, a.reason, a.changes) for a in reader.alerts[1:]] == [
        (AlertKind.UPDATED, Reason.PLACE_KNOWN, ("place: Ukraine to Kharkiv",))
    ]


def test_it_is_told_when_it_becomes_known_who_did_it(reader: Reader) -> None:
    gunmen = RUSSIA.model_copy(
        update={"text": "gunmen", "name": "unknown gunmen", "country": None, "sector": "UNK"}
    )
    reader.reads(article("Gunmen hit Kharkiv", at=at(0)), strike(actors=(gunmen,)))
    reader.reads(article("Moscow's men hit Kharkiv", at=at(1), outlet="b.example"), strike(actors=(RUSSIA,)))

    assert [(a.reason, a.changes) for a in reader.alerts[1:]] == [(Reason.ACTOR_KNOWN, ("by: Russia",))]


def test_a_rung_up_is_an_escalation(reader: Reader) -> None:
    threat = {"event_type": "MOBILIZE", "mode": "troops", "on": None}
    seen = strike(**threat, actors=(), recipients=()).model_copy(update={"hostility": 2})  # type: ignore[arg-type]
    reader.reads(article("Troops stand at Kharkiv", at=at(0)), seen)
    shown = seen.model_copy(update={"hostility": 3})
    reader.reads(article("Troops parade at Kharkiv", at=at(1), outlet="b.example"), shown)

    (alert,) = reader.alerts[1:]
    assert (alert.kind, alert.reason) == (AlertKind.ESCALATED, Reason.HOSTILITY_UP)
    assert alert.changes == ("hostility rose from a threat of force to a display of force",)


def test_what_an_older_release_told_is_not_told_again(reader: Reader) -> None:
    """It noted neither place nor actor nor rung: its last state counts as told."""
    toll(reader, 0, 1)
    known = reader.memory.known([state(reader).id])
    (incident,) = known.incidents
    assert incident.told is not None
    told = incident.told.model_copy(update={"placed": None, "actor_named": None, "hostility": None})
    old = incident.model_copy(update={"version": incident.version + 1, "told": told})
    reader.memory.commit(Decision(None, Reason.NOTHING_NEW, incidents=(old,)), known.versions)

    assert toll(reader, 5, 1).reason is Reason.NOTHING_NEW
