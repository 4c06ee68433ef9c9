"""The labelled items of the corpus: well formed, each once, a third blind, and something of every kind."""

import re
from functools import cache
from pathlib import Path

import pytest

from services.classifier.quality.gold import GoldItem, read_items
from services.classifier.training.targets import MODES

HERE = Path(__file__).parent
FILES = sorted([*HERE.glob("read/*.jsonl"), *HERE.glob("blind/*.jsonl")])
TRAPS = {
    "background",
    "tally",
    "anniversary",
    "trial",
    "opinion",
    "negated",
    "hypothetical",
    "friendly-drill",
    "labour-strike",
    "metaphor",
    "sport",
    "film",
    "business",
    "science",
    "weather",
    "accident",
    "ordinary-crime",
    "peaceful-protest",
    "talks",
    "condemnation",
}


PORTAL = sorted(HERE.glob("portal/*.jsonl"))
"""Codings alone: their texts stand in the data directory and do not ship."""


class _Anywhere(dict[str, dict[str, str]]):
    """A text for whatever is asked."""

    def get(self, key: str, default: object = None) -> dict[str, str]:  # type: ignore[override]
        return {"published_at": "2019-03-02T12:00:00Z", "summary": f"The text of {key}."}


@cache
def items(part: str) -> tuple[GoldItem, ...]:
    return tuple(item for path in FILES if path.parent.name == part for item in read_items(path))


def test_every_item_has_an_id_of_its_own() -> None:
    ids = [item.id for part in ("read", "blind") for item in items(part)]
    assert len(ids) == len(set(ids)) >= 2_600


def test_codings_of_texts_that_do_not_ship_are_well_formed_and_hold_no_text() -> None:
    ids = [item.id for path in PORTAL for item in read_items(path, _Anywhere())]
    assert len(ids) == len(set(ids)) >= 2_600
    assert not any(
        f'"{name}"' in path.read_text() for path in PORTAL for name in ("summary", "title", "body")
    )


def test_no_text_is_in_the_corpus_twice() -> None:
    texts = [re.sub(r"\W+", " ", item.text.casefold()) for part in ("read", "blind") for item in items(part)]
    assert len(texts) == len(set(texts))


def test_a_third_is_blind() -> None:
    assert len(items("blind")) >= (len(items("read")) + len(items("blind"))) / 3


@pytest.mark.parametrize("part", ["read", "blind"])
def test_every_mode_that_escalates_has_items(part: str) -> None:
    coded = {(str(event.event_type), event.mode) for item in items(part) for event in item.events}
    assert coded >= {(type_, mode) for type_, modes in MODES.items() for mode in modes.split()}


@pytest.mark.parametrize("part", ["read", "blind"])
def test_every_trap_has_items(part: str) -> None:
    assert {item.trap for item in items(part)} >= TRAPS


@pytest.mark.parametrize("part", ["read", "blind"])
def test_an_escalation_says_what_where_and_when_it_can(part: str) -> None:
    for item in items(part):
        if item.main is not None and item.main.place is not None:
            assert item.main.lat is not None, item.id
        if item.main is not None and item.main.occurred_on is not None:
            assert item.main.occurred_on <= item.published_at.date(), item.id
