"""One article's coding, weighed against the incidents it may belong to: what changes, what rings, and why.

Pure and deterministic: the same article against the same candidates gives the same decision, ids and all.
That is what lets a worker be killed anywhere and its work be done again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.classifier.coding.severity import severity_of
from services.classifier.incidents import announcing, buckets, fusion, matching, wording
from services.classifier.incidents.announcing import Verdict
from services.classifier.incidents.matching import Match
from shared.contracts import (
    Alert,
    Article,
    Coding,
    Event,
    Incident,
    Reason,
    Report,
    Source,
    Tally,
    derive_alert_id,
)

SOURCES_IN_ALERT = 10
"""Sources listed in an alert; the rest are counted."""


@dataclass(frozen=True)
class Joining:
    """Which incident an event of the article joined or opened, and why."""

    event: int
    incident_id: str
    main: bool
    because: str


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
        """The incident of the article's main event, or None when it has none."""
        return next((joining.incident_id for joining in self.joinings if joining.main), None)

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
    article: Article, coding: Coding, candidates: Sequence[Incident], *, now: datetime, stale: bool = False
) -> Decision:
    """Decide what the article's events do to the ``candidates`` (all incidents in ``buckets_to_read``).

    ``stale`` records silently: incidents open and change, nothing rings.
    """
    return _Weighing(article, coding, candidates, now, stale).decision()


def incident_id_of(article: Article, ordinal: int) -> str:
    """``inc_`` and 16 hex digits, derived from the opening article's revision and the event's ordinal."""
    seed = f"{article.key}/{ordinal}"
    return "inc_" + hashlib.sha256(seed.encode()).hexdigest()[:16]


