"""Which place, which day and which sides hold, where the reports of an incident contradict each other.

What most independent voices tell holds; each voice (``voices.py``) counts once, copies not at all, so that a
stray report moves nothing. Among what is told by as many, the finer holds, then the older.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from services.classifier.incidents.comparing.places import places_agree
from services.classifier.incidents.comparing.sides import is_unnamed, same_side
from shared.contracts import Actor, ClaimStatus, Event, EventType, Place, Precision, Report, Sector

_FINENESS: dict[str, int] = {Precision.COUNTRY: 0, Precision.REGION: 1, Precision.CITY: 2, Precision.EXACT: 3}
_NAMED = 8
"""What a name of its own weighs among doers, beside words, a land and a sector."""
_MANY = 3
"""Voices that know only the land: a single one that names a town beside them may have read it amiss."""
_MAIN, _PASSING = 2, 1
"""What a voice weighs that tells the event as its main one, and one that tells it in passing."""


# ---- where --------------------------------------------------------------------------------------


def place(ordered: Sequence[Report], base: Event) -> Place | None:
    """The finest place that the land and the voices agree on; ``ordered`` by publication."""
    told = [(report, report.event.place) for report in _voiced(ordered)]
    known = [(report, each) for report, each in told if each is not None]
    if not known:
        return base.place
    land = _most(
        ((report, each.country) for report, each in known if each.country),
        base.place.country if base.place else None,
    )
    inside = [(r, each) for r, each in known if land is None or each.country in (land, None)] or known
    best: Place | None = None
    places = list(dict.fromkeys(each for _, each in inside))
    for fineness in sorted(_FINENESS.values()):
        # Down from the land to the spot, as long as more voices are for it than against it.
        votes = [(each, *_votes(each, inside)) for each in places if _fineness(each) == fineness]
        good = [(each, pro) for each, pro, contra in votes if pro >= contra and _is_backed(each, inside)]
        if good:
            best = max(good, key=lambda pair: pair[1])[0]  # among equals the oldest
    return best or base.place or inside[0][1]


def _votes(wanted: Place, told: Sequence[tuple[Report, Place]]) -> tuple[int, int]:
    """What the voices weigh that tell of this place or of one in it, and of those that tell of another."""
    pro: dict[str, int] = {}
    contra: dict[str, int] = {}
    for report, each in told:
        if not places_agree(each, wanted):
            if each.country or _fineness(wanted) == _fineness(each):  # a sea contradicts no port
                _raise(contra, report)
        elif _fineness(each) >= min(_fineness(wanted), _FINENESS[Precision.CITY]):
            _raise(pro, report)
    against = {voice: weight for voice, weight in contra.items() if voice not in pro}
    return sum(pro.values()), sum(against.values())


def _is_backed(wanted: Place, told: Sequence[tuple[Report, Place]]) -> bool:
    """Whether a town or region may be believed: one voice is not enough where many know only the land."""
    voices: dict[str, bool] = {}
    for report, each in told:
        if places_agree(each, wanted):
            voice = report.voice or report.outlet
            voices[voice] = voices.get(voice, False) or _fineness(each) > 0
    finer = sum(voices.values())
    return _fineness(wanted) == 0 or finer > 1 or len(voices) - finer < _MANY


def _fineness(each: Place) -> int:
    return _FINENESS.get(each.precision, 0)


# ---- when ---------------------------------------------------------------------------------------


def day(ordered: Sequence[Report], base: Event) -> dict[str, Any]:
    """The day with its precision: the one that most voices print, else the base's, else the first known."""
    known = [report for report in _voiced(ordered) if report.event.occurred_on is not None]
    printed = [report for report in known if not report.event.date_inferred]
    wanted: date | None = base.occurred_on
    if printed:
        own = None if base.date_inferred else base.occurred_on
        wanted = _most(((report, report.event.occurred_on) for report in printed), own)
    given = [report.event for report in (printed or known) if wanted in (None, report.event.occurred_on)]
    if not given:
        return {}
    # A day is finer than the week it lies in.
    best = min(given, key=lambda event: event.date_precision or 1)
    return {name: getattr(best, name) for name in ("occurred_on", "date_precision", "date_inferred")}


