"""A memory inside the process that starts empty: for ``tocsin backtest`` and for tests."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from services.classifier.incidents import Decision
from services.classifier.ladders.book import Book
from services.classifier.memory.interface import DUE, Candidates, Committed
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
        self._buckets: dict[str, dict[str, None]] = defaultdict(dict)
        self._filed: dict[str, set[str]] = defaultdict(set)
        self._versions: dict[str, int] = defaultdict(int)
        self._waking: dict[str, datetime] = {}
        self._considered: dict[str, int] = {}

    def candidates(self, buckets: Sequence[str]) -> Candidates:
        ids = dict.fromkeys(found for bucket in buckets for found in self._buckets.get(bucket, ()))
        return Candidates(
            incidents=tuple(self._incidents[each] for each in ids),
            versions={bucket: self._versions.get(bucket, 0) for bucket in buckets},
        )

    def known(self, ids: Sequence[str]) -> Candidates:
        filed = {bucket for each in ids for bucket in self._filed.get(each, ())}
        return Candidates(
            incidents=tuple(self._incidents[each] for each in ids if each in self._incidents),
            versions={bucket: self._versions.get(bucket, 0) for bucket in filed},
        )

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        return self.book.read(subjects, first, last)

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        waiting = sorted((wakes_at, id_) for id_, wakes_at in self._waking.items() if wakes_at <= now)
        return tuple((id_, wakes_at) for wakes_at, id_ in waiting[:most])

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        article = decision.article
        if article is not None and self._considered.get(article.id, 0) >= article.revision:
            return Committed.ALREADY_CONSIDERED
        if any(self._versions.get(bucket, 0) != version for bucket, version in versions.items()):
            return Committed.CONFLICT
        if any(self.book.version(subject) != version for subject, version in decision.judged_on.items()):
            return Committed.CONFLICT
        for incident in decision.incidents:
            self._incidents[incident.id] = incident
            for bucket in decision.filing.get(incident.id, ()):
                self._buckets[bucket][incident.id] = None
                self._filed[incident.id].add(bucket)
            # A changed incident may match differently: every bucket it stands in counts as changed.
            for bucket in self._filed[incident.id]:
                self._versions[bucket] += 1
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
