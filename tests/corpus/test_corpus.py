"""Labelled headlines in our own words: what must ring, how it is coded, and what must stay silent."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from services.classifier.coding import Coder
from services.classifier.coding.lines import article_from_line, coding_to_line

ROWS = [
    json.loads(line)
    for name in ("events", "traps")
    for line in (Path(__file__).parent / f"{name}.jsonl").open()
]
RING = [row for row in ROWS if row["escalation"]]
SILENT = [row for row in ROWS if not row["escalation"]]


@lru_cache(maxsize=1)
def coder() -> Coder:
    return Coder()


def coded(row: dict[str, Any]) -> dict[str, Any]:
    return coding_to_line(coder().code(article_from_line(row)), row["id"])


@pytest.mark.parametrize("row", RING, ids=[row["id"] for row in RING])
def test_an_escalation_rings_and_is_coded(row: dict[str, Any]) -> None:
    line = coded(row)
    assert line["escalation"], line["reason"]
    assert line["score"] >= 0.5
    (main,) = [event for event in line["events"] if event["main"]]
    assert main["event_type"] == row["type"]
    if "mode" in row:
        assert main["mode"] == row["mode"]
    for side in ("actors", "recipients"):
        assert set(row.get(side, ())) <= {actor["name"] for actor in main[side]}
    if "country" in row:
        assert main["place"] is not None
        assert main["place"]["country"] == row["country"]
    if "killed" in row:
        low, high = row["killed"]
        assert main["casualties"]["killed"] == {"low": low, "high": high}


@pytest.mark.parametrize("row", SILENT, ids=[row["id"] for row in SILENT])
def test_a_trap_is_silent_and_says_why(row: dict[str, Any]) -> None:
    line = coded(row)
    assert not line["escalation"], line["reason"]
    assert line["score"] < 0.5
    assert line["reason"]
    if row.get("direction") == "deescalatory":
        (main,) = [event for event in line["events"] if event["main"]]
        assert main["direction"] == "deescalatory"


def test_the_corpus_holds_every_trap_of_the_codebook() -> None:
    traps = {row["trap"] for row in SILENT}
    assert traps >= {
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
        "weather",
        "accident",
        "ordinary-crime",
        "peaceful-protest",
        "talks",
        "condemnation",
    }
