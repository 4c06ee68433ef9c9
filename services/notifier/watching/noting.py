"""When a condition rings: what was noted and what is seen now in, what to note and what to ring out.

It rings once when it has been seen in two rounds on end, again every six hours while it lasts, and once when
it has not been seen in two rounds on end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.contracts import Alert, Condition, Trouble
from shared.system_alerts import degraded, over, rung

AGAIN_AFTER = timedelta(hours=6)
FORGOTTEN_AFTER = timedelta(minutes=5)
"""A first sight older than this is no first of two rounds on end: nobody watched in between."""
ROUNDS = 2
ONCE = (Trouble.DISABLED,)
"""What stays until a person acts, and may be meant to stay: repeating it would only teach to look away."""


@dataclass
class Step:
    """What a round changes: conditions to note anew, to note otherwise, to strike out, and what rings."""

    first_seen: list[Condition] = field(default_factory=list)
    changed: list[Condition] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


def step(noted: Mapping[str, Condition], seen: Iterable[Condition], now: datetime) -> Step:
    """The round's changes. Repeating it with the same notes rings the same alerts under the same ids."""
    found, now_seen = Step(), {each.key: each for each in seen}
    for key, each in now_seen.items():
        _see(found, noted.get(key), each, now)
    for key, before in noted.items():
        if key not in now_seen:
            _miss(found, before, now_seen, now)
    return found


def _see(found: Step, before: Condition | None, seen: Condition, now: datetime) -> None:
    if before is None:
        found.first_seen.append(seen)
    elif not before.stands and now - before.since > FORGOTTEN_AFTER:
        found.changed.append(seen)
    elif not before.stands or _is_due_again(before, now):
        # The words of today: a number in them may have grown.
        said = before.model_copy(update={"says": seen.says, "do": seen.do})
        found.alerts.append(degraded(said, now))
        found.changed.append(rung(said, now))
    elif before.absent:
        found.changed.append(before.model_copy(update={"absent": 0}))


def _is_due_again(before: Condition, now: datetime) -> bool:
    return before.trouble not in ONCE and before.rang_at is not None and now - before.rang_at >= AGAIN_AFTER


def _miss(found: Step, before: Condition, now_seen: Mapping[str, Condition], now: datetime) -> None:
    if not before.stands or _goes_on_as_worse(before, now_seen):
        found.gone.append(before.key)
    elif before.absent + 1 < ROUNDS:
        found.changed.append(before.model_copy(update={"absent": before.absent + 1}))
    else:
        found.alerts.append(over(before, now))
        found.gone.append(before.key)


def _goes_on_as_worse(before: Condition, now_seen: Mapping[str, Condition]) -> bool:
    """Whether what was parked waits on because its subscription is disabled by now: that is no recovery."""
    return before.trouble == Trouble.PARKED and f"{Trouble.DISABLED}|{before.about}" in now_seen
