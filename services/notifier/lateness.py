"""How late a message is: said in it, at each attempt, as soon as it is worth saying."""

from datetime import datetime, timedelta

LATE_AFTER = timedelta(seconds=60)
"""A queue of a busy day and one short retry are no lateness that a person would want to hear of."""
FIELD_BYTES = 40
"""Room that a body leaves for the field: its name, a comma and as many digits as years have seconds."""


def delayed_by(rang_at: datetime | None, now: datetime) -> int | None:
    """The whole seconds since the alert rang; None when it is not late, or nobody noted when it rang."""
    if rang_at is None or now - rang_at <= LATE_AFTER:
        return None
    return int((now - rang_at).total_seconds())


def told_in(body: str, rang_at: datetime | None, now: datetime) -> str:
    """A webhook's body with ``delayed_by`` before all else in it; as it is when it is not late."""
    late = delayed_by(rang_at, now)
    if late is None or not body.startswith("{"):
        return body
    rest = body[1:].lstrip()
    return f'{{"delayed_by":{late}' + ("" if rest.startswith("}") else ",") + rest
