"""The watch's judgement on a fake clock: each trouble begins, ends, wavers and lasts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from services.notifier.watching import noting, pulse
from services.notifier.watching.judging import Limits, judge
from services.notifier.watching.ledger import Ledger
from services.notifier.watching.measured import Endpoint, LastHour, Measured
from shared.clock import FakeClock
from shared.contracts import Alert, Condition, SubscriptionState, Trouble
from tests.support.notifier import NOON

ROUND = timedelta(seconds=30)
WELL = {
    "feeds": 60,
    "first_feed_at": NOON - timedelta(days=9),
    "pollers": 1,
    "workers": 2,
    "memory_used": 100,
    "memory_max": 1000,
}


@dataclass
class House:
    """A house that is watched: ``looks`` for some rounds at what it is, and keeps what rang."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    ledger: Ledger = field(default_factory=Ledger)
    noted: dict[str, Condition] = field(default_factory=dict)
    rang: list[Alert] = field(default_factory=list)
    arrives: bool = True
    articles: int = 0

    def looks(self, rounds: int = 1, **amiss: object) -> list[str]:
        """The reasons that rang in these rounds; ``over:`` before those that ended."""
        heard: list[Alert] = []
        for _ in range(rounds):
            self.clock.move_to(self.clock.time + ROUND)
            self.articles += self.arrives
            heard += self._round(Measured(**(WELL | {"articles": self.articles} | amiss)))  # type: ignore[arg-type]
        self.rang += heard
        return [f"{'over: ' * told.over}{told.trouble}" for a in heard if (told := a.degraded)]

    def _round(self, found: Measured) -> list[Alert]:
        now = self.clock.now()
        self.ledger = self.ledger.after(found, now)
        standing = {key for key, each in self.noted.items() if each.stands}
        step = noting.step(self.noted, judge(found, self.ledger, standing, Limits(), now), now)
        self.noted |= {each.key: each for each in (*step.first_seen, *step.changed)}
        for key in step.gone:
            del self.noted[key]
        return step.alerts


@pytest.fixture
def house() -> House:
    """A house that has been well for an hour."""
    watched = House()
    assert watched.looks(120) == []
    return watched


def parked(state: SubscriptionState = SubscriptionState.ACTIVE, waiting: int = 3) -> tuple[Endpoint, ...]:
    return (Endpoint("sub_1", "desk", state, "410 Gone", waiting, failures=9),)


AMISS: dict[Trouble, Callable[[House], dict[str, object]]] = {
    Trouble.FEEDS_DARK: lambda _: {"dark": 20},
    Trouble.NEARLY_FULL: lambda _: {"memory_used": 760},
    Trouble.NO_POLLER: lambda _: {"pollers": 0},
    Trouble.NO_WORKER: lambda _: {"workers": 0},
    Trouble.ARTICLES_WAIT: lambda house: {
        "pending": 9,
        "pending_since": house.clock.time - timedelta(minutes=15),
    },
    Trouble.ALERTS_WAIT: lambda house: {"alert_since": house.clock.time - timedelta(minutes=15)},
    Trouble.PARKED: lambda _: {"endpoints": parked()},
    Trouble.DISABLED: lambda _: {"endpoints": parked(SubscriptionState.DISABLED)},
}
each_trouble = pytest.mark.parametrize("trouble", AMISS)


@each_trouble
def test_a_trouble_rings_once_when_it_begins_and_once_when_it_ends(house: House, trouble: Trouble) -> None:
    amiss = AMISS[trouble](house)
    assert house.looks(1, **amiss) == []
    assert house.looks(1, **amiss) == [trouble]
    assert house.looks(100, **amiss) == []
    assert house.looks(1) == []
    assert house.looks(1) == [f"over: {trouble}"]
    assert house.looks(100) == []
    assert house.rang[1].references == (house.rang[0].id,)
    assert not house.noted


@each_trouble
def test_what_comes_and_goes_rings_not_at_all(house: House, trouble: Trouble) -> None:
    for _ in range(10):
        assert house.looks(1, **AMISS[trouble](house)) == []
        assert house.looks(1) == []


