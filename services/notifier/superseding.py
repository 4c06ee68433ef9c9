"""What becomes of a message that still waits when a newer alert of its incident rings: one stands for both.

Only for messages that were never handed to an attempt: what may have reached its receiver stays as it was. It
is the same for an endpoint that is down, for quiet hours, for a cap and for a paused subscription.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.contracts import Alert, AlertKind, Delivery

MOST_CHANGES = 20
"""Changes that one message lists, the newest of them; an alert has a handful."""

_GRAVER = (AlertKind.UPDATED, AlertKind.ESCALATED, AlertKind.CORRECTED)
"""What a message is that stands for two: the later in this list. A bell may be rung for the first of them."""


@dataclass(frozen=True)
class Superseding:
    """What the waiting message tells from now on (None: it is not sent, nor is the newer one), and why.

    ``story``: what rang before its first message, where that tells it (``data.story``).
    """

    alert: Alert | None
    reason: str
    story: list[dict[str, Any]] | None = None


def supersede(
    waiting: Delivery, newer: Alert, *, first: bool, wants: Callable[[Alert], bool] = lambda _: True
) -> Superseding | None:
    """What the message that ``waiting`` is tells once ``newer`` has rung, or None when each goes for itself.

    ``first``: whether it is the first that its subscription would hear of the incident. Then it stays what it
    is, an opening an opening, under the id of its own alert, but tells the present state; if that is anything
    which its subscription still ``wants``. Any other message becomes the newer one, with the changes and the
    gravity of both.
    """
    if waiting.incident_id is None or waiting.incident_id != newer.incident_id:
        return None
    if waiting.sequence >= newer.sequence:
        return None
    if first and newer.kind == AlertKind.RETRACTED and waiting.kind != AlertKind.RETRACTED:
        if newer.merged_into is not None:
            # It happened, and goes on under another id, of which this subscription may hear nothing.
            return None
        return Superseding(None, f"retracted by {newer.id} before anything was told")
    reason = f"tells of {newer.id} as well, which rang before it was sent"
    if not first:
        return Superseding(_as_newer(waiting, newer), reason)
    present = _as_first(waiting, newer)
    if not wants(present):
        return Superseding(None, f"not for its filter any more since {newer.id}, before anything was told")
    story = _told_by(waiting).get("story")
    return Superseding(present, reason, story if isinstance(story, list) else None)


def tells_already(told: int | None, alert: Alert) -> bool:
    """Whether what is recorded for a subscription, up to sequence ``told``, holds the alert or a newer state.

    So is an entry that comes again, and one of two notifiers that was slower: its receiver would ignore it.
    """
    return alert.incident_id is not None and told is not None and alert.sequence <= told


def _as_first(waiting: Delivery, newer: Alert) -> Alert:
    told = _told_by(waiting)
    opening = waiting.kind == AlertKind.OPENED
    return newer.model_copy(
        update={
            "id": waiting.alert_id,
            "kind": AlertKind.OPENED if opening else _graver(waiting.kind, newer.kind),
            "reason": told.get("reason") or newer.reason,
            "references": _texts(told.get("references")),
            "changes": () if opening else _both(told.get("changes"), newer.changes),
            "split_from": told.get("split_from") or newer.split_from,
            # What rang before its reader heard of it: the field of ``message.body``, no alert has it.
            **({"story": told["story"]} if "story" in told else {}),
        }
    )


def _as_newer(waiting: Delivery, newer: Alert) -> Alert:
    if AlertKind.RETRACTED in (waiting.kind, newer.kind):
        # What moved in between is no news to somebody who hears that it is taken back, or back again.
        return newer
    kind = _graver(waiting.kind, newer.kind)
    changes = _both(_told_by(waiting).get("changes"), newer.changes)
    reason = newer.reason if kind == newer.kind else _told_by(waiting).get("reason") or newer.reason
    return newer.model_copy(update={"kind": kind, "reason": reason, "changes": changes})


def _graver(one: str, other: AlertKind | str) -> AlertKind | str:
    known = [kind for kind in _GRAVER if kind in (one, other)]
    return max(known, key=_GRAVER.index) if other in _GRAVER and known else other


def _both(earlier: Any, later: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_texts(earlier), *later)))[-MOST_CHANGES:]


def _told_by(waiting: Delivery) -> dict[str, Any]:
    """What its body holds; a long one was cut, so only short fields may be relied on."""
    try:
        data = json.loads(waiting.body)["data"]
    except (ValueError, KeyError, TypeError):
        return {}
    return data if isinstance(data, dict) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
