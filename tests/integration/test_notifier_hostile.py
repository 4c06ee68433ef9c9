"""Receivers that mean harm get a bounded time and a bounded memory, and their status is their answer."""

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from services.notifier.channels import Answer, Meaning, http, read_status
from services.notifier.channels.http import MAX_ANSWER, Poster
from shared import guard
from shared.contracts import DeliveryState
from shared.settings import Settings
from tests.support import hostile as are
from tests.support.hostile import Says, hostile
from tests.support.notifier import Endpoint, alert, endpoint, notifier

TIMEOUT = 0.6
PATIENCE = 10.0
"""Far above what is promised: only what has no end takes longer."""
MUCH = 16_000_000


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WORDS_WITHIN", 0.3)


@pytest.fixture
def memory() -> Iterator[None]:
    """Fails when a test held much at once."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MUCH


async def posted(says: Says, settings: Settings) -> Answer:
    policy = guard.hook_policy(settings)
    async with (
        hostile(says) as url,
        guard.session(policy, timeout=TIMEOUT, user_agent="Tocsin/test") as session,
    ):
        begun = time.monotonic()
        answer = await Poster(session, policy, TIMEOUT).post(url, b"{}" * 5000, {})
        assert time.monotonic() - begun < PATIENCE
        return answer


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    "says",
    [are.dribbles_body, are.floods_body, are.floods_trailers, are.bombs, are.breaks_off],
    ids=lambda says: says.__name__,
)
async def test_who_takes_it_has_it_whatever_follows(settings: Settings, says: Says) -> None:
    answer = await posted(says, settings)
    assert answer.status == 200
    assert read_status(answer).meaning is Meaning.DELIVERED
    assert len(answer.body) <= MAX_ANSWER


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("says", "why"),
    [
        (are.says_nothing, "no answer within"),
        (are.dribbles_headers, "no answer within"),
        (are.floods_continue, "no answer within"),
        (are.floods_headers, "did not speak HTTP"),
        (are.floods_one_header, "did not speak HTTP"),
        (are.talks_something_else, "did not speak HTTP"),
        (are.hangs_up, "broke off"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
async def test_who_gives_no_answer_is_asked_again_later(settings: Settings, says: Says, why: str) -> None:
    answer = await posted(says, settings)
    assert answer.status is None
    assert why in answer.error
    assert read_status(answer).meaning is Meaning.BUSY


async def test_a_refusal_that_breaks_off_is_heeded(settings: Settings) -> None:
    answer = await posted(are.breaks_off_a_refusal, settings)
    assert (answer.status, answer.retry_after, answer.body) == (503, "90", "no")


async def test_a_bomb_is_not_unpacked(settings: Settings) -> None:
    assert "compressed though we had not asked" in (await posted(are.bombs, settings)).body


async def test_what_came_before_the_end_is_kept_for_the_log(settings: Settings) -> None:
    assert (await posted(are.dribbles_body, settings)).body.startswith("thankthank")


async def test_a_house_full_of_them_delays_no_honest_one(settings: Settings) -> None:
    impatient = settings.model_copy(update={"delivery_timeout": TIMEOUT})
    everybody = [are.says_nothing, are.dribbles_headers, are.dribbles_body, are.floods_body, are.bombs]
    stop = asyncio.Event()
    async with AsyncExitStack() as street:
        tocsin = await street.enter_async_context(notifier(impatient))
        honest = await street.enter_async_context(endpoint())
        await tocsin.subscribes(honest)
        for says in everybody:
            await tocsin.subscribes(Endpoint(url=await street.enter_async_context(hostile(says))))
        await tocsin.rings(*(alert(incident=f"inc_{n}") for n in range(10)))
        await tocsin.consumes()
        serving = asyncio.create_task(tocsin.lanes.run(stop))
        async with asyncio.timeout(PATIENCE):
            while len(honest.heard) < 10:
                honest.arrived.clear()
                await honest.arrived.wait()
        stop.set()
        tocsin.lanes.wake()
        await asyncio.wait_for(serving, PATIENCE)
        found = await tocsin.deliveries()
    assert len(honest.ids()) == len(set(honest.ids())) == 10
    assert {each.state for each in found.values()} <= {DeliveryState.DELIVERED, DeliveryState.PENDING}
