"""One line for who hears of an incident late: what rang before, as the body's ``story`` tells it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.contracts import Alert, AlertKind

SHOWN = 6
_KINDS = frozenset(map(str, AlertKind))


def before(alert: Alert) -> str:
    """*First heard here. Before: opened 2 Mar 09:12, escalated 10:40.*; empty where nothing rang before."""
    told = (alert.model_extra or {}).get("story")
    lines = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    shown = [line for line in map(_rang, lines) if line]
    if not shown:
        return ""
    left_out = "… " if len(shown) > SHOWN else ""
    return f"First heard here. Before: {left_out}{', '.join(shown[-SHOWN:])}."


def _rang(line: Mapping[str, Any]) -> str:
    """Only words and digits of our own: whatever stands there, it needs no escaping."""
    kind = str(line.get("kind"))
    try:
        at = datetime.fromisoformat(str(line.get("at")))
        moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return f"{kind} {moment.day} {moment:%b %H:%M} UTC" if kind in _KINDS else ""
