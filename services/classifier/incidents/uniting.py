"""Two incidents that are one: which of them goes on, what it then holds, and what the other leaves behind."""

from datetime import datetime

from services.classifier.incidents.filing import buckets
from services.classifier.incidents.fusing import fusion, pins
from services.classifier.incidents.weighing import retold
from shared.contracts import Incident, Report


def in_order(one: Incident, other: Incident) -> tuple[Incident, Incident]:
    """The one that goes on and the one that goes into it: the elder goes on.

    But one that nobody was told of goes into one that rang, or its readers would be told of one thing twice.
    """
    first, second = sorted((one, other), key=lambda each: (not each.announced, each.opened_at, each.id))
    return first, second


def held_apart(one: Incident, other: Incident) -> bool:
    """Whether a person split them, or what was merged into them, from each other."""
    ours, theirs = {one.id, *one.merged}, {other.id, *other.merged}
    return not theirs.isdisjoint(one.apart_from) or not ours.isdisjoint(other.apart_from)


def united(stays: Incident, goes: Incident, now: datetime, by: str = "") -> tuple[Incident, Incident]:
    """The two new states, each one version on; ``by`` is the person whose work it is, if it is one's.

    What goes keeps its reports as a record and is retracted; it still knows its own, and leads them on.
    """
    known = {report.article_id for report in stays.reports}
    moved = tuple(
        report.model_copy(update={"placed_by": by or report.placed_by})
        for report in goes.reports
        if report.article_id not in known
    )
    # Of an article that told of both, the elder's report stays: it is one article, and counts once.
    shared = len(goes.reports) - len(moved)
    one = {stays.id, goes.id, *stays.merged, *goes.merged}
    answers = (each for each in (stays.responds_to, goes.responds_to) if each and each not in one)
    reports = tuple(sorted((*stays.reports, *moved), key=lambda each: (each.published_at, each.article_id)))
    stays = stays.model_copy(
        update={
            "by_hand": pins.set_anew(stays.by_hand, goes.by_hand),
            "merged": tuple(sorted(one - {stays.id})),
            "apart_from": tuple(sorted({*stays.apart_from, *goes.apart_from} - one)),
            "responds_to": next(answers, None),
        }
    )
    count = stays.reports_count + max(0, goes.reports_count - shared)
    left = {
        "version": goes.version + 1,
        "updated_at": now,
        "reports_count": 0,
        "retracted": True,
        "merged_into": stays.id,
    }
    return retold(stays, fusion.keep(reports), count, now), goes.model_copy(update=left)


def filing_of(reports: tuple[Report, ...]) -> tuple[str, ...]:
    """The buckets in which an incident must be found by these reports."""
    return tuple(dict.fromkeys(name for report in reports for name in buckets.of_report(report)))
