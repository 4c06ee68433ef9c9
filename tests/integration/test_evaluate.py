"""``tocsin evaluate`` from files to page, table and JSON, on a few items in our own words."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.classifier.quality import folds
from services.classifier.quality.codings import codings
from services.classifier.quality.gold import read_items
from services.classifier.quality.plv import Plv, read_plv
from shared import outlets
from shared.errors import BadInput
from tests.support.front import tocsin
from tests.support.quality import write_items

GROUPS = ("Boko Haram", "Al-Shabaab", "M23", "Hamas", "the Houthis", "Hezbollah")


def attack(number: int, **more: Any) -> dict[str, Any]:
    title = f"Gunmen of {GROUPS[number % 6]} kill {number + 2} soldiers at an army post in Borno, Nigeria"
    event = {
        "event_type": "ASSAULT",
        "mode": "clash",
        "main": True,
        "actors": [{"name": GROUPS[number % 6], "sector": "REB"}],
        "recipients": [{"name": "Nigeria", "country": "NGA", "sector": "MIL"}],
        "country": "NGA",
        "killed": [number + 2, number + 2],
        "injured": None,
    }
    return _item(f"attack-{number}", title, True, events=[event], row="2 ASSAULT/clash", **more)


def trap(number: int, **more: Any) -> dict[str, Any]:
    towns = ("Lille", "Turin", "Malmo", "Porto", "Ghent", "Graz")
    title = f"Bakers of {towns[number % 6]} strike for {number + 2} days over pay"
    return _item(f"trap-{number}", title, False, trap="labour-strike", row="3 labour strike", **more)


def _item(name: str, title: str, rings: bool, **more: Any) -> dict[str, Any]:
    base = {"id": name, "published_at": "2026-03-03T09:00:00Z", "title": title, "register": "headline"}
    return base | {"escalation": rings} | more


def labels() -> list[dict[str, Any]]:
    return [*map(attack, range(6)), *map(trap, range(6))]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A data directory, a corpus with both its parts, and a place for the page."""
    write_items(tmp_path / "data" / "coding" / "wcep_coded_1380.jsonl", *labels())
    write_items(tmp_path / "corpus" / "read" / "a.jsonl", *labels())
    write_items(tmp_path / "corpus" / "blind" / "a.jsonl", *labels())
    (tmp_path / "docs").mkdir()
    return tmp_path


def evaluate(desk: Path, *more: str) -> Any:
    words = ("--data", str(desk / "data"), "--corpus", str(desk / "corpus"))
    return tocsin("evaluate", *words, "--to", str(desk / "docs" / "quality.md"), *more)


def test_the_page_and_its_pictures_are_written_the_same_each_time(desk: Path) -> None:
    first = evaluate(desk)
    assert first.returncode == 0, first.stderr
    written = {path: path.read_bytes() for path in (desk / "docs").rglob("*.*")}
    assert {path.name for path in written} == {"quality.md", "quality_calibration.svg", "quality_types.svg"}

    again = evaluate(desk)
    assert again.returncode == 0, again.stderr
    assert {path: path.read_bytes() for path in (desk / "docs").rglob("*.*")} == written

    text = (desk / "docs" / "quality.md").read_text(encoding="utf-8")
    assert "\n| killed, exact where stated | **1.00** [" in text
    assert "\n| day | – | not coded | – |" in text
    assert "\n| labour-strike | 6 | 0 | 6 | 0 | 6 | 0 |\n" in text
    assert "given: 12 items" in first.stdout
    assert "escalation, F1" in first.stdout


