"""What speaks for an event and an incident being one thing, as named features of which a vote makes a share.

No feature decides alone: outlets waver over the town, the day and the toll of one attack, and a coder's
reading of them more so. What they share in words (names, numbers, sentences) speaks where codes are at odds.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date

from rapidfuzz import fuzz

from services.classifier.incidents import similarity
from services.classifier.incidents.buckets import day_of, family
from services.classifier.incidents.places import distance_km, is_fine
from services.classifier.incidents.sides import relation
from shared.contracts import Article, Event, Incident, Place, Precision, Report

Features = dict[str, float]
_COMPARED = 12
"""Reports of an incident whose texts are compared, the newest and the first."""
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w’'-]{2,}")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NEAR_KM, _FAR_KM = 25.0, 200.0


def features(event: Event, article: Article, incident: Incident) -> Features:
    """Every feature of one event and one incident; what is not named is 0."""
    known = incident.event
    reports = _compared(incident.reports)
    return {
        "same type": float(event.event_type == known.event_type),
        "same family": float(family(event) == family(known)),
        "same mode": float(event.mode == known.mode),
        "mode told before": float(any(event.mode == report.event.mode for report in reports)),
        **_of_places(event.place, [known.place, *(report.event.place for report in reports)]),
        **_of_days(event, article, incident, reports),
        **_of_sides(event, known, reports),
        **_of_tolls(event, reports),
        **_of_texts(article, reports),
    }


def _compared(reports: Sequence[Report]) -> list[Report]:
    ordered = sorted(reports, key=lambda report: report.published_at)
    return [*ordered[:1], *ordered[1:][-_COMPARED + 1 :]]


def _of_places(place: Place | None, told: Sequence[Place | None]) -> Features:
    fused, seen = told[0], [each for each in told if each is not None]
    if place is None or not seen:
        return {"place unknown": 1.0}
    lands = {each.country for each in seen if each.country}
    apart = [km for each in seen if is_fine(each) and (km := distance_km(place, each)) is not None]
    names = {_plain(each.name) for each in seen}
    found = {
        "another country": float(bool(lands) and place.country is not None and place.country not in lands),
        "same place name": float(_plain(place.name) in names),
        "only a country": float(place.precision == Precision.COUNTRY or fused is None),
        "only a region": float(Precision.REGION in (place.precision, fused.precision if fused else "")),
    }
    if is_fine(place) and apart:
        km = min(apart)
        found |= {"same town": float(km <= _NEAR_KM), "towns far apart": float(km > _NEAR_KM)}
        found["distance"] = math.log10(1 + min(km, 2000.0)) * float(km > _NEAR_KM)
    return found


def _plain(name: str) -> str:
    return re.sub(r"\W+", " ", name.casefold()).strip()


def _of_days(event: Event, article: Article, incident: Incident, reports: Sequence[Report]) -> Features:
    published = article.published_at.date()
    ours, known = day_of(event, published)
    theirs = {d for report in reports for d, sure in [_day(report)] if sure}
    first = min((report.published_at.date() for report in reports), default=incident.opened_at.date())
    last = max((report.published_at.date() for report in reports), default=first)
    gap = max(0, (published - last).days)
    found = {"days since told": math.log1p(gap), "told the same day": float(gap == 0)}
    if not known or not theirs:
        day = min((abs((ours - each).days) for each in theirs), default=abs((ours - first).days))
        return found | {"day unknown": 1.0, "unknown day, apart": math.log1p(day)}
    nearest = min(abs((ours - each).days) for each in theirs)
    found |= {
        "same day": float(nearest == 0),
        "a day apart": float(nearest == 1),
        "days apart": math.log1p(nearest) * float(nearest > 1),
        "printed days differ": float(nearest > 0 and not event.date_inferred),
    }
    return found


def _day(report: Report) -> tuple[date, bool]:
    return day_of(report.event, report.published_at.date())


def _of_sides(event: Event, known: Event, reports: Sequence[Report]) -> Features:
    found: Features = {}
    for role in ("actors", "recipients"):
        ours = getattr(event, role)
        told = [getattr(known, role), *(getattr(report.event, role) for report in reports)]
        how = {relation(ours, each) for each in told}
        for word in ("same", "maybe", "nobody", "other"):
            if word in how:
                found[f"{role} {word}"] = 1.0
                break
    reversed_ = relation(event.actors, known.recipients) == "same"
    found["sides reversed"] = float(reversed_ and relation(event.recipients, known.actors) == "same")
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


def _of_texts(article: Article, reports: Sequence[Report]) -> Features:
    text = similarity.words(article.title, article.summary)
    title = similarity.words(article.title, "")
    names, numbers = _names(article.title, article.summary), _numbers(article.title, article.summary)
    told = [(similarity.words(r.title, r.summary), similarity.words(r.title, "")) for r in reports]
    their_names = set().union(*(_names(r.title, r.summary) for r in reports)) if reports else set()
    their_numbers = set().union(*(_numbers(r.title, r.summary) for r in reports)) if reports else set()
    return {
        "copy": float(any(similarity.is_copy(text, each) for each, _ in told)),
        "texts alike": max((fuzz.token_set_ratio(text, each) for each, _ in told), default=0.0) / 100,
        "titles alike": max((fuzz.token_set_ratio(title, each) for _, each in told if each), default=0.0)
        / 100,
        "names shared": _share(names, their_names),
        "many names shared": min(6.0, float(len(names & their_names))) / 6,
        "numbers shared": _share(numbers, their_numbers),
    }


def _names(*texts: str) -> set[str]:
    return {
        name.casefold().removesuffix("'s").removesuffix("’s")
        for text in texts
        for name in _NAME.findall(text)
    }


def _numbers(*texts: str) -> set[str]:
    return {number.strip(",.") for text in texts for number in _NUMBER.findall(text)}


def _share(ours: Iterable[str], theirs: set[str]) -> float:
    own = set(ours)
    return len(own & theirs) / len(own) if own else 0.0
