"""Keys for the api: drawn once, shown once, kept only as a SHA-256.

A scope includes the ones below it: ``admin`` may what ``write`` may, and ``write`` what ``read`` may.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import ValidationError

from shared.contracts import Moment, Record
from shared.errors import BadInput
from shared.names import Names
from shared.store import guarded

if TYPE_CHECKING:
    import redis
    import redis.asyncio

PREFIX = "tocsin_"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


class Scope(StrEnum):
    """What a key allows, from least to most."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def covers(self, needed: "Scope") -> bool:
        """Whether a key of this scope may do what ``needed`` asks."""
        order = list(Scope)
        return order.index(self) >= order.index(needed)


class ApiKey(Record):
    """What is kept of a key; ``digest`` is the SHA-256 of the whole key, in hex."""

    name: str
    scope: Scope
    digest: str
    created_at: Moment


def draw() -> str:
    """A new key: ``tocsin_`` and 256 random bits, which is why a plain SHA-256 is enough to hide it."""
    return PREFIX + secrets.token_urlsafe(32)


def is_ours(text: str) -> bool:
    """Whether ``text`` could have been drawn here: whole, and nothing but a key."""
    return _KEY.fullmatch(text) is not None


def digest(key: str) -> str:
    """The only form in which a key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


def find(key: str, known: Iterable[ApiKey]) -> ApiKey | None:
    """The record of ``key``, or None; takes the same time whichever record matches, or none."""
    sought = digest(key)
    found: ApiKey | None = None
    for record in known:
        if hmac.compare_digest(record.digest, sought):
            found = record
    return found


def add(
    client: "redis.Redis", names: Names, name: str, scope: Scope, *, now: datetime, key: str | None = None
) -> str:
    """Keep a key (a new one, unless given) under ``name`` and return it: it can't be shown again.

    Raises ``BadInput`` when the name is taken or can't be used, when what is given is no key of ours, or when
    this very key was revoked before. Adding the same key again changes nothing.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} can't name a key: use up to 64 letters, digits, dots, dashes, underscores")
    if key is None:
        key = draw()
    elif not is_ours(key):  # an empty one would open the api to everybody
        raise BadInput("That is no key of ours: leave it out, and one is drawn")
    elif is_revoked(client, names, key):
        raise BadInput(f"This key was revoked: make another with `tocsin keys add {name}`")
    record = ApiKey(name=name, scope=scope, digest=digest(key), created_at=now)
    with guarded("adding an api key"):
        added = client.hsetnx(names.api_keys, name, record.to_json())
        # A lost answer makes the client ask twice, and the second time the name is taken: by us.
        kept = None if added else client.hget(names.api_keys, name)
    if isinstance(kept, str) and ApiKey.from_json(kept).digest != record.digest:
        raise BadInput(
            f"A key named {name} exists: revoke it first (`tocsin keys revoke {name}`) or choose another"
        )
    return key


def revoke(client: "redis.Redis", names: Names, name: str) -> None:
    """Forget the key called ``name``, at once for every api; raises ``BadInput`` when there is none.

    Its hash is kept apart, so that a file that still holds it (``admin.token``) can't bring it back.
    """
    with guarded("revoking an api key"):
        stored = client.hget(names.api_keys, name)
        if stored is None:
            raise BadInput(f"No key is named {name}: `tocsin keys list` shows those that are")
        with client.pipeline(transaction=True) as both:
            for record in _read([str(stored)]):
                both.sadd(names.api_keys_revoked, record.digest)
            both.hdel(names.api_keys, name)
            both.execute()


def is_revoked(client: "redis.Redis", names: Names, key: str) -> bool:
    """Whether this very key was revoked once, under whatever name."""
    with guarded("checking an api key"):
        return bool(client.sismember(names.api_keys_revoked, digest(key)))


def everyone(client: "redis.Redis", names: Names) -> list[ApiKey]:
    """Every key that is kept, by name."""
    with guarded("reading api keys"):
        stored = client.hgetall(names.api_keys)
    return _read(stored.values())


async def holder(client: "redis.asyncio.Redis", names: Names, key: str) -> ApiKey | None:
    """Whose key this is, or None; reads Redis each time, so that a revoked key is dead at once."""
    with guarded("checking an api key"):
        stored = await client.hgetall(names.api_keys)
    return find(key, _read(stored.values()))


def _read(stored: Iterable[bytes | str]) -> list[ApiKey]:
    records = []
    for raw in stored:
        try:
            records.append(ApiKey.from_json(raw))
        except ValidationError:
            continue  # not a key that could open anything
    return sorted(records, key=lambda record: record.name)