def test_its_figures_are_objects_on_request(desk: Path) -> None:
    done = evaluate(desk, "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert {line["set"] for line in lines} == {"given", "read", "blind"}
    assert {line["who"] for line in lines if "who" in line} == {"coder", "TF-IDF"}
    (recall,) = (
        line
        for line in lines
        if (line["set"], line.get("who"), line.get("measure")) == ("blind", "coder", "recall")
    )
    assert (recall["right"], recall["of"], recall["value"]) == (6, 6, 1.0)
    assert recall["low"] < 1.0 <= recall["high"]


def test_files_of_items_are_scored_alone_and_nothing_is_written(tmp_path: Path) -> None:
    one = write_items(tmp_path / "one.jsonl", *map(attack, range(6)))
    other = write_items(tmp_path / "other.jsonl", *map(trap, range(6)))
    done = tocsin("evaluate", "--items", str(one), str(other))

    assert done.returncode == 0, done.stderr
    assert "items: 12 items" in done.stdout
    assert "recipients, F1" in done.stdout
    assert sorted(tmp_path.iterdir()) == [one, other]

    lines = [
        json.loads(line)
        for line in tocsin("evaluate", "--items", "--json", str(one), str(other)).stdout.splitlines()
    ]
    assert {"set": "items", "trap": "labour-strike", "items": 6, "rang": 0} in lines
    assert not [line for line in lines if line.get("measure") == "day"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "say --data DIR to write the page, --items FILE... to score files, or"),
        (("--data", "x", "--items", "y"), "say --data DIR to write the page, --items FILE..."),
        (("--items",), "--items needs at least one file"),
        (("--items", "--to", "x.md", "y"), "--items writes no page: leave --to and --corpus out"),
        (("--data", "x", "y.jsonl"), "y.jsonl stands alone: say --items before it, or leave it out"),
        (("--items", "nowhere.jsonl"), "can't read nowhere.jsonl (No such file or directory)"),
        (("--data", "nowhere", "--to", "q.md"), "nowhere holds no coding/wcep_coded_1380.jsonl"),
        (("--data", "data", "--to", "nowhere/q.md"), "nowhere is no directory: name the page with --to FILE"),
        (("--data", "data", "--to", "q.md", "--corpus", "nowhere"), "nowhere holds neither read/*.jsonl nor"),
        (("--items", "bad.jsonl"), "bad.jsonl, line 2: events.0.event_type: "),
        (("--items", "twice.jsonl"), "twice.jsonl, line 2: the id 'trap-1' stands there twice"),
        (("--items", "empty.jsonl"), "empty.jsonl holds no items"),
        (("--items", "mute.jsonl"), "mute.jsonl, line 1: the item: has neither title, summary nor body"),
        (("--items", "latin.jsonl"), "can't read latin.jsonl (it is not text in UTF-8)"),
        (
            ("--items", "good.jsonl", "copy.jsonl"),
            "copy.jsonl: the id 'trap-1' stands in another file",
        ),
        (("--items", "good.jsonl", "--folds", "good.jsonl"), "good.jsonl, line 1: relevance: Field required"),
    ],
)
def test_bad_usage_is_one_clear_line(
    words: tuple[str, ...], said: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = attack(1)
    wrong["events"][0]["event_type"] = "QUARREL"
    write_items(desk / "bad.jsonl", attack(0), wrong)
    write_items(desk / "twice.jsonl", trap(1), trap(1))
    write_items(desk / "good.jsonl", trap(1))
    write_items(desk / "copy.jsonl", trap(1))
    write_items(desk / "mute.jsonl", trap(1) | {"title": " "})
    (desk / "empty.jsonl").write_text("\n\n")
    (desk / "latin.jsonl").write_bytes('{"id": "caf\xe9"}'.encode("latin-1"))
    monkeypatch.chdir(desk)

    done = tocsin("evaluate", *words)

    assert done.returncode == 2
    assert done.stderr.startswith(f"tocsin: {said}")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_field_that_no_event_of_a_file_has_was_not_coded(tmp_path: Path) -> None:
    (item, *_) = read_items(write_items(tmp_path / "a.jsonl", *labels()))
    assert {"killed", "injured", "country"} <= item.coded
    assert "occurred_on" not in item.coded
    # One that has it speaks for its file: in the others, it is not stated.
    dated = attack(7)
    dated["events"][0]["occurred_on"] = "2026-03-02"
    items = read_items(write_items(tmp_path / "b.jsonl", attack(1), dated))
    assert all("occurred_on" in item.coded for item in items)


def test_codings_find_texts_that_are_kept_elsewhere(tmp_path: Path) -> None:
    coding = attack(1)
    text = {name: coding.pop(name) for name in ("published_at", "title")}
    path = write_items(tmp_path / "a.jsonl", coding)

    (item,) = read_items(path, {coding["id"]: text})
    assert item.title == text["title"]
    with pytest.raises(BadInput, match=r"a\.jsonl, line 1: published_at: Field required"):
        read_items(path)


def test_an_assault_that_a_coder_left_without_an_actor_is_by_unknown_attackers(tmp_path: Path) -> None:
    nobody = attack(1)
    nobody["events"][0]["actors"] = []
    (item,) = read_items(write_items(tmp_path / "a.jsonl", nobody))
    assert item.main is not None
    assert [(side.name, side.sector) for side in item.main.actors] == [("unknown attackers", "UNK")]


def test_two_processes_answer_as_one_does(tmp_path: Path) -> None:
    items = read_items(write_items(tmp_path / "a.jsonl", *labels()))
    zone_of = outlets.load().zone_of
    assert list(codings(items, zone_of, jobs=2)) == list(codings(items, zone_of, jobs=1))


def test_folds_speak_only_of_what_they_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"id": "known", "relevance": 0.2, "kinds": {"none": 1.0}, "roles": [[0, 3, [0.1] * 5]]}
    read = folds.read_folds(write_items(tmp_path / "folds.jsonl", line))
    assert read["known"].roles[0, 3] == [0.1] * 5

    class Made:
        """A coder that says what it was made with."""

        def __init__(self, opinions: Any = None) -> None:
            self.opinions = opinions

        def code(self, article: Any, zone: Any = None) -> Any:
            return self.opinions and self.opinions(article, [])

    monkeypatch.setattr(folds, "Coder", Made)
    items = read_items(write_items(tmp_path / "a.jsonl", trap(1) | {"id": "known"}, trap(2)))
    known, other = codings(items, outlets.load().zone_of, read)
    assert known is read["known"]  # type: ignore[comparison-overlap]
    assert other is None  # the coder as it ships was asked, and this one ships with nothing to say


def test_the_model_card_is_asked_for_single_sentences(tmp_path: Path) -> None:
    metrics = tmp_path / "metrics.json"
    assert read_plv(metrics) is None
    for said, found in (
        ({"plv": 0.81}, Plv(0.81)),
        ({"plv": {"accuracy": 0.81, "items": 1050}}, Plv(0.81, 1050)),
        ({"other": 1}, None),
    ):
        metrics.write_text(json.dumps(said))
        assert read_plv(metrics) == found
    metrics.write_text('{"plv": "good"}')
    with pytest.raises(BadInput, match="train it anew"):
        read_plv(metrics)
