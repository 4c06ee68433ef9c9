"""The classifier's only Redis I/O: claim, count attempts, read candidates, commit."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import redis

from services.classifier.incidents import Decision
from services.classifier.memory.interface import Candidates, Committed
from shared import articles, deadletters
from shared.contracts import Article, Incident
from shared.names import Names
from shared.store import guarded

INCIDENTS_KEPT = timedelta(days=30)
BUCKETS_KEPT = timedelta(days=35)
# Longer than the incidents they list: a bucket that expired would forget its version.
ARTICLES_KEPT = timedelta(days=7)
_ANSWERS = {
    "written": Committed.WRITTEN,
    "conflict": Committed.CONFLICT,
    "done": Committed.ALREADY_CONSIDERED,
}
_VERSION = "version"
_COMMIT = (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")


class RedisMemory:
    """``Memory`` over a synchronous client; raises ``StoreUnavailable`` when Redis does not answer."""

    def __init__(self, client: "redis.Redis", names: Names) -> None:
        self._client: Any = client  # redis-py types one client for sync and async answers
        self._names = names
        self._commit = self._client.register_script(_COMMIT)

    # ---- which articles wait ----------------------------------------------------------------------

    def still_pending(self, keys: Sequence[str]) -> dict[str, int]:
        """Those of ``keys`` that still wait, each with the attempts begun and not finished."""
        if not keys:
            return {}
        with guarded("reading which articles are pending"):
            pipe = self._client.pipeline(transaction=False)
            pipe.zmscore(self._names.pending, list(keys))
            pipe.hmget(self._names.attempts, list(keys))
            scores, attempts = pipe.execute()
        return {
            key: int(begun or 0)
            for key, score, begun in zip(keys, scores, attempts, strict=True)
            if score is not None
        }

    def begin(self, key: str) -> int:
        """Raise the attempt counter before the work that may kill us; returns the attempts begun so far."""
        with guarded("counting an attempt"):
            return int(self._client.hincrby(self._names.attempts, key, 1))

    def article(self, key: str) -> Article | None:
        """The stored article, or None when its text is gone; raises ``BadInput`` when it can't be read."""
        return articles.load(self._client, self._names, key)

    def bury(self, key: str, reason: str, error: str, *, now: datetime) -> None:
        """Move an article from pending to the dead letters, with the reason."""
        deadletters.bury(self._client, self._names, key, reason=reason, error=error, now=now)

    # ---- incidents --------------------------------------------------------------------------------

    def candidates(self, buckets: Sequence[str]) -> Candidates:
        with guarded("reading candidate incidents"):
            pipe = self._client.pipeline(transaction=False)
            for bucket in buckets:
                pipe.hgetall(self._names.bucket(bucket))
            found = dict(zip(buckets, pipe.execute(), strict=True))
            versions = {bucket: int(members.pop(_VERSION, 0)) for bucket, members in found.items()}
            ids = list(dict.fromkeys(member for members in found.values() for member in members))
            stored = self._client.mget([self._names.incident(each) for each in ids]) if ids else []
        # An incident may expire before its bucket: then it is simply no candidate any more.
        incidents = tuple(Incident.from_json(raw) for raw in stored if raw is not None)
        return Candidates(incidents, versions)

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        names, article = self._names, decision.article
        plan = {
            "article": article.key,
            "revision": article.revision,
            "reason": str(decision.reason),
            "guards": [[names.bucket(bucket), version] for bucket, version in versions.items()],
            "incidents": [
                {
                    "key": names.incident(incident.id),
                    "id": incident.id,
                    "json": incident.to_json(),
                    "buckets": [names.bucket(bucket) for bucket in decision.filing.get(incident.id, ())],
                }
                for incident in decision.incidents
            ],
            "alerts": [alert.to_json() for alert in decision.alerts],
            "joined": [joining.incident_id for joining in decision.joinings],
            "keep": {
                "incident": int(INCIDENTS_KEPT.total_seconds()),
                "bucket": int(BUCKETS_KEPT.total_seconds()),
                "article": int(ARTICLES_KEPT.total_seconds()),
            },
        }
        keys = [
            names.pending,
            names.attempts,
            names.article(article.key),
            names.contribution(article.id),
            names.alerts,
            names.considered,
        ]
        with guarded("writing a decision"):
            answer = self._commit(keys=keys, args=[json.dumps(plan)])
        return _ANSWERS[answer]
