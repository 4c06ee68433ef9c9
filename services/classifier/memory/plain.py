"""A memory inside the process that starts empty: for ``tocsin backtest`` and for tests."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from services.classifier.incidents import Decision
from services.classifier.incidents.filing import buckets, cards
from services.classifier.ladders.book import Book
from services.classifier.memory.interface import DUE, Candidates, Committed, Wanted, guard_of
from shared.contracts import Alert, Handwork, Incident, Ladders


class PlainMemory:
    """Keeps the promises of ``Memory`` for one process.

    ``alerts`` is its stream, ``handworks`` its audit, ``book`` its ladders.
    """

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.handworks: list[Handwork] = []
        self.book = Book()
        self._incidents: dict[str, Incident] = {}
        self._buckets: dict[str, dict[bytes, bytes]] = defaultdict(dict)
        self._filed: dict[str, set[str]] = defaultdict(set)
        self._versions: dict[str, int] = defaultdict(int)
        self._waking: dict[str, datetime] = {}
        self._considered: dict[str, int] = {}

    def candidates(self, wanted: Wanted) -> Candidates:
        filed = {name: b"".join(self._buckets.get(name, {}).values()) for name in wanted.buckets}
        known = self.known(wanted.choose(filed))
        versions = {name: self._versions.get(name, 0) for name in wanted.buckets}
        return Candidates(known.incidents, {**versions, **known.versions})

    def known(self, ids: Sequence[str]) -> Candidates:
        found = tuple(self._incidents[each] for each in ids if each in self._incidents)
        return Candidates(found, {guard_of(each): each.version for each in found})

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        return self.book.read(subjects, first, last)

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        waiting = sorted((wakes_at, id_) for id_, wakes_at in self._waking.items() if wakes_at <= now)
        return tuple((id_, wakes_at) for wakes_at, id_ in waiting[:most])

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        article = decision.article
        if article is not None and self._considered.get(article.id, 0) >= article.revision:
            return Committed.ALREADY_CONSIDERED
        if any(self._versions.get(guarded, 0) != version for guarded, version in versions.items()):
            return Committed.CONFLICT
        if any(self.book.version(subject) != version for subject, version in decision.judged_on.items()):
            return Committed.CONFLICT
        for incident in decision.incidents:
            self._write(incident, decision)
            if incident.wakes_at is not None:
                self._waking[incident.id] = incident.wakes_at
            else:
                self._waking.pop(incident.id, None)
        self.book.write(decision)
        self.alerts.extend(decision.alerts)
        self.handworks.extend([decision.handwork] if decision.handwork else [])
        if article is not None:
            self._considered[article.id] = article.revision
        return Committed.WRITTEN

    def _write(self, incident: Incident, decision: Decision) -> None:
        self._incidents[incident.id] = incident
        self._versions[guard_of(incident)] = incident.version
        number, card = cards.number_of(incident.id), cards.card_of(incident)
        bands = cards.bands_of(decision.article)
        named = decision.filing.get(incident.id, ())
        for bucket in filter(buckets.is_dated, named):
            self._filed[incident.id].add(bucket)
        # A changed incident may match differently: every bucket that holds its card counts as changed.
        for bucket in {*self._filed[incident.id], *named}:
            record = cards.record(bucket, incident.id, card, bands)
            self._buckets[bucket][record if buckets.is_near(bucket) else number] = record
            self._versions[bucket] += 1
