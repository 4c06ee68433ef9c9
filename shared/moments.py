"""A moment as a person writes it: an age such as ``6h``, or a time."""

import re
from datetime import UTC, datetime, timedelta

from shared.errors import BadInput

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def moment_of(words: str, now: datetime) -> datetime:
    """``30m``, ``6h``, ``2d`` before ``now``, or an ISO time (UTC without a zone); else ``BadInput``."""
    age = re.fullmatch(r"(\d{1,6})\s*([smhd])", words.strip(), re.ASCII)
    if age:
        seconds = int(age[1]) * _SECONDS[age[2]]
        # Further back than anything is kept: the beginning of the epoch will do.
        return now - timedelta(seconds=min(seconds, now.timestamp()))
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError as exc:
        raise BadInput(f"no time: {words!r}; write 30m, 6h, 2d or 2026-01-31T08:00Z") from exc
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
