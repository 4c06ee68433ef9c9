"""The commands that leave a subscriber in peace, and the dry run, on a real Redis."""

import json
from typing import TYPE_CHECKING

import pytest

from shared.contracts import AlertKind, QuietHours
from shared.settings import Settings
from shared.subscriptions import Register
from tests.support.front import Done, tocsin
from tests.support.notifier import alert

if TYPE_CHECKING:
    import redis

HOOK = ("subscribe", "webhook", "https://desk.example.org/hook", "--no-test")


class House:
    """The commands of one installation."""

    def __init__(self, settings: Settings, client: "redis.Redis") -> None:
        self.settings, self.client = settings, client
        self.register = Register(client, settings.names)

    def runs(self, *words: str) -> Done:
        return tocsin(
            *words,
            TOCSIN_REDIS_URL=self.settings.redis_url or "",
            TOCSIN_DATA_DIR=str(self.settings.data_dir),
        )

    def rings(self) -> None:
        for each in (alert(), alert(AlertKind.UPDATED, sequence=2), alert(incident="inc_2", event=None)):
            self.client.xadd(self.settings.names.alerts, {"alert": each.to_json()})


@pytest.fixture
def house(settings: Settings, redis_client: "redis.Redis") -> House:
    return House(settings, redis_client)


def test_quiet_hours_and_a_cap_are_given_changed_and_taken_back(house: House) -> None:
    done = house.runs(*HOOK, "--quiet-hours", "22:00-06:30@Europe/Athens", "--at-most", "10/1h")
    assert done.returncode == 0, done.stderr
    (made,) = house.register.all()
    assert isinstance(made.quiet_hours, QuietHours)
    assert made.quiet_hours.zone == "Europe/Athens"
    listed = house.runs("subscriptions").stdout
    assert "quiet 22:00-06:30@Europe/Athens (but Extreme)" in listed
    assert "at most 10/1h" in listed

    done = house.runs("subscriptions", "change", made.id, "--override", "severe", "--at-most", "none")
    assert "quiet 22:00-06:30@Europe/Athens (but Severe)" in done.stdout
    (changed,) = house.register.all()
    assert changed.rate_cap is None
    assert changed.sealed_secrets == made.sealed_secrets

    wrong = house.runs("subscriptions", "change", made.id, "--quiet-hours", "22-6")
    assert wrong.returncode == 2
    assert "Write them as 22:00-06:30@Europe/Athens" in wrong.stderr


def test_order_is_asked_for_and_given_up(house: House) -> None:
    house.runs(*HOOK)
    (made,) = house.register.all()
    done = house.runs("subscriptions", "change", made.id, "--in-order")
    assert done.stdout.rstrip().endswith("in order"), done.stderr
    assert house.register.get(made.id).in_order
    house.runs("subscriptions", "change", made.id, "--at-most", "10/1h")
    assert house.register.get(made.id).in_order, "what isn't named stays"
    house.runs("subscriptions", "change", made.id, "--any-order")
    assert not house.register.get(made.id).in_order


def test_the_list_shows_each_breaker(house: House) -> None:
    house.runs(*HOOK)
    (made,) = house.register.all()
    house.client.hset(house.settings.names.failures, made.id, "9")
    assert "breaker half-open" in " ".join(house.runs("subscriptions").stdout.split())
    house.client.set(house.settings.names.lane_lease(made.id), "rest:9999999999999", px=60_000)
    (row,) = house.runs("subscriptions", "--json").stdout.splitlines()
    assert (json.loads(row)["failures"], json.loads(row)["breaker"]) == (9, "open")


def test_a_dry_run_says_what_a_filter_would_hear_and_why_not(house: House) -> None:
    assert "No alert has rung yet" in house.runs("subscriptions", "try", "").stdout
    house.rings()
    shown = house.runs("subscriptions", "try", "country=QQB").stdout
    assert "country is unknown, the filter wants country=QQB" in shown
    assert "2 at once, 0 later, 1 not, of 3" in shown

    house.runs(*HOOK, "--filter", "kind=updated")
    (made,) = house.register.all()
    lines = house.runs("subscriptions", "try", made.id[:8], "--last", "2", "--json").stdout.splitlines()
    assert [json.loads(each)["route"] for each in lines] == ["send", "skip"]
    assert house.client.keys(house.settings.names.delivery("*")) == []

    file = house.settings.data_dir / "desk.filter"
    file.write_text("country=QQB\n", "utf-8")
    assert "2 at once, 0 later, 1 not" in house.runs("subscriptions", "try", f"@{file}").stdout

    bad = house.runs("subscriptions", "try", "country==")
    assert bad.returncode == 2
    assert house.runs("subscriptions", "try", "sub_none").returncode != 0
