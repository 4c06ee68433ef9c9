"""What lay behind an incident when it opened, for its severity; the incident itself is never part of it."""

from datetime import date, timedelta

from services.classifier.ladders.baseline import ENOUGH_DAYS, WEEKS, rate_of
from services.classifier.ladders.counting import day_of, entries, main_pair, without
from shared import retention
from shared.contracts import Coding, Incident, Ladders, Past

_LEAST_USUAL = 1.0
"""A week of none is not multiplied: the first of a year would be endless times the usual."""


def window(coding: Coding, today: date) -> tuple[date, date]:
    """The days that judging an article's events may ask for, as far back as any are kept."""
    told = [event.occurred_on for event in coding.events if event.escalates and event.occurred_on]
    behind = timedelta(days=max(ENOUGH_DAYS, 7 * (WEEKS + 1)))
    return max(min([*told, today]) - behind, today - retention.LADDERS), today


class Pasts:
    """Answers for the incidents of one consideration, on the ladders that were read for it."""

    def __init__(self, known: Ladders) -> None:
        self._known = known

    def __call__(self, after: Incident, before: Incident | None) -> Past | None:
        """The past of an incident in its new state; what was judged stands while its sides and type do.

        None where the ladder of its new sides was not read.
        """
        event, subject = after.event, main_pair(after.event)
        judged = before.past if before else None
        if judged and (judged.subject, judged.event_type) == (subject, str(event.event_type)):
            return judged
        if subject and subject not in self._known.by_subject:
            return judged
        day = day_of(after)
        behind = self._known.observed_before(day)
        past = Past(subject=subject, event_type=str(event.event_type), days_observed=behind)
        if not subject:
            return past
        # What it counted for before this change, under whatever sides, is its own.
        ladder = without(self._known.of(subject), entries(before) if before else ())
        rate = rate_of(ladder, self._known, day)
        return past.model_copy(
            update={
                "last_same_kind": ladder.last_of(past.event_type, _start(day), day),
                "rate": None if rate.usual is None else rate.week / max(rate.usual, _LEAST_USUAL),
                "above": rate.above,
                "rate_because": rate.because,
            }
        )


def _start(day: date) -> date:
    return day - timedelta(days=ENOUGH_DAYS)
