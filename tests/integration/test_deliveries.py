"""The reader of deliveries on a real Redis: it looks at few, and finds what looking at all would find."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared import deliveries
from shared.contracts import Delivery, DeliveryState
from shared.deliveries import Wanted
from shared.settings import Settings

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
SUBSCRIPTIONS = ("sub_1", "sub_2")


@pytest.fixture
def stored(settings: Settings, redis_client: Any) -> list[Delivery]:
    """Some hundreds in all states, each in the queue of its state by some time after it was recorded."""
    dice, names, made = random.Random(6), settings.names, []  # noqa: S311
    for number in range(600):
        recorded = BEGAN + timedelta(seconds=dice.randrange(5_000))
        state = dice.choice(list(DeliveryState))
        each = Delivery(
            id=f"msg_{number}",
            subscription_id=dice.choice(SUBSCRIPTIONS),
            alert_id=f"inc_{dice.randrange(9)}-1",
            kind="opened",
            body="",
            state=state,
            created_at=recorded,
            due_at=recorded,
        )
        queues = {
            DeliveryState.PENDING: dice.choice((names.lane, names.retries)),
            DeliveryState.PARKED: names.parked,
        }
        queue = queues.get(state, names.settled)(each.subscription_id)
        later = recorded + timedelta(seconds=dice.randrange(900))
        redis_client.set(names.delivery(each.id), each.to_json())
        redis_client.zadd(queue, {each.id: later.timestamp() * 1000})
        made.append(each)
    return made


@pytest.mark.parametrize("most", [1, 7, 150, 10_000])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(states=("parked",)),
        Wanted(states=("delivered",), since=BEGAN + timedelta(seconds=2_500)),
        Wanted(incident_id="inc_3"),
    ],
    ids=["all", "parked", "delivered since", "of an incident"],
)
def test_the_newest_are_those_of_all(
    stored: list[Delivery], settings: Settings, redis_client: Any, wanted: Wanted, most: int
) -> None:
    found = deliveries.newest(redis_client, settings.names, SUBSCRIPTIONS, wanted, most)
    fit = sorted(filter(wanted.takes, stored), key=lambda each: (each.created_at, each.id), reverse=True)
    assert [each.id for each in found] == [each.id for each in fit[:most]]


def test_what_can_not_be_read_hides_no_other(settings: Settings, redis_client: Any) -> None:
    names = settings.names
    good = Delivery(
        id="msg_good",
        subscription_id="sub_1",
        alert_id="system-1",
        kind="opened",
        body="",
        created_at=BEGAN,
        due_at=BEGAN,
    )
    redis_client.mset({names.delivery("msg_good"): good.to_json(), names.delivery("msg_bad"): "{"})
    redis_client.zadd(names.settled("sub_1"), {"msg_gone": 3, "msg_bad": 2, "msg_good": BEGAN.timestamp()})
    (found,) = deliveries.newest(redis_client, names, ["sub_1"], Wanted(), 10)
    assert (found.id, deliveries.incident_of(found)) == ("msg_good", "")


def test_no_more_are_shown_than_asked_for_when_all_wait_behind_another(
    stored: list[Delivery], settings: Settings, redis_client: Any
) -> None:
    redis_client.hset(
        settings.names.behind("sub_9"), mapping={f"before_{each.id}": each.id for each in stored}
    )
    wanted = Wanted(states=("pending",))
    found = deliveries.newest(redis_client, settings.names, ["sub_9"], wanted, 3)
    fit = sorted(filter(wanted.takes, stored), key=lambda each: (each.created_at, each.id), reverse=True)
    assert [each.id for each in found] == [each.id for each in fit[:3]]
