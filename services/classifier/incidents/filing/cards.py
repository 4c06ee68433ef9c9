"""An incident on a card of fixed size: enough to tell which few, of thousands, are worth reading whole.

A card holds the days, places, acts, sides and tolls that an incident's reports tell, and a bit for each of
their long words, names and numbers. Bits only ever say too much (two words may share one), so what a card
seems to share with an event is never less than what the incident does.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zlib import crc32

import numpy
from numpy.typing import NDArray

from services.classifier.coding.events import meaning
from services.classifier.incidents.comparing import similarity
from services.classifier.incidents.comparing.headings import day_of
from services.classifier.incidents.comparing.places import is_fine
from services.classifier.incidents.comparing.reading import said
from services.classifier.incidents.comparing.sides import is_group, is_unnamed
from services.classifier.incidents.filing import buckets
from services.classifier.incidents.matching.likeness import FEWEST, compared
from services.classifier.incidents.matching.matcher import is_nobodys
from shared.contracts import Actor, Article, Event, EventType, Incident, Place, Precision, Report

PLACES = 3
"""Towns and regions kept; of an incident told of more, the first."""
WORD_BITS = 512
DAYS = 32
"""Days from the first that reports tell of, each with a bit."""
UNKNOWN = 0xFFFF
_NAMES = 0x10000
ANYWHERE = -0x8000
_SCALE = 180
"""Steps of a degree of latitude or longitude: half a kilometre."""
RETRACTED, DAY_UNSURE, MANY_PLACES, TOWN_UNSURE, PROTEST, NO_TOWN, BARE = 1, 2, 4, 8, 16, 512, 1024
"""Marks: no longer told of; no report knows the day; more places than are kept; its town can't be located;
violent protest; it has no town; a report says too little to compare."""
NOBODY, STATELESS = (32, 64), (128, 256)
"""Marks of actors and of recipients: a report names none; a report names one without a country."""

CARD = numpy.dtype(
    [
        ("id", ">u8"),
        ("words", "u1", WORD_BITS // 8),
        ("names", "<u8"),
        ("actors", "<u8"),
        ("recipients", "<u8"),
        ("days", "<u4"),
        ("printed", "<u4"),
        ("modes", "<u4"),
        ("base", "<u2"),
        ("last", "<u2"),
        ("told", "<u2"),
        ("country", "<u2"),
        ("least", "<u2"),
        ("most", "<u2"),
        ("lat", "<i2", PLACES),
        ("lon", "<i2", PLACES),
        ("marks", "<u2"),
        ("fewest", "u1"),
        ("vague", "u1"),
        ("towns", "u1"),
        ("name", "<u2"),
        ("named", "u1"),
        ("act", "<u2"),
        ("acted", "u1"),
        ("meaning", "i1", meaning.NUMBERS),
        ("meant", "u1"),
    ]
)
"""``base`` and ``last``: the first and the last day told of; ``told``: when last reported; from 1970 on.
``least`` and ``most``: how many were killed. ``fewest``: the fewest long words of a report. ``towns``: a bit
for each place that is one. ``name`` and ``act``: those of the incident as a whole. ``vague``, ``named`` and
``acted``: the shares of reports, of 255, that name only the country, that name, that tell that act.
``meaning``: what the incident is about, as the reader ``meant`` found it; 0 where nobody did."""
SIZE = CARD.itemsize
_ID = "inc_"
_MAY_BE = {
    "state": ("state", "unnamed"),
    "group": ("unnamed",),
    "unnamed": ("state", "group", "unnamed"),
}

Cards = NDArray[numpy.void]


def number_of(incident_id: str) -> bytes:
    """The eight bytes of an incident's id, with which its card begins."""
    return bytes.fromhex(incident_id.removeprefix(_ID))


def id_of(number: bytes | int) -> str:
    """The id that these eight bytes say."""
    return _ID + (number.hex() if isinstance(number, bytes) else f"{number:016x}")


