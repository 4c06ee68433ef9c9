"""``tocsin incident merge|split|correct|retract|audit`` on a real Redis."""

import json
from datetime import timedelta
from typing import Any

import pytest

from services.classifier.memory import RedisMemory
from shared.contracts import Alert, Handwork, Incident
from shared.settings import Settings
from tests.support.classifier import KHARKIV, MORNING, ODESA, Reader, article, strike
from tests.support.front import Done, tocsin

WHY = ("--why", "the mayor [/x] said so", "--by", "ana")


class House:
    """A strike on Kharkiv with two reports, one on Odesa, and the command line."""

    def __init__(self, settings: Settings, client: Any) -> None:
        self._client, self._names = client, settings.names
        self._url = settings.redis_url or ""
        self.reader = Reader(RedisMemory(client, settings.names), self._arrives)
        self.first, self.second = article("Missiles hit Kharkiv"), article("Kharkiv toll at 30", at=LATER)
        self.kharkiv = self.reader.reads(self.first, strike(place=KHARKIV, killed=2)).main_incident or ""
        self.reader.reads(self.second, strike(place=KHARKIV, killed=30))
        harbour = article("Odesa harbour hit", at=LATER)
        self.odesa = self.reader.reads(harbour, strike(place=ODESA)).main_incident or ""

    def _arrives(self, about: Any) -> None:
        self._client.set(self._names.article(about.key), about.to_json())
        self._client.zadd(self._names.pending, {about.key: 1})

    def run(self, *words: str) -> Done:
        return tocsin("incident", *words, TOCSIN_REDIS_URL=self._url, COLUMNS="200")

    def incident(self, id_: str) -> Incident:
        return Incident.from_json(self.run(id_, "--json").stdout)

    def last(self) -> Alert:
        ((_, fields),) = self._client.xrevrange(self._names.alerts, count=1)
        return Alert.from_json(fields["alert"])

    def audit(self) -> list[Handwork]:
        return [*map(Handwork.from_json, self.run("audit", "--json").stdout.splitlines())]


LATER = MORNING + timedelta(minutes=10)


@pytest.fixture
def house(settings: Settings, redis_client: Any) -> House:
    return House(settings, redis_client)


def test_an_id_alone_shows_the_incident_wherever_the_option_stands(house: House) -> None:
    for words in (("--json", house.odesa), (house.odesa, "--json"), ("show", house.odesa, "--json")):
        assert json.loads(house.run(*words).stdout)["id"] == house.odesa
    assert house.first.id in house.run(house.kharkiv).stdout


def test_a_word_that_is_no_command_is_bad_usage(house: House) -> None:
    done = house.run("marge", "inc_1", "inc_2")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'merge'?" in done.stderr


def test_merge_says_what_it_did_and_what_rang(house: House) -> None:
    done = house.run("merge", house.odesa, house.kharkiv, *WHY)

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{house.odesa}: merged into {house.kharkiv}: the mayor [/x] said so" in done.stdout
    assert f"rang {house.odesa}-2 retracted: Odesa harbour hit" in done.stdout
    assert house.last().merged_into == house.kharkiv
    shown = house.run(house.kharkiv).stdout
    assert f"merged with {house.odesa}" in shown
    assert "ana, by hand" in shown
    assert f"it goes on in {house.kharkiv}" in house.run(house.odesa).stdout


def test_split_takes_the_articles_that_the_incident_shows(house: House) -> None:
    done = house.run("split", house.kharkiv, house.second.id, *WHY)

    new = house.last()
    assert done.returncode == 0
    assert (new.kind, new.incident_id) == ("corrected", house.kharkiv)
    assert "killed: 30 to 2" in done.stdout
    (opened, *_) = [line.partition(":")[0] for line in done.stdout.splitlines()]
    assert house.incident(opened).split_from == house.kharkiv
    assert f"split from {house.kharkiv}" in house.run(opened).stdout


def test_correct_sets_fields_and_shows_who_set_them(house: House) -> None:
    assert house.run("correct", house.kharkiv, "killed=3", "actor=Wagner", *WHY).returncode == 0

    told = house.incident(house.kharkiv)
    assert told.event.casualties.killed is not None
    assert told.event.casualties.killed.high == 3
    assert [actor.name for actor in told.event.actors] == ["Wagner Group"]
    assert "killed=3 (set by ana)" in house.run(house.kharkiv).stdout


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("dead=3", "the fields are killed, injured"),
        ("killed=many", "write killed=12, killed=9-14 or killed=none"),
        ("place=Tripolis-on-Sea", "name its country too"),
        ("day=yesterday", "write it as 2026-03-02"),
    ],
)
def test_a_field_or_value_that_is_none_says_what_can_be_written(house: House, said: str, told: str) -> None:
    done = house.run("correct", house.kharkiv, said, *WHY)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert house.audit() == []


def test_retract_is_for_good(house: House) -> None:
    assert house.run("retract", house.odesa, *WHY).returncode == 0
    house.reader.reads(article("Odesa harbour hit, officials say", at=LATER), strike(place=ODESA, killed=9))

    assert house.last().kind == "retracted"
    assert "retracted by ana: later reports join it in silence" in house.run(house.odesa).stdout
    again = house.run("retract", house.odesa, *WHY)
    assert (again.returncode, "was retracted already, by ana" in again.stderr) == (1, True)


def test_the_audit_tells_who_did_what_and_why_the_newest_first(house: House) -> None:
    assert house.run("audit").stdout.startswith("Nobody has done anything by hand")
    house.run("correct", house.kharkiv, "killed=3", *WHY)
    house.run("merge", house.kharkiv, house.odesa, *WHY)

    merged, corrected = house.audit()
    assert (merged.deed, merged.incidents) == ("merge", (house.kharkiv, house.odesa))
    assert (corrected.deed, corrected.what, corrected.by) == ("correct", ("killed=3",), "ana")
    assert "the mayor [/x] said so" in house.run("audit").stdout


@pytest.mark.parametrize("why", ["", " \n", "x" * 501])
def test_a_work_needs_a_reason(house: House, why: str) -> None:
    done = house.run("retract", house.odesa, "--why", why)

    assert (done.returncode, "--why takes 1 to 500 signs" in done.stderr) == (2, True)


def test_an_id_that_names_nothing_says_where_to_look(house: House) -> None:
    done = house.run("merge", house.odesa, "inc_none", *WHY)

    assert (done.returncode, done.stdout) == (1, "")
    assert "`tocsin incidents` lists those" in done.stderr
