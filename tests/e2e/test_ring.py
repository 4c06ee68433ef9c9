"""Feed in, verified webhook out, with real processes, whatever dies on the way."""

import signal
from collections.abc import Iterator

import pytest

from shared.contracts import AlertKind, DeliveryState
from tests.support.faults import POISON
from tests.support.system import FeedServer, Receiver, System, feed_server, receiver, system

pytestmark = pytest.mark.timeout(300)

STRIKE = (
    "Russian missile strike kills four in Kharkiv",
    "A Russian missile strike on the Ukrainian city of Kharkiv killed four people and wounded nine on "
    "Monday, the regional governor said.",
)
FOLLOW_UP = (
    "Russian missile strike kills four in Kharkiv, governor says",
    "A Russian missile strike on the Ukrainian city of Kharkiv killed four people and wounded nine on "
    "Monday, the governor of the region said.",
)
NOISE = (
    ("Striker's late goal sinks the visitors in the cup", "Two goals in the last minutes decided the derby."),
    (
        "Train drivers strike over pay",
        "Commuters faced a second day of cancelled trains as talks on wages stalled.",
    ),
    ("Markets rally after rate decision", "Shares rose across the board and the currency gained."),
)


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    with feed_server() as served:
        yield served


@pytest.fixture
def heard() -> Iterator[Receiver]:
    with receiver() as listening:
        yield listening


@pytest.fixture
def tocsin() -> Iterator[System]:
    with system() as running:
        yield running


def everything_said(tocsin: System, articles: int) -> bool:
    """Every article considered and every delivery at rest."""
    deliveries = tocsin.deliveries()
    at_rest = all(delivery.state != DeliveryState.PENDING for delivery in deliveries)
    return tocsin.considered() >= articles and tocsin.pending() == 0 and bool(deliveries) and at_rest


def publish_the_story(feeds: FeedServer) -> int:
    feeds.publishes("/harbour", *STRIKE)
    for title, summary in NOISE:
        feeds.publishes("/harbour", title, summary)
    feeds.publishes("/courier", *FOLLOW_UP)
    return 2 + len(NOISE)


def assert_told_once(tocsin: System, heard: Receiver) -> None:
    assert heard.refused == []
    assert [kind for kind, _ in heard.told()] == ["incident.opened"], heard.told()
    assert "Kharkiv" in heard.told()[0][1]
    assert [alert.kind for alert in tocsin.alerts()] == [AlertKind.OPENED]
    assert tocsin.dead() == []


def test_a_story_in_two_outlets_rings_one_verified_webhook(
    feeds: FeedServer, heard: Receiver, tocsin: System
) -> None:
    articles = publish_the_story(feeds)
    tocsin.polls(feeds.url + "/harbour", feeds.url + "/courier")
    tocsin.tells(heard)
    tocsin.start("poller", "worker", "notifier")

    tocsin.waits_until(lambda: everything_said(tocsin, articles), "the story is told")
    assert_told_once(tocsin, heard)
    assert len(heard.received) == 1
    data = heard.received[0][1]["data"]
    assert data["event"]["event_type"] == "ASSAULT"
    assert data["event"]["casualties"]["killed"] == {"low": 4, "high": 4}
    assert data["reason"] == "first report of the incident"


@pytest.mark.parametrize(
    ("service", "fault"),
    [
        ("poller", "before-message"),
        ("worker", "before-commit"),
        ("worker", "after-commit"),
        ("notifier", "before-post"),
        ("notifier", "after-post"),
    ],
)
def test_a_kill_loses_nothing_and_announces_nothing_twice(
    feeds: FeedServer, heard: Receiver, tocsin: System, service: str, fault: str
) -> None:
    articles = publish_the_story(feeds)
    tocsin.polls(feeds.url + "/harbour", feeds.url + "/courier")
    tocsin.tells(heard)
    tocsin.start(service, fault=fault)
    tocsin.start(*({"poller", "worker", "notifier"} - {service}))

    tocsin.waits_for_death(service)
    tocsin.start(service)
    tocsin.waits_until(lambda: everything_said(tocsin, articles), "the story is told in spite of the kill")
    assert_told_once(tocsin, heard)
    # A delivery may repeat after a kill, but only under the same webhook-id.
    assert len(set(heard.ids())) == 1


def test_a_poison_article_is_a_dead_letter_and_its_batch_survives(
    feeds: FeedServer, heard: Receiver, tocsin: System
) -> None:
    feeds.publishes("/harbour", f"Words {POISON}", "Nothing can read this.")
    articles = publish_the_story(feeds)
    tocsin.polls(feeds.url + "/harbour", feeds.url + "/courier")
    tocsin.tells(heard)
    tocsin.start("worker", fault="poison")
    tocsin.start("poller", "notifier")

    tocsin.waits_until(lambda: tocsin.dead(), "the poison is a dead letter")
    tocsin.waits_until(lambda: everything_said(tocsin, articles), "the rest of its batch is told")
    (letter,) = tocsin.dead()
    assert POISON in letter.title
    assert "3 times" in letter.reason
    assert [kind for kind, _ in heard.told()] == ["incident.opened"]


def test_redis_killed_in_the_middle_loses_nothing(feeds: FeedServer, heard: Receiver, tocsin: System) -> None:
    articles = publish_the_story(feeds)
    tocsin.polls(feeds.url + "/harbour", feeds.url + "/courier")
    tocsin.tells(heard)
    tocsin.start("poller", "worker", "notifier")
    tocsin.waits_until(lambda: everything_said(tocsin, articles), "the story is told")

    assert tocsin.redis.process is not None
    tocsin.redis.process.send_signal(signal.SIGKILL)
    tocsin.redis.process.wait(10)
    feeds.publishes(
        "/harbour",
        "Militants abduct twelve villagers in Borno, Nigeria",
        "Gunmen of Boko Haram abducted "
        "twelve villagers near Maiduguri in Nigeria's Borno state on Monday, police said.",
    )
    tocsin.redis.stop()
    tocsin.redis.start()
    # A worker may leave when its broker dies; a supervisor then starts it again, and so does this test.
    tocsin.start("worker-again")

    tocsin.waits_until(lambda: len(heard.told()) == 2, "the second story is told")
    assert heard.refused == []
    assert len(set(heard.ids())) == 2
    assert tocsin.dead() == []


def test_an_endpoint_that_fails_hears_all_when_it_is_back(
    feeds: FeedServer, heard: Receiver, tocsin: System
) -> None:
    heard.status = 500
    articles = publish_the_story(feeds)
    tocsin.polls(feeds.url + "/harbour", feeds.url + "/courier")
    tocsin.tells(heard)
    tocsin.start("poller", "worker", "notifier")
    tocsin.waits_until(
        lambda: any(delivery.attempts_count >= 2 for delivery in tocsin.deliveries()), "it is tried twice"
    )
    heard.status = 200

    tocsin.waits_until(lambda: everything_said(tocsin, articles), "the story is told")
    assert_told_once(tocsin, heard)
