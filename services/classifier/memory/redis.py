"""The classifier's only Redis I/O: claim, count attempts, read candidates, commit."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import redis
from pydantic import ValidationError

from services.classifier.incidents import Decision
from services.classifier.incidents.filing.buckets import is_dated, is_near, is_own
from services.classifier.incidents.filing.cards import bands_of, card_of
from services.classifier.ladders import entries
from services.classifier.ladders.trends import mark_of
from services.classifier.memory.interface import DUE, GUARD, Candidates, Committed, Wanted, guard_of
from shared import articles, deadletters, incidents, ladders, log, packing, retention
from shared.contracts import Article, Incident, Ladders
from shared.names import Names
from shared.store import guarded

_ANSWERS = {
    "written": Committed.WRITTEN,
    "conflict": Committed.CONFLICT,
    "done": Committed.ALREADY_CONSIDERED,
}
_HEADER = 8
"""Bytes of a bucket before its records: the digits of its version."""
_log = log.get(__name__)
_COMMIT = (Path(__file__).parent / "commit.lua").read_text(encoding="utf-8")


@lru_cache(maxsize=256)
def _read(raw: bytes) -> Incident | None:
    """One incident; a broken one is left out, loudly. Raises ``NewerSchema``.

    An hour's articles have the same few candidates, so what was read is kept, some 50 kB each.
    """
    try:
        return incidents.unpack(raw)
    except ValidationError as exc:
        _log.error("unreadable incident left out", incident=incidents.beginning(raw), error=str(exc)[:300])
        return None


def _up_to_ms(moment: datetime) -> int:
    """Rounded up, so that what is due by its score is due by the incident as well."""
    return math.ceil(moment.timestamp() * 1000)


def _moment(score: float) -> datetime:
    return datetime.fromtimestamp(score / 1000, UTC)


def counts_of(incident: Incident, names: Names) -> str:
    """What the incident counts for, in the words of ``commit.lua``: the same entries, the same text."""
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

    def candidates(self, wanted: Wanted) -> Candidates:
        with guarded("reading candidate incidents"):
            # Of one moment, all of them; the client decodes what it reads, and these are no texts.
            keys = map(self._names.bucket, wanted.buckets)
            found = self._client.execute_command("MGET", *keys, NEVER_DECODE=True)
        filed = {name: raw or b"" for name, raw in zip(wanted.buckets, found, strict=True)}
        versions = {name: int(raw[:_HEADER] or 0) for name, raw in filed.items()}
        # An incident may expire before its bucket: then it is simply no candidate any more.
        known = self.known(wanted.choose({name: raw[_HEADER:] for name, raw in filed.items()}))
        return Candidates(known.incidents, {**versions, **known.versions})

    def known(self, ids: Sequence[str]) -> Candidates:
        raws = [raw for raw in incidents.stored(self._client, self._names, ids) if raw is not None]
        found = [(raw, incident) for raw in raws if (incident := _read(raw)) is not None]
        # What an older release wrote has no version that the script could compare.
        versions = {guard_of(each): each.version for raw, each in found if packing.is_packed(raw)}
        return Candidates(tuple(each for _, each in found), versions)

    def ladders(self, subjects: Sequence[str], first: date, last: date) -> Ladders:
        return ladders.read(self._client, self._names, subjects, first, last)

    def due(self, now: datetime, most: int = DUE) -> tuple[tuple[str, datetime], ...]:
        with guarded("looking for changes that waited"):
            found = self._client.zrangebyscore(
                self._names.waking, "-inf", int(now.timestamp() * 1000), start=0, num=most, withscores=True
            )
            pipe = self._client.pipeline(transaction=False)
            for incident_id, _ in found:
                pipe.exists(self._names.incident(incident_id))
            stands = pipe.execute()
            expired = [each for (each, _), alive in zip(found, stands, strict=True) if not alive]
            if expired:
                self._client.zrem(self._names.waking, *expired)
        gone = set(expired)
        return tuple((each, _moment(score)) for each, score in found if each not in gone)

    def commit(self, decision: Decision, versions: Mapping[str, int]) -> Committed:
        names, article = self._names, decision.article
        plan = {
            **({"article": article.key, "revision": article.revision} if article else {}),
            "reason": str(decision.reason),
            **self._guards(versions, decision.judged_on),
            "incidents": [
                {
                    "key": names.incident(incident.id),
                    "id": incident.id,
                    "changed": int(incident.updated_at.timestamp() * 1000),
                    **({"wakes": _up_to_ms(incident.wakes_at)} if incident.wakes_at else {}),
                    "told": names.told(incident.id),
                    "filing": names.incident_filing(incident.id),
                    **self._buckets(decision.filing.get(incident.id, ())),
                    "counted": names.incident_ladders(incident.id),
                    "counts": counts_of(incident, names),
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
            names.incident("inc_"),
        ]
        records = [part for each in decision.incidents for part in (incidents.pack(each), card_of(each))]
        with guarded("writing a decision"):
            answer = self._commit(keys=keys, args=[json.dumps(plan), bands_of(article), *records])
        return _ANSWERS[answer]

    # ---- ladders ----------------------------------------------------------------------------------

    def _guards(
        self, versions: Mapping[str, int], judged_on: Mapping[str, int]
    ) -> dict[str, list[list[str | int]]]:
        """What must not have moved, by how that is told."""
        names = self._names
        known = {name: version for name, version in versions.items() if name.startswith(GUARD)}
        near = {name: version for name, version in versions.items() if is_near(name)}
        rest = {name: version for name, version in versions.items() if name not in known and name not in near}
        return {
            "guards": [[names.bucket(name), version] for name, version in rest.items()],
            "near_guards": [[names.bucket(name), version] for name, version in near.items()],
            "ladder_guards": [[names.ladder(subject), version] for subject, version in judged_on.items()],
            "read": [
                [names.incident(name.removeprefix(GUARD)), packing.header(version)]
                for name, version in known.items()
            ],
        }

    def _buckets(self, named: Sequence[str]) -> dict[str, list[str]]:
        """Where an incident is filed, by what stands there for it."""
        return {
            kind: [self._names.bucket(bucket) for bucket in named if is_one(bucket)]
            for kind, is_one in (("dated", is_dated), ("near", is_near), ("own", is_own))
        }

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
