"""Whether two places may be one, and how far apart they are."""

from math import asin, cos, radians, sin, sqrt

from shared.contracts import Place, Precision

NEAR_KM = 25.0
"""Two places of city precision within this distance are one (an air base and its city)."""
REGION_KM = 200.0
"""A region and a place in it lie within this distance of each other's centres."""


def is_fine(place: Place | None) -> bool:
    """Whether a town or finer is known."""
    return place is not None and place.precision in (Precision.EXACT, Precision.CITY)


def places_agree(one: Place | None, other: Place | None) -> bool:
    """Whether two places may be one, or one may contain the other; an unknown place agrees with any."""
    if one is None or other is None:
        return True
    if one.country and other.country and one.country != other.country:
        return False
    if Precision.COUNTRY in (one.precision, other.precision):
        return True
    if one.name.casefold() == other.name.casefold():
        return True
    apart = distance_km(one, other)
    if apart is None:
        return not (is_fine(one) and is_fine(other))
    return apart <= (NEAR_KM if is_fine(one) and is_fine(other) else REGION_KM)


def distance_km(one: Place, other: Place) -> float | None:
    """Great-circle distance in km (haversine), or None when a coordinate is missing."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 12742.0 * asin(sqrt(min(1.0, half)))
