"""A printed date in, the zone out in which its moment is the day that a reader saw."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_CLOCK = re.compile(
    r"(?<![\d:.+\u2212-])(?P<hour>\d{1,2}):(?P<minutes>\d{1,2}(?::\d{1,2}(?:[.,]\d+)?)?)"  # 20:30, 4:35:5
    r"|(?<=\dT)(?P<sharp>\d{2})(?=Z|[+-]\d)"  # 2023-12-25T20Z
    r"|(?<=\s)(?P<dotted>\d{1,2})\.(?P<points>\d{2})(?![\d.])"  # 25 Dec 2023 20.30
    r"|\b(?P<bare>\d{1,2})(?=\s*[ap]\.?m\b)",  # 1 PM
    re.IGNORECASE,
)
_HALF = re.compile(r"\s*([ap])\.?m\b\.?", re.IGNORECASE)
_ZONE = re.compile(
    # The words that readers of feeds understand; they take the hour of any other for UTC.
    r"\s*\(?(?:(?:GMT|UTC)?\s*(?P<sign>[+\u2212-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)"
    r"|(?:Z|UTC?|GMT|[ACEMP][SD]T)(?![A-Za-z]))",
    re.IGNORECASE,
)


def zone_of_day(printed: str, at: datetime, own: tzinfo) -> tzinfo:
    """``own``, the outlet's zone, where ``printed`` tells a true moment; else the zone of the printed day.

    A true moment has an hour and a zone, or is a count of seconds. Without either the day stands as it is
    printed, which is how ``at`` was read: in UTC. Midnight is a day without an hour.
    """
    if printed.isdigit():
        # Eight digits may be a day; a reader that took a count for one read another moment.
        return own if int(printed) in (int(at.timestamp()), int(at.timestamp() * 1000)) else UTC
    clock = _CLOCK.search(printed)
    if clock is None:
        return UTC
    half = _HALF.match(printed, clock.end())
    zone = _ZONE.match(printed, half.end() if half else clock.end())
    if zone is None:
        return UTC
    return _ahead(zone) if _midnight(clock, half) else own


def _midnight(clock: re.Match[str], half: re.Match[str] | None) -> bool:
    hour = int(clock["hour"] or clock["sharp"] or clock["dotted"] or clock["bare"])
    if half and half[1].lower() == "a" and hour == 12:
        hour = 0
    return hour == 0 and not (clock["minutes"] or clock["points"] or "").strip("0:.,")


def _ahead(zone: re.Match[str]) -> tzinfo:
    """The zone as printed: *00:00 +0300* is the evening before in UTC."""
    if zone["sign"] is None:
        return UTC
    ahead = timedelta(hours=int(zone["hours"]), minutes=int(zone["minutes"] or 0))
    if ahead >= timedelta(hours=24):
        return UTC
    return timezone(ahead if zone["sign"] == "+" else -ahead)
