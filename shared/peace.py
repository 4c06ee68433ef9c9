"""How a subscription's peace is typed and shown: ``22:00-06:30@Europe/Athens``, ``10/1h``."""

import re
from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.contracts import QuietHours, RateCap, Tier
from shared.errors import BadInput
from shared.spans import parse_span, write_span

MOST = 1000
LONGEST = timedelta(days=7)
NONE = "none"
"""What is typed to have no quiet hours, or no cap, any more."""

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s*@\s*([\w+/-]+))?", re.ASCII)


def parse_quiet_hours(text: str, override: str = "") -> QuietHours:
    """From when to when, in which zone (UTC by default), and the tier that comes through all the same.

    Raises ``BadInput``.
    """
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"not quiet hours: {text!r}. Write them as 22:00-06:30@Europe/Athens")
    begins, ends = _time(found[1], found[2]), _time(found[3], found[4])
    if begins == ends:
        raise BadInput(
            f"quiet hours that end as they begin are none: {text!r}. Pause the subscription instead"
        )
    return QuietHours(begins=begins, ends=ends, zone=_zone(found[5] or "UTC"), override=parse_tier(override))


def parse_tier(text: str) -> Tier:
    """A tier of severity in any case, Extreme by default; raises ``BadInput``."""
    by_name = {tier.lower(): tier for tier in Tier} | {"": Tier.EXTREME}
    if text.strip().lower() not in by_name:
        raise BadInput(f"no tier is called {text!r}: one of {', '.join(Tier)}")
    return by_name[text.strip().lower()]


def parse_cap(text: str) -> RateCap:
    """At most how many messages in how long; raises ``BadInput``."""
    most, slash, within = text.partition("/")
    if not slash or not re.fullmatch(r"\s*\d{1,4}\s*", most, re.ASCII):
        raise BadInput(f"not a cap: {text!r}. Write how many in how long, such as 10/1h")
    if not 1 <= int(most) <= MOST:
        raise BadInput(f"a cap lets through 1 to {MOST} messages, not {int(most)}: write one such as 10/1h")
    span = parse_span(within)
    if span > LONGEST:
        raise BadInput(f"a cap looks back {write_span(LONGEST)} at most, not {within.strip()}")
    return RateCap(most=int(most), within=span.total_seconds())


def write_quiet_hours(hours: QuietHours) -> str:
    """As ``parse_quiet_hours`` reads it, with the tier that comes through."""
    return f"{hours.begins:%H:%M}-{hours.ends:%H:%M}@{hours.zone} (but {hours.override})"


def write_cap(cap: RateCap) -> str:
    """As ``parse_cap`` reads it."""
    return f"{cap.most}/{write_span(timedelta(seconds=cap.within))}"


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError as exc:
        raise BadInput(f"no clock shows {hour}:{minute}: write a time from 00:00 to 23:59") from exc


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise BadInput(f"no time zone is called {name!r}: write one such as Europe/Athens, or {UTC}") from exc
