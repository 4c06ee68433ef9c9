"""``make bench [NAME=x]``: runs ``bench_<x>.py``, or all of them, and tells what they found.

Each benchmark is a file here with a function ``bench() -> Result``. Each prints a table of ratios and then
one line of JSON, ``{"bench", "figures", "bars"}``. Exit code: 0 all bars hold, 1 one does not, 2 no such
benchmark.
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measuring import show, told


def known() -> list[str]:
    """The names of all benchmarks."""
    return sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=known(), help="which one; all of them without it")
    chosen = parser.parse_args(arguments).name
    fallen = False
    for name in [chosen] if chosen else known():
        result = import_module(f"tests.benchmarks.bench_{name}").bench()
        show(name, result)
        print(json.dumps(told(name, result), ensure_ascii=False), flush=True)
        fallen = fallen or not all(bar.holds for bar in result.bars.values())
    return int(fallen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
