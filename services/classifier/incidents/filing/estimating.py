"""What the vote would say, and whether the law might, told from thousands of cards at once.

Each feature is the one of ``likeness`` by name, as far as a card tells it; where it can't, it is what speaks
most for a match. So the sum is an upper bound of the vote's own, and what it refuses the matcher refuses.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from services.classifier.coding.events import meaning
from services.classifier.incidents.comparing.headings import day_of
from services.classifier.incidents.comparing.places import NEAR_KM, is_fine
from services.classifier.incidents.comparing.reading import LONG, said
from services.classifier.incidents.filing import cards
from services.classifier.incidents.filing.cards import Cards
from services.classifier.incidents.matching.law import LATE_DAYS
from services.classifier.incidents.matching.likeness import FEWEST, coded
from services.classifier.incidents.matching.matcher import ALIKE, LITTLE, MEANT, SCANT, SURE, shipped
from shared.contracts import Article, Event, EventType, Precision

_OF_A_COPY, _OF_A_HEADLINE = 0.5, 0.3
"""Shares of the words in common from which a text may copy another, a headline one three times as long."""
_UNLIKE_TITLES = 0.85
"""How alike two titles are found at most that share no long word."""
_FAR_KM = 300.0
SLACK = 1.5
"""By how much an estimate may be below the vote's sum at most, in log odds."""
_TURN = cards.steps(360.0)
_KM_A_STEP = 40_008 / _TURN

Numbers = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]


def odds(share: float) -> float:
    """A share's odds, their logarithm: what a vote sums up to."""
    return math.log(share / (1 - share))


def estimate(among: Cards, event: Event, article: Article) -> tuple[Numbers, Flags, Flags]:
    """Of each card the vote's sum, whether its incident may match at all, and whether without the vote.

    Where cards can't tell, they tell what speaks for a match: the sum is not less than the vote's own.
    """
    weights = shipped().weights
    found = _estimated(among, event, article)
    total = numpy.full(len(among), shipped().bias)
    for name, value in found.items():
        total += weights.get(name, 0.0) * value
    lawful = _lawful(among, found, event)
    if not event.main:
        lawful |= found["copy"] > 0  # what the copied report told in passing, this one does
    sure = total >= odds(SURE) - SLACK
    return total, _possible(among, found, lawful, sure), lawful


def worth_weighing(among: Cards, event: Event, article: Article) -> Cards:
    """Those of the cards that tell of the event's day, or have many of its words: of a week's, a third."""
    other_day = _other_day(_of_days(among, event, article))
    kept = ~other_day
    others = among[other_day]
    meant = _of_meanings(others, event)["meaning"] >= MEANT
    kept[other_day] = meant | (_words_shared(others, article) >= ALIKE)
    return among[kept]


def _other_day(days: Mapping[str, Numbers]) -> Flags:
    printed = (days["printed days differ"] > 0) & (days["same day"] == 0)
    other: Flags = (days["days apart"] > 0) | printed
    return other


def _lawful(among: Cards, found: Mapping[str, Numbers], event: Event) -> Flags:
    """False where the codes alone can't prove it (``law.py``): another day, land, town, side, too little."""
    days = (found["days apart"] == 0) & (found["unknown day, apart"] <= numpy.log1p(LATE_DAYS))
    towns = (found["another town"] == 0) | (found["same place name"] > 0)
    sides = (found["actors other"] == 0) & (found["recipients other"] == 0)
    proof = found["actors same"] + found["recipients same"] + found["same toll"]
    fine = is_fine(event.place) & ((among["marks"] & cards.NO_TOWN) == 0)
    lawful: Flags = days & towns & sides & (found["another country"] == 0) & (fine | (proof > 0))
    return lawful


def _possible(among: Cards, found: Mapping[str, Numbers], lawful: Flags, sure: Flags) -> Flags:
    """False where the matcher is sure to refuse: by another day or another place, and no words in common."""
    retracted = (among["marks"] & cards.RETRACTED) > 0
    words, meant = found["words shared"], found["meaning"] >= MEANT
    scant = (words < LITTLE) & ~(sure & (words >= SCANT)) & ~meant
    unproven = ~lawful & scant & (found["copy"] == 0)
    possible: Flags = ~retracted & ~(_other_day(found) & (words < ALIKE) & ~meant) & ~unproven
    return possible


