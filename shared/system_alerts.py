"""Alerts about the house itself, composed from plain values; opens nothing.

Their ids are derived from the trouble and since when it lasts, so that a repeated step repeats the same ids.
"""

import hashlib
from datetime import datetime, timedelta

from shared.contracts import Alert, AlertKind, Condition, Degraded, Trouble
from shared.printable import one_line

ALL_WELL = "all is well"
NOT_WELL = "it lives, but is degraded"


def derive_id(*parts: str) -> str:
    """``sys_`` and 16 hex digits of what tells this alert apart."""
    return "sys_" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def rung(condition: Condition, now: datetime) -> Condition:
    """The condition after one more ring."""
    return condition.model_copy(update={"rang_at": now, "rings": condition.rings + 1, "absent": 0})


def degraded(condition: Condition, now: datetime) -> Alert:
    """The alert that a trouble began or, where it rang before, that it still lasts."""
    lasts = (f"it has lasted for {span(now - condition.since)}",) if condition.rings else ()
    return _alert(
        condition,
        now,
        id_=_id(condition, condition.rings),
        headline=condition.says,
        sentence=f"{condition.says} {condition.do}".strip(),
        changes=lasts,
        before=condition.rings,
    )


def over(condition: Condition, now: datetime) -> Alert:
    """The alert that a trouble is over; it names those that told of it."""
    lasted = span(now - condition.since)
    return _alert(
        condition,
        now,
        id_=derive_id(*_key(condition), "over"),
        headline=f"It is over: {condition.trouble}",
        sentence=f"It is over, after {lasted}: {condition.trouble}. It had been said: {condition.says}",
        changes=(f"over after {lasted}",),
        before=condition.rings,
        ended=True,
    )


def subscription_disabled(subscription_id: str, shown: str, reason: str, now: datetime) -> Condition:
    """The condition of a subscription that gets nothing any more; ``shown`` is its name or its URL's hint."""
    return Condition(
        trouble=Trouble.DISABLED,
        about=subscription_id,
        since=now,
        says=f"The subscription {one_line(shown) or subscription_id} was disabled: "
        f"{one_line(reason) or 'no reason is noted'}.",
        do=f"Mend its endpoint, then `tocsin subscriptions resume {subscription_id}`; what waited follows.",
    )


def span(time: timedelta) -> str:
    """A time in words, in its two largest units: `2 h 5 min`, `3 days`."""
    seconds = max(round(time.total_seconds()), 0)
    if seconds < 90:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"


def _alert(
    condition: Condition,
    now: datetime,
    *,
    id_: str,
    headline: str,
    sentence: str,
    changes: tuple[str, ...],
    before: int,
    ended: bool = False,
) -> Alert:
    # The newest ten: a trouble of months would name hundreds.
    first = max(before - 10, 0)
    return Alert(
        id=id_,
        kind=AlertKind.DEGRADED,
        reason=str(condition.trouble),
        references=tuple(_id(condition, ring) for ring in range(first, before)),
        at=now,
        headline=headline,
        sentence=sentence,
        changes=changes,
        degraded=Degraded(
            trouble=condition.trouble, about=condition.about, since=condition.since, over=ended
        ),
    )


def _id(condition: Condition, ring: int) -> str:
    return derive_id(*_key(condition), str(ring))


def _key(condition: Condition) -> tuple[str, str]:
    return condition.key, condition.since.isoformat()
