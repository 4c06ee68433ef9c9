"""Ladders inside the process: for a replay, and for tests of what Redis must do as well."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from services.classifier.incidents import Decision
from services.classifier.ladders.counting import Entry, entries
from services.classifier.ladders.trends import mark_of
from shared.contracts import Incident, Ladder, Ladders, ReportedTally


class Book:
    """Counts each incident once, as it is known now; every write may be repeated without harm."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[date, dict[str, int]]] = defaultdict(dict)
        self.tallies: dict[str, dict[str, ReportedTally]] = defaultdict(dict)
        self._observed: set[date] = set()
        self._counted: dict[str, tuple[Entry, ...]] = {}
        self._versions: dict[str, int] = defaultdict(int)
        self._rang: dict[str, dict[str, datetime]] = defaultdict(dict)

    def read(self, subjects: Sequence[str], first: date = date.min, last: date = date.max) -> Ladders:
        """These ladders from ``first`` to ``last``, and all days observed."""
        ladders = {
            subject: Ladder(
                subject=subject,
                version=self.version(subject),
                days={
                    day: dict(kinds)
                    for day, kinds in self.counts.get(subject, {}).items()
                    if first <= day <= last
                },
                rang=self._rang.get(subject, {}),
            )
            for subject in subjects
        }
        return Ladders(observed=frozenset(self._observed), by_subject=ladders)

    def version(self, subject: str) -> int:
        """How often the subject's counts have changed."""
        return self._versions.get(subject, 0)

    def write(self, decision: Decision) -> None:
        """Move what the decision's incidents count for, and note what rang, was reported and was watched."""
        changed = {subject for incident in decision.incidents for subject in self._move(incident)}
        for subject in changed:
            self._versions[subject] += 1
        for alert in decision.alerts:
            if mark := mark_of(alert):
                self._rang[mark[0]][mark[1]] = alert.at
                self._versions[mark[0]] += 1
        self._keep(decision.tallies)
        if decision.article is not None and decision.at is not None:
            self._observed.add(decision.at.date())

    def _move(self, incident: Incident) -> set[str]:
        """Take out what the incident counted for and put in what it counts for now; the subjects moved."""
        was, now = self._counted.get(incident.id, ()), entries(incident)
        for entry in was:
            self._add(entry, -1)
        for entry in now:
            self._add(entry, 1)
        self._counted[incident.id] = now
        return {entry.subject for entry in set(was) ^ set(now)}

    def _add(self, entry: Entry, by: int) -> None:
        kinds = self.counts[entry.subject].setdefault(entry.day, {})
        kinds[entry.kind] = kinds.get(entry.kind, 0) + by
        if not kinds[entry.kind]:
            del kinds[entry.kind]
        if not kinds:
            del self.counts[entry.subject][entry.day]

    def _keep(self, tallies: Mapping[str, Iterable[ReportedTally]]) -> None:
        for subject, told in tallies.items():
            self.tallies[subject].update({each.model_dump_json(): each for each in told})