def _estimated(among: Cards, event: Event, article: Article) -> dict[str, Numbers]:
    places, days = _of_places(among, event), _of_days(among, event, article)
    town, same_day = places["same town"], days["same day"]
    untold = ((town == 0) & (places["towns apart"] == 0)).astype(float)
    apart = numpy.maximum(days["a day apart"], days["days apart"] > 0)
    protest = (among["marks"] & cards.PROTEST) > 0
    told = _has(among["modes"], [cards.mode(event)], 32)
    same_act = among["act"] == cards.act(event)
    return {
        "same type": (protest == (event.event_type == EventType.PROTEST)).astype(float),
        "mode told before": told * _part(same_act, among["acted"]),
        "same mode": same_act.astype(float),
        **places,
        **days,
        "town and day": town * same_day,
        "town, not the day": town * apart,
        "day, another town": places["towns apart"] * same_day,
        "day, no town": same_day * untold,
        **_of_sides(among, event),
        **_of_tolls(among, event),
        **_of_texts(among, event, article),
        **_of_meanings(among, event),
    }


def _has(masks: NDArray[Any], tokens: Sequence[str], bits: int) -> Numbers:
    """1 where one of the tokens may be in the mask."""
    return cards.has(masks, tokens, bits).astype(float)


def _part(as_whole: Flags, share: NDArray[Any]) -> Numbers:
    """The most reports that can say so: the share that says what the whole says, or else all others."""
    return numpy.where(as_whole, share / 255, (256.0 - share) / 255)


def _of_places(among: Cards, event: Event) -> dict[str, Numbers]:
    none, place = numpy.zeros(len(among)), event.place
    found = dict.fromkeys(
        ("same place name", "another country", "same town", "towns apart", "another town"), none
    )
    if place is None:
        return found | {"place unknown": none + 1}
    unknown = (among["names"] == 0).astype(float)
    country = cards.land(place.country) if place.country else 0
    other = (among["country"] != country) & (among["country"] != 0) & (country != 0)
    found |= {
        "place unknown": unknown,
        "another country": other.astype(float),
        "same place name": _has(among["names"], [cards.plain(place.name)], 64)
        * _part(among["name"] == cards.name(place.name), among["named"]),
        "told of a country only": among["vague"] / 255,
        "only a country": (1 - unknown) * (place.precision == Precision.COUNTRY),
        "only a region": (1 - unknown) * (place.precision == Precision.REGION),
    }
    if place.lat is None or place.lon is None or place.precision == Precision.COUNTRY:
        return found
    km = _km_to_places(among, place.lat, place.lon)
    few = (among["marks"] & cards.MANY_PLACES) == 0
    nearest = km.min(axis=1)
    found["far apart"] = (few & numpy.isfinite(nearest) & (nearest > _FAR_KM)).astype(float)
    if is_fine(place):
        towns = (among["towns"][:, None] >> numpy.arange(cards.PLACES)) & 1
        nearest = numpy.where(towns > 0, km, numpy.inf).min(axis=1)
        away = nearest > NEAR_KM + 1
        sure = few & away & numpy.isfinite(nearest)
        found["same town"] = (~away).astype(float)
        found["towns apart"] = sure.astype(float)
        found["distance"] = numpy.log10(1 + numpy.minimum(nearest, 2000.0)) * sure
        whole = ((among["marks"] & cards.TOWN_UNSURE) == 0) & (km[:, 0] > NEAR_KM + 1)
        found["another town"] = whole.astype(float)
    return found


def _km_to_places(among: Cards, lat: float, lon: float) -> Numbers:
    """Kilometres to each place of each card, as on a plane: near by it is exact, and far is far."""
    across = numpy.abs(among["lon"].astype(float) - cards.steps(lon))
    across = numpy.minimum(across, _TURN - across) * numpy.cos(numpy.radians(lat))
    apart: Numbers = numpy.hypot(among["lat"].astype(float) - cards.steps(lat), across) * _KM_A_STEP
    apart[among["lat"] == cards.ANYWHERE] = numpy.inf
    return apart


def _of_days(among: Cards, event: Event, article: Article) -> dict[str, Numbers]:
    published = article.published_at.date()
    of, known = day_of(event, published)
    ours, base, last = cards.day(of), among["base"].astype(int), among["last"].astype(int)
    gap = numpy.maximum(0, cards.day(published) - among["told"].astype(int))
    found = {
        "days since told": numpy.log1p(gap),
        "told the same day": (gap == 0).astype(float),
    }
    unsure = ((among["marks"] & cards.DAY_UNSURE) > 0) | (not known)
    outside = numpy.where(ours < base, base - ours, numpy.maximum(0, ours - last))

    def told(shift: int, mask: str = "days") -> Flags:
        at = numpy.clip(ours + shift - base, 0, cards.DAYS - 1)
        within = (ours + shift >= base) & (ours + shift <= last)
        has: Flags = within & (((among[mask] >> at.astype("<u4")) & 1) > 0)
        return has

    same, beside = told(0), told(-1) | told(1)
    nearest = numpy.where(same, 0, numpy.where(beside, 1, numpy.maximum(2, outside)))
    sure = ~unsure
    printed = (among["printed"] > 0) & ~told(0, "printed") & (not event.date_inferred)
    return found | {
        "day unknown": unsure.astype(float),
        "unknown day, apart": numpy.log1p(outside) * unsure,
        "same day": (same & sure).astype(float),
        "a day apart": (beside & ~same & sure).astype(float),
        "days apart": numpy.log1p(nearest) * ((nearest > 1) & sure),
        "printed days differ": (printed & sure).astype(float),
    }


