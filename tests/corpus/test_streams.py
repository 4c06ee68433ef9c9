"""The streams of the corpus: news whose incidents are known, those to learn from and a blind one to judge."""

from collections import Counter
from pathlib import Path

import pytest

from services.classifier.quality.streams import StreamItem, read_stream

HERE = Path(__file__).parent / "streams"
STREAMS = sorted(HERE.glob("**/*.jsonl"))


def test_a_blind_stream_stands_apart() -> None:
    assert [path.parent.name for path in STREAMS].count("blind") == 1
    assert len(STREAMS) >= 5


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_stream_has_incidents_noise_copies_and_answers(path: Path) -> None:
    items = read_stream(path)
    reports = Counter(item.incident for item in items if item.incident is not None)

    assert len(items) >= 150
    assert len(reports) == 36
    assert min(reports.values()) == 1
    assert max(reports.values()) >= 6
    assert sum(item.incident is None and not item.events for item in items) >= 20
    assert sum(event.answers is not None for item in items for event in item.events) >= 5


@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_what_an_item_tells_in_passing_is_an_incident_of_the_stream(path: Path) -> None:
    items = read_stream(path)
    known = {item.incident for item in items} - {None}

    told = {event.incident for item in items for event in item.events if event.incident is not None}
    assert not told - known
    assert all(_main_incident(item) == item.incident for item in items if item.incident is not None)


def _main_incident(item: StreamItem) -> str | None:
    return next((event.incident for event in item.events if event.main), None)
