"""Lists for people: as wide as the terminal, and in a pipe as wide as they need, so that nothing is cut."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def show(table: "Table") -> None:
    """Print a table to stdout."""
    from rich.console import Console
    from rich.measure import Measurement

    console = Console()
    if not sys.stdout.isatty():
        # Not COLUMNS either: it tells how wide the terminal is, and none reads this.
        endless = console.options.update(max_width=sys.maxsize)
        console = Console(width=Measurement.get(console, endless, table).maximum)
    console.print(table)
