"""``tocsin backtest``: the documented lines, bad input by number, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.front import tocsin

STRIKE = {
    "id": "b",
    "published_at": "2024-03-05T09:00:00Z",
    "outlet": "harbour.example",
    "url": "https://harbour.example/1",
    "title": "Russian missile strike kills four in Kharkiv",
    "summary": "A Russian missile strike on the Ukrainian city of Kharkiv killed four on Tuesday.",
    "body": "",
}
FOLLOW_UP = {
    **STRIKE,
    "id": "c",
    "published_at": "2024-03-05T10:00:00Z",
    "outlet": "courier.example",
    "url": "https://courier.example/2",
    "title": "Four killed in Russian missile strike on Kharkiv",
}
NOISE = {
    **STRIKE,
    "id": "a",
    "published_at": "2024-03-05T08:00:00Z",
    "title": "Striker's late goal decides the derby",
    "summary": "Two goals in the last minutes turned the match.",
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive.jsonl"


def replay(archive: Path, *lines: Any, **environment: str) -> tuple[list[dict[str, Any]], str, int]:
    archive.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    )
    ran = tocsin("backtest", str(archive), **environment)
    return [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr, ran.returncode


def test_one_line_an_article_in_published_order(archive: Path) -> None:
    lines, _, code = replay(archive, FOLLOW_UP, STRIKE, NOISE)

    assert code == 0
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    noise, first, second = lines
    assert noise == {"id": "a", "incident_id": None, "alert": None, "incidents": [], "also": []}
    assert set(first) == {"id", "incident_id", "alert", "incidents", "also"}
    assert first["alert"]["kind"] == "opened"
    assert first["alert"]["reason"] == "first report of the incident"
    assert set(first["alert"]["severity"]) == {"score", "tier", "terms"}
    assert first["incidents"][0] | {"joined_because": ""} == {
        "event": 0,
        "incident_id": first["incident_id"],
        "main": True,
        "joined_because": "",
        "responds_to": None,
    }
    assert second["incident_id"] == first["incident_id"]
    assert second["alert"] is None


def test_an_id_that_comes_again_is_a_revision(archive: Path) -> None:
    again = {**STRIKE, "published_at": "2024-03-05T11:00:00Z"}
    lines, _, _ = replay(archive, STRIKE, again)

    assert lines[0]["incident_id"] == lines[1]["incident_id"]
    assert lines[1]["alert"] is None


def test_bad_lines_are_told_by_number_and_the_rest_goes_on(archive: Path) -> None:
    lines, err, code = replay(archive, "no json", STRIKE, {"id": "x", "title": "no date"}, [1])

    assert code == 1
    assert [line["id"] for line in lines] == ["b"]
    assert "line 1: not JSON" in err
    assert "line 3: published_at is missing" in err
    assert "line 4: a line must be a JSON object" in err
    assert "3 bad lines were left out" in err


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    ran = tocsin("backtest", str(tmp_path / "nowhere.jsonl"))

    assert ran.returncode == 2
    assert "name a file" in ran.stderr


def test_an_empty_archive_is_replayed_to_nothing(archive: Path) -> None:
    assert replay(archive, "") == ([], "", 0)


# ---- what it came to ----------------------------------------------------------------------------


def test_a_summary_stands_on_stderr_and_only_there(archive: Path) -> None:
    lines, err, code = replay(archive, FOLLOW_UP, STRIKE, NOISE)

    assert (len(lines), code) == (3, 0)
    told = dict(line.split(": ", 1) for line in err.splitlines())
    assert told["articles"] == "3, 2024-03-05 08:00 to 2024-03-05 10:00 UTC"
    assert told["incidents"] == "1, 1 of them opened with a bell"
    assert told["alerts"] == "1 opened"
    assert "1 no escalation event in the article" in told["silent"]
    assert told["busiest"] == "1 UKR"
    assert "articles a second" in told["speed"]
    assert told["worst"].startswith("Severe (")
    assert lines[1]["incident_id"] in told["worst"]
    assert "4 killed" in told["worst"]


def test_quiet_leaves_the_summary_away(archive: Path) -> None:
    archive.write_text(json.dumps(STRIKE), encoding="utf-8")
    ran = tocsin("backtest", "--quiet", str(archive))

    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(ran.stdout.splitlines()) == 1


# ---- what waits out the quiet period ------------------------------------------------------------


def toll(minute: int, killed: int, words: str) -> dict[str, Any]:
    return {
        **STRIKE,
        "id": f"at{minute}",
        "published_at": f"2024-03-05T09:{minute:02}:00Z",
        "outlet": f"o{minute}.example",
        "title": f"Russian missile strike on Kharkiv kills {killed}",
        "summary": f"A Russian missile strike on Kharkiv killed {killed} on Tuesday, the mayor said {words}.",
    }


RISING = (
    toll(1, 4, "beside the ruins of a school"),
    toll(3, 12, "as cranes lifted slabs from a stairwell"),
    toll(15, 31, "after a night of searching with dogs"),
)


def test_what_waited_stands_in_the_next_line_with_its_time(archive: Path) -> None:
    later = {**NOISE, "published_at": "2024-03-05T10:30:00Z"}
    lines, err, _ = replay(archive, *RISING, later)

    assert [line["alert"] and line["alert"]["kind"] for line in lines] == ["opened", "updated", None, None]
    assert [line["also"] for line in lines[:3]] == [[], [], []]
    (woken,) = lines[3]["also"]
    assert set(woken) == {"incident_id", "at", "kind", "reason", "severity"}
    assert (woken["incident_id"], woken["at"]) == (lines[0]["incident_id"], "2024-03-05T09:33:00+00:00")
    assert woken["reason"] == "casualties crossed a band"
    assert "31 killed (mayor)" in err


def test_what_still_waits_at_the_end_stands_in_the_last_line(archive: Path) -> None:
    lines, _, _ = replay(archive, *RISING)
    assert [woken["at"] for woken in lines[-1]["also"]] == ["2024-03-05T09:33:00+00:00"]


def test_without_a_quiet_period_every_change_rings_with_its_article(archive: Path) -> None:
    lines, _, _ = replay(archive, *RISING, TOCSIN_QUIET_PERIOD="0")
    assert [line["alert"] is not None for line in lines] == [True, True, True]
    assert lines[-1]["also"] == []


# ---- in the outlet's zone -----------------------------------------------------------------------

EVENING = {
    **STRIKE,
    "published_at": "2024-03-04T20:30:00Z",
    "title": "Russian missile strike on Kharkiv kills four",
    "summary": "A Russian missile strike on the Ukrainian city of Kharkiv killed four people today.",
}


@pytest.mark.parametrize(
    ("outlet", "published_at", "day"),
    [
        ("harbour.example", "2024-03-04T20:30:00Z", "2024-03-04"),
        ("scmp.com", "2024-03-04T20:30:00Z", "2024-03-05"),
        ("South China Morning Post", "2024-03-04T20:30:00Z", "2024-03-05"),
        ("nytimes.com", "2024-03-05T02:30:00Z", "2024-03-04"),
        ("nzherald.co.nz", "2024-03-04", "2024-03-04"),
    ],
)
def test_today_is_a_day_of_the_outlet(outlet: str, published_at: str, day: str) -> None:
    line = json.dumps({**EVENING, "outlet": outlet, "published_at": published_at})
    ran = tocsin("classify", "--jsonl", stdin=line)

    assert json.loads(ran.stdout)["events"][0]["occurred_on"] == day


def test_outlets_of_ones_own_have_their_zone(tmp_path: Path, archive: Path) -> None:
    file = tmp_path / "outlets.tsv"
    file.write_text("harbour.example\tHarbour\tJPN\tAsia/Tokyo\ten\tbroadsheet\t\t\n", encoding="utf-8")
    line = json.dumps(EVENING)
    ran = tocsin("classify", "--jsonl", stdin=line, TOCSIN_OUTLETS=str(file))
    assert json.loads(ran.stdout)["events"][0]["occurred_on"] == "2024-03-05"

    file.write_text("harbour.example\tHarbour\n", encoding="utf-8")
    archive.write_text(line, encoding="utf-8")
    for command in (("classify", "--jsonl"), ("backtest",)):
        ran = tocsin(*command, str(archive), TOCSIN_OUTLETS=str(file))
        assert ran.returncode != 0
        assert ran.stdout == ""
        assert "outlets.tsv, line 1 has 2 columns: write 8" in ran.stderr
