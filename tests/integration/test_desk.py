"""The desk on a real Redis: what becomes of an article that fails, kills, can't be read, or is too new."""

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import Any

import pytest

from services.classifier.desk import Desk
from services.classifier.incidents import consider
from services.classifier.memory import RedisMemory
from shared import deadletters, incidents
from shared.clock import FakeClock
from shared.contracts import Alert, Article, Coding, Incident
from shared.errors import BadInput, StoreUnavailable
from shared.settings import Settings
from tests.support.classifier import MORNING, article, coded, strike


class Coder:
    """Codes a strike in everything, and fails where the title says so; notes in which zones it was asked."""

    def __init__(self) -> None:
        self.zones: list[str] = []

    def code(self, about: Article, zone: tzinfo) -> Coding:
        self.zones.append(str(zone))
        if "breaks" in about.title:
            raise ZeroDivisionError("a strange text")
        return coded(about, strike())


class Bench:
    """A desk, the store under it, and what it asked to be sent again."""

    def __init__(self, client: Any, settings: Settings) -> None:
        self.client, self.names = client, settings.names
        self.memory = RedisMemory(client, self.names)
        self.sent_again: list[str] = []
        self.coder = Coder()
        self.desk = Desk(self.coder, self.memory, FakeClock(MORNING), settings, self.sent_again.extend)  # type: ignore[arg-type]

    def waits(self, about: Article) -> str:
        self.client.set(self.names.article(about.key), about.to_json())
        self.client.zadd(self.names.pending, {about.key: 1})
        return about.key

    def died_before(self, key: str, times: int) -> None:
        self.client.hset(self.names.attempts, key, times)

    def incident(self, key: str) -> Incident:
        (raw,) = self.client.execute_command("MGET", key, NEVER_DECODE=True)
        return incidents.unpack(raw)

    def dead(self) -> dict[str, str]:
        return {letter.key: letter.reason for letter in deadletters.listed(self.client, self.names)}

    def pending(self) -> list[str]:
        return list(self.client.zrange(self.names.pending, 0, -1))


@pytest.fixture
def bench(redis_client: Any, settings: Settings) -> Bench:
    return Bench(redis_client, settings)


def test_an_article_is_coded_in_its_outlets_zone_and_told_with_its_name_and_voice(bench: Bench) -> None:
    bench.desk.consider([bench.waits(article("Missiles hit", summary="KYIV (AP) - Hit.", outlet="scmp.com"))])
    bench.desk.consider([bench.waits(article("A goat got lost"))])

    assert bench.coder.zones == ["Asia/Hong_Kong", "UTC"]
    (_, fields), *_ = bench.client.xrange(bench.names.alerts)
    alert = Alert.from_json(fields["alert"])
    assert alert.sources[0].name == "South China Morning Post"
    assert alert.certainty_because == (
        '1 independent voice: South China Morning Post (credits Associated Press: "KYIV (AP)")'
    )


