"""Mutes: an incident, an actor or a country that nobody, or one subscription, wants to hear of for a time.

A mute's id is derived from what it mutes and for whom: muting the same again sets a new end, and a repeated
command makes no second mute. What has ended is left out of every answer and tidied away.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import redis
import redis.asyncio
from pydantic import ValidationError

from shared import log
from shared.contracts import Mute, Muted
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.store import guarded

MAX_TEXT = 200

# KEYS: mutes · ARGV: id, the record as read. One that was set anew meanwhile stays.
_TIDY = """
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
"""

_log = log.get(__name__)


def new_mute(
    what: str, value: str, *, until: datetime, now: datetime, subscription_id: str = "", why: str = ""
) -> Mute:
    """A mute on plain values, nothing stored; raises ``BadInput`` that says what could stand there."""
    if what not in tuple(Muted):
        raise BadInput(f"{what!r} can't be muted: one of {', '.join(Muted)}")
    value = value.strip()
    if what == Muted.COUNTRY:
        value = value.upper()
        if not re.fullmatch("[A-Z]{3}", value):
            raise BadInput(f"no country is {value!r}: write its three letters, such as IRQ")
    for name, text in (("what is muted", value), ("the reason", why)):
        if len(text) > MAX_TEXT or not text.isprintable():
            raise BadInput(f"{name} has at most {MAX_TEXT} printable characters on one line: write less")
    if not value:
        raise BadInput(f"nothing to mute: name the {what}")
    if until <= now:
        raise BadInput("a mute must end later than now: give it a time, such as 6h")
    return Mute(
        id=derive_mute_id(what, value, subscription_id),
        what=what,
        value=value,
        until=until,
        subscription_id=subscription_id,
        why=why,
        created_at=now,
    )


def derive_mute_id(what: str, value: str, subscription_id: str) -> str:
    """``mute_`` and 16 hex digits: the same thing muted for the same reader has the same id."""
    # A pipe stands in no id of ours, and in no country's code.
    told = f"{what}|{subscription_id}|{value.casefold()}"
    return "mute_" + hashlib.sha256(told.encode()).hexdigest()[:16]


class Mutes:
    """The installation's mutes, for command line and api. Raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.Redis", names: Names) -> None:
        self._client, self._names = client, names
        self._tidy = client.register_script(_TIDY)

    def add(self, mute: Mute) -> Mute:
        """Keep a mute; it replaces one of the same thing for the same reader."""
        with guarded("storing a mute"):
            self._client.hset(self._names.mutes, mute.id, mute.to_json())
        return mute

    def all(self, now: datetime) -> list[Mute]:
        """Every mute that runs at ``now``, the one that ends first at first; those that ended are tidied."""
        with guarded("reading mutes"):
            stored: Any = self._client.hgetall(self._names.mutes)
            found = read_all(stored)
            for each in found:
                if each.until <= now:
                    self._tidy(keys=[self._names.mutes], args=[each.id, stored[each.id]])
        return running(found, now)

    def lift(self, id_: str, now: datetime) -> Mute:
        """End the mute whose id is or begins with ``id_``; raises ``BadInput`` unless it is just one."""
        known = self.all(now)
        exact = [each for each in known if each.id == id_]
        near = exact or [each for each in known if id_ and each.id.startswith((id_, f"mute_{id_}"))]
        if not near:
            raise BadInput(f"no mute is called {id_!r}: `tocsin mutes` lists those that run")
        if len(near) > 1:
            among = ", ".join(each.id for each in near[:3]) + (", ..." if len(near) > 3 else "")
            raise BadInput(f"{len(near)} mutes begin with {id_!r} ({among}): write more of the id")
        with guarded("lifting a mute"):
            self._client.hdel(self._names.mutes, near[0].id)
        return near[0]


async def fetch_all(client: "redis.asyncio.Redis", names: Names, now: datetime) -> list[Mute]:
    """Every mute that runs at ``now``, for the notifier; raises ``StoreUnavailable``."""
    with guarded("reading mutes"):
        stored: Any = await client.hgetall(names.mutes)
    return running(read_all(stored), now)


def read_all(stored: Mapping[Any, Any]) -> list[Mute]:
    """The mutes in a hash as read; one that this release can't read mutes nothing, loudly."""
    found = []
    for id_, raw in stored.items():
        try:
            found.append(Mute.from_json(raw))
        except (ValidationError, NewerSchema) as exc:
            _log.error("unreadable mute left out", mute_id=id_, reason=str(exc)[:200])
    return found


def running(mutes: list[Mute], now: datetime) -> list[Mute]:
    """Those that have not ended, the one that ends first at first."""
    return sorted((each for each in mutes if each.until > now), key=lambda each: (each.until, each.id))
