"""The bench runner: who is known, what it prints last, and that a fallen bar is not passed over."""

import json
from collections.abc import Iterator

import pytest

from tests.benchmarks import run
from tests.benchmarks.measuring import Bar, Result, in_turns, told


def test_the_last_line_is_one_json_object(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result(
        "steps", {"ours": 50.0, "bare": 200.0}, "bare", {"ours / bare": Bar(0.25, 0.2)}, {"size": 7}
    )
    monkeypatch.setattr(
        run, "import_module", lambda name: type("Bench", (), {"bench": staticmethod(lambda: result)})
    )

    code = run.main(["store"])

    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "bench": "store",
        "figures": {"ours, steps/s": 50.0, "bare, steps/s": 200.0, "ours / bare": 0.25, "size": 7},
        "bars": {"ours / bare": {"value": 0.25, "bar": 0.2, "holds": True}},
    }
    assert code == 0


def test_a_bar_that_does_not_hold_is_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result("steps", {"ours": 10.0, "bare": 200.0}, "bare", {"ours / bare": Bar(0.05, 0.2)})
    monkeypatch.setattr(
        run, "import_module", lambda name: type("Bench", (), {"bench": staticmethod(lambda: result)})
    )

    assert run.main(["store"]) == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out


def test_bars_are_floors_or_ceilings() -> None:
    assert Bar(1.0, 1.0).holds
    assert not Bar(0.9, 1.0).holds
    assert Bar(0.9, 1.0, ceiling=True).holds
    assert not Bar(1.1, 1.0, ceiling=True).holds


def test_every_benchmark_file_is_found_and_an_unknown_name_is_bad_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert {"coder", "store"} <= set(run.known())
    with pytest.raises(SystemExit, match="2"):
        run.main(["nothing"])
    assert "choose from" in capsys.readouterr().err


def test_contestants_take_turns_and_the_median_counts() -> None:
    turns = [(0, 99), (99, 198), (198, 199), (199, 201), (201, 205), (205, 207), (207, 209), (209, 211)]
    ticks: Iterator[float] = iter([float(tick) for turn in turns for tick in turn])
    order: list[str] = []

    def contestant(name: str) -> int:
        order.append(name)
        return 8

    contestants = {"a": lambda: contestant("a"), "b": lambda: contestant("b")}
    rates = in_turns(contestants, rounds=3, clock=lambda: next(ticks))

    assert order == ["a", "b"] * 4
    assert rates == {"a": 4.0, "b": 4.0}


def test_a_result_tells_ratios_to_its_floor() -> None:
    figures = told("x", Result("jobs", {"floor": 4.0, "a": 2.0, "b": 6.0}, "floor"))["figures"]

    assert isinstance(figures, dict)
    assert figures["a / floor"] == 0.5
    assert figures["b / floor"] == 1.5
