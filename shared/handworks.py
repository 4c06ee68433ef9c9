"""The audit of what people did to incidents, as it stands in Redis."""

from typing import Any

import redis
from pydantic import ValidationError

from shared import log
from shared.contracts import Handwork
from shared.errors import NewerSchema
from shared.names import Names
from shared.store import guarded

_log = log.get(__name__)


def newest(client: "redis.Redis", names: Names, most: int) -> list[Handwork]:
    """The works done last, the newest first; unreadable ones are left out, loudly.

    Raises ``StoreUnavailable``.
    """
    store: Any = client
    with guarded("reading the audit"):
        entries = store.xrevrange(names.handwork, count=most)
    found = []
    for id_, fields in entries:
        try:
            found.append(Handwork.from_json(fields["handwork"]))
        except (KeyError, ValidationError, NewerSchema) as exc:
            _log.error("unreadable audit record left out", entry_id=id_, error=str(exc)[:300])
    return found
