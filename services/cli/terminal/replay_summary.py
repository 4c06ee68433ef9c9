"""What a replay came to, for a person: counted while it runs, shown on stderr at its end."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from services.classifier.incidents.telling.wording import sentence
from shared.contracts import AlertKind, Incident
from shared.printable import one_line

if TYPE_CHECKING:
    from services.classifier.replay import Replayed

WORST = 10
"""Incidents told at the end."""
COUNTRIES = 5
"""Countries told, those with most incidents."""


class Summary:
    """Counts what it is shown; decides nothing. One replay's, from its first article to its last."""

    def __init__(self) -> None:
        self.articles = 0
        self.alerts: Counter[str] = Counter()
        self.silent: Counter[str] = Counter()
        self._incidents: dict[str, Incident] = {}
        self._first: datetime | None = None
        self._last: datetime | None = None

    def watching(self, steps: "Iterable[Replayed]") -> "Iterator[Replayed]":
        """The same steps, each counted."""
        for step in steps:
            self._count(step)
            yield step

    def _count(self, step: "Replayed") -> None:
        self.articles += 1
        self._first = self._first or step.article.published_at
        self._last = step.article.published_at
        for decision in (*step.woken, step.decision):
            self.alerts.update(str(alert.kind) for alert in decision.alerts)
            for incident in decision.incidents:
                known = self._incidents.get(incident.id)
                # What came due after the last article is handed over before it, and is newer.
                if known is None or incident.version > known.version:
                    self._incidents[incident.id] = incident
        if not step.decision.alerts:
            self.silent[str(step.decision.reason)] += 1

    @property
    def opened(self) -> int:
        """Incidents for which an opening rang."""
        return self.alerts[AlertKind.OPENED]

    def worst(self) -> list[Incident]:
        """The gravest incidents that rang and still stand."""
        rang = (each for each in self._incidents.values() if each.announced and not each.retracted)
        return sorted(rang, key=lambda each: (-each.severity.score, each.opened_at, each.id))[:WORST]

    def countries(self) -> list[tuple[str, int]]:
        """Countries by how many incidents rang there."""
        lands = Counter(
            each.event.place.country
            for each in self._incidents.values()
            if each.announced and each.event.place and each.event.place.country
        )
        return [(str(land), count) for land, count in lands.most_common(COUNTRIES)]

    def facts(self, seconds: float) -> Iterator[tuple[str, str]]:
        """Each fact with its name; ``seconds`` is how long the replay took."""
        span = f"{self._first:%Y-%m-%d %H:%M} to {self._last:%Y-%m-%d %H:%M} UTC" if self._first else "none"
        yield "articles", f"{self.articles}, {span}"
        yield "incidents", f"{len(self._incidents)}, {self.opened} of them opened with a bell"
        yield "alerts", _counted(self.alerts.most_common())
        yield "silent", _counted(self.silent.most_common())
        yield "busiest", _counted(self.countries())
        yield "speed", f"{self.articles / max(seconds, 0.001):.0f} articles a second, {seconds:.1f} s in all"


def show(summary: Summary, seconds: float) -> None:
    """A table on a terminal, plain lines otherwise; nothing for an archive without articles."""
    if not summary.articles:
        return
    if not sys.stderr.isatty():
        for name, fact in summary.facts(seconds):
            print(f"{name}: {one_line(fact)}", file=sys.stderr)
        for each in summary.worst():
            print(f"worst: {_tier(each)}, {each.id}, {_said(each)}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(stderr=True)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, fact in summary.facts(seconds):
        table.add_row(Text(name, style="bold"), Text(one_line(fact)))
    console.print(table)
    if worst := summary.worst():
        graver = Table("severity", "incident", "what happened", title="the worst", title_justify="left")
        graver.columns[1].no_wrap = True  # it is there to be copied
        for each in worst:
            graver.add_row(_tier(each), each.id, Text(_said(each)))
        console.print(graver)


def _counted(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {name}" for name, count in pairs) or "none"


def _tier(incident: Incident) -> str:
    return f"{incident.severity.tier} ({incident.severity.score:.0f})"


def _said(incident: Incident) -> str:
    return one_line(sentence(incident.event, incident.figures))
