"""One article's coding, weighed against the incidents it may belong to: what changes, what rings, and why.

Pure and deterministic: the same article against the same candidates gives the same decision, ids and all.
That is what lets a worker be killed anywhere and its work be done again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.classifier.coding.events.severity import severity_of
from services.classifier.incidents import announcing, buckets, composing, fusion, matching, wording
from services.classifier.incidents.announcing import Verdict
from services.classifier.incidents.matching import Match
from services.classifier.incidents.voices import Voice
from shared.contracts import Alert, AlertKind, Article, Change, ClaimStatus, Coding, Event, Incident, Reason


@dataclass(frozen=True)
class Joining:
    """Which incident an event of the article joined or opened, and why."""

    event: int
    incident_id: str
    main: bool
    because: str
    denied: bool = False
    """Whether the article only denies it."""


@dataclass(frozen=True)
class Decision:
    """All that considering one article changes; to be written at once or not at all.

    ``incidents`` are new states whose ``version`` is one above the version that was read (1 for a new one).
    ``filing`` names for each of them the buckets in which it must be found. ``alerts`` stand in the order
    in which they ring, the main event's first.
    """

    article: Article
    reason: Reason
    joinings: tuple[Joining, ...] = ()
    incidents: tuple[Incident, ...] = ()
    filing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()

    @property
    def main_incident(self) -> str | None:
        """The incident of the article's main event; of one that only denies, what it denies; else None."""
        told = [joining for joining in self.joinings if joining.main]
        told = told or [joining for joining in self.joinings if joining.denied]
        return told[0].incident_id if told else None

    @property
    def main_alert(self) -> Alert | None:
        """The alert that the main event's incident rings, or None."""
        return next((alert for alert in self.alerts if alert.incident_id == self.main_incident), None)


def buckets_to_read(article: Article, coding: Coding) -> tuple[str, ...]:
    """The buckets whose incidents ``consider`` must be given, each named once."""
    names = [buckets.of_article(article.id)]
    for event in coding.events:
        if event.escalates:
            names.extend(buckets.to_read(event, article))
    return tuple(dict.fromkeys(names))


def consider(
    article: Article,
    coding: Coding,
    candidates: Sequence[Incident],
    *,
    now: datetime,
    stale: bool = False,
    voice: Voice | None = None,
) -> Decision:
    """Decide what the article's events do to the ``candidates`` (all incidents in ``buckets_to_read``).

    ``stale`` records silently: incidents open and change, and nothing rings but what takes back an alert.
    ``voice`` is whose report the article is; without it, its outlet's own.
    """
    return _Weighing(article, coding, candidates, now, stale, voice or Voice()).decision()


def incident_id_of(article: Article, ordinal: int) -> str:
    """``inc_`` and 16 hex digits, derived from the opening article's revision and the event's ordinal."""
    seed = f"{article.key}/{ordinal}"
    return "inc_" + hashlib.sha256(seed.encode()).hexdigest()[:16]


