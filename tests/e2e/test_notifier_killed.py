"""``kill -9`` of the notifier and of Redis at ten random moments, while alerts come in: nothing is lost."""

import random
import signal
from collections.abc import Iterator

import pytest

from tests.support.notifier import alert
from tests.support.system import Receiver, System, receiver, system

pytestmark = pytest.mark.timeout(300)

ENDPOINTS, ALERTS, KILLS = 4, 200, 10


@pytest.fixture
def desks() -> Iterator[list[Receiver]]:
    with receiver() as one, receiver() as two, receiver() as three, receiver() as four:
        yield [one, two, three, four]


@pytest.fixture
def tocsin() -> Iterator[System]:
    with system() as running:
        yield running


def ids_of_each(desk: Receiver) -> dict[str, set[str]]:
    """Under which webhook-ids each alert came."""
    found: dict[str, set[str]] = {}
    for message_id, body in desk.received:
        found.setdefault(body["data"]["id"], set()).add(message_id)
    return found


def strike(tocsin: System, victim: str) -> None:
    """Kill it and start it again, as a supervisor would."""
    if victim == "notifier":
        tocsin.kill("notifier")
        tocsin.start("notifier")
        return
    assert tocsin.redis.process is not None
    tocsin.redis.process.send_signal(signal.SIGKILL)
    tocsin.redis.process.wait(10)
    tocsin.redis.stop()
    tocsin.redis.start()


@pytest.mark.parametrize("seed", [20261123])
def test_ten_kills_lose_nothing_and_double_only_under_one_id(
    desks: list[Receiver], tocsin: System, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  (draws moments, guards no secret)
    for desk in desks:
        tocsin.tells(desk)
    tocsin.start("notifier")
    batch = ALERTS // KILLS
    for kill in range(KILLS):
        for number in range(kill * batch, (kill + 1) * batch):
            rung = alert(incident=f"inc_{number:016x}")
            tocsin.client.xadd(tocsin.names.alerts, {"alert": rung.to_json()})
        # Somewhere in this batch: what had come before it, and a random part of it.
        wanted = chance.randrange(1, batch * ENDPOINTS) + kill * batch * ENDPOINTS // 2
        tocsin.waits_until(lambda: sum(len(desk.received) for desk in desks) >= wanted, "some of it is told")  # noqa: B023
        strike(tocsin, "redis" if kill % 3 else "notifier")

    tocsin.waits_until(
        lambda: all(len(ids_of_each(desk)) == ALERTS for desk in desks), "every alert is told to everybody"
    )
    assert all(desk.refused == [] for desk in desks)
    assert all(len(ids) == 1 for desk in desks for ids in ids_of_each(desk).values())