def test_the_operators_own_outlets_have_their_zone_and_their_name(
    redis_client: Any, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "outlets.tsv"
    file.write_text("harbour.example\tHarbour Post\tJPN\tAsia/Tokyo\ten\tbroadsheet\t\t\n", encoding="utf-8")
    bench = Bench(redis_client, settings.model_copy(update={"outlets": file}))
    bench.desk.consider([bench.waits(article("Missiles hit", outlet="harbour.example"))])

    assert bench.coder.zones == ["Asia/Tokyo"]
    (_, fields), *_ = bench.client.xrange(bench.names.alerts)
    assert Alert.from_json(fields["alert"]).sources[0].name == "Harbour Post"


def test_reports_that_an_older_release_kept_get_their_voice(bench: Bench) -> None:
    bench.desk.consider([bench.waits(article("Missiles hit Kharkiv", outlet="reuters.com"))])
    ((_, fields),) = bench.client.xrange(bench.names.alerts)
    key = bench.names.incident(Alert.from_json(fields["alert"]).incident_id or "")
    kept = bench.incident(key)
    old = tuple(report.model_copy(update={"voice": ""}) for report in kept.reports)
    bench.client.set(key, kept.model_copy(update={"reports": old}).to_json())

    bench.desk.consider([bench.waits(article("Blasts in Kharkiv", summary="(Reuters)", outlet="dawn.com"))])
    assert bench.incident(key).outlets == ("reuters.com",)


def test_a_considered_article_leaves_no_trace_of_waiting(bench: Bench) -> None:
    key = bench.waits(article("Missiles hit Kharkiv"))
    bench.desk.consider([key])

    assert bench.pending() == []
    assert bench.client.hlen(bench.names.attempts) == 0
    assert bench.client.xlen(bench.names.alerts) == 1
    assert bench.client.ttl(bench.names.article(key)) > 0


def test_after_a_death_the_suspect_is_sent_alone_and_the_rest_goes_on(bench: Bench) -> None:
    suspect, innocent = bench.waits(article("One")), bench.waits(article("Two"))
    bench.died_before(suspect, 1)
    bench.desk.consider([suspect, innocent])

    assert bench.sent_again == [suspect]
    assert bench.pending() == [suspect]


def test_a_third_death_makes_a_dead_letter(bench: Bench) -> None:
    key = bench.waits(article("One"))
    bench.died_before(key, 3)
    bench.desk.consider([key])

    assert bench.pending() == []
    assert "3 times" in bench.dead()[key]


def test_an_article_that_breaks_the_coder_is_tried_three_times_and_its_batch_survives(bench: Bench) -> None:
    bad, good = bench.waits(article("This breaks it")), bench.waits(article("Missiles hit Kharkiv"))
    bench.desk.consider([bad, good])
    assert bench.pending() == [bad]
    for _ in range(2):
        bench.desk.consider([bench.sent_again.pop()])

    assert bench.sent_again == []
    (letter,) = deadletters.listed(bench.client, bench.names)
    assert (letter.key, letter.attempts) == (bad, 3)
    assert "ZeroDivisionError: a strange text" in letter.error


@pytest.mark.parametrize("stored", ["not json", '{"schema_version": "1.0"}'])
def test_an_unreadable_article_is_a_dead_letter_at_once(bench: Bench, stored: str) -> None:
    key = bench.waits(article("One"))
    bench.client.set(bench.names.article(key), stored)
    bench.desk.consider([key])

    assert bench.dead() == {key: "the article can't be read"}


def test_an_article_whose_text_is_gone_is_a_dead_letter(bench: Bench) -> None:
    key = bench.waits(article("One"))
    bench.client.delete(bench.names.article(key))
    bench.desk.consider([key])

    assert "its text is gone" in bench.dead()[key]


def test_an_article_of_a_newer_major_version_waits_for_a_newer_worker(bench: Bench) -> None:
    about = article("One").model_copy(update={"schema_version": "9.0"})
    key = bench.waits(about)
    for _ in range(5):
        bench.desk.consider([key])

    assert bench.pending() == [key]
    assert bench.dead() == {}


def test_an_outage_is_no_death(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    key = bench.waits(article("One"))

    def fails(*_: Any) -> None:
        raise StoreUnavailable("gone")

    for _ in range(5):
        with monkeypatch.context() as patched:
            patched.setattr(bench.memory, "commit", fails)
            with pytest.raises(StoreUnavailable):
                bench.desk.consider([key])
    bench.desk.consider([key])

    assert bench.dead() == {}
    assert bench.client.xlen(bench.names.alerts) == 1


def test_a_newer_incident_among_the_candidates_is_no_death(bench: Bench) -> None:
    first, second = bench.waits(article("One")), bench.waits(article("Two", summary="another text"))
    bench.desk.consider([first])
    (incident,) = bench.client.keys(bench.names.incident("*[0-9a-f]"))
    raw = bench.incident(incident).to_json()
    bench.client.set(incident, raw.replace('"schema_version":"1.0"', '"schema_version":"9.0"', 1))
    for _ in range(5):
        bench.desk.consider([second])

    assert bench.pending() == [second]
    assert bench.dead() == {}


def test_a_broken_incident_costs_nobody_else(bench: Bench) -> None:
    first, second = bench.waits(article("One")), bench.waits(article("Two", summary="another text"))
    bench.desk.consider([first])
    (incident,) = bench.client.keys(bench.names.incident("*[0-9a-f]"))
    bench.client.set(incident, "{}")
    bench.desk.consider([second])

    assert bench.pending() == []
    assert bench.client.xlen(bench.names.alerts) == 2


def test_dropping_what_is_no_dead_letter_leaves_its_text(bench: Bench) -> None:
    key = bench.waits(article("One"))
    with pytest.raises(BadInput):
        deadletters.drop(bench.client, bench.names, key)

    assert bench.client.get(bench.names.article(key)) is not None


def test_reviving_twice_is_reviving_once(bench: Bench) -> None:
    key = bench.waits(article("One"))
    bench.died_before(key, 3)
    bench.desk.consider([key])
    for _ in range(2):
        deadletters.revive(bench.client, bench.names, key, now=MORNING)

    assert bench.pending() == [key]


def test_an_attempt_that_begins_after_the_end_leaves_no_trace(bench: Bench) -> None:
    key = bench.waits(article("One"))
    bench.desk.consider([key])
    bench.memory.begin(key, 0)
    bench.client.zadd(bench.names.pending, {key: 1})
    bench.client.zrem(bench.names.pending, key)
    about = article("One", id=key.split(":")[0])
    bench.memory.commit(consider(about, coded(about), [], now=MORNING), {})

    assert bench.client.hlen(bench.names.attempts) == 0


def test_a_key_that_waits_no_more_is_left_alone(bench: Bench) -> None:
    bench.desk.consider(["art_0:1"])

    assert bench.dead() == {}
    assert bench.client.xlen(bench.names.alerts) == 0


def test_a_dead_letter_can_be_revived_with_a_fresh_count_and_dropped(bench: Bench) -> None:
    key = bench.waits(article("One"))
    bench.died_before(key, 3)
    bench.desk.consider([key])
    deadletters.revive(bench.client, bench.names, key, now=MORNING)

    assert bench.pending() == [key]
    assert bench.dead() == {}
    bench.desk.consider([key])
    assert bench.client.xlen(bench.names.alerts) == 1

    other = bench.waits(article("Two"))
    bench.died_before(other, 3)
    bench.desk.consider([other])
    deadletters.drop(bench.client, bench.names, other)
    assert bench.dead() == {}
    assert bench.client.get(bench.names.article(other)) is None


@pytest.mark.parametrize("verb", ["get", "drop", "revive"])
def test_an_unknown_dead_letter_says_where_to_look(bench: Bench, verb: str) -> None:
    calls: dict[str, Callable[[], Any]] = {
        "get": lambda: deadletters.get(bench.client, bench.names, "art_0:1"),
        "drop": lambda: deadletters.drop(bench.client, bench.names, "art_0:1"),
        "revive": lambda: deadletters.revive(bench.client, bench.names, "art_0:1", now=MORNING),
    }
    with pytest.raises(BadInput, match="tocsin dead list"):
        calls[verb]()
