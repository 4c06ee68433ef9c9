"""The audit of what people did by hand, as it stands in Redis."""

from typing import Any

import redis
from pydantic import ValidationError

from shared import log, retention
from shared.contracts import Handwork
from shared.errors import NewerSchema
from shared.names import Names
from shared.store import guarded

_log = log.get(__name__)

# A lost answer is asked for again, and must not write a work down twice.
_NOTE = """
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not (last and last[2][2] == ARGV[1]) then
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'handwork', ARGV[1])
end
return 1
"""


def note(client: "redis.Redis", names: Names, work: Handwork) -> None:
    """Write down what was done to deliveries or mutes; raises ``StoreUnavailable``."""
    with guarded("writing to the audit"):
        client.register_script(_NOTE)(keys=[names.handwork], args=[work.to_json(), retention.HANDWORKS])


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
