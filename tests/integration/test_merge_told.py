"""A person's work, from the incident to the endpoint: who was told is told what became of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.classifier import handwork
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.memory import PlainMemory
from shared.clock import FakeClock
from shared.contracts import Alert
from shared.settings import Settings
from tests.support.classifier import MORNING, ODESA, Reader, article, strike
from tests.support.notifier import NOON, Endpoint, Notifier, endpoint, notifier

LATER = MORNING + timedelta(minutes=20)
HAND = Hand("ana", NOON, "one salvo")


@pytest.fixture
async def tocsin(settings: Settings) -> AsyncIterator[Notifier]:
    async with notifier(settings, FakeClock(datetime.now(UTC))) as running:
        yield running


def merged() -> tuple[str, str, list[Alert], list[Alert]]:
    """Two incidents, what they rang, and what their merge rang."""
    memory = PlainMemory()
    reader = Reader(memory)
    elder = reader.reads(article("Missiles hit Kharkiv"), strike(killed=9)).main_incident or ""
    harbour = article("Missiles hit Odesa harbour", at=LATER)
    younger = reader.reads(harbour, strike(place=ODESA)).main_incident or ""
    handwork.merge(memory, elder, younger, HAND)
    return elder, younger, memory.alerts[:2], memory.alerts[2:]


async def test_who_was_told_of_the_younger_is_told_where_it_goes_on(tocsin: Notifier) -> None:
    elder, younger, first, then = merged()
    async with endpoint() as both, endpoint() as elder_only, endpoint() as neither:
        await tocsin.subscribes(both, "")
        await tocsin.subscribes(elder_only, "place=Kharkiv")
        await tocsin.subscribes(neither, "country=MLI")
        for alerts in (first, then):
            await tocsin.rings(*alerts)
            await tocsin.works()

        _heard(both, f"{elder}-1", f"{younger}-1", f"{younger}-2")
        told = both.heard[-1].body
        assert (told["type"], told["data"]["merged_into"]) == ("incident.retracted", elder)
        _heard(elder_only, f"{elder}-1")
        _heard(neither)


def split_and_corrected() -> tuple[str, str, list[Alert], list[Alert]]:
    """An incident and what left it, what the first rang, and what the split and a correction rang."""
    memory = PlainMemory()
    reader = Reader(memory)
    two = article("Strike on Kharkiv kills 30", at=LATER)
    old = reader.reads(article("Missiles hit Kharkiv"), strike(killed=2)).main_incident or ""
    reader.reads(two, strike(killed=30))
    new = handwork.split(memory, old, [two.id], HAND).incidents[0].id
    handwork.correct(memory, new, ["killed=3"], HAND)
    return old, new, memory.alerts[:2], memory.alerts[2:]


async def test_who_was_told_hears_of_a_split_and_of_a_correction_whatever_he_asks_for(
    tocsin: Notifier,
) -> None:
    old, new, first, then = split_and_corrected()
    async with endpoint() as many_dead:
        await tocsin.subscribes(many_dead, "killed>=20")
        for each in (*first, *then):
            await tocsin.rings(each)
            await tocsin.works()

        _heard(many_dead, f"{old}-2", f"{new}-1", f"{old}-3", f"{new}-2")
        said = {heard.body["data"]["id"]: heard.body["data"] for heard in many_dead.heard}
        assert said[f"{new}-1"]["split_from"] == old
        assert said[f"{old}-3"]["changes"] == ["killed: 30 to 2"]
        last = said[f"{new}-2"]
        assert (last["kind"], last["changes"]) == ("corrected", ["killed: 30 to 3"])


def _heard(served: Endpoint, *alert_ids: str) -> None:
    """Everything came, each once; in whatever order, as only sequences are promised."""
    assert sorted(served.alert_ids()) == sorted(alert_ids)
