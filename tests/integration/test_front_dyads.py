"""``tocsin dyads`` and ``tocsin backtest --load`` on a real Redis: what is usual, and what is not."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import incidents, ladders
from shared.contracts import ReportedTally, Tally
from shared.settings import Settings
from tests.support.classifier import ODESA, Reader, article, remembering, strike
from tests.support.front import Done, tocsin
from tests.support.ladders import each_week, struck, watched

Typed = Callable[..., Done]
NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)
THREE = ("Kharkiv", "Odesa", "Sumy")


@pytest.fixture
def typed(settings: Settings) -> Typed:
    def run(*words: str) -> Done:
        return tocsin(*words, TOCSIN_REDIS_URL=settings.redis_url or "", COLUMNS="200")

    return run


@pytest.fixture
def reader(settings: Settings, redis_client: Any) -> Reader:
    return remembering(redis_client, settings.names)


@pytest.fixture
def restless(reader: Reader) -> Reader:
    """A hundred days watched; two strikes a week between Russia and Ukraine, and nine in this one."""
    watched(reader, YESTERDAY, 100)
    each_week(reader, YESTERDAY, [2] * 12)
    for hours in range(9):
        struck(reader, YESTERDAY + timedelta(hours=hours / 10))
    return reader


def test_the_unusual_stands_first_with_the_usual_beside_it(restless: Reader, typed: Typed) -> None:
    shown = typed("dyads").stdout
    pair, land = [json.loads(line) for line in typed("dyads", "--json").stdout.splitlines()]

    assert [(each["week"], each["usual"], each["above"]) for each in (pair, land)] == [(9, 2.0, True)] * 2
    assert {pair["subject"], land["subject"]} == {"RUS|UKR", "UKR"}
    assert pair["because"].startswith("9 in 7 days; usually 2 (median of 12 weeks")
    assert "Russia and Ukraine" in shown
    assert "use of force" in shown
    assert "█" in shown
    assert "observed days" not in shown


def test_a_list_may_be_narrowed(restless: Reader, typed: Typed) -> None:
    assert len(typed("dyads", "--json", "--country", "russia").stdout.splitlines()) == 1
    assert len(typed("dyads", "--json", "--country", "ukr").stdout.splitlines()) == 2
    assert len(typed("dyads", "--json", "--most", "1").stdout.splitlines()) == 1
    assert typed("dyads", "--country", "SDN").stdout.startswith("Nothing has moved")


@pytest.mark.parametrize(
    "words", [("RUS", "UKR"), ("ukraine", "russia"), ("RUS|UKR",), ("ukr|rus",)], ids=" ".join
)
def test_a_pair_is_shown_in_full_however_it_is_named(
    restless: Reader, typed: Typed, words: tuple[str, ...]
) -> None:
    shown = typed("dyads", *words)

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("Russia and Ukraine\n")
    assert "in 90 days: use of force 33" in shown.stdout
    assert "acted: Russia 33" in shown.stdout
    assert shown.stdout.count("inc_") == 15


def test_what_names_no_ladder_says_what_to_type(restless: Reader, typed: Typed) -> None:
    nobody, alone, three = typed("dyads", "ISR", "IRN"), typed("dyads", "RUS"), typed("dyads", *THREE)

    assert (nobody.returncode, alone.returncode, three.returncode) == (1, 2, 2)
    assert nobody.stdout == alone.stdout == three.stdout == ""
    assert "nothing was counted for 'IRN|ISR'" in nobody.stderr
    assert "`tocsin dyads --country 'RUS'` lists its pairs" in alone.stderr
    assert "name two, or a country" in three.stderr


def test_a_country_is_shown_in_full_and_lists_no_sides(restless: Reader, typed: Typed) -> None:
    shown = typed("dyads", "ukraine").stdout

    assert shown.startswith("Ukraine\n  9 in 7 days; usually 2")
    assert "acted" not in shown


def test_an_empty_and_a_short_history_say_what_to_do(reader: Reader, typed: Typed) -> None:
    assert "they fill as news comes in" in typed("dyads").stdout
    struck(reader, YESTERDAY)

    shown = typed("dyads").stdout
    assert "Russia and Ukraine" in shown
    assert "1 lie behind us" in " ".join(shown.split())
    assert "`tocsin backtest ARCHIVE --load`" in shown


def test_answers_are_told_as_a_run(
    reader: Reader, typed: Typed, settings: Settings, redis_client: Any
) -> None:
    ids = [struck(reader, YESTERDAY + timedelta(hours=n)) for n in range(3)]
    for earlier, later in itertools.pairwise(ids):
        stands = incidents.get(redis_client, settings.names, later)
        linked = stands.model_copy(update={"responds_to": earlier})
        redis_client.set(settings.names.incident(later), incidents.pack(linked))
    said = f"answers {ids[1]}, which answered {ids[0]}"

    assert f"{ids[2]} {said}" in typed("dyads", "RUS", "UKR").stdout
    assert json.loads(typed("dyads", "RUS", "UKR", "--json").stdout)["runs"] == [ids]
    assert said in typed("incident", ids[2]).stdout
    redis_client.delete(settings.names.incident(ids[0]))
    assert f"answers {ids[0]}\n" in typed("incident", ids[1]).stdout


def test_reported_totals_stand_beside_our_count(
    reader: Reader, typed: Typed, settings: Settings, redis_client: Any
) -> None:
    for hours in range(3):
        struck(reader, YESTERDAY + timedelta(hours=hours))
    told = ReportedTally(
        tally=Tally(count=1030, of="attacks [/x]\x1b", since=date(2023, 10, 17), according_to="CENTCOM"),
        article_id="art_1",
        outlet="harbour.example",
        published_at=YESTERDAY,
    )
    archive = ladders.Archive(frozenset(), {}, {"RUS|UKR": [told]})
    ladders.load(redis_client, settings.names, archive, NOW)

    said = f"1,030 attacks [/x] since 2023-10-17 (ours: 3 since {YESTERDAY.date()})"
    assert f"{said}, by CENTCOM; harbour.example" in typed("dyads", "RUS", "UKR").stdout
    assert said in typed("dyads").stdout
    (pair, *_) = [
        json.loads(line) for line in typed("dyads", "--json", "--country", "RUS").stdout.splitlines()
    ]
    assert (pair["reported"][0]["ours"], pair["reported"][0]["tally"]["count"]) == (3, 1030)


# ---- tocsin backtest --load ---------------------------------------------------------------------


def line(number: int, day: datetime, town: str) -> dict[str, str]:
    return {
        "id": f"a{number}",
        "published_at": day.isoformat(),
        "outlet": "harbour.example",
        "url": f"https://harbour.example/{number}",
        "title": f"Russian missile strike kills four in {town}",
        "summary": f"A Russian missile strike on the Ukrainian city of {town} killed four on {day:%A}.",
    }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A strike every nine days in the last hundred and eighty."""
    days = [NOW.replace(hour=12) - timedelta(days=n) for n in range(180, 1, -9)]
    lines = [line(number, day, THREE[number % 3]) for number, day in enumerate(days)]
    path = tmp_path / "archive.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return path


