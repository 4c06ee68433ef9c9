"""System events on the stream of the alerts, and the conditions that stand, for all who ask how it fares.

They are routed by filters like any other alert, to those that name the kind. What rings here rings once:
every step may be repeated.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared import log
from shared.contracts import Alert, Condition
from shared.errors import NewerSchema
from shared.names import Names
from shared.store import guarded
from shared.system_alerts import degraded, rung

if TYPE_CHECKING:
    import redis
    import redis.asyncio

RANG_KEPT = 7 * 86_400
"""Seconds for which an id is not rung again: longer than a notifier stays away between ringing and noting."""
_RING = Path(__file__).with_name("system_ring.lua").read_text(encoding="utf-8")
_BEGIN = Path(__file__).with_name("system_begin.lua").read_text(encoding="utf-8")

_log = log.get(__name__)


async def ring(client: "redis.asyncio.Redis", names: Names, alert: Alert) -> str:
    """Put an alert on the stream unless its id rang before; its entry's id. Raises ``StoreUnavailable``."""
    keys = [names.system_rang(alert.id), names.alerts]
    with guarded("ringing a system event"):
        entry: Any = await client.register_script(_RING)(keys=keys, args=[alert.to_json(), RANG_KEPT])
    return str(entry)


async def begin(client: "redis.asyncio.Redis", names: Names, condition: Condition) -> bool:
    """Ring that a trouble begins, now (its ``since``), and note it, in one step.

    False when it is noted already. The notifier's watch rings that it is over once it sees it no more; so
    this is for a trouble that the watch sees too, and whose beginning should not wait for its next round.
    """
    alert = degraded(condition, condition.since)
    noted = rung(condition, condition.since)
    with guarded("ringing a system event"):
        began: Any = await client.register_script(_BEGIN)(
            keys=[names.conditions, names.alerts], args=[noted.key, noted.to_json(), alert.to_json()]
        )
    if began:
        _log.warning(
            "degraded", alert_id=alert.id, reason=str(noted.trouble), about=noted.about, says=noted.says
        )
    return bool(began)


def read(stored: Mapping[Any, Any]) -> dict[str, Condition]:
    """The conditions in a hash by their keys; one of a newer release is left out, and stays where it is."""
    found: dict[str, Condition] = {}
    for key, raw in stored.items():
        try:
            found[str(key)] = Condition.from_json(raw)
        except (ValidationError, NewerSchema) as exc:
            _log.warning("condition left out", condition=str(key), reason=str(exc)[:200])
    return found


def standing(client: "redis.Redis", names: Names) -> list[Condition]:
    """What is amiss now, longest first, as the notifier's watch rang it; raises ``StoreUnavailable``."""
    with guarded("reading what is amiss"):
        stored: Any = client.hgetall(names.conditions)
    return in_order(read(stored).values())


def watched(client: "redis.Redis", names: Names) -> bool:
    """Whether a notifier watches; without one ``standing`` is of yesterday. Raises ``StoreUnavailable``."""
    with guarded("looking whether anybody watches"):
        return bool(client.exists(names.watch_lease))


def in_order(conditions: Iterable[Condition]) -> list[Condition]:
    """Those that stand, longest first."""
    return sorted((each for each in conditions if each.stands), key=lambda each: (each.since, each.key))
