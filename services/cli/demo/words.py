"""What the demo says before and after: what one is about to see, and what to do next."""

import shlex

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cli.house.first import Place

HELLO = (
    "A minute of invented news in eight outlets' voices, played through the real thing: feeds, poller, "
    "worker, alerts, signed webhooks. Nothing leaves this machine.\n"
    "A line is an article, with what was made of it. A frame is an alert: the bell. Many reports, one bell; "
    "another only when the facts move; silence for the rest."
)


def hello(console: Console) -> None:
    """Say what is about to be seen."""
    console.print(Panel(HELLO, title="Tocsin: a story breaks", title_align="left"))


def goodbye(console: Console, there: Place) -> None:
    """Say what to do next; ``there`` is how this program is called, here and in another terminal."""
    elsewhere = f"cd {shlex.quote(str(there.directory))}\n" if there.directory else ""
    steps = Table.grid(padding=(0, 2))
    for number, (command, why) in enumerate(
        (
            ("up", "start it for good, and leave it running; then, in a second terminal:"),
            ("feeds import --default", "about sixty feeds of world news; or: feeds add URL"),
            ("subscribe slack URL", "ring in your Slack; or: subscribe webhook URL"),
        ),
        start=1,
    ):
        before = elsewhere if number == 2 else ""
        steps.add_row(str(number), Text(f"{before}{there.command} {command}", "bold", overflow="fold"))
        steps.add_row("", Text(why, "dim"))
    console.print(Panel(steps, title="What next", title_align="left"))
