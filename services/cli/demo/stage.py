"""What the person in front of the demo sees: each article and what became of it, each bell as it rings."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli.demo import cards
from services.cli.demo.receiver import Delivered
from services.cli.demo.script import Script
from shared.contracts import Alert
from shared.printable import one_line

_NUMBERED = ("cyan", "magenta", "green", "blue", "yellow")
_NAME_WIDTH = 19


@dataclass
class Bells:
    """What became of one incident so far."""

    number: int
    sentence: str = ""
    articles: set[str] = field(default_factory=set)
    kinds: list[str] = field(default_factory=list)


class Stage:
    """Prints onto ``console``; times count from the start of ``script``. It decides nothing."""

    def __init__(self, console: Console, script: Script) -> None:
        self._console, self._begun = console, script.start
        self._names = {outlet.domain: outlet.name for outlet in script.outlets}
        self._printed = {(item.outlet.domain, item.title[:120]): item for item in script.items}
        self._incidents: dict[str, Bells] = {}
        self._quiet = 0
        self._delays: list[float] = []
        self._shown_in_slack: set[str] = set()
        self.articles = self.alerts = self.webhooks = self.slack_messages = 0

    # ---- as it happens --------------------------------------------------------------------------

    def considered(self, line: Mapping[str, Any]) -> None:
        """An article was considered: print its title, and what came of it. ``line`` is the worker's log."""
        self.articles += 1
        incidents = [self._bells(id_) for id_ in line["incident_ids"]]
        for bells in incidents:
            bells.articles.add(line["article_id"])
        outlet = self._names.get(line["outlet"], line["outlet"])
        head = Text.assemble(
            (f"{self._clock(line['outlet'], line['title'])} ", "dim"),
            (f"{one_line(outlet):<{_NAME_WIDTH}.{_NAME_WIDTH}} ", "dim" if not incidents else ""),
            (one_line(line["title"]), "" if incidents else "dim"),
        )
        self._console.print(head, overflow="ellipsis", no_wrap=True)
        self._console.print(self._outcome(line, incidents), overflow="ellipsis", no_wrap=True)

    def _outcome(self, line: Mapping[str, Any], incidents: Sequence[Bells]) -> Text:
        indent = " " * 6
        if not incidents:
            self._quiet += 1
            return Text(f"{indent}quiet: {one_line(line['coding'])}", "dim italic")
        told = Text(indent)
        for bells, because in zip(incidents, line["joined_because"], strict=False):
            told.append(f"incident {bells.number}", _NUMBERED[bells.number % len(_NUMBERED)])
            told.append(f": {one_line(because)}; ", "italic")
        rings = "" if line["alert_ids"] else str(line["reason"])
        told.append(rings or "rings", "bold" if line["alert_ids"] else "italic")
        return told

    def rang(self, alert: Alert) -> None:
        """An alert is on the stream: print its card."""
        self.alerts += 1
        bells = self._bells(alert.incident_id or "")
        bells.sentence = alert.sentence or alert.headline
        bells.kinds.append(str(alert.kind))
        answers = self._incidents.get(alert.responds_to or "")
        at = f"{(alert.at - self._begun).total_seconds():.1f} s into the news"
        self._console.print(cards.bell(alert, bells.number, answers.number if answers else None, at))

    def delivered(self, message: Delivered) -> None:
        """A signed webhook has come in."""
        self.webhooks += 1
        rang_at = datetime.fromisoformat(message.data["at"])
        after = (message.at - rang_at).total_seconds()
        self._delays.append(after)
        self._console.print(
            Text.assemble(
                ("  webhook  ", "green"),
                (f"{message.type}, {message.size / 1000:.1f} kB, signature verified, ", "dim"),
                (f"{after * 1000:.0f} ms after the bell", "dim"),
            )
        )

    def slack(self, message: Mapping[str, Any]) -> None:
        """Slack would show this: the first of each kind in full, the others by their line."""
        self.slack_messages += 1
        line = cards.mrkdwn(message["text"])
        kind = line.plain.partition(":")[0] if ": " in line.plain[:16] else ""
        if kind not in self._shown_in_slack:
            self._shown_in_slack.add(kind)
            self._console.print(cards.slack(message))
        else:
            self._console.print(
                Text.assemble(("  Slack    ", "green"), line), overflow="ellipsis", no_wrap=True
            )

    # ---- at the end -----------------------------------------------------------------------------

    def close(self) -> None:
        """Sum up: one line an incident, what stayed quiet and why, what was delivered."""
        table = Table(title="What a subscriber heard", title_justify="left", expand=True)
        table.add_column("incident", justify="right")
        table.add_column("what happened", ratio=1)
        table.add_column("articles", justify="right")
        table.add_column("alerts")
        rung = [bells for bells in self._incidents.values() if bells.kinds]
        for bells in rung:
            told = ", ".join(f"{kind} x {n}" if n > 1 else kind for kind, n in Counter(bells.kinds).items())
            table.add_row(str(bells.number), one_line(bells.sentence), str(len(bells.articles)), told)
        self._console.print(table)
        self._console.print(
            f"{cards.count(self.articles, 'article')} by {cards.count(len(self._names), 'outlet')}: "
            f"{cards.count(self.alerts, 'alert')} about {cards.count(len(rung), 'incident')}; "
            f"{cards.count(self._quiet, 'article')} stayed quiet."
        )
        if self._delays:
            self._console.print(
                f"{cards.count(self.webhooks, 'webhook')} came in signed and "
                f"{'was' if self.webhooks == 1 else 'were'} verified, in the median "
                f"{statistics.median(self._delays) * 1000:.0f} ms after the bell; "
                f"{cards.count(self.slack_messages, 'message')} went where Slack would be."
            )

    def _bells(self, incident_id: str) -> Bells:
        return self._incidents.setdefault(incident_id, Bells(len(self._incidents) + 1))

    def _clock(self, outlet: str, title: str) -> str:
        item = self._printed.get((outlet, title))
        return f"{int(item.at) // 60}:{int(item.at) % 60:02d}" if item else " " * 4
