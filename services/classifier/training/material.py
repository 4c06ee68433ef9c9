"""What is learned from: labelled items, and a stream of news that only a section or the rules label."""

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.classifier.quality.gold import GoldItem, Texts, read_items
from services.classifier.quality.streams import read_stream
from shared.errors import BadInput

FOLDS = 5
_PORTAL = (
    "train_2010_2018.jsonl.gz",
    "dev_2019.jsonl",
    "test_2020.jsonl",
    "silver_2021_2023.jsonl.gz",
    "silver_2024h1.jsonl",
)
_CODED_BY_US = _PORTAL[:3]
"""Years before those from which the items that judge were drawn."""
_CONFLICT, _OTHER, _HEADLINES, _SLUGS = 14_000, 10_000, 5_000, 3_000
"""How many of each kind of unlabelled text: the words of the world's news, in an evening on two cores."""
_SHORT = 25
"""Characters; a headline no longer than this is a slug without a deed."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A text that nobody coded; ``section``: whether its portal filed it under conflict, None if unfiled."""

    id: str
    day: str
    title: str
    summary: str
    section: bool | None


def labelled(data: Path, corpus: Path) -> list[GoldItem]:
    """The coded portal items, our own read items and streams; the blind parts are never learned from."""
    items = [*read_items(data / "coding" / "wcep_coded_1380.jsonl"), *read_items(corpus / "traps.jsonl")]
    for path in sorted((corpus / "read").glob("*.jsonl")):
        items += read_items(path)
    for path in sorted((corpus / "streams").glob("*.jsonl")):
        # A denial tells of a deed and must not ring: it would teach both.
        items += [item for item in read_stream(path) if not item.denies]
    kept = _kept_elsewhere(data)
    for path in sorted((corpus / "portal").glob("*.jsonl")):
        items += read_items(path, kept)
    return items


def _kept_elsewhere(data: Path) -> Texts:
    """The texts of which our corpus holds the codings alone, by their ids, as an item holds them."""
    portal = {
        row["id"]: {"published_at": f"{row['date']}T12:00:00Z", "summary": row["text"]}
        for name in _CODED_BY_US
        for row in _rows(data / "relevance" / "wcep" / name)
    }
    slugs = {
        text.id: {"published_at": f"{text.day[:10]}T12:00:00Z", "summary": text.title}
        for text in _slugs(data)
    }
    return portal | slugs


def fold_of(item: str) -> int:
    """Which of the folds an item belongs to, by its id alone."""
    return int(hashlib.sha256(item.encode()).hexdigest(), 16) % FOLDS


def loose(data: Path, known: list[GoldItem]) -> list[Loose]:
    """The unlabelled stream, without a text that is labelled: a fold must not have met its test items."""
    ids, texts = {item.id for item in known}, {item.summary.strip() for item in known}
    portal = [
        Loose(row["id"], row["date"], "", row["text"], bool(row["label"]))
        for name in _PORTAL
        for row in _rows(data / "relevance" / "wcep" / name)
        if row["id"] not in ids and row["text"].strip() not in texts
    ]
    chance = random.Random(0)  # noqa: S311 - which texts are taken is no secret
    conflict, other = [t for t in portal if t.section], [t for t in portal if not t.section]
    ged, slugs = _headlines(data), [text for text in _slugs(data) if text.id not in ids]
    for texts_of_kind in (conflict, other, ged, slugs):
        chance.shuffle(texts_of_kind)
    return conflict[:_CONFLICT] + other[:_OTHER] + ged[:_HEADLINES] + slugs[:_SLUGS]


def _headlines(data: Path) -> list[Loose]:
    """Headlines that a catalogue of deadly conflict was coded from: all of them conflict."""
    told = {row["headline"]: row for row in _rows(data / "coding" / "ucdp_ged_headlines.jsonl.gz")}
    return [
        Loose(f"ged-{row['id']}", row["date_start"], text, "", True)
        for text, row in told.items()
        if text and len(text) > _SHORT
    ]


def _slugs(data: Path) -> list[Loose]:
    """Snippets that no section files."""
    return [
        Loose(row["id"], row["date"] or "2023-01-01", row["text"], "", None)
        for row in _rows(data / "relevance" / "humvi_slug" / "train.jsonl")
    ]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except OSError as exc:
        raise BadInput(
            f"can't read {path} ({exc.strerror}): DATA names a directory laid out as docs/model.md says"
        ) from exc
