"""The shortlist loses nothing: streams and demo come to the same, whether all candidates are read or few."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.classifier import replay as replays
from services.classifier.coding import Coder
from services.classifier.incidents import Sought
from services.classifier.incidents.comparing import similarity
from services.classifier.incidents.filing import buckets, cards
from services.classifier.memory import Candidates, PlainMemory
from services.classifier.memory.interface import Wanted
from services.classifier.quality import streams
from services.cli.demo.script import OUTLETS, load
from shared import outlets

STREAMS = sorted((Path(__file__).parent / "streams").glob("*.jsonl"))


class Everything(Sought):
    """Chooses all that is filed where it looks, and all that meets it in a band."""

    def choose(self, filed: Mapping[str, bytes]) -> list[str]:
        found = cards.ids_in(filed[buckets.of_article(self.article.id)])
        for name, records in filed.items():
            if buckets.is_dated(name):
                found += [cards.id_of(int(number)) for number in cards.read([records])["id"]]
            elif buckets.is_near(name):
                found += map(cards.id_of, similarity.met(records, self.bands))
        return list(dict.fromkeys(found))


class ReadsAll(PlainMemory):
    def candidates(self, wanted: Wanted) -> Candidates:
        all_of = Everything(wanted.article, wanted.events) if isinstance(wanted, Sought) else wanted
        return super().candidates(all_of)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_stream_comes_to_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = streams.read_stream(path)
    few = list(streams.play(items))
    monkeypatch.setattr(streams, "PlainMemory", ReadsAll)

    assert few == list(streams.play(items))


@pytest.mark.parametrize("path", STREAMS[:1], ids=lambda path: path.stem)
def test_a_stream_as_the_coder_reads_it_comes_to_the_same(
    path: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = streams.read_stream(path)
    few = list(streams.play(items, coder.code))
    monkeypatch.setattr(streams, "PlainMemory", ReadsAll)

    assert few == list(streams.play(items, coder.code))


def test_the_demo_comes_to_the_same(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    items = load(datetime(2026, 3, 11, 14, tzinfo=UTC)).items
    articles = replays.in_published_order(item.article() for item in items)

    def lines() -> list[dict[str, Any]]:
        registry = outlets.load(OUTLETS)
        return [replays.to_line(each) for each in replays.replay(articles, coder, registry)]

    few = lines()
    monkeypatch.setattr(replays, "PlainMemory", ReadsAll)
    assert few == lines()
