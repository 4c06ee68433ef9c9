"""Incidents as they stand in Redis, for whoever looks at them: the newest, one by its id."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import redis
from pydantic import ValidationError

from shared import log
from shared.contracts import Incident
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.store import guarded

_log = log.get(__name__)
_PAGE = 200
"""Incidents read at a time: a hot one is some 50 kB."""


def newest(client: "redis.Redis", names: Names, since: datetime | None = None) -> Iterator[Incident]:
    """The incidents that changed last first, back to ``since``; unreadable ones are left out, loudly.

    Raises ``StoreUnavailable``.
    """
    store: Any = client
    lowest = int(since.timestamp() * 1000) if since else "-inf"
    with guarded("listing incidents"):
        ids = store.zrevrangebyscore(names.incidents, "+inf", lowest)
    for first in range(0, len(ids), _PAGE):
        with guarded("reading incidents"):
            raws = store.mget([names.incident(each) for each in ids[first : first + _PAGE]])
        for raw in raws:
            incident = _read(raw) if raw is not None else None
            if incident is not None:
                yield incident


def some(client: "redis.Redis", names: Names, ids: Sequence[str]) -> list[Incident]:
    """These incidents in this order, without those that expired or can't be read."""
    store: Any = client
    if not ids:
        return []
    with guarded("reading incidents"):
        raws = store.mget([names.incident(each) for each in ids])
    found = (_read(raw) for raw in raws if raw is not None)
    return [incident for incident in found if incident is not None]


def get(client: "redis.Redis", names: Names, incident_id: str) -> Incident:
    """One incident; raises ``BadInput`` where none has this id, ``NewerSchema``, ``StoreUnavailable``."""
    store: Any = client
    with guarded("reading an incident"):
        raw = store.get(names.incident(incident_id))
    if raw is None:
        raise BadInput(f"no incident {incident_id!r}: `tocsin incidents` lists those of the last 30 days")
    return Incident.from_json(raw)


def _read(raw: str) -> Incident | None:
    try:
        return Incident.from_json(raw)
    except (ValidationError, NewerSchema) as exc:
        _log.error("unreadable incident left out", incident=raw[:80], error=str(exc)[:300])
        return None