@each_trouble
def test_what_goes_and_comes_is_not_over(house: House, trouble: Trouble) -> None:
    assert house.looks(2, **AMISS[trouble](house)) == [trouble]
    for _ in range(10):
        assert house.looks(1) == []
        assert house.looks(1, **AMISS[trouble](house)) == []


@each_trouble
def test_what_lasts_rings_again_after_six_hours(house: House, trouble: Trouble) -> None:
    amiss = AMISS[trouble](house)
    house.looks(2, **amiss)
    again = [] if trouble is Trouble.DISABLED else [trouble]
    assert house.looks(719, **amiss) == []
    assert house.looks(1, **amiss) == again
    assert house.looks(720, **amiss) == again
    assert house.looks(2) == [f"over: {trouble}"]
    ids = [alert.id for alert in house.rang]
    assert len(set(ids)) == len(ids)
    assert house.rang[-1].references == tuple(ids[:-1])
    if again:
        assert house.rang[1].changes == ("it has lasted for 6 h",)


def test_no_articles_for_an_hour_is_told_until_the_first_comes(house: House) -> None:
    house.arrives = False
    assert house.looks(119) == []
    assert house.looks(2) == [Trouble.NO_ARTICLES]
    assert "for 1 h, from 60 feeds" in house.rang[0].sentence
    house.arrives = True
    assert house.looks(2) == [f"over: {Trouble.NO_ARTICLES}"]


def test_without_feeds_no_article_is_missed_and_nobody_needs_to_poll(house: House) -> None:
    house.arrives = False
    assert house.looks(300, feeds=0, first_feed_at=None, pollers=0, workers=0) == []


def test_new_feeds_get_their_hour_to_bring_the_first_article(house: House) -> None:
    house.arrives = False
    house.looks(300, feeds=0, first_feed_at=None)
    begun = house.clock.time
    assert house.looks(119, first_feed_at=begun) == []
    assert house.looks(3, first_feed_at=begun) == [Trouble.NO_ARTICLES]


def test_a_removed_feed_takes_its_articles_along_and_that_is_no_arrival(house: House) -> None:
    house.arrives = False
    house.looks(60)
    house.articles = 5
    assert house.looks(61) == [Trouble.NO_ARTICLES]


def test_what_was_given_up_is_told_for_an_hour(house: House) -> None:
    assert house.looks(2, given_up=4) == [Trouble.GIVEN_UP]
    assert house.looks(118, given_up=4) == []
    assert house.looks(3, given_up=4) == [f"over: {Trouble.GIVEN_UP}"]
    assert house.looks(2, given_up=5) == [Trouble.GIVEN_UP]
    assert house.looks(2, given_up=0) == [f"over: {Trouble.GIVEN_UP}"]


def test_what_was_given_up_before_the_first_round_is_no_news() -> None:
    assert House().looks(9, given_up=7) == []


@pytest.mark.parametrize(
    ("trouble", "begins", "wavers", "ends"),
    [
        (Trouble.FEEDS_DARK, {"dark": 20}, {"dark": 16}, {"dark": 14}),
        (Trouble.NEARLY_FULL, {"memory_used": 750}, {"memory_used": 710}, {"memory_used": 690}),
    ],
)
def test_a_number_that_wavers_around_its_limit_rings_once(
    house: House,
    trouble: Trouble,
    begins: dict[str, object],
    wavers: dict[str, object],
    ends: dict[str, object],
) -> None:
    assert house.looks(9, **wavers) == []
    assert house.looks(2, **begins) == [trouble]
    assert house.looks(9, **wavers) == []
    assert house.looks(2, **ends) == [f"over: {trouble}"]


def test_redis_without_a_limit_is_never_nearly_full(house: House) -> None:
    assert house.looks(9, memory_used=10**12, memory_max=0) == []


def test_a_house_that_starts_gets_two_minutes_to_do_so() -> None:
    house = House()
    assert house.looks(5, workers=0, pollers=0) == []
    assert house.looks(1, workers=0, pollers=0) == [Trouble.NO_POLLER, Trouble.NO_WORKER]


def test_a_night_switched_off_is_no_hour_without_articles(house: House) -> None:
    house.clock.move_to(house.clock.time + timedelta(hours=9))
    house.arrives = False
    assert house.looks(119, workers=1) == []
    assert house.looks(3) == [Trouble.NO_ARTICLES]