# ---- who ----------------------------------------------------------------------------------------


def doers(ordered: Sequence[Report], base: Event) -> tuple[Actor, ...]:
    """Who did it: a claimant, else the named ones whom most voices name, else whoever is known best."""
    # Not who imposed the curfew after the coup, nor whom the base knows as hit.
    sides = [
        (report, report.event.actors)
        for report in ordered
        if _one_act(report.event, base) and not _overlap(report.event.actors, base.recipients)
    ]
    options = [a for r, a in sides if r.event.claim.status == ClaimStatus.CLAIMED and _claims(r, a)]
    return _best(options or [base.actors, *(actors for _, actors in sides)], sides, base.actors, _NAMED)


def _one_act(event: Event, base: Event) -> bool:
    """In force (``ASSAULT``) reports waver between modes; elsewhere another mode is another act."""
    return event.mode == base.mode or base.event_type in (EventType.ASSAULT, EventType.PROTEST)


def hit(ordered: Sequence[Report], base: Event, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """Whom it hit; who did it in one report's telling is not whom it hit in another's."""
    sides = [(r, r.event.recipients) for r in ordered if not _overlap(r.event.recipients, actors)]
    if not sides:
        return base.recipients
    kept = any(recipients == base.recipients for _, recipients in sides)
    own = base.recipients if kept else sides[0][1]
    # Nobody claims to be a victim, and *civilians* are as well known as a group.
    return _best([own, *(recipients for _, recipients in sides)], sides, own, 0)


def _best(
    options: Sequence[tuple[Actor, ...]],
    sides: Sequence[tuple[Report, tuple[Actor, ...]]],
    base: tuple[Actor, ...],
    named: int,
) -> tuple[Actor, ...]:
    """The option of which most is known; then the one that more voices tell; then the base's, the older."""
    voiced = {report.article_id for report in _voiced(report for report, _ in sides)}

    def weight(actors: tuple[Actor, ...]) -> tuple[int, int, bool]:
        support: dict[str, int] = {}
        for report, others in sides:
            if report.article_id in voiced and _same(actors, others):
                _raise(support, report)
        return _known(actors, named), sum(support.values()), actors == base

    return max(dict.fromkeys(options), key=weight)


def _claims(report: Report, actors: tuple[Actor, ...]) -> bool:
    return any(actor.name == report.event.claim.by and not is_unnamed(actor) for actor in actors)


def _known(actors: tuple[Actor, ...], named: int) -> int:
    """How much is known of the best known of them: who they are, their land, what they are."""
    return max(
        (
            named * (bool(a.text) and not is_unnamed(a))
            + 4 * bool(a.text)
            + 2 * bool(a.country)
            + (a.sector != Sector.UNKNOWN)
            for a in actors
        ),
        default=0,
    )


def _same(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> bool:
    """Whether they have a side in common; *civilians* and *affiliated groups* of one land have none."""
    return any(
        a.name.casefold() == b.name.casefold() or (same_side(a, b) and not (is_unnamed(a) or is_unnamed(b)))
        for a in one
        for b in other
    )


def _overlap(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> bool:
    return bool({(each.name, each.country) for each in one} & {(each.name, each.country) for each in other})


# ---- votes --------------------------------------------------------------------------------------


def _voiced(ordered: Iterable[Report]) -> list[Report]:
    """The reports that have a voice of their own: no copies, unless there is nothing else."""
    reports = list(ordered)
    return [report for report in reports if report.copy_of is None] or reports


def _raise(votes: dict[str, int], report: Report) -> None:
    voice = report.voice or report.outlet
    votes[voice] = max(votes.get(voice, 0), _MAIN if report.main else _PASSING)


def _most(told: Iterable[tuple[Report, Any]], base: Any) -> Any:
    """What most voices tell; among equals the base's, then the oldest. None where nobody tells anything."""
    votes: dict[Any, dict[str, int]] = {}
    for report, value in told:
        _raise(votes.setdefault(value, {}), report)
    counted = Counter({value: sum(voices.values()) for value, voices in votes.items()})
    if not counted:
        return base
    return max(counted, key=lambda value: (counted[value], value == base))
