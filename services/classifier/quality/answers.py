"""What somebody answers about an article, in the fields that are scored: the coder, or a baseline."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.classifier.quality.sides import Side
from shared.contracts import Coding, Count, Place, Precision

_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it rings, how sure, and its main event; what does not ring has none that counts."""

    rings: bool
    score: float
    event_type: str | None = None
    mode: str | None = None
    country: str | None = None
    day: date | None = None
    at: tuple[float, float] | None = None
    """Latitude and longitude, where the place is known."""
    whole_country: bool = False
    """Whether the place is a country and nothing finer."""
    actors: Sequence[Side] = ()
    recipients: Sequence[Side] = ()
    killed: tuple[int, int] | None = None
    injured: tuple[int, int] | None = None


def of_coding(coding: Coding) -> Answer:
    """The coder's answer."""
    main = next((event for event in coding.events if event.main), None)
    if main is None or not coding.escalation:
        return Answer(coding.escalation, coding.score)
    place = main.place
    return Answer(
        rings=True,
        score=coding.score,
        event_type=str(main.event_type),
        mode=main.mode,
        country=place.country if place else None,
        day=main.occurred_on,
        at=_point(place),
        whole_country=place is not None and place.precision == Precision.COUNTRY,
        actors=main.actors,
        recipients=main.recipients,
        killed=_bounds(main.casualties.killed),
        injured=_bounds(main.casualties.injured),
    )


def _point(place: Place | None) -> tuple[float, float] | None:
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lat, place.lon


def _bounds(count: Count | None) -> tuple[int, int] | None:
    return None if count is None else (count.low, count.high)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two points on the globe along a great circle (haversine), in kilometres."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