def counts(typed: Typed) -> list[tuple[str, list[int], dict[str, int]]]:
    every = [json.loads(each) for each in typed("dyads", "--json", "--days", "400").stdout.splitlines()]
    return [(each["subject"], each["days"], each["rungs"]) for each in every]


def test_an_archive_fills_the_ladders_and_again_doubles_nothing(typed: Typed, archive: Path) -> None:
    first = typed("backtest", str(archive), "--load")
    once = counts(typed)
    second = typed("backtest", str(archive), "--load")

    assert first.returncode == second.returncode == 0, first.stderr
    assert "loaded 20 days of 2 pairs and countries: `tocsin dyads`" in first.stderr
    assert [subject for subject, _, _ in once] == ["UKR", "RUS|UKR"]
    assert all(sum(days) == 3 and rungs == {"4": 10} for _, days, rungs in once)
    assert counts(typed) == once


def test_without_load_nothing_is_written_and_the_lines_are_the_same(
    typed: Typed, archive: Path, redis_client: Any
) -> None:
    plain = typed("backtest", str(archive), "--quiet")
    assert redis_client.dbsize() == 0
    loaded = typed("backtest", str(archive), "--load")

    assert plain.stdout == loaded.stdout
    assert plain.stderr == ""


def test_a_day_that_was_watched_keeps_its_own_count(typed: Typed, archive: Path, reader: Reader) -> None:
    watched_on = NOW.replace(hour=12) - timedelta(days=9)
    reader.reads(article("Odesa struck", at=watched_on), strike(place=ODESA, on=watched_on.date()))
    reader.reads(article("Odesa struck again", at=watched_on), strike(place=ODESA, on=watched_on.date()))
    done = typed("backtest", str(archive), "--load")

    assert "loaded 19 days of 2 pairs and countries" in done.stderr
    assert "days that were watched, and stay as they were: 1" in done.stderr
    assert all(sum(days) == 3 for _, days, _ in counts(typed))
