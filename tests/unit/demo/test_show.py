"""How the demo waits for its house: until all are there, and not for one that ends as often as it starts."""

import asyncio
from typing import Any

import pytest

from services.cli.demo import show
from services.cli.demo.prompter import Prompter
from shared.errors import TryLater
from shared.settings import Settings

CONFIG = Settings(_env_file=None)


class Household:
    """Stands where the supervisor does."""

    def __init__(self, **ended: int) -> None:
        self.stopping = asyncio.Event()
        self.ended_in_a_row = ended


async def _waits(household: Any, monkeypatch: pytest.MonkeyPatch, *not_up: list[str]) -> None:
    looks = iter(not_up)
    monkeypatch.setattr(show, "_not_up", lambda *_: next(looks))
    prompter = Prompter()
    prompter.say("worker", "SecurityWarning: not as root")
    await asyncio.wait_for(show._until_all_are_up(CONFIG, "redis://h", prompter, household), 5)


async def test_one_that_ends_as_often_as_it_starts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TryLater) as caught:
        await _waits(Household(poller=1, worker=3), monkeypatch, ["worker"], ["worker"])
    assert str(caught.value) == "worker ended 3 times in a row. worker: SecurityWarning: not as root"


async def test_one_that_stumbles_as_it_starts_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    await _waits(Household(worker=2), monkeypatch, ["worker"], ["worker"], [])
