"""An incident's best knowledge, computed afresh from its reports; nothing is patched in place.

Reports are read in order of publication. The first one that knows a field gives it; later ones sharpen:
a finer place, a claim, named actors, newer casualty figures. A report of the event as main weighs more.
"""

from shared.contracts import (
    Actor,
    Casualties,
    Certainty,
    Claim,
    ClaimStatus,
    Count,
    Event,
    Place,
    Precision,
    Report,
    Sector,
)

KEPT_REPORTS = 50
"""Reports kept in full on one incident; more are counted only, so that a bad day stays in bounds."""
OBSERVED_FROM = 3
"""Independent outlets from which an event counts as observed (CAP 1.2's Observed)."""
_FINENESS = [Precision.COUNTRY, Precision.REGION, Precision.CITY, Precision.EXACT]


def keep(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """At most ``KEPT_REPORTS``: copies go first, then the oldest; never the opener or who gave a figure."""
    surplus = len(reports) - KEPT_REPORTS
    if surplus <= 0:
        return reports
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    needed = {ordered[0].article_id}
    for field in Casualties.model_fields:
        stated = [r.article_id for r in ordered if getattr(r.event.casualties, field) is not None]
        needed.update(stated[-1:])
    spare = [report for report in ordered if report.article_id not in needed]
    spare.sort(key=lambda report: report.copy_of is None)
    dropped = {report.article_id for report in spare[:surplus]}
    return tuple(report for report in reports if report.article_id not in dropped)


def fuse(reports: tuple[Report, ...]) -> Event:
    """One event out of all reports (at least one); evidence stays with the reports and is left out."""
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    events = [report.event for report in ordered]
    base = next((report.event for report in ordered if report.main), events[0])
    return base.model_copy(
        update={
            "main": True,
            "actors": _fullest([event.actors for event in events], base.actors),
            "recipients": _fullest([event.recipients for event in events], base.recipients),
            "place": _finest([event.place for event in events], base.place),
            "occurred_on": base.occurred_on or next((e.occurred_on for e in events if e.occurred_on), None),
            "weapon": base.weapon or next((e.weapon for e in events if e.weapon), None),
            "weapon_class": base.weapon_class
            or next((e.weapon_class for e in events if e.weapon_class), None),
            "casualties": _newest_figures([event.casualties for event in events]),
            "claim": _claim([event.claim for event in events]),
            "responds_to": base.responds_to or next((e.responds_to for e in events if e.responds_to), None),
            "certainty": _certainty(base, ordered),
            "evidence": (),
        }
    )


def _fullest(sides: list[tuple[Actor, ...]], base: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The base's actors unless another report knows more of them: their country, or who they are at all."""

    def known(actors: tuple[Actor, ...]) -> int:
        return max((2 * bool(a.country) + (a.sector != Sector.UNKNOWN) for a in actors), default=0)

    best = max(sides, key=known)
    return best if known(best) > known(base) else base


def _finest(places: list[Place | None], base: Place | None) -> Place | None:
    def fineness(place: Place | None) -> int:
        if place is None:
            return -1
        return _FINENESS.index(Precision(place.precision)) if place.precision in _FINENESS else 0

    best = max(places, key=fineness)
    return best if fineness(best) > fineness(base) else base


def _newest_figures(all_stated: list[Casualties]) -> Casualties:
    """Field by field the newest report's figure that is stated at all (later numbers revise earlier ones)."""
    newest: dict[str, Count] = {}
    for stated in all_stated:
        for field in Casualties.model_fields:
            count = getattr(stated, field)
            if count is not None:
                newest[field] = count
    return Casualties(**newest)


def _claim(claims: list[Claim]) -> Claim:
    """The newest claim of responsibility, with every denial beside it."""
    known = [claim for claim in claims if claim.status != ClaimStatus.UNKNOWN]
    if not known:
        return claims[0]
    claimed = [claim for claim in known if claim.by]
    deniers = tuple(dict.fromkeys(name for claim in claims for name in claim.denied_by))
    attributed = next((claim.attributed_by for claim in reversed(known) if claim.attributed_by), None)
    return (claimed or known)[-1].model_copy(update={"denied_by": deniers, "attributed_by": attributed})


def _certainty(base: Event, reports: list[Report]) -> Certainty | str:
    outlets = {report.outlet for report in reports if report.copy_of is None}
    return Certainty.OBSERVED if len(outlets) >= OBSERVED_FROM else base.certainty
