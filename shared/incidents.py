"""Incidents as they stand in Redis, for whoever looks at them: the newest, one by its id."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import redis
import redis.asyncio
from pydantic import ValidationError

from shared import log, packing
from shared.contracts import Incident
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.store import guarded

_log = log.get(__name__)
_PAGE = 200
"""Incidents read at a time: a hot one is some 10 kB."""


def pack(incident: Incident) -> bytes:
    """The incident as it stands in Redis."""
    return packing.pack(incident.to_json(), incident.version)


def unpack(raw: bytes) -> Incident:
    """The incident, packed or bare; raises ``pydantic.ValidationError`` or ``NewerSchema``."""
    return Incident.from_json(packing.json_of(raw))


def stored(client: "redis.Redis", names: Names, ids: Sequence[str]) -> list[bytes | None]:
    """What stands in Redis for each of these ids, None where it expired; raises ``StoreUnavailable``."""
    if not ids:
        return []
    store: Any = client
    with guarded("reading incidents"):
        # The client decodes what it reads, and this is no text.
        found: list[bytes | None] = store.execute_command(
            "MGET", *map(names.incident, ids), NEVER_DECODE=True
        )
    return found


def newest(client: "redis.Redis", names: Names, since: datetime | None = None) -> Iterator[Incident]:
    """The incidents that changed last first, back to ``since``; unreadable ones are left out, loudly.

    Raises ``StoreUnavailable``.
    """
    store: Any = client
    lowest = int(since.timestamp() * 1000) if since else "-inf"
    with guarded("listing incidents"):
        ids = store.zrevrangebyscore(names.incidents, "+inf", lowest)
    for first in range(0, len(ids), _PAGE):
        for raw in stored(client, names, ids[first : first + _PAGE]):
            incident = _read(raw) if raw is not None else None
            if incident is not None:
                yield incident


def some(client: "redis.Redis", names: Names, ids: Sequence[str]) -> list[Incident]:
    """These incidents in this order, without those that expired or can't be read."""
    found = (_read(raw) for raw in stored(client, names, ids) if raw is not None)
    return [incident for incident in found if incident is not None]


def get(client: "redis.Redis", names: Names, incident_id: str) -> Incident:
    """One incident; raises ``BadInput`` where none has this id, ``NewerSchema``, ``StoreUnavailable``."""
    (raw,) = stored(client, names, [incident_id])
    if raw is None:
        raise BadInput(f"no incident {incident_id!r}: `tocsin incidents` lists those of the last 30 days")
    return unpack(raw)


async def fetch(client: "redis.asyncio.Redis", names: Names, incident_id: str) -> Incident | None:
    """One incident for an asynchronous service; None where it expired or can't be read, which is logged.

    Raises ``StoreUnavailable``.
    """
    store: Any = client
    with guarded("reading an incident"):
        raw = await store.execute_command("GET", names.incident(incident_id), NEVER_DECODE=True)
    return None if raw is None else _read(raw)


def _read(raw: bytes) -> Incident | None:
    try:
        return unpack(raw)
    except (ValidationError, NewerSchema) as exc:
        _log.error("unreadable incident left out", incident=beginning(raw), error=str(exc)[:300])
        return None


def beginning(raw: bytes) -> str:
    """How its JSON begins, for a line of the log."""
    return packing.json_of(raw)[:80].decode(errors="replace")
