"""The law of one incident (CODEBOOK §6) on codes alone: what reports must share whose words share nothing."""

from datetime import date

from services.classifier.incidents.comparing.headings import day_of
from services.classifier.incidents.comparing.places import is_fine, places_agree
from services.classifier.incidents.comparing.sides import relation
from shared.contracts import Article, Event, Incident, Place

LATE_DAYS = 2
"""A report that prints no day may tell of an event so many days old."""


def one_by_law(event: Event, article: Article, incident: Incident) -> bool:
    """Whether the codes alone prove that the event is the incident's, which is of its family.

    Sides, place and day must not contradict each other, and what they share must be enough.
    """
    # In UTC, as buckets file it: moments of publication are compared on one clock. The outlet's zone has done
    # its work where the day was coded; in zones, Tokyo's and New York's reports of one hour are a day apart.
    published = article.published_at.date()
    if not _days_agree(event, published, incident) or not places_agree(event.place, incident.event.place):
        return False
    sides = _sides(event, incident.event)
    if "other" in sides:
        return False
    shared = sides.count("same")
    return shared + _same_toll(event, incident.event) >= _proof_needed(event, incident.event, shared)


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


def _sides(one: Event, other: Event) -> tuple[str, str]:
    """How the actors and how the recipients of two events relate (``sides.relation``)."""
    return relation(one.actors, other.actors), relation(one.recipients, other.recipients)
