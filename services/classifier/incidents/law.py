"""The law of one incident (CODEBOOK §6) on codes alone: what reports must share whose words share nothing."""

from datetime import date

from services.classifier.incidents.buckets import day_of, family
from services.classifier.incidents.places import is_fine, places_agree
from services.classifier.incidents.sides import same_side, surely_same
from shared.contracts import Article, Event, Incident, Place

LATE_DAYS = 2
"""A report that prints no day may tell of an event so many days old."""


def one_by_law(event: Event, article: Article, incident: Incident) -> bool:
    """Whether the codes alone prove that the event is the incident's.

    Sides, place, day and family must not contradict each other, for copies too: one agency's two
    stories of one morning often differ in the town alone.
    """
    # In UTC, as buckets file it: moments of publication are compared on one clock. The outlet's zone has done
    # its work where the day was coded; in zones, Tokyo's and New York's reports of one hour are a day apart.
    published = article.published_at.date()
    if incident.retracted or family(event) != family(incident.event):
        return False
    if not _days_agree(event, published, incident) or not places_agree(event.place, incident.event.place):
        return False
    shared = _shared_sides(event, incident.event)
    if shared is None:
        return False
    proof = shared + _same_toll(event, incident.event)
    return proof >= _proof_needed(event, incident.event, shared)


def _proof_needed(one: Event, other: Event, shared: int) -> int:
    """How many shared sides and tolls make one event of two that do not contradict each other.

    In one town on one day none is needed. In one country one named side is, or two bombings by unknown
    hands would be one. Where a place is unknown two things are, one of them a side.
    """
    if is_fine(one.place) and is_fine(other.place):
        return 0
    if not _one_land(one.place, other.place):
        return 2 if shared else 3
    return 1 if shared else 2


def _one_land(one: Place | None, other: Place | None) -> bool:
    """Whether both name a country, or the same sea, which has none."""
    if one is None or other is None:
        return False
    sea = one.country is None and other.country is None and one.name.casefold() == other.name.casefold()
    return sea or (one.country is not None and other.country is not None)


def _same_toll(one: Event, other: Event) -> int:
    """1 when both state how many were killed, and the same number, and more than none."""
    ours, theirs = one.casualties.killed, other.casualties.killed
    return int(ours is not None and ours == theirs and ours.high > 0)


def _days_agree(event: Event, published: date, incident: Incident) -> bool:
    first = incident.reports[0] if incident.reports else None
    told = first.published_at.date() if first else incident.opened_at.date()
    ours, ours_known = day_of(event, published)
    theirs, theirs_known = day_of(incident.event, told)
    apart = abs((ours - theirs).days)
    if ours_known and theirs_known:
        both_printed = not event.date_inferred and not incident.event.date_inferred
        return apart == 0 if both_printed else apart <= 1
    # A report that prints no day tells what is new: today's, yesterday's, seldom older.
    return apart <= (LATE_DAYS if ours_known or theirs_known else 1)


def _shared_sides(one: Event, other: Event) -> int | None:
    """How many of the two sides (actors, recipients) both events surely share; None when one contradicts.

    *Unknown gunmen* contradict nobody and are nobody's proof; nor are *civilians* of no country, nor a side
    that no word of the report names.
    """
    shared = 0
    for sides in ((one.actors, other.actors), (one.recipients, other.recipients)):
        ours, theirs = ([side for side in each if side.text] for each in sides)
        if not ours or not theirs:
            continue
        pairs = [(a, b) for a in ours for b in theirs]
        if not any(same_side(a, b) for a, b in pairs):
            return None
        shared += any(surely_same(a, b) for a, b in pairs)
    return shared