class _Weighing:
    """The state of one consideration; lives only while ``consider`` runs."""

    def __init__(
        self, article: Article, coding: Coding, candidates: Sequence[Incident], now: datetime, stale: bool
    ) -> None:
        self.article, self.coding, self.now, self.stale = article, coding, now, stale
        self.before = {incident.id: incident for incident in candidates}
        self.after: dict[str, Incident] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.joinings: list[Joining] = []
        self.filing: dict[str, tuple[str, ...]] = {}

    def decision(self) -> Decision:
        events = [(i, event) for i, event in enumerate(self.coding.events) if event.escalates]
        for ordinal, event in sorted(events, key=lambda pair: not pair[1].main):
            self._place(ordinal, event)
        self._withdraw_what_the_revision_dropped()
        self._link_responses()
        # A dict keeps its order: the main event was placed first, so its alert stands first.
        alerts = [self._announce(incident_id) for incident_id in list(self.after)]
        return Decision(
            article=self.article,
            reason=self._reason(),
            joinings=tuple(self.joinings),
            incidents=tuple(self.after.values()),
            filing=self.filing,
            alerts=tuple(alert for alert in alerts if alert is not None),
        )

    def _reason(self) -> Reason:
        for verdict in self.verdicts.values():
            if verdict.kind is not None:
                return verdict.reason
        first = next(iter(self.verdicts.values()), None)
        return first.reason if first else Reason.NOT_ESCALATION

    # ---- one event finds its incident -------------------------------------------------------------

    def _place(self, ordinal: int, event: Event) -> None:
        found = self._best_match(event)
        if found is None:
            self._open(ordinal, event)
        else:
            self._join(ordinal, event, *found)
        incident_id = self.joinings[-1].incident_id
        # A second event of this article adds its own buckets to those of the first.
        already = self.filing.get(incident_id, ())
        self.filing[incident_id] = tuple(dict.fromkeys((*already, *buckets.to_file(event, self.article))))

    def _best_match(self, event: Event) -> tuple[Incident, Match] | None:
        found: list[tuple[Incident, Match]] = []
        for incident in {**self.before, **self.after}.values():
            if matched := self._match(event, incident):
                found.append((incident, matched))
        # The best match; among equals the incident that opened first, so that a tie never depends on order.
        return min(found, key=lambda pair: (-pair[1].strength, pair[0].opened_at, pair[0].id), default=None)

    def _match(self, event: Event, incident: Incident) -> Match | None:
        own = matching.own_report(self.article, incident)
        if own and incident.id not in self.after and not incident.retracted:
            rests_on_this_alone = len(incident.reports) == 1
            if rests_on_this_alone and buckets.family(own.event) == buckets.family(event):
                return Match("a newer revision of the same article", 100.0)
        return matching.match(event, self.article, incident)

    def _open(self, ordinal: int, event: Event) -> None:
        incident_id = incident_id_of(self.article, ordinal)
        report = self._report(event, "opened the incident", None)
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
        self.joinings.append(Joining(ordinal, incident_id, event.main, "first report: opened the incident"))

    def _join(self, ordinal: int, event: Event, incident: Incident, found: Match) -> None:
        self.joinings.append(Joining(ordinal, incident.id, event.main, found.because))
        if incident.id in self.after and matching.own_report(self.article, incident):
            return  # a second mention of what this article has told already
        own = matching.own_report(self.article, incident)
        others = tuple(r for r in incident.reports if r.article_id != self.article.id)
        report = self._report(event, found.because, found.copy_of)
        reports = (*others, report)[-fusion.KEPT_REPORTS :]
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
            incident, after, main=event.main, stale=self.stale
        )

    def _report(self, event: Event, because: str, copy_of: str | None) -> Report:
        article = self.article
        return Report(
            article_id=article.id,
            revision=article.revision,
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            summary=article.summary,
            published_at=article.published_at,
            event=event.model_copy(update={"evidence": ()}),
            main=event.main,
            joined_because=because,
            copy_of=copy_of,
        )

    # ---- what follows from all of them ------------------------------------------------------------

    def _withdraw_what_the_revision_dropped(self) -> None:
        """A newer revision that no longer tells of an incident takes its report back."""
        for incident in self.before.values():
            own = matching.own_report(self.article, incident)
            if own is None or own.revision >= self.article.revision or incident.id in self.after:
                continue
            others = tuple(r for r in incident.reports if r.article_id != self.article.id)
            if others:
                fused = fusion.fuse(others)
                change = {"reports": others, "event": fused, "severity": severity_of(fused)}
                self.verdicts[incident.id] = Verdict(None, Reason.NOTHING_NEW)
            else:
                change = {"retracted": True}
                self.verdicts[incident.id] = announcing.judge_withdrawal(incident)
            count = max(0, incident.reports_count - 1)
            update = {
                **change,
                "version": incident.version + 1,
                "updated_at": self.now,
                "reports_count": count,
            }
            self.after[incident.id] = incident.model_copy(update=update)
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

    def _announce(self, incident_id: str) -> Alert | None:
        verdict, incident = self.verdicts[incident_id], self.after[incident_id]
        if verdict.kind is None:
            return None
        sequence = incident.sequence + 1
        incident = incident.model_copy(update={"sequence": sequence, "announced": True})
        self.after[incident_id] = incident
        newest_first = sorted(incident.reports, key=lambda r: r.published_at, reverse=True)
        return Alert(
            id=derive_alert_id(incident_id, sequence),
            kind=verdict.kind,
            reason=verdict.reason,
            incident_id=incident_id,
            sequence=sequence,
            references=tuple(derive_alert_id(incident_id, earlier) for earlier in range(1, sequence)),
            at=self.now,
            headline=incident.headline,
            sentence=wording.sentence(incident.event),
            changes=verdict.changes,
            event=self._with_evidence(incident_id, incident.event),
            severity=incident.severity,
            tallies=self._tallies(incident_id),
            sources=tuple(
                Source(outlet=r.outlet, title=r.title, url=r.url, published_at=r.published_at)
                for r in newest_first[:SOURCES_IN_ALERT]
            ),
            sources_count=incident.reports_count,
            outlets_count=len(incident.outlets),
            article_id=self.article.id,
            responds_to=incident.responds_to,
        )

    def _with_evidence(self, incident_id: str, event: Event) -> Event:
        """The incident's event with the evidence of the article that rang: its words explain this alert."""
        ordinal = next((j.event for j in self.joinings if j.incident_id == incident_id), None)
        if ordinal is None:
            return event
        return event.model_copy(update={"evidence": self.coding.events[ordinal].evidence})

    def _tallies(self, incident_id: str) -> tuple[Tally, ...]:
        is_main = any(j.main and j.incident_id == incident_id for j in self.joinings)
        return self.coding.tallies if is_main else ()
