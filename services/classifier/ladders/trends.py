"""Does a ladder ring? Judged where an incident comes onto it, or climbs, and tells of this week.

A rung comes before a rate, and one subject rings one of them at a time; each at most once in 7 days. What is
told in passing is counted and rings nothing: a trend is tipped by what is an article's main event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.classifier.incidents import Decision
from services.classifier.ladders import telling
from services.classifier.ladders.baseline import ENOUGH_DAYS, Rate, rate_of
from services.classifier.ladders.counting import Entry, day_of, entries, subjects_of, without
from services.classifier.ladders.rungs import Rung, rung_of
from shared.contracts import Alert, Incident, Ladder, Ladders, Reason, TrendWhy
from shared.contracts.ladder import BETWEEN

QUIET = timedelta(days=7)
"""How long a subject is silent for a reason that it has rung for."""


@dataclass(frozen=True)
class Verdict:
    """What is said of one ladder; ``why`` is None when it does not ring."""

    subject: str
    reason: Reason
    because: str
    why: TrendWhy | None = None


def moved(decision: Decision, before: Sequence[Incident]) -> tuple[str, ...]:
    """The subjects whose ladders ``judge`` must be given."""
    return tuple(sorted({subject for each in _tipping(decision, before) for subject in _subjects(each)}))


def judge(
    decision: Decision, before: Sequence[Incident], known: Ladders, *, now: datetime, stale: bool = False
) -> Decision:
    """The decision with the trends it rings, what was said of each ladder, and the versions it rests on.

    ``before`` are the incidents that it was made of, ``known`` the ladders of its ``moved``. What came too
    late rings nothing.
    """
    old = {each.id: each for each in before}
    alerts: list[Alert] = []
    verdicts: list[Verdict] = []
    for incident in () if stale else _tipping(decision, before):
        for subject in _subjects(incident):
            ladder = _after(known.of(subject), decision, old)
            # What it counted for before this change must not stand as its own forerunner.
            without_it = without(ladder, entries(incident))
            rung = rung_of(incident.event.hostility, without_it, known, day_of(incident))
            rate = rate_of(ladder, known, now.date())
            verdict = _verdict(subject, ladder, rung, rate, incident, now)
            verdicts.append(verdict)
            if verdict.why:
                told = (verdict.reason, verdict.why, verdict.because)
                alerts.append(telling.alert_of(subject, told, incident, ladder, rate, decision.article, now))
    judged = [verdict.subject for verdict in verdicts if verdict.reason is not Reason.SHORT_HISTORY]
    return replace(
        decision,
        alerts=(*decision.alerts, *alerts),
        trends=tuple(f"{each.subject}: {each.reason} ({each.because})" for each in verdicts),
        judged_on={subject: known.of(subject).version for subject in (*judged, *_weighed(decision, old))},
    )


def _verdict(
    subject: str, ladder: Ladder, rung: Rung, rate: Rate, incident: Incident, now: datetime
) -> Verdict:
    def told(why: str) -> bool:
        return why in ladder.rang and now - ladder.rang[why] < QUIET

    if rung.reached:
        if told(rung_mark(incident.event.hostility)):
            return Verdict(subject, Reason.TREND_TOLD, rung.because)
        return Verdict(subject, Reason.RUNG_REACHED, rung.because, TrendWhy.RUNG)
    if rate.usual is None:
        return Verdict(subject, Reason.SHORT_HISTORY, rate.because)
    if not rate.above:
        return Verdict(subject, Reason.WITHIN_BASELINE, f"{rate.because}; {rung.because}")
    if told(TrendWhy.RATE):
        return Verdict(subject, Reason.TREND_TOLD, rate.because)
    return Verdict(subject, Reason.RATE_UP, rate.because, TrendWhy.RATE)


def rung_mark(level: int) -> str:
    """By what a rung that rang is remembered: a higher one still rings."""
    return f"{TrendWhy.RUNG}{level}"


def mark_of(alert: Alert) -> tuple[str, str] | None:
    """The subject of the trend that an alert tells, and by what it is remembered; None for another alert."""
    if alert.trend is None:
        return None
    by_rung = alert.trend.why == TrendWhy.RUNG
    return alert.trend.subject, rung_mark(alert.trend.rung) if by_rung else str(alert.trend.why)


def _tipping(decision: Decision, before: Sequence[Incident]) -> Iterator[Incident]:
    """The incidents that may tip a ladder: a main event's, come onto it now, moved on it, or first told."""
    old = {each.id: each for each in before}
    mains = {each.incident_id for each in decision.joinings if each.main and not each.denied}
    for incident in decision.incidents:
        was = old.get(incident.id)
        if incident.id not in mains or not _of_this_week(incident):
            continue
        if was is None or was.announced != incident.announced or entries(was) != entries(incident):
            yield incident


def _of_this_week(incident: Incident) -> bool:
    return not incident.retracted and incident.updated_at.date() - day_of(incident) < timedelta(days=7)


def _subjects(incident: Incident) -> tuple[str, ...]:
    """Its ladders, the pairs before the country."""
    return tuple(sorted(subjects_of(incident.event), key=lambda each: (BETWEEN not in each, each)))


def _after(ladder: Ladder, decision: Decision, old: Mapping[str, Incident]) -> Ladder:
    """The ladder as it will stand when the decision is written."""
    gone = [entry for each in decision.incidents if each.id in old for entry in entries(old[each.id])]
    come = [entry for each in decision.incidents for entry in entries(each)]
    return _with(without(ladder, gone), come)


def _with(ladder: Ladder, come: Sequence[Entry]) -> Ladder:
    days = {day: dict(kinds) for day, kinds in ladder.days.items()}
    for entry in come:
        if entry.subject == ladder.subject:
            kinds = days.setdefault(entry.day, {})
            kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    return ladder.model_copy(update={"days": days})


def _weighed(decision: Decision, old: Mapping[str, Incident]) -> Iterator[str]:
    """The ladders on which a severity was judged in this consideration."""
    for incident in decision.incidents:
        was = old.get(incident.id)
        past = incident.past
        if past and past.subject and past.days_observed >= ENOUGH_DAYS and not (was and was.past == past):
            yield past.subject
