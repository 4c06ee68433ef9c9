"""Quiet hours: whether a moment lies in them, and when they end.

The hours are wall-clock times in the subscriber's zone, over midnight where they end before they begin. Where
the clock is put on or back, the longer reading holds: whoever sleeps until a time that comes twice is woken
at the second, until one that is left out an hour later by the clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.contracts import QuietHours, Tier

_DAY = timedelta(days=1)


def quiet_until(hours: QuietHours | None, now: datetime) -> datetime | None:
    """When the quiet hours that ``now`` lies in end; None outside of them.

    Hours that begin as they end are none, and so are those of a zone that nobody knows: better a bell at
    night than none at all.
    """
    if hours is None or hours.begins == hours.ends:
        return None
    try:
        zone = ZoneInfo(hours.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    today = now.astimezone(zone).date()
    for day in (today - _DAY, today):
        ends_on = day if hours.begins < hours.ends else day + _DAY
        begins = min(_readings(day, hours.begins, zone))
        ends = max(_readings(ends_on, hours.ends, zone))
        if begins <= now < ends:
            return ends
    return None


def comes_through(hours: QuietHours, tier: str | None) -> bool:
    """Whether what is of this tier is told in the quiet hours all the same."""
    return rank(tier) >= rank(hours.override, unknown=Tier.EXTREME)


def rank(tier: str | None, unknown: Tier | None = None) -> int:
    """A tier's rank; of one that a newer release knows ``unknown``'s, by default below all."""
    if tier in tuple(Tier):
        return Tier(str(tier)).rank
    return -1 if unknown is None else unknown.rank


def _readings(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The moments that a wall clock's time may mean: two where it comes twice or is left out."""
    local = datetime.combine(day, at.replace(tzinfo=None), zone)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