class _Weighing:
    """The state of one consideration; lives only while ``consider`` runs."""

    def __init__(
        self,
        article: Article,
        coding: Coding,
        candidates: Sequence[Incident],
        now: datetime,
        stale: bool,
        voice: Voice,
    ) -> None:
        self.article, self.coding, self.now, self.stale, self.voice = article, coding, now, stale, voice
        self.before = {incident.id: incident for incident in candidates}
        self.after: dict[str, Incident] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.joinings: list[Joining] = []
        self.filing: dict[str, tuple[str, ...]] = {}

    def decision(self) -> Decision:
        events = [(i, event) for i, event in enumerate(self.coding.events) if event.escalates]
        events.sort(key=lambda pair: not pair[1].main)
        # First what truly matches; only then may a revision's event take over what its article opened.
        unplaced = [(ordinal, event) for ordinal, event in events if not self._join_match(ordinal, event)]
        for ordinal, event in unplaced:
            if not (self._join_match(ordinal, event) or self._join_own(ordinal, event)):
                self._open(ordinal, event)
        self._withdraw_what_the_revision_dropped()
        self._link_responses()
        main_first = sorted(
            self.after, key=lambda each: not any(j.main and j.incident_id == each for j in self.joinings)
        )
        alerts = [self._announce(incident_id) for incident_id in main_first]
        for incident_id in main_first:
            self._write_down(incident_id)
        return Decision(
            article=self.article,
            reason=self._reason(main_first),
            joinings=tuple(sorted(self.joinings, key=lambda joining: joining.event)),
            incidents=tuple(self.after.values()),
            filing=self.filing,
            alerts=tuple(alert for alert in alerts if alert is not None),
        )

    def _reason(self, main_first: Sequence[str]) -> Reason:
        verdicts = [self.verdicts[incident_id] for incident_id in main_first]
        rung = next((verdict.reason for verdict in verdicts if verdict.kind is not None), None)
        unmoved = Reason.NOT_ENGLISH if self.coding.set_aside else Reason.NOT_ESCALATION
        silent = verdicts[0].reason if verdicts else unmoved
        return rung or silent

    # ---- one event finds its incident -------------------------------------------------------------

    def _join_match(self, ordinal: int, event: Event) -> bool:
        found: list[tuple[Incident, Match]] = []
        for incident in {**self.before, **self.after}.values():
            matched = matching.match(event, self.article, incident)
            if matched is not None:
                own = matching.own_report(self.article, incident) is not None
                found.append((incident, replace(matched, strength=matched.strength + 100 * own)))
        if not found:
            return False
        # The best match; among equals the incident that opened first, so that a tie never depends on order.
        self._join(
            ordinal, event, *min(found, key=lambda pair: (-pair[1].strength, pair[0].opened_at, pair[0].id))
        )
        return True

    def _join_own(self, ordinal: int, event: Event) -> bool:
        """Take over what an earlier revision of this article alone had opened, and no other event claims."""
        for incident in sorted(self.before.values(), key=lambda each: each.id):
            own = matching.own_report(self.article, incident)
            free = own is not None and len(incident.reports) == 1 and incident.id not in self.after
            if own and free and not incident.retracted and buckets.family(own.event) == buckets.family(event):
                self._join(ordinal, event, incident, Match("a newer revision of the same article", 100.0))
                return True
        return False

    def _file(self, incident_id: str, event: Event) -> None:
        # A second event of this article adds its own buckets to those of the first.
        already = self.filing.get(incident_id, ())
        self.filing[incident_id] = tuple(dict.fromkeys((*already, *buckets.to_file(event, self.article))))

    def _open(self, ordinal: int, event: Event) -> None:
        incident_id = incident_id_of(self.article, ordinal)
        while incident_id in self.before:
            # Only when a revision's number was used before: never overwrite what stands.
            ordinal += len(self.coding.events)
            incident_id = incident_id_of(self.article, ordinal)
        report = composing.report_of(self.article, event, self.voice, "opened the incident")
        self.after[incident_id] = Incident(
            id=incident_id,
            version=1,
            opened_at=self.now,
            updated_at=self.now,
            event=fusion.fuse((report,)),
            severity=severity_of(event),
            headline=self.article.title or wording.sentence(event),
            reports=(report,),
            reports_count=1,
        )
        self.verdicts[incident_id] = announcing.judge_opening(main=event.main, stale=self.stale)
        self.joinings.append(
            Joining(
                ordinal % len(self.coding.events),
                incident_id,
                event.main,
                "first report: opened the incident",
            )
        )
        self._file(incident_id, event)

    def _join(self, ordinal: int, event: Event, incident: Incident, found: Match) -> None:
        denied = event.claim.status == ClaimStatus.DENIED and not event.main
        self.joinings.append(Joining(ordinal, incident.id, event.main, found.because, denied))
        self._file(incident.id, event)
        if incident.id in self.after and matching.own_report(self.article, incident):
            return  # a second mention of what this article has told already
        own = matching.own_report(self.article, incident)
        others = tuple(r for r in incident.reports if r.article_id != self.article.id)
        report = composing.report_of(self.article, event, self.voice, found.because, found.copy_of)
        reports = fusion.keep((*others, report))
        fused = fusion.fuse(reports)
        after = incident.model_copy(
            update={
                "version": incident.version + 1,
                "updated_at": self.now,
                "event": fused,
                "severity": severity_of(fused),
                "reports": reports,
                "reports_count": incident.reports_count + (0 if own else 1),
            }
        )
        self.after[incident.id] = after
        self.verdicts[incident.id] = announcing.judge_change(
            incident, after, main=event.main, stale=self.stale, revised=own is not None
        )

    # ---- what follows from all of them ------------------------------------------------------------

    def _withdraw_what_the_revision_dropped(self) -> None:
        """A newer revision that no longer tells of an incident takes its report back.

        Only in the feed that gave it: another feed's shorter rendition of the page takes nothing back.
        """
        for incident in self.before.values():
            own = matching.own_report(self.article, incident)
            if own is None or incident.retracted or incident.id in self.after:
                continue
            if own.revision >= self.article.revision or own.feed_id != self.article.feed_id:
                continue
            others = tuple(r for r in incident.reports if r.article_id != self.article.id)
            fused = fusion.fuse(others or incident.reports)
            gone = not others and incident.reports_count <= 1
            after = incident.model_copy(
                update={
                    "version": incident.version + 1,
                    "updated_at": self.now,
                    "reports": others or incident.reports,
                    "reports_count": max(0, incident.reports_count - 1),
                    "event": fused,
                    "severity": severity_of(fused),
                    "retracted": gone,
                }
            )
            self.after[incident.id] = after
            self.verdicts[incident.id] = (
                announcing.judge_withdrawal(incident)
                if gone
                else announcing.judge_change(incident, after, main=False, stale=self.stale, revised=True)
            )
            self.filing[incident.id] = buckets.to_file(own.event, self.article)

    def _link_responses(self) -> None:
        """Join a stated answer to the incident it answers, when both are told in this article."""
        by_ordinal = {joining.event: joining.incident_id for joining in self.joinings}
        for ordinal, incident_id in by_ordinal.items():
            cause = self.coding.events[ordinal].responds_to
            answered = by_ordinal.get(cause.event) if cause and cause.event is not None else None
            incident = self.after[incident_id]
            if answered and answered != incident_id and incident.responds_to is None:
                self.after[incident_id] = incident.model_copy(update={"responds_to": answered})

    def _write_down(self, incident_id: str) -> None:
        """Add to an incident's history what this article did to it, and why that rang or did not."""
        incident, verdict = self.after[incident_id], self.verdicts[incident_id]
        joined = next((j for j in self.joinings if j.incident_id == incident_id), None)
        step = Change(
            at=self.now,
            article_id=self.article.id,
            because=joined.because if joined else "a newer revision no longer tells of it",
            kind=verdict.kind,
            reason=verdict.reason,
            changes=verdict.changes,
            sequence=incident.sequence if verdict.kind is not None else 0,
        )
        history = fusion.keep_changes((*incident.history, step))
        self.after[incident_id] = incident.model_copy(update={"history": history})

    def _announce(self, incident_id: str) -> Alert | None:
        verdict, incident = self.verdicts[incident_id], self.after[incident_id]
        if verdict.kind is None:
            return None
        sequence = incident.sequence + 1
        # A correction takes back what was told; from then on its own figures are what was told.
        told = announcing.worst(None if verdict.kind == AlertKind.CORRECTED else incident.told, incident)
        incident = incident.model_copy(update={"sequence": sequence, "announced": True, "told": told})
        self.after[incident_id] = incident
        ordinal = next((j.event for j in self.joinings if j.incident_id == incident_id), None)
        return composing.alert_of(
            incident, verdict.kind, verdict, self.article, self.coding, self.now, event=ordinal
        )
