"""Stored articles, read by their key ``article_id:revision``.

The poller's atomic step alone knows which revision an article becomes, so the stored JSON does not say
it: the key does, and whoever reads goes through here.
"""

import redis
from pydantic import ValidationError

from shared.contracts import Article, split_key
from shared.errors import BadInput
from shared.names import Names
from shared.store import guarded


def load(client: "redis.Redis", names: Names, key: str) -> Article | None:
    """The article at ``key`` in that revision, or None if it is not stored (any more).

    Raises ``BadInput`` when what is stored is not an article, ``NewerSchema`` when it is a newer one.
    """
    with guarded("reading an article"):
        raw = client.get(names.article(key))
    return None if raw is None else read(key, str(raw))


def read(key: str, raw: str) -> Article:
    """The article that ``raw`` holds, with the revision that ``key`` gives it; raises as ``load``."""
    try:
        _, revision = split_key(key)
        return Article.from_json(raw).model_copy(update={"revision": revision})
    except (ValidationError, ValueError) as exc:
        raise BadInput(f"article {key} can't be read ({exc}): `tocsin dead drop {key}` removes it") from exc
