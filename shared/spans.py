"""Lengths of time as a person types them: ``90s``, ``30m``, ``6h``, ``2d``, ``1w``."""

import re
from datetime import timedelta

from shared.errors import BadInput

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST = timedelta(days=3660)


def parse_span(text: str) -> timedelta:
    """The span, above nothing and at most ten years; raises ``BadInput``."""
    found = re.fullmatch(r"(\d{1,9})\s*([smhdw])", text.strip().lower(), re.ASCII)
    if found is None:
        raise BadInput(f"not a length of time: {text!r}. Write a number and one of s m h d w, such as 6h")
    try:
        span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:  # millions of years
        span = timedelta.max
    if not timedelta() < span <= LONGEST:
        raise BadInput(f"a length of time is above 0 and at most ten years, not {text!r}: write one as 6h")
    return span


def write_span(span: timedelta) -> str:
    """A span as ``parse_span`` reads it, in the greatest unit that tells it whole."""
    seconds = round(span.total_seconds())
    for letter, of in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds and seconds % of == 0:
            return f"{seconds // of}{letter}"
    return f"{seconds}s"
