"""Incidents written at once as commits would have written them one by one; a test holds it to that."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from services.classifier.coding.events.severity import severity_of
from services.classifier.incidents import Decision, Joining, Voice
from services.classifier.incidents.filing import buckets, cards
from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.telling import composing
from services.classifier.incidents.telling.announcing import worst
from services.classifier.ladders import entries
from services.classifier.memory.redis import counts_of
from shared import incidents, retention
from shared.contracts import AlertKind, Change, Incident, Reason
from shared.names import Names
from tests.benchmarks.invented_news import Report

_AT_ONCE = 500
_OPENED, _JOINED = "first report: opened the incident", "97% sure of one thing: the same town and day"


def incident_of(told: list[Report]) -> Incident:
    """What these reports of one incident make of it, in the last state."""
    first, last = told[0].article, told[-1].article
    parts = tuple(
        composing.report_of(
            r.article, r.event, Voice(r.article.outlet, "", "its own"), _JOINED if n else _OPENED
        )
        for n, r in enumerate(told)
    )
    steps = tuple(
        Change(
            at=r.article.published_at,
            article_id=r.article.id,
            because=_JOINED if n else _OPENED,
            kind=None if n else AlertKind.OPENED,
            reason=Reason.NOTHING_NEW if n else Reason.FIRST_REPORT,
            sequence=0 if n else 1,
        )
        for n, r in enumerate(told)
    )
    kept = fusion.keep(parts)
    fused = fusion.fuse(kept)
    opened = Incident(
        id="inc_" + first.id.removeprefix("art_")[:16],
        version=len(told),
        sequence=1,
        opened_at=first.published_at,
        updated_at=last.published_at,
        event=fused,
        severity=severity_of(fused),
        headline=first.title,
        reports=kept,
        reports_count=len(told),
        announced=True,
        history=fusion.keep_changes(steps),
    )
    return opened.model_copy(update={"told": worst(None, opened)})


def decisions_of(told: list[Report]) -> Iterator[Decision]:
    """The decisions, one a report, whose commits come to the same."""
    for many in range(1, len(told) + 1):
        incident, report = incident_of(told[:many]), told[many - 1]
        because = _JOINED if many > 1 else _OPENED
        yield Decision(
            article=report.article,
            reason=Reason.NOTHING_NEW if many > 1 else Reason.FIRST_REPORT,
            joinings=(Joining(0, incident.id, True, because),),
            incidents=(incident,),
            filing={incident.id: buckets.to_file(report.event, report.article)},
        )


class Bulk:
    """Writes to one installation; buckets are kept here and written by ``finish``."""

    def __init__(self, client: Any, names: Names) -> None:
        self._client, self._names = client, names
        self._records: dict[str, dict[bytes, bytes]] = defaultdict(dict)
        self._versions: dict[str, int] = defaultdict(int)
        self._counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))

    def load(self, stories: Iterable[list[Report]]) -> None:
        """Write these incidents, and note where they are filed."""
        pipe = self._client.pipeline(transaction=False)
        for told in stories:
            self._write(pipe, incident_of(told), told)
            if len(pipe) > _AT_ONCE:
                pipe.execute()
        pipe.execute()

    def finish(self) -> None:
        """Write the buckets, those of earlier loads too."""
        pipe = self._client.pipeline(transaction=False)
        for bucket, records in self._records.items():
            raw = b"%08d" % self._versions[bucket] + b"".join(records.values())
            pipe.set(self._names.bucket(bucket), raw, ex=retention.BUCKETS)
            if len(pipe) > _AT_ONCE:
                pipe.execute()
        for subject, days in self._counts.items():
            rungs = {day: json.dumps(kinds, separators=(",", ":")) for day, kinds in days.items()}
            pipe.hset(self._names.ladder(subject), mapping={"version": 1, **rungs})
            pipe.expire(self._names.ladder(subject), retention.LADDERS)
            pipe.expire(self._names.ladder_incidents(subject), retention.BUCKETS)
        pipe.execute()

    def _count(self, pipe: Any, incident: Incident) -> None:
        """What the incident counts for on its ladders."""
        names, changed = self._names, int(incident.updated_at.timestamp() * 1000)
        pipe.set(names.incident_ladders(incident.id), counts_of(incident, names), ex=retention.BUCKETS)
        for entry in entries(incident):
            self._counts[entry.subject][f"{entry.day}"][entry.kind] += 1
            pipe.zadd(names.ladder_incidents(entry.subject), {incident.id: changed})
            pipe.zadd(names.ladders, {entry.subject: changed}, gt=True)

    def _write(self, pipe: Any, incident: Incident, told: list[Report]) -> None:
        names, number, card = self._names, cards.number_of(incident.id), cards.card_of(incident)
        pipe.set(names.incident(incident.id), incidents.pack(incident), ex=retention.INCIDENTS)
        pipe.zadd(names.incidents, {incident.id: int(incident.updated_at.timestamp() * 1000)})
        filed: set[str] = set()
        for many, report in enumerate(told):
            reason = Reason.NOTHING_NEW if many else Reason.FIRST_REPORT
            given = names.contribution(report.article.id)
            pipe.hset(given, mapping={"revision": 1, "reason": str(reason), "incidents": incident.id})
            pipe.expire(given, retention.INCIDENTS)
            bands = cards.bands_of(report.article)
            named = buckets.to_file(report.event, report.article)
            filed.update(filter(buckets.is_dated, named))
            for bucket in {*filed, *named}:
                record = cards.record(bucket, incident.id, card, bands)
                # The near have a record of each report, the others one of the incident.
                place = b"%08d" % self._versions[bucket] if buckets.is_near(bucket) else number
                self._versions[bucket] += 1
                self._records[bucket][place] = record
        self._count(pipe, incident)
        pipe.sadd(names.incident_filing(incident.id), *map(names.bucket, sorted(filed)))
        pipe.expire(names.incident_filing(incident.id), retention.BUCKETS)
