"""Plays the beginning of the demo and draws the terminal into ``docs/img/demo.svg``, for the README.

``make picture`` runs it. It is a recording: times differ from one to the next, so no test compares it.
"""

import io
from pathlib import Path

from rich.console import Console

from docs.example import WIDTH, drawn
from services.cli.demo.show import demo
from services.cli.house.first import Place

SECONDS = 8.9
"""How much of the demo fits a README: the first story's bell, its echoes, its update, and some silence."""
PICTURE = Path(__file__).parent.resolve() / "img" / "demo.svg"


def main() -> None:
    """Play and draw."""
    # No terminal, or each turn of a spinner would be in the picture.
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=False)
    demo(console, Place("tocsin"), seconds=SECONDS)  # not where we happen to stand
    PICTURE.write_text(drawn(console, "make demo"), encoding="utf-8")
    print(PICTURE.name)


if __name__ == "__main__":
    main()
