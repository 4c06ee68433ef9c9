"""Yesterday's records still parse, and tomorrow's are kept whole.

``golden/<record>[-<variant>].json`` was written by an earlier release (or stands for one). Never edit one to
make a test pass: add a variant instead, for that file is what lies in somebody's Redis.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from shared import contracts
from shared.contracts import Alert, Article, Record
from shared.errors import NewerSchema

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
RECORDS: dict[str, type[Record]] = {
    kind.__name__.lower(): kind
    for kind in vars(contracts).values()
    if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
}
OPEN_WORDS = {
    *("kind", "reason", "channel", "state", "event_type", "direction", "status", "sector", "precision"),
    *("certainty", "what", "layout", "override", "trouble"),
}
"""Fields that hold one of our words today and may hold a new one tomorrow."""


def record_of(path: Path) -> type[Record]:
    return RECORDS[path.stem.split("-")[0]]


def kept(old: Any, new: Any, where: str = "$") -> None:
    """Assert that everything in ``old`` stands unchanged in ``new``, which may hold more."""
    if isinstance(old, dict):
        for name, value in old.items():
            assert name in new, f"{where}.{name} was lost"
            kept(value, new[name], f"{where}.{name}")
    elif isinstance(old, list):
        assert len(old) == len(new), f"{where} changed its length"
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            kept(a, b, f"{where}[{index}]")
    else:
        assert old == new, f"{where} changed from {old!r} to {new!r}"


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a JSON value, the value itself included."""
    if isinstance(value, dict):
        return [value, *(found for item in value.values() for found in objects(item))]
    if isinstance(value, list):
        return [found for item in value for found in objects(item)]
    return []


golden = pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])


def test_every_record_has_a_golden_one() -> None:
    assert set(RECORDS) == {path.stem.split("-")[0] for path in GOLDEN}


@golden
def test_a_golden_record_parses_and_nothing_of_it_changes(path: Path) -> None:
    raw = path.read_text(encoding="utf-8")

    record = record_of(path).from_json(raw)

    kept(json.loads(raw), json.loads(record.to_json()))
    assert record_of(path).from_json(record.to_json()) == record


@golden
def test_a_golden_record_is_read_in_full(path: Path) -> None:
    """No field of it is unknown today: a renamed field would be kept as a stranger, and silently unused."""
    assert strangers(record_of(path).from_json(path.read_text(encoding="utf-8"))) == []


@golden
def test_fields_of_a_newer_minor_version_survive_at_every_depth(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    for number, part in enumerate(objects(data)):
        part["from_tomorrow"] = {"n": number}
    data["schema_version"] = "1.7"

    again = json.loads(record_of(path).from_json(json.dumps(data)).to_json())

    kept(data, again)
    assert again["schema_version"] == "1.7"


@golden
def test_words_of_a_newer_release_survive(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    for part in objects(data):
        for name in OPEN_WORDS & part.keys():
            if isinstance(part[name], str) and "outcome" not in part:
                part[name] = "a-word-from-tomorrow"

    kept(data, json.loads(record_of(path).from_json(json.dumps(data)).to_json()))


@golden
@pytest.mark.parametrize("version", ["2.0", "11.3"])
def test_a_newer_major_version_is_refused_by_name(path: Path, version: str) -> None:
    data = json.loads(path.read_text(encoding="utf-8")) | {"schema_version": version}

    with pytest.raises(NewerSchema, match=f"{record_of(path).__name__} has schema version {version}"):
        record_of(path).from_json(json.dumps(data))


@golden
def test_a_record_without_a_version_is_read_as_the_first(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    del data["schema_version"]

    assert record_of(path).from_json(json.dumps(data)).schema_version == "1.0"


def test_known_words_are_read_as_our_enums() -> None:
    alert = Alert.from_json((Path(__file__).parent / "golden" / "alert.json").read_text(encoding="utf-8"))

    assert isinstance(alert.kind, StrEnum)
    assert alert.event is not None
    assert isinstance(alert.event.event_type, StrEnum)


def test_times_are_in_utc_whatever_zone_they_were_written_in() -> None:
    data = json.loads((Path(__file__).parent / "golden" / "article.json").read_text(encoding="utf-8"))
    east = Article.from_json(json.dumps(data | {"published_at": "2026-03-02T08:40:00+02:00"}))
    naive = Article.from_json(json.dumps(data | {"published_at": "2026-03-02T06:40:00"}))

    assert east == naive == Article.from_json(json.dumps(data))


def test_records_are_frozen() -> None:
    article = Article.from_json(
        (Path(__file__).parent / "golden" / "article.json").read_text(encoding="utf-8")
    )
    with pytest.raises(ValueError, match="frozen"):
        article.title = "another"  # type: ignore[misc]  # the point of the test


def strangers(value: Any, where: str = "$") -> list[str]:
    """Where a record holds fields that its class does not know."""
    if isinstance(value, tuple):
        return [found for index, item in enumerate(value) for found in strangers(item, f"{where}[{index}]")]
    if not isinstance(value, contracts.Part):
        return []
    found = [f"{where}.{name}" for name in value.model_extra or {}]
    return found + [
        stranger
        for name in type(value).model_fields
        for stranger in strangers(getattr(value, name), f"{where}.{name}")
    ]