def _of_sides(among: Cards, event: Event) -> dict[str, Numbers]:
    found: dict[str, Numbers] = {}
    for number, role in enumerate(("actors", "recipients")):
        named = [actor for actor in getattr(event, role) if actor.text]
        same = _has(among[role], list(cards.same_side(named)), 64)
        nobody = ((among["marks"] & cards.NOBODY[number]) > 0) | (not named)
        stateless = ((among["marks"] & cards.STATELESS[number]) > 0) | any(a.country is None for a in named)
        # Of what the reports may tell, what speaks most for a match.
        found[f"{role} same"] = same
        unsaid = nobody.astype(float)
        found[f"{role} nobody"] = unsaid if role == "recipients" else (1 - same) * unsaid
        found[f"{role} maybe"] = (1 - same) * (~nobody & stateless)
        found[f"{role} other"] = (1 - same) * ~(nobody | stateless)
    return found


def _of_tolls(among: Cards, event: Event) -> dict[str, Numbers]:
    killed = event.casualties.killed
    if killed is None:
        return {"toll unknown": numpy.ones(len(among)), "same toll": numpy.zeros(len(among))}
    least, most = among["least"].astype(int), among["most"].astype(int)
    told = least != cards.UNKNOWN
    more = told & (killed.low > most)
    far = killed.low > 4 * most + 4
    return {
        "toll unknown": (~told).astype(float),
        "same toll": (told & (killed.high > 0) & (least <= killed.low) & (killed.high <= most)).astype(float),
        "toll grew": (more & ~far).astype(float),
        "toll far more": (more & far).astype(float),
        "toll fell": (told & (killed.high < least)).astype(float),
    }


def _of_texts(among: Cards, event: Event, article: Article) -> dict[str, Numbers]:
    ours = said(article.title, article.summary)
    long, numbers = hits(among, ours.long), hits(among, ours.numbers)
    names, rare = hits(among, ours.names), hits(among, ours.names - coded(event))
    shared = _words_shared(among, article)
    # A bare headline is not compared by its long words, and may be copied none the less.
    met = (long + names + numbers) / max(1, len(ours.long) + len(ours.names) + len(ours.numbers))
    title = frozenset(word for word in ours.title.split() if len(word) > LONG)
    in_title = (hits(among, title) > 0) | (not title)
    bare = ((among["marks"] & cards.BARE) > 0) | (len(ours.long) < FEWEST)
    copied = (shared >= _OF_A_COPY) | (bare & ((met >= _OF_A_HEADLINE) | (not ours.long)))
    return {
        "words shared": shared,
        "many names shared": numpy.minimum(6.0, names) / 6,
        "rare names shared": numpy.minimum(4.0, rare) / 4,
        "names shared": names / max(1, len(ours.names)),
        "numbers shared": numbers / max(1, len(ours.numbers)),
        # One word in common can be all of a short title.
        "titles alike": numpy.where(in_title, 1.0, _UNLIKE_TITLES),
        "texts alike": numpy.ones(len(among)),
        "copy": copied.astype(float),
    }


def _of_meanings(among: Cards, event: Event) -> dict[str, Numbers]:
    ours = meaning.vector(event.meaning)
    if ours is None:
        return {"meaning": numpy.zeros(len(among)), "meaning unknown": numpy.ones(len(among))}
    known = among["meant"] == meaning.reader_of(event.meaning)
    near = numpy.where(known, among["meaning"] @ ours / meaning.WHOLE, 0.0)
    return {"meaning": near, "meaning unknown": (~known).astype(float)}


def _words_shared(among: Cards, article: Article) -> Numbers:
    long = said(article.title, article.summary).long
    fewest = numpy.minimum(among["fewest"].astype(float), len(long))
    shared = numpy.minimum(1.0, hits(among, long) / numpy.maximum(1.0, fewest))
    return numpy.where(fewest >= FEWEST, shared, 0.0)


def hits(among: Cards, tokens: frozenset[str]) -> Numbers:
    """How many of the tokens each card may have."""
    bits = numpy.array([cards.bit(token, cards.WORD_BITS) for token in tokens], dtype=int)
    masks = (1 << (bits % 8)).astype("u1")
    found: Numbers = ((among["words"][:, bits // 8] & masks) > 0).sum(axis=1).astype(float)
    return found
