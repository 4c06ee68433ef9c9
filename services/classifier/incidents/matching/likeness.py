"""What speaks for an event and an incident being one thing, as named features of which a vote makes a share.

No feature decides alone: outlets waver over the town, the day and the toll of one attack, and a coder's
reading of them more so. What they share in words (names, numbers, sentences) speaks where codes are at odds.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from services.classifier.coding.events import meaning
from services.classifier.incidents.comparing import similarity
from services.classifier.incidents.comparing.headings import day_of
from services.classifier.incidents.comparing.places import distance_km, is_fine
from services.classifier.incidents.comparing.reading import said
from services.classifier.incidents.comparing.sides import relation
from services.classifier.incidents.comparing.similarity import alike
from shared.contracts import Article, Event, Incident, Place, Precision, Report

Features = dict[str, float]
_COMPARED = 12
"""Reports of an incident whose texts are compared, the newest and the first."""
_NEAR_KM, _FAR_KM = 25.0, 300.0
FEWEST = 5
"""Long words without which a text is not compared."""


def features(event: Event, article: Article, incident: Incident) -> Features:
    """Every feature of one event and one incident; what is not named is 0."""
    known = incident.event
    reports = compared([report for report in incident.reports if report.article_id != article.id])
    places = _of_places(event.place, reports)
    days = _of_days(event, article, incident, reports)
    return {
        "same type": float(event.event_type == known.event_type),
        "same mode": float(event.mode == known.mode),
        "mode told before": _part(event.mode == report.event.mode for report in reports),
        **places,
        **days,
        **_of_both(places, days),
        **_of_sides(event, known, reports),
        **_of_tolls(event, reports),
        "copy": float(copied_by(article, incident.reports) is not None),
        **_of_texts(article, event, reports),
        **_of_meanings(event, known),
    }


def copied_by(article: Article, reports: Sequence[Report]) -> Report | None:
    """The report that this article copies, or is copied by, word for word or nearly; None where none is."""
    text = said(article.title, article.summary).words
    others = (r for r in reports if r.article_id != article.id)
    return next((r for r in others if similarity.is_copy(text, said(r.title, r.summary).words)), None)


def compared(reports: Sequence[Report]) -> list[Report]:
    """The reports with which a text is compared."""
    ordered = sorted(reports, key=lambda report: report.published_at)
    return [*ordered[:1], *ordered[1:][-_COMPARED + 1 :]]


def _of_places(place: Place | None, reports: Sequence[Report]) -> Features:
    """Shares of the reports that name a place: one that strayed in must not open the door to its like."""
    told = [report.event.place for report in reports if report.event.place is not None]
    if place is None or not told:
        return {"place unknown": 1.0}
    lands = [each.country for each in told if each.country]
    apart = [(each, km) for each in told if (km := distance_km(place, each)) is not None]
    fine = [km for each, km in apart if is_fine(each)]
    coarse = [km for each, km in apart if not _vague(each, place)]
    found = {
        "another country": _part(each != place.country for each in lands) * float(place.country is not None),
        "same place name": _part(_plain(each.name) == _plain(place.name) for each in told),
        "only a country": float(place.precision == Precision.COUNTRY),
        "told of a country only": _part(each.precision == Precision.COUNTRY for each in told),
        "only a region": float(place.precision == Precision.REGION),
        "far apart": _part(km > _FAR_KM for km in coarse),
    }
    if is_fine(place) and fine:
        found["same town"] = _part(km <= _NEAR_KM for km in fine)
        found["towns apart"] = 1 - found["same town"]
        found["distance"] = math.log10(1 + min(min(fine), 2000.0)) * float(min(fine) > _NEAR_KM)
    return found


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


def _part(of: Iterable[bool]) -> float:
    """The share that is true; 0 of none."""
    each = list(of)
    return sum(each) / len(each) if each else 0.0


def _vague(*places: Place) -> bool:
    return any(place.precision == Precision.COUNTRY for place in places)


def _of_both(places: Features, days: Features) -> Features:
    """One town twice in a week is two deeds as often as one; one town on one day seldom is."""
    town, day = places.get("same town", 0.0), days.get("same day", 0.0)
    return {
        "town and day": town * day,
        "town, not the day": town * float(days.get("a day apart", 0.0) + days.get("days apart", 0.0) > 0),
        "day, another town": places.get("towns apart", 0.0) * day,
        "day, no town": day * float("same town" not in places),
    }


def _of_days(event: Event, article: Article, incident: Incident, reports: Sequence[Report]) -> Features:
    published = article.published_at.date()
    ours, known = day_of(event, published)
    theirs = [d for report in reports for d, sure in [_day(report)] if sure]
    printed = [d for r in reports for d, sure in [_day(r)] if sure and not r.event.date_inferred]
    first = min((report.published_at.date() for report in reports), default=incident.opened_at.date())
    last = max((report.published_at.date() for report in reports), default=first)
    gap = max(0, (published - last).days)
    found = {"days since told": math.log1p(gap), "told the same day": float(gap == 0)}
    if not known or not theirs:
        day = min((abs((ours - each).days) for each in theirs), default=abs((ours - first).days))
        return found | {"day unknown": 1.0, "unknown day, apart": math.log1p(day)}
    nearest = min(abs((ours - each).days) for each in theirs)
    found |= {
        "same day": _part(each == ours for each in theirs),
        "a day apart": _part(abs((ours - each).days) == 1 for each in theirs),
        "days apart": math.log1p(nearest) * float(nearest > 1),
        "printed days differ": _part(each != ours for each in printed) * float(not event.date_inferred),
    }
    return found


def _day(report: Report) -> tuple[date, bool]:
    return day_of(report.event, report.published_at.date())


def _of_sides(event: Event, known: Event, reports: Sequence[Report]) -> Features:
    found: Features = {}
    for role in ("actors", "recipients"):
        ours = getattr(event, role)
        told = [getattr(known, role), *(getattr(report.event, role) for report in reports)]
        how = [relation(ours, each) for each in told]
        found |= {f"{role} {word}": _part(each == word for each in how) for word in set(how)}
    # Both sides of a war at home are of one land: reversed is only what does not stand straight as well.
    crossed = relation(event.actors, known.recipients), relation(event.recipients, known.actors)
    straight = relation(event.actors, known.actors), relation(event.recipients, known.recipients)
    found["sides reversed"] = float(crossed == ("same", "same") and "same" not in straight)
    return found


def _of_tolls(event: Event, reports: Sequence[Report]) -> Features:
    killed = event.casualties.killed
    told = [count for report in reports if (count := report.event.casualties.killed) is not None]
    if killed is None or not told:
        return {"toll unknown": 1.0}
    most = max(count.high for count in told)
    return {
        "same toll": float(killed.high > 0 and any(killed == count for count in told)),
        "toll grew": float(most < killed.low <= 4 * most + 4),
        "toll far more": float(killed.low > 4 * most + 4),
        "toll fell": float(killed.high < min(count.low for count in told)),
    }


def _of_texts(article: Article, event: Event, reports: Sequence[Report]) -> Features:
    ours = said(article.title, article.summary)
    told = [said(report.title, report.summary) for report in reports]
    their_names = {name for each in told for name in each.names}
    their_numbers = {number for each in told for number in each.numbers}
    shared = ours.names & their_names
    return {
        "texts alike": max((alike(ours.words, each.words) for each in told), default=0.0) / 100,
        "titles alike": max((similarity.alike(ours.title, t.title) for t in told if t.title), default=0.0)
        / 100,
        "words shared": max((_overlap(ours.long, each.long) for each in told), default=0.0),
        "rare names shared": min(4.0, float(len(shared - coded(event)))) / 4,
        "names shared": _share(ours.names, their_names),
        "many names shared": min(6.0, float(len(shared))) / 6,
        "numbers shared": _share(ours.numbers, their_numbers),
    }


def _of_meanings(event: Event, known: Event) -> Features:
    """How near the text is, on average, to what the incident's reports are about."""
    near = meaning.alike(event.meaning, known.meaning)
    return {"meaning unknown": 1.0} if near is None else {"meaning": near}


def _overlap(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """How much of the shorter of two texts' long words the other has; a bare headline says too little."""
    fewest = min(len(ours), len(theirs))
    return len(ours & theirs) / fewest if fewest >= FEWEST else 0.0


def coded(event: Event) -> set[str]:
    """Words that the codes name already: the place, the sides."""
    named = [side.name for side in (*event.actors, *event.recipients)]
    named += [side.text for side in (*event.actors, *event.recipients)]
    named += [event.place.name] if event.place else []
    return {word for name in named for word in _plain(name).split()}


def _share(ours: frozenset[str], theirs: set[str]) -> float:
    return len(ours & theirs) / len(ours) if ours else 0.0
