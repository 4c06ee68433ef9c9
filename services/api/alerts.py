"""Alerts by the page, oldest first, from the stream that the notifier reads too."""

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from services.api.problems import Problem
from shared import log
from shared.contracts import Alert
from shared.errors import NewerSchema
from shared.filters import Filter
from shared.names import Names
from shared.store import guarded

if TYPE_CHECKING:
    import redis.asyncio

CHUNK = 200
MOST_READ = 5_000
"""Entries that one request may look at: a filter that matches little answers with what it found so far."""
_CURSOR = re.compile(r"\d{1,19}-\d{1,19}")

_log = log.get(__name__)


class Page(BaseModel):
    """Some alerts in the order in which they rang."""

    alerts: list[Alert] = Field(description="Oldest first; each as a webhook's `data` carries it")
    next: str = Field(
        description="Give it as `after` for what follows; it stays usable when nothing does yet"
    )
    more: bool = Field(description="Whether something may follow now; false when this is the end so far")


async def page(
    client: "redis.asyncio.Redis", names: Names, wanted: Filter, after: str | None, limit: int
) -> Page:
    """Up to ``limit`` alerts that match, after the cursor ``after`` (from the oldest kept without one).

    Raises ``Problem`` when the cursor is none of ours, ``StoreUnavailable`` when Redis is away.
    """
    at = after or "0-0"
    if not _CURSOR.fullmatch(at):
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"after={at!r} is no cursor: give the `next` of the page before."
        )
    found: list[Alert] = []
    read = 0
    while read < MOST_READ:
        with guarded("reading alerts"):
            entries: Any = await client.xrange(names.alerts, min=f"({at}", count=CHUNK)
        for entry_id, fields in entries:
            at = entry_id
            alert = _readable(entry_id, fields)
            if alert is not None and wanted.matches(alert).matched:
                found.append(alert)
                if len(found) == limit:
                    return Page(alerts=found, next=at, more=True)
        read += len(entries)
        if len(entries) < CHUNK:
            return Page(alerts=found, next=at, more=False)
    return Page(alerts=found, next=at, more=True)


def _readable(entry_id: str, fields: dict[str, str]) -> Alert | None:
    try:
        return Alert.from_json(fields["alert"])
    except (KeyError, ValidationError, NewerSchema) as exc:
        # Not for us: the notifier sets such an entry aside and says so. Here it must not hide the rest.
        _log.warning("alert left out of a page", entry=entry_id, reason=str(exc))
        return None
