"""``tocsin incidents`` and ``tocsin incident`` on a real Redis: what happened, why each bell rang or not."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.classifier.memory import RedisMemory
from shared.contracts import Incident
from shared.settings import Settings
from tests.support.classifier import KHARKIV, MORNING, ODESA, Reader, article, strike
from tests.support.front import Done, tocsin

Told = Callable[..., Done]
NASTY = "Kharkiv [/x] struck\x1b[2J"


@pytest.fixture
def told(settings: Settings, redis_client: Any) -> Told:
    """A strike on Kharkiv that three outlets report, the third with a higher toll, and one on Odesa."""
    names = settings.names

    def arrives(about: Any) -> None:
        redis_client.set(names.article(about.key), about.to_json())
        redis_client.zadd(names.pending, {about.key: 1})

    reader = Reader(RedisMemory(redis_client, names), arrives)
    for minutes, title, event in (
        (0, NASTY, strike(place=KHARKIV, killed=2)),
        (10, "Two die in Kharkiv, mayor says", strike(place=KHARKIV, killed=2)),
        (20, "Kharkiv toll rises to 14, mayor says", strike(place=KHARKIV, killed=14)),
        (30, "Odesa harbour hit", strike(place=ODESA)),
    ):
        about = article(title, at=MORNING + timedelta(minutes=minutes), outlet=f"outlet-{minutes}.example")
        reader.reads(about, event)

    def run(*words: str, **environment: str) -> Done:
        return tocsin(*words, TOCSIN_REDIS_URL=settings.redis_url or "", COLUMNS="200", **environment)

    return run


def kharkiv(told: Told) -> Incident:
    lines = told("incidents", "--json").stdout.splitlines()
    return next(
        i for i in map(Incident.from_json, lines) if i.event.place and i.event.place.name == "Kharkiv"
    )


def test_the_incidents_are_listed_the_last_changed_first(told: Told) -> None:
    shown = told("incidents").stdout.splitlines()

    odesa, kharkiv_ = (
        next(n for n, line in enumerate(shown) if town in line) for town in ("Odesa", "Kharkiv")
    )
    assert odesa < kharkiv_
    assert kharkiv(told).id in shown[kharkiv_]


def test_a_list_may_be_narrowed(told: Told) -> None:
    assert len(told("incidents", "--json", "--most", "1").stdout.splitlines()) == 1
    assert len(told("incidents", "--json", "--country", "ukr").stdout.splitlines()) == 2
    assert told("incidents", "--country", "SDN").stdout.startswith("No such incidents")
    wrong = told("incidents", "--tier", "bad")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Minor, Moderate, Severe, Extreme" in wrong.stderr


def test_one_incident_tells_who_told_what_and_why_it_rang_or_did_not(told: Told) -> None:
    shown = told("incident", kharkiv(told).id).stdout

    steps = [line.split() for line in shown.splitlines()]
    kinds = [step[2] for step in steps if len(step) > 2 and step[2] in ("opened", "silent", "updated")]
    assert kinds == ["opened", "silent", "updated"]
    assert "killed: 2 to 14" in shown
    assert "already alerted, nothing new" in shown
    assert "sure of one thing" in shown
    assert not {"\x1b"} & set(shown)
    assert "[/x]" in shown


def test_the_history_is_kept_with_the_record(told: Told) -> None:
    history = kharkiv(told).history

    assert [step.sequence for step in history] == [1, 0, 2]
    assert json.loads(told("incident", kharkiv(told).id, "--json").stdout)["history"][2]["changes"] == [
        "killed: 2 to 14"
    ]


def test_an_unknown_id_says_where_to_look(told: Told) -> None:
    done = told("incident", "inc_none")

    assert (done.returncode, done.stdout) == (1, "")
    assert "`tocsin incidents` lists those" in done.stderr
