"""Dead letters: articles that could not be considered, kept with their reason until a person decides.

Each step is one Lua call, so an article is always either pending, or dead, or considered: never two of
these, never none.
"""

from datetime import datetime
from typing import Any

import redis

from shared import articles
from shared.contracts import DeadLetter
from shared.errors import BadInput
from shared.names import Names
from shared.store import guarded

# KEYS: pending, attempts, dead · ARGV: key, letter. Only what is still pending can die.
_BURY = """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
"""
# KEYS: pending, attempts, dead · ARGV: key, now in ms. The attempt counter starts afresh.
_REVIVE = """
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 0 then
  -- Said twice because the answer was lost: it is done.
  return redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
"""


# KEYS: dead, article · ARGV: key. Only a dead letter's article may be forgotten.
_DROP = """
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('DEL', KEYS[2])
return 1
"""


def bury(client: "redis.Redis", names: Names, key: str, *, reason: str, error: str, now: datetime) -> bool:
    """Move an article from pending to the dead letters; False when it was not pending any more."""
    with guarded("writing a dead letter"):
        attempts: Any = client.hget(names.attempts, key)
        article = _readable(client, names, key)
        letter = DeadLetter(
            key=key,
            reason=reason,
            error=error,
            at=now,
            attempts=int(attempts or 0),
            title=article[0],
            url=article[1],
        )
        buried: Any = client.eval(_BURY, 3, names.pending, names.attempts, names.dead, key, letter.to_json())
    return bool(buried)


def _readable(client: "redis.Redis", names: Names, key: str) -> tuple[str, str]:
    """Title and URL for the letter, empty when the article itself is what can't be read."""
    try:
        article = articles.load(client, names, key)
    except BadInput:
        return "", ""
    return (article.title, article.url) if article else ("", "")


def listed(client: "redis.Redis", names: Names) -> list[DeadLetter]:
    """All dead letters, oldest first."""
    with guarded("reading the dead letters"):
        stored: Any = client.hvals(names.dead)
    return sorted((DeadLetter.from_json(raw) for raw in stored), key=lambda letter: letter.at)


def get(client: "redis.Redis", names: Names, key: str) -> DeadLetter:
    """One dead letter; raises ``BadInput`` when there is none under this key."""
    with guarded("reading a dead letter"):
        stored: Any = client.hget(names.dead, key)
    if stored is None:
        raise _unknown(key)
    return DeadLetter.from_json(stored)


def revive(client: "redis.Redis", names: Names, key: str, *, now: datetime) -> None:
    """Put a dead article back into pending with a fresh attempt counter; the caller then enqueues it.

    Raises ``BadInput`` when there is none under this key.
    """
    stamp = int(now.timestamp() * 1000)
    with guarded("reviving a dead letter"):
        revived: Any = client.eval(_REVIVE, 3, names.pending, names.attempts, names.dead, key, str(stamp))
    if not revived:
        raise _unknown(key)


def drop(client: "redis.Redis", names: Names, key: str) -> None:
    """Forget a dead letter and its article for good; raises ``BadInput`` when there is none."""
    with guarded("dropping a dead letter"):
        dropped: Any = client.eval(_DROP, 2, names.dead, names.article(key), key)
    if not dropped:
        raise _unknown(key)


def _unknown(key: str) -> BadInput:
    return BadInput(f"no dead letter {key!r}: `tocsin dead list` shows the keys there are")
