"""How a benchmark is measured and told: side by side, in turns, medians, beside a named floor.

A machine's speed drifts by the minute, so contestants take turns within one run and only their ratio is
believed. ``per second`` says how fast this machine was; the bars hold ratios wherever they can.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Bar:
    """What we promise of one figure: at least (or, when ``ceiling``, at most) ``bar``."""

    value: float
    bar: float
    ceiling: bool = False

    @property
    def holds(self) -> bool:
        return self.value <= self.bar if self.ceiling else self.value >= self.bar


@dataclass(frozen=True)
class Result:
    """What one benchmark found: the rates of all contestants, whose floor they are held against, the bars."""

    unit: str
    rates: Mapping[str, float]
    floor: str
    bars: Mapping[str, Bar] = field(default_factory=dict)
    notes: Mapping[str, float] = field(default_factory=dict)

    def ratio(self, name: str) -> float:
        """How fast a contestant is, with the floor as 1."""
        return self.rates[name] / self.rates[self.floor]


def in_turns(
    contestants: Mapping[str, Callable[[], int]],
    *,
    rounds: int = 7,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """The median rate (units done a second) of each contestant, over rounds in which all take a turn.

    A contestant does its work once and returns how many units that was. One turn each is thrown away, to
    warm up.
    """
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, work in contestants.items():
            begun = clock()
            done = work()
            took = clock() - begun
            if turn:
                rates[name].append(done / took)
    return {name: statistics.median(found) for name, found in rates.items()}


def show(name: str, result: Result) -> None:
    """Print the table of ratios."""
    table = Table(title=f"bench {name}", title_justify="left")
    table.add_column("what")
    table.add_column(f"{result.unit} a second", justify="right")
    table.add_column("beside the floor", justify="right")
    for contestant, rate in sorted(result.rates.items(), key=lambda item: -item[1]):
        beside = "the floor" if contestant == result.floor else f"× {_short(result.ratio(contestant))}"
        table.add_row(contestant, f"{rate:,.0f}", beside)
    console = Console()
    console.print(table)
    for said, bar in result.bars.items():
        bound = "at most" if bar.ceiling else "at least"
        verdict = "holds" if bar.holds else "DOES NOT HOLD"
        console.print(f"{said}: {_short(bar.value)}, {bound} {_short(bar.bar)} is promised: {verdict}")


def told(name: str, result: Result) -> dict[str, object]:
    """The result as the JSON object that a benchmark ends with."""
    return {
        "bench": name,
        "figures": {
            **{f"{contestant}, {result.unit}/s": round(rate, 1) for contestant, rate in result.rates.items()},
            **{
                f"{contestant} / {result.floor}": round(result.ratio(contestant), 4)
                for contestant in result.rates
                if contestant != result.floor
            },
            **result.notes,
        },
        "bars": {
            said: {"value": round(bar.value, 4), "bar": bar.bar, "holds": bar.holds}
            for said, bar in result.bars.items()
        },
    }


def _short(number: float) -> str:
    return f"{number:.3g}" if number < 1000 else f"{number:,.0f}"