def ids_in(records: bytes) -> list[str]:
    """The ids whose numbers stand there one after another, as in an article's own bucket."""
    return [id_of(records[at : at + 8]) for at in range(0, len(records), 8)]


def bands_of(article: Article | None) -> bytes:
    """The bands of words under which the article meets its near copies."""
    return similarity.signature(said(article.title, article.summary).words) if article else b""


def record(bucket: str, incident_id: str, card: bytes, bands: bytes) -> bytes:
    """What stands in a bucket for an incident: its card, or its number, among the near with bands."""
    if buckets.is_dated(bucket):
        return card
    return number_of(incident_id) + (bands if buckets.is_near(bucket) else b"")


def card_of(incident: Incident) -> bytes:
    """The incident's card, as it is filed."""
    reports = compared(incident.reports)
    card = numpy.zeros(1, CARD)
    card["id"] = int.from_bytes(number_of(incident.id))
    card["words"] = _words(reports)
    card["names"] = _mask((plain(p.name) for p in _places(reports)), 64)
    told = [incident.event, *(report.event for report in reports)]
    card["actors"] = _mask((token for event in told for token in side(event.actors)), 64)
    card["recipients"] = _mask((token for event in told for token in side(event.recipients)), 64)
    card["modes"] = _mask((mode(event) for event in told), 32)
    card["act"] = act(incident.event)
    card["acted"] = _share(mode(report.event) == mode(incident.event) for report in reports)
    if incident.event.place is not None:
        whole = plain(incident.event.place.name)
        card["name"] = name(incident.event.place.name)
        card["named"] = _share(plain(place.name) == whole for place in _places(reports))
    lands = {place.country for place in _places(reports) if place.country}
    card["country"] = land(next(iter(lands))) if len(lands) == 1 else 0
    killed = [count for report in reports if (count := report.event.casualties.killed) is not None]
    if (meant := meaning.vector(incident.event.meaning)) is not None:
        card["meaning"], card["meant"] = meaning.steps(meant), meaning.reader_of(incident.event.meaning)
    card["least"] = min((min(count.low, UNKNOWN - 1) for count in killed), default=UNKNOWN)
    card["most"] = max((min(count.high, UNKNOWN - 1) for count in killed), default=UNKNOWN)
    long = [len(said(report.title, report.summary).long) for report in reports]
    card["marks"] |= BARE * any(count < FEWEST for count in long)
    card["fewest"] = min((count for count in long if count >= FEWEST), default=0)
    _put_days(card, reports, incident)
    _put_places(card, reports, incident.event.place)
    card["marks"] |= RETRACTED * is_nobodys(incident) | PROTEST * (
        incident.event.event_type == EventType.PROTEST
    )
    for number, role in enumerate(("actors", "recipients")):
        sides = [[actor for actor in getattr(event, role) if actor.text] for event in told]
        card["marks"] |= NOBODY[number] * (not all(sides))
        card["marks"] |= STATELESS[number] * any(actor.country is None for each in sides for actor in each)
    return card.tobytes()


def read(filed: Iterable[bytes]) -> Cards:
    """The cards of some buckets; an incident that is filed in several has one of each."""
    return numpy.frombuffer(b"".join(filed), CARD)


def bit(token: str, bits: int) -> int:
    """The bit of a word among so many."""
    return crc32(token.encode()) % bits


def day(of: date) -> int:
    """The number of a day, as cards count them."""
    return max(0, min(UNKNOWN - 1, (of - date(1970, 1, 1)).days))


def steps(degrees: float) -> int:
    """A latitude or longitude in a card's steps."""
    return round(degrees * _SCALE)


def act(event: Event) -> int:
    """The number of the event's act."""
    return bit(mode(event), _NAMES)


def name(of: str) -> int:
    """The number of a place's name."""
    return bit(plain(of), _NAMES)


def land(country: str) -> int:
    """The number of a country, above 0."""
    return crc32(country.encode()) % (UNKNOWN - 1) + 1


