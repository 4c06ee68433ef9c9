"""A stream with known incidents: how it is read, played and scored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from services.classifier.quality.clusters import score
from services.classifier.quality.streams import Placed, StreamItem, play, read_stream
from shared.errors import BadInput


def line(id_: str, hour: int, incident: str | None, **event: object) -> dict[str, object]:
    """An item of a day in May; ``event`` changes its labelled event."""
    strike = {
        "event_type": "ASSAULT",
        "mode": "airstrike",
        "main": True,
        "incident": incident,
        "actors": [{"name": "Israel", "country": "ISR", "sector": "MIL"}],
        "recipients": [{"name": "Hezbollah", "country": "LBN", "sector": "REB"}],
        "country": "LBN",
        "place": "Tyre",
        "lat": 33.27,
        "lon": 35.2,
        "precision": "city",
        "occurred_on": "2025-05-03",
    }
    return {
        "id": id_,
        "published_at": f"2025-05-03T{hour:02}:00:00Z",
        "outlet": "Reuters",
        "title": f"Report {id_}",
        "summary": f"Something was told at {hour} by {id_}.",
        "incident": incident,
        "events": [strike | event] if incident else [],
    }


def stream(tmp_path: Path, *lines: dict[str, object]) -> list[StreamItem]:
    path = tmp_path / "stream.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return read_stream(path)


BEIRUT = {"place": "Beirut", "lat": 33.89, "lon": 35.5}


def test_a_matcher_that_joins_as_it_should_has_full_marks(tmp_path: Path) -> None:
    items = stream(
        tmp_path,
        line("c", 9, "i1"),
        line("a", 6, "i1"),
        line("n", 7, None),
        line("b", 8, "i2", **BEIRUT),
    )
    assert [item.id for item in items] == ["a", "n", "b", "c"], "in the order in which they came out"
    joined = score([*play(items)])

    assert (joined.pair[2], joined.b_cubed[2]) == (1.0, 1.0)
    assert (joined.incidents, joined.opened_once, joined.first_report, joined.opened_often) == (2, 2, 2, 0)
    assert joined.false_openings == joined.never_opened == ()


def test_a_stated_answer_is_scored_as_linked(tmp_path: Path) -> None:
    answer = line("b", 8, "i2", mode="missile", **BEIRUT) | {}
    answer["events"] = [
        {**answer["events"][0], "answers": "i1"},  # type: ignore[index]
        {**line("x", 1, "i1")["events"][0], "main": False},  # type: ignore[index]
    ]
    joined = score([*play(stream(tmp_path, line("a", 6, "i1"), answer))])

    assert (joined.answers, joined.answers_found, joined.answers_invented) == (1, 1, 0)


def placed(id_: str, gold: str | None, ours: str | None, *opened: str) -> Placed:
    item = StreamItem.model_validate(line(id_, 6, gold) | {"incident": gold})
    return Placed(item, ours, ("opened",) * len(opened), opened, (), ())


def test_two_incidents_put_together_lose_precision_and_one_torn_apart_recall() -> None:
    merged = score([placed("a", "i1", "x", "x"), placed("b", "i2", "x")])
    assert (merged.pair, merged.opened_once, merged.never_opened) == ((0.0, 1.0, 0.0), 1, ("i2",))
    assert merged.b_cubed == pytest.approx((0.5, 1.0, 2 / 3))

    torn = score([placed("a", "i1", "x", "x"), placed("b", "i1", "y", "y"), placed("c", "i1", "z", "z")])
    assert (torn.pair[1], torn.opened_once, torn.opened_often) == (0.0, 0, 1)
    assert torn.b_cubed == pytest.approx((1.0, 1 / 3, 0.5))


def test_what_is_silent_stands_alone_and_noise_that_rings_is_named() -> None:
    joined = score([placed("a", "i1", None), placed("b", "i1", None), placed("n", None, "x", "x")])

    assert joined.pair == (1.0, 0.0, 0.0)
    assert (joined.never_opened, joined.false_openings, joined.first_report) == (("i1",), ("n",), 0)


def test_a_line_that_is_none_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "stream.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"stream.jsonl, line 1: published_at: .* correct it"):
        read_stream(path)


def test_what_was_merged_later_counts_as_merged_and_rang_as_it_rang() -> None:
    first = placed("a", "i1", "x", "x")
    second = placed("b", "i1", "y", "y")
    third = replace(placed("c", "i1", "x"), merged=(("y", "x"),))
    joined = score([first, second, third])

    assert joined.pair == (1.0, 1.0, 1.0)
    assert (joined.opened_once, joined.opened_often) == (0, 0)
    chain = replace(third, merged=(("y", "z"), ("z", "x")))
    assert score([first, second, chain]).pair == (1.0, 1.0, 1.0)


def test_what_was_split_off_later_counts_where_it_stands_in_the_end() -> None:
    first, second = placed("a", "i1", "x", "x"), placed("b", "i2", "x")
    third = replace(placed("c", "i1", "x"), standing=(("a", "x"), ("b", "y"), ("elsewhere", "z")))

    assert score([first, second, third]).pair == (1.0, 1.0, 1.0)
