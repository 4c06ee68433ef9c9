"""Near a point: a circle whose radius may depend on severity, and when an alert's place lies in it.

A place counts by its point, and a region by its centre. A place that is known only as a country counts by the
country's centre too, but in no circle smaller than the country: the centre says nothing of *near*. Who also
wants what is told of the country alone asks for it by ``country``.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

from shared.contracts import Alert, Place, Precision, Tier
from shared.filters.unfit import Unfit

HALFWAY_KM = 20_040.0
"""Half the way round the Earth: no radius is longer."""


@dataclass(frozen=True)
class Circle:
    """Around a point (WGS 84) by one radius for all tiers, or by tier, the lowest first."""

    lat: float
    lon: float
    km: float | tuple[tuple[Tier, float], ...]

    def radius(self, tier: Tier | None) -> float | None:
        """The radius for a tier: its own, else that of the next lower one; None where there is none."""
        if isinstance(self.km, float):
            return self.km
        if tier is None:
            return None
        return next((km for each, km in reversed(self.km) if each.rank <= tier.rank), None)

    def holds(self, alert: Alert) -> bool:
        """Whether the alert's place lies in the circle; never raises."""
        place = alert.event.place if alert.event is not None else None
        radius = self.radius(alert.severity.tier if alert.severity is not None else None)
        if place is None or radius is None:
            return False
        apart = self.distance(place)
        if apart is None or apart > radius:
            return False
        return place.precision != Precision.COUNTRY or radius >= reach(place.country)

    def found(self, alert: Alert) -> str:
        """Where the alert's place lies, seen from the point, for a reason."""
        place = alert.event.place if alert.event is not None else None
        if place is None:
            return "unknown"
        apart = self.distance(place)
        if apart is None:
            return f"{place.name}, whose point is unknown"
        if self.radius(alert.severity.tier if alert.severity is not None else None) is None:
            return f"{place.name}, for whose severity there is no radius"
        if place.precision == Precision.COUNTRY:
            return f"{place.name}, known only as a country, its centre {apart:.0f} km away"
        return f"{place.name}, {apart:.0f} km away"

    def distance(self, place: Place) -> float | None:
        """Great-circle distance in km (haversine), or None when the place's point is unknown."""
        if place.lat is None or place.lon is None:
            return None
        here, there = radians(self.lat), radians(place.lat)
        half = sin((there - here) / 2) ** 2
        half += cos(here) * cos(there) * sin(radians(place.lon - self.lon) / 2) ** 2
        return 12742.0 * asin(sqrt(min(1.0, max(0.0, half))))


def circle(lat: float, lon: float, km: float | dict[Tier, float]) -> Circle:
    """The circle, or ``Unfit`` with the part that is not on Earth."""
    for name, degrees, most in (("lat", lat, 90), ("lon", lon, 180)):
        if abs(degrees) > most:
            raise Unfit(
                f"{name} lies between -{most} and {most}: write degrees, latitude first", "value", name
            )
    for tier, radius in km.items() if isinstance(km, dict) else (("", km),):
        if not 0 < radius <= HALFWAY_KM:
            at = ("value", "km", str(tier)) if tier else ("value", "km")
            raise Unfit(f"a radius is more than 0 and at most {HALFWAY_KM:.0f} km", *at)
    if isinstance(km, dict):
        return Circle(lat, lon, tuple(sorted(km.items(), key=lambda each: each[0].rank)))
    return Circle(lat, lon, km)


def reach(country: str | None) -> float:
    """How far a country reaches from its centre, in km; endless where we do not know it."""
    return _reaches().get(country or "", float("inf"))


@cache
def _reaches() -> dict[str, float]:
    text = (files(__package__) / "reaches.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {code: float(km) for code, km in rows}
