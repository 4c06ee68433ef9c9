"""Dates that feeds print and feedparser does not read, such as ``Thu,28 Jul 2022 4:35:5 GMT+9``.

Without them every old entry of such a feed would pass for one of today.
"""

import re
from datetime import UTC, datetime, timedelta

_PRINTED = re.compile(
    r"(?:[^\W\d]+\.?,?\s*)?(?P<day>\d{1,2})[\s.-]+(?:de\s+)?(?P<month>[^\W\d]{3,})\.?[\s-]+(?:de\s+)?(?P<year>\d{4}),?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?\s*(?P<zone>.*)"
)
_ZONE = re.compile(r"(?:GMT|UTC)?\s*(?:(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?)?|Z")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev fév",
            "mar mär",
            "apr abr avr",
            "may mai mag",
            "jun giu",
            "jul lug",
            "aug ago aoû",
            "sep set",
            "oct out okt ott",
            "nov",
            "dec dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}
"""By their first three letters in English, Portuguese, Spanish, Italian, French and German."""


def epoch(printed: str) -> int | None:
    """The epoch seconds of a printed date, or None unless day, time and zone can all be read."""
    found = _PRINTED.fullmatch(printed.strip())
    zone = _ZONE.fullmatch(found["zone"].strip().upper()) if found else None
    month = _month(found["month"].lower()) if found else None
    if found is None or zone is None or month is None:
        return None
    try:
        moment = datetime(
            *(int(found["year"]), month, int(found["day"])),
            *(int(found["hour"]), int(found["minute"]), int(found["second"] or 0)),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    ahead = timedelta(hours=int(zone["hours"] or 0), minutes=int(zone["minutes"] or 0))
    return int((moment + ahead if zone["sign"] == "-" else moment - ahead).timestamp())


def _month(name: str) -> int | None:
    # French alone has two months that begin alike.
    if name.startswith(("juin", "juil")):
        return 6 if name.startswith("juin") else 7
    return _MONTHS.get(name[:3])
