"""An incident's best knowledge, computed afresh from its reports; nothing is patched in place.

Reports are read in order of publication. The first one that knows a field gives it; later ones sharpen:
a finer place, a claim, named actors, newer figures (``figures.py``). Where they contradict each other, what
most independent voices tell holds (``agreeing.py``). A report of the event as main weighs more.
"""

from collections.abc import Iterable

from services.classifier.coding.events import meaning
from services.classifier.incidents.fusing import agreeing, figures
from shared.contracts import (
    Certainty,
    Change,
    Claim,
    ClaimStatus,
    Event,
    Report,
    independent_reports,
    of_a_side,
    speaks_for,
)

KEPT_REPORTS = 50
"""Reports kept in full on one incident; more are counted only, so that a bad day stays in bounds."""
KEPT_CHANGES = 80
"""Steps of an incident's history that are kept."""
KEPT_VOICES = 20
"""Voices whose first report is never dropped, so that certainty does not fall as reports arrive."""
OBSERVED_FROM = 3
"""Independent voices from which an event counts as observed (CAP 1.2's Observed)."""
NAMED = 6
"""Voices that a reason names; the rest are counted."""


def keep(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """At most ``KEPT_REPORTS``; never without the opener, who gave a figure, or who is first of a voice.

    Copies go first, then what a voice repeats, then the oldest.
    """
    surplus = len(reports) - KEPT_REPORTS
    if surplus <= 0:
        return reports
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    firsts: dict[str, str] = {}
    for report in ordered:
        if report.copy_of is None:
            firsts.setdefault(report.voice or report.outlet, report.article_id)
    needed = {ordered[0].article_id, *list(firsts.values())[:KEPT_VOICES]}
    needed |= figures.worth_keeping(ordered)
    first = set(firsts.values())
    spare = [report for report in ordered if report.article_id not in needed]
    spare.sort(key=lambda report: (report.copy_of is None, report.article_id in first))
    dropped = {report.article_id for report in spare[:surplus]}
    return tuple(report for report in reports if report.article_id not in dropped)


def keep_changes(history: tuple[Change, ...]) -> tuple[Change, ...]:
    """At most ``KEPT_CHANGES``: the first step; silent ones go before those that rang, old before new."""
    surplus = len(history) - KEPT_CHANGES
    if surplus <= 0:
        return history
    silent = [number for number, step in enumerate(history) if number and step.kind is None]
    spare = {*silent[:surplus]}
    kept = tuple(step for number, step in enumerate(history) if number not in spare)
    return (*kept[:1], *kept[1:][-(KEPT_CHANGES - 1) :])


def fuse(reports: tuple[Report, ...]) -> Event:
    """One event out of all reports (at least one); evidence stays with the reports and is left out.

    A report that only recalls the event adds nothing to it.
    """
    reports = tuple(report for report in reports if not report.event.recalled) or reports
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    events = [report.event for report in ordered]
    # Where reports waver between a coup and its curfew, the graver is what happened.
    base = max((r.event for r in ordered if r.main), key=lambda event: event.hostility, default=events[0])
    actors = agreeing.doers(ordered, base)
    fused = base.model_copy(
        update={
            "main": True,
            "actors": actors,
            "recipients": agreeing.hit(ordered, base, actors),
            "place": agreeing.place(ordered, base),
            **agreeing.day(ordered, base),
            "weapon": base.weapon or next((e.weapon for e in events if e.weapon), None),
            "weapon_class": base.weapon_class
            or next((e.weapon_class for e in events if e.weapon_class), None),
            "claim": _claim([event.claim for event in events]),
            "responds_to": base.responds_to or next((e.responds_to for e in events if e.responds_to), None),
            "evidence": (),
            "meaning": meaning.mean(event.meaning for event in events),
        }
    )
    costs = figures.casualties_of(figures.best(ordered, fused))
    return fused.model_copy(update={"casualties": costs, "certainty": _certainty(fused, ordered)})


def why_so_certain(event: Event, reports: tuple[Report, ...]) -> str:
    """Whose voices tell the event, and which reports are no voice of their own and why, for a person.

    For example ``1 independent voice: Reuters; not counted: TASS (state media of RUS, a side of it)``.
    """
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    heard = independent_reports(tuple(ordered), event)
    said = "no independent voice"
    if heard:
        said = f"{len(heard)} independent voice{'s' * (len(heard) > 1)}: {_listed(map(_told, heard))}"
    counted = {report.article_id for report in heard}
    others = [_why_not(report, event) for report in ordered if report.article_id not in counted]
    silent = _listed(filter(None, others))
    return f"{said}; not counted: {silent}" if silent else said


def _named(report: Report) -> str:
    return (report.name or report.outlet or "an unnamed outlet")[:60]


def _told(report: Report) -> str:
    """Who tells it, and whom he credits."""
    credits = f" ({report.voice_because[:120]})" if report.voice_because.startswith("credits") else ""
    return _named(report) + credits


def _why_not(report: Report, event: Event) -> str:
    """Who is not counted and why; nothing of one that merely reports again."""
    if report.copy_of is not None:
        return f"{_named(report)} (a copy)"
    if report.event.recalled:
        return f"{_named(report)} (only recalls it)"
    if of_a_side(report, event):
        return f"{_named(report)} ({report.voice_because[:120]}, a side of it)"
    own = report.voice_because.startswith(("its own", "is ")) or not report.voice_because
    return "" if own else f"{_named(report)} ({report.voice_because[:120]})"


def _listed(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - NAMED} more" if len(unique) > NAMED else ""
    return ", ".join(unique[:NAMED]) + more


def _claim(claims: list[Claim]) -> Claim:
    """The newest claim of responsibility, with every denial beside it."""
    known = [claim for claim in claims if claim.status != ClaimStatus.UNKNOWN]
    if not known:
        return claims[0]
    claimed = [claim for claim in known if claim.by]
    deniers = tuple(dict.fromkeys(name for claim in claims for name in claim.denied_by))
    attributed = next((claim.attributed_by for claim in reversed(known) if claim.attributed_by), None)
    return (claimed or known)[-1].model_copy(update={"denied_by": deniers, "attributed_by": attributed})


def _certainty(event: Event, reports: list[Report]) -> Certainty | str:
    """As the first independent voice words it, until enough of them tell the same.

    Where none is heard, what only one side tells of the other, not of its own deed, is at most likely.
    """
    heard = independent_reports(tuple(reports), event)
    if len(heard) >= OBSERVED_FROM:
        return Certainty.OBSERVED
    if heard:
        return heard[0].event.certainty
    if event.certainty == Certainty.OBSERVED and not any(_own_deed(event, report) for report in reports):
        return Certainty.LIKELY
    return event.certainty


def _own_deed(event: Event, report: Report) -> bool:
    """Whether a side's voice claims what its own side did; to deny it, or to tell of it, is no admission."""
    claim, country = report.event.claim, speaks_for(report)
    doers = {actor.name for actor in (*event.actors, *report.event.actors) if actor.country == country}
    return country is not None and claim.status == ClaimStatus.CLAIMED and claim.by in doers
