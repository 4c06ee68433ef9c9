"""A person's work, from the incident to the endpoint: who was told is told what became of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from services.classifier import handwork
from services.classifier.incidents.handwork import Hand
from services.classifier.memory import PlainMemory
from shared.clock import FakeClock
from shared.settings import Settings
from tests.support.classifier import ODESA, Reader, article, strike
from tests.support.notifier import NOON, Endpoint, Notifier, endpoint, notifier

HAND = Hand("ana", NOON, "one salvo")


@pytest.fixture
async def tocsin(settings: Settings) -> AsyncIterator[Notifier]:
    async with notifier(settings, FakeClock(datetime.now(UTC))) as running:
        yield running


class Newsroom:
    """A memory whose alerts are put on the stream as they ring."""

    def __init__(self, tocsin: Notifier) -> None:
        self.tocsin, self.memory = tocsin, PlainMemory()
        self.reader = Reader(self.memory)
        self.sent = 0

    async def tells(self) -> None:
        await self.tocsin.rings(*self.memory.alerts[self.sent :])
        self.sent = len(self.memory.alerts)
        await self.tocsin.works()


async def test_who_was_told_of_the_younger_is_told_where_it_goes_on(tocsin: Notifier) -> None:
    news = Newsroom(tocsin)
    async with endpoint() as both, endpoint() as elder_only, endpoint() as neither:
        await tocsin.subscribes(both, "")
        await tocsin.subscribes(elder_only, "place=Kharkiv")
        await tocsin.subscribes(neither, "country=MLI")
        elder = news.reader.reads(article("Missiles hit Kharkiv"), strike(killed=9)).main_incident or ""
        harbour = article("Missiles hit Odesa harbour")
        younger = news.reader.reads(harbour, strike(place=ODESA)).main_incident or ""
        await news.tells()
        handwork.merge(news.memory, elder, younger, HAND)
        await news.tells()

        _heard(both, f"{elder}-1", f"{younger}-1", f"{younger}-2")
        told = both.heard[-1].body
        assert (told["type"], told["data"]["merged_into"]) == ("incident.retracted", elder)
        _heard(elder_only, f"{elder}-1")
        _heard(neither)


async def test_who_was_told_hears_of_a_split_and_of_a_correction_whatever_he_asks_for(
    tocsin: Notifier,
) -> None:
    news = Newsroom(tocsin)
    async with endpoint() as many_dead:
        await tocsin.subscribes(many_dead, "killed>=20")
        one, two = article("Missiles hit Kharkiv"), article("Strike on Kharkiv kills 30")
        id_ = news.reader.reads(one, strike(killed=2)).main_incident or ""
        news.reader.reads(two, strike(killed=30))
        await news.tells()
        handwork.split(news.memory, id_, [two.id], HAND)
        await news.tells()
        (new,) = news.memory.known([id_]).incidents[0].apart_from
        handwork.correct(news.memory, new, ["killed=3"], HAND)
        await news.tells()

        _heard(many_dead, f"{id_}-2", f"{new}-1", f"{id_}-3", f"{new}-2")
        said = {heard.body["data"]["id"]: heard.body["data"] for heard in many_dead.heard}
        opened, corrected, last = said[f"{new}-1"], said[f"{id_}-3"], said[f"{new}-2"]
        assert opened["split_from"] == id_
        assert corrected["changes"] == ["killed: 30 to 2"]
        assert (last["kind"], last["changes"]) == ("corrected", ["killed: 30 to 3"])


def _heard(served: Endpoint, *alert_ids: str) -> None:
    """Everything came, each once; in whatever order, as only sequences are promised."""
    assert sorted(served.alert_ids()) == sorted(alert_ids)