def test_a_first_sight_of_long_ago_is_not_the_first_of_two(house: House) -> None:
    house.looks(1, dark=60)
    house.clock.move_to(house.clock.time + timedelta(hours=9))
    assert house.looks(1, dark=60) == []
    assert house.looks(1, dark=60) == [Trouble.FEEDS_DARK]
    assert "lasted" not in house.rang[0].sentence


def test_an_endpoint_that_is_disabled_at_last_has_not_recovered(house: House) -> None:
    assert house.looks(2, endpoints=parked()) == [Trouble.PARKED]
    assert house.looks(3, endpoints=parked(SubscriptionState.DISABLED)) == [Trouble.DISABLED]
    assert house.looks(2, endpoints=parked(waiting=0)) == [f"over: {Trouble.DISABLED}"]


def test_a_paused_subscription_waits_because_somebody_wants_it_to(house: House) -> None:
    assert house.looks(9, endpoints=parked(SubscriptionState.PAUSED)) == []


def test_two_endpoints_are_two_troubles(house: House) -> None:
    both = (*parked(), Endpoint("sub_2", "other", parked=1, failures=9))
    assert house.looks(2, endpoints=both) == [Trouble.PARKED] * 2
    assert house.looks(2, endpoints=both[:1]) == [f"over: {Trouble.PARKED}"]
    assert "1 delivery for other waits" in house.rang[-1].sentence


def test_a_step_that_is_repeated_rings_the_same_ids(house: House) -> None:
    house.looks(1, workers=0)
    seen = judge(Measured(**(WELL | {"workers": 0})), house.ledger, (), Limits(), house.clock.now())  # type: ignore[arg-type]
    first, again = (
        noting.step(house.noted, seen, house.clock.now() + timedelta(seconds=late)) for late in (0, 7)
    )
    assert [a.id for a in first.alerts] == [a.id for a in again.alerts] != []


# ---- the heartbeat ------------------------------------------------------------------------------

EVERY = timedelta(minutes=5)


def test_a_heartbeat_is_due_every_interval_and_what_was_missed_is_left_out() -> None:
    ledger = Ledger(heartbeat_at=NOON)
    assert pulse.due(ledger, EVERY, NOON + timedelta(minutes=4)) is None
    assert pulse.due(ledger, EVERY, NOON + timedelta(minutes=6)) == NOON + EVERY
    assert pulse.due(ledger, EVERY, NOON + timedelta(minutes=61)) == NOON + timedelta(hours=1)
    assert pulse.due(ledger, timedelta(), NOON + timedelta(hours=1)) is None
    assert pulse.due(Ledger(), EVERY, NOON) is None


def test_a_heartbeat_counts_the_last_hour_and_says_what_is_amiss(house: House) -> None:
    house.looks(2, workers=0)
    now = house.clock.now()
    found = Measured(feeds=60, polled=58, pending=2, pending_since=now - timedelta(seconds=40))
    told = pulse.heartbeat(NOON, found, house.ledger, LastHour(3, 1), list(house.noted.values()), now)
    assert told.headline == "Tocsin is degraded: 121 articles, 3 incidents and 1 alert in the last hour"
    assert (
        "58 of 60 feeds were polled in the last hour; 2 articles pending, the oldest for 40 s."
        in told.sentence
    )
    assert "No worker has shown a sign of life" in told.sentence
    assert told.id == pulse.heartbeat(NOON, found, house.ledger, LastHour(9, 9), [], now).id


def test_articles_of_the_last_hour_are_counted_however_long_it_watched(house: House) -> None:
    assert 118 <= house.ledger.arrived_within_hour() <= 121
    house.looks(1200)
    assert 118 <= house.ledger.arrived_within_hour() <= 131
    assert len(house.ledger.marks) <= 14


def test_a_trouble_of_a_newer_release_that_is_about_somebody_is_not_the_whole_house() -> None:
    known = Condition(trouble=Trouble.PARKED, about="sub_1", since=NOON, says="")
    assert not known.model_copy(update={"trouble": "an endpoint is slow"}).of_house
    assert known.model_copy(update={"trouble": "the moon is full", "about": ""}).of_house
