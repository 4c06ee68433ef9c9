"""The classifier's only Redis I/O: claim, count attempts, read candidates, commit."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import redis
from pydantic import ValidationError

from services.classifier.incidents import Decision
from services.classifier.ladders import entries
from services.classifier.ladders.trends import mark_of
from services.classifier.memory.interface import DUE, Candidates, Committed
from shared import articles, deadletters, ladders, log, retention
from shared.contracts import Article, Incident, Ladders
from shared.names import Names
from shared.store import guarded

_ANSWERS = {
    "written": Committed.WRITTEN,
    "conflict": Committed.CONFLICT,
    "done": Committed.ALREADY_CONSIDERED,
}
_VERSION = "version"
_log = log.get(__name__)
_COMMIT = (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")


def _read(raw: str) -> Incident | None:
    """One incident; a broken one is left out, loudly. Raises ``NewerSchema``."""
    try:
        return Incident.from_json(raw)
    except ValidationError as exc:
        _log.error("unreadable incident left out", incident=raw[:80], error=str(exc)[:300])
        return None


def _up_to_ms(moment: datetime) -> int:
    """Rounded up, so that what is due by its score is due by the incident as well."""
    return math.ceil(moment.timestamp() * 1000)


def _moment(score: float) -> datetime:
    return datetime.fromtimestamp(score / 1000, UTC)


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

    def begin(self, key: str, attempts: int) -> None:
        """Note one attempt more than the ``attempts`` so far, before the work that may kill us.

        Set, not added: what is said again after a lost answer, or by a second worker, counts once.
        """
        with guarded("counting an attempt"):
            self._client.hset(self._names.attempts, key, attempts + 1)

    def take_back(self, key: str, attempts: int) -> None:
        """Set the counter back to ``attempts``: the article was not what failed."""
        with guarded("taking an attempt back"):
            self._client.hset(self._names.attempts, key, attempts)

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
        found_incidents = (_read(raw) for raw in stored if raw is not None)
        return Candidates(tuple(each for each in found_incidents if each is not None), versions)

    def known(self, ids: Sequence[str]) -> Candidates:
        if not ids:
            return Candidates((), {})
        with guarded("reading incidents"):
            pipe = self._client.pipeline(transaction=False)
            for each in ids:
                pipe.smembers(self._names.incident_buckets(each))
            filed = sorted({key for keys in pipe.execute() for key in keys})
            # Versions first: what changes after them is a conflict, never an oversight.
            for key in filed:
                pipe.hget(key, _VERSION)
            versions = [int(version or 0) for version in pipe.execute()]
            stored = self._client.mget([self._names.incident(each) for each in ids])
        found = (_read(raw) for raw in stored if raw is not None)
        named = (key.removeprefix(self._names.bucket("")) for key in filed)
        return Candidates(
            tuple(each for each in found if each is not None), dict(zip(named, versions, strict=True))
        )

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        return ladders.read(self._client, self._names, subjects, first, last)

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        with guarded("looking for changes that waited"):
            found = self._client.zrangebyscore(
                self._names.waking, "-inf", int(now.timestamp() * 1000), start=0, num=most, withscores=True
            )
            ids = [incident_id for incident_id, _ in found]
            stored = self._client.mget([self._names.incident(each) for each in ids]) if ids else []
            expired = [each for each, raw in zip(ids, stored, strict=True) if raw is None]
            if expired:
                self._client.zrem(self._names.waking, *expired)
        gone = set(expired)
        return tuple((each, _moment(score)) for each, score in found if each not in gone)

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        names, article = self._names, decision.article
        plan = {
            **({"article": article.key, "revision": article.revision} if article else {}),
            "reason": str(decision.reason),
            "guards": [
                *([names.bucket(bucket), version] for bucket, version in versions.items()),
                *([names.ladder(subject), version] for subject, version in decision.judged_on.items()),
            ],
            "incidents": [
                {
                    "key": names.incident(incident.id),
                    "id": incident.id,
                    "json": incident.to_json(),
                    "changed": int(incident.updated_at.timestamp() * 1000),
                    **({"wakes": _up_to_ms(incident.wakes_at)} if incident.wakes_at else {}),
                    "told": names.told(incident.id),
                    "filed": names.incident_buckets(incident.id),
                    "buckets": [names.bucket(bucket) for bucket in decision.filing.get(incident.id, ())],
                    "counted": names.incident_ladders(incident.id),
                    "counts": self._counts(incident),
                }
                for incident in decision.incidents
            ],
            "alerts": [alert.to_json() for alert in decision.alerts],
            "ladders": self._ladders(decision),
            "joined": [joining.incident_id for joining in decision.joinings],
            "handwork": [names.handwork, decision.handwork.to_json()] if decision.handwork else [],
            "keep": {
                "incident": int(retention.INCIDENTS.total_seconds()),
                "bucket": int(retention.BUCKETS.total_seconds()),
                "ladder": int(retention.LADDERS.total_seconds()),
                "told": int(retention.TOLD.total_seconds()),
                "article": int(retention.ARTICLES.total_seconds()),
                "handwork": retention.HANDWORKS,
            },
        }
        keys = [
            names.pending,
            names.attempts,
            names.article(article.key if article else ""),
            names.contribution(article.id if article else ""),
            names.alerts,
            names.considered,
            names.incidents,
            names.waking,
        ]
        with guarded("writing a decision"):
            answer = self._commit(keys=keys, args=[json.dumps(plan)])
        return _ANSWERS[answer]

    # ---- ladders ----------------------------------------------------------------------------------

    def _counts(self, incident: Incident) -> str:
        """What the incident counts for, in the words of ``commit.lua``: the same entries, the same text."""
        names = self._names
        found = [
            (
                names.ladder(each.subject),
                names.ladder_incidents(each.subject),
                each.subject,
                f"{each.day}",
                each.kind,
            )
            for each in entries(incident)
        ]
        return json.dumps(found)

    def _ladders(self, decision: Decision) -> dict[str, Any]:
        """What goes beside the counts: what rang, what was reported, and that the house watched today."""
        names = self._names
        now = decision.at or max((each.updated_at for each in decision.incidents), default=None)
        marks = ((mark, alert.at) for alert in decision.alerts if (mark := mark_of(alert)))
        watched = decision.article is not None and decision.at is not None
        return {
            "subjects": names.ladders,
            "observed": names.observed,
            "now": int(now.timestamp() * 1000) if now else 0,
            "oldest": f"{now.date() - retention.LADDERS}" if now else "",
            **({"today": f"{decision.at.date()}"} if watched and decision.at else {}),
            "rang": [
                [names.ladder(subject), ladders.RANG + why, at.isoformat()] for (subject, why), at in marks
            ],
            "tallies": [
                [
                    names.ladder_tallies(subject),
                    int(each.published_at.timestamp() * 1000),
                    each.model_dump_json(),
                ]
                for subject, told in decision.tallies.items()
                for each in told
            ],
            "most_tallies": ladders.MOST_TALLIES,
        }