def mode(event: Event) -> str:
    """What stands for the event's act."""
    return event.mode or ""


def plain(name: str) -> str:
    """A place's name without case and punctuation."""
    return " ".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def side(actors: Iterable[Actor]) -> Iterable[str]:
    """What a card keeps of one side: each actor's name, and its country by what it is."""
    for actor in actors:
        if actor.text:
            yield actor.name.casefold()
            if actor.country:
                yield f"{_kind(actor)} of {actor.country}"


def same_side(actors: Iterable[Actor]) -> Iterable[str]:
    """What a side that is surely the same (``sides``) keeps one of; no two groups of a land are."""
    for actor in actors:
        if actor.text:
            yield actor.name.casefold()
            if actor.country:
                yield from (f"{kind} of {actor.country}" for kind in _MAY_BE[_kind(actor)])


def _kind(actor: Actor) -> str:
    if is_unnamed(actor):
        return "unnamed"
    return "group" if is_group(actor) else "state"


def has(masks: NDArray[Any], tokens: Iterable[str], bits: int) -> NDArray[numpy.bool_]:
    """Where one of the tokens may be in the mask."""
    found: NDArray[numpy.bool_] = (masks & masks.dtype.type(_mask(tokens, bits))) != 0
    return found


def _mask(tokens: Iterable[str], bits: int) -> int:
    found = 0
    for token in tokens:
        found |= 1 << bit(token, bits)
    return found


def _share(of: Iterable[bool]) -> int:
    each = list(of)
    return -(-255 * sum(each) // len(each)) if each else 0


def _words(reports: Iterable[Report]) -> NDArray[numpy.uint8]:
    mask = 0
    for report in reports:
        texts = said(report.title, report.summary)
        mask |= _mask(texts.long | texts.names | texts.numbers, WORD_BITS)
    return numpy.frombuffer(mask.to_bytes(WORD_BITS // 8, "little"), numpy.uint8)


def _places(reports: Iterable[Report]) -> list[Place]:
    return [report.event.place for report in reports if report.event.place is not None]


def _put_days(card: Cards, reports: list[Report], incident: Incident) -> None:
    dated = [(day_of(r.event, r.published_at.date()), r.event.date_inferred) for r in reports]
    known = [day(of) for (of, sure), _ in dated if sure]
    published = [day(report.published_at.date()) for report in reports]
    first = min(known or published or [day(incident.opened_at.date())])
    card["base"] = first
    card["last"] = max(known or published or [first])
    card["told"] = max(published, default=first)
    card["days"] = _days(known, first)
    card["printed"] = _days([day(of) for (of, sure), inferred in dated if sure and not inferred], first)
    card["marks"] |= DAY_UNSURE * (not known)


def _days(of: Iterable[int], first: int) -> int:
    mask = 0
    for each in of:
        mask |= 1 << min(each - first, DAYS - 1)
    return mask


def _put_places(card: Cards, reports: list[Report], whole: Place | None) -> None:
    card["lat"] = ANYWHERE
    told = _places(reports)
    # First that of the incident as a whole where it is a town: it is the one that the law compares.
    known = [whole] if whole is not None and is_fine(whole) else []
    located = {
        (steps(place.lat), steps(place.lon)): is_fine(place)
        for place in (*known, *told)
        if place.precision != Precision.COUNTRY and place.lat is not None and place.lon is not None
    }
    for number, ((lat, lon), fine) in enumerate([*located.items()][:PLACES]):
        card["lat"][0, number], card["lon"][0, number] = lat, lon
        card["towns"] |= fine << number
    sure = bool(known) and known[0].lat is not None and known[0].lon is not None
    card["marks"] |= MANY_PLACES * (len(located) > PLACES) | TOWN_UNSURE * (not sure)
    card["marks"] |= NO_TOWN * (not known)
    if told:
        card["vague"] = 255 * sum(place.precision == Precision.COUNTRY for place in told) // len(told)
