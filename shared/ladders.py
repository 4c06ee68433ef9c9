"""Ladders as they stand in Redis: read by whoever judges or shows them, filled from an archive.

A day is either live or loaded, never both. A live day is one on which this house itself considered an
article, and its counts are those that the classifier has written. Any other day that an archive covers is
loaded, and its counts are the last archive's that covered it. So loading twice, or an archive that overlaps
another, or days that were watched, doubles nothing.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import redis
from pydantic import ValidationError

from shared import log, retention
from shared.contracts import Ladder, Ladders, ReportedTally
from shared.names import Names
from shared.store import guarded

LIVE, LOADED = "live", "loaded"
MOST_TALLIES = 50
"""Reported tallies kept for one subject, the newest."""
RANG = "rang:"
"""Before the field of a ladder that tells when a trend of it rang."""
_VERSION = "version"
_MARKS = ("rate", *(f"rung{level}" for level in range(1, 6)))
_log = log.get(__name__)

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Archive:
    """What a replay found: the days it covers, each subject's counts on them, and tallies."""

    days: frozenset[date]
    counts: Mapping[str, Mapping[date, Counts]]
    tallies: Mapping[str, Sequence[ReportedTally]] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """What ``load`` did: days and subjects written, days that stay as the house saw them, days too old."""

    days: int
    subjects: int
    live: int
    old: int


def read(client: "redis.Redis", names: Names, subjects: Sequence[str], first: date, last: date) -> Ladders:
    """These ladders from ``first`` to ``last``, and all days observed; raises ``StoreUnavailable``."""
    store: Any = client
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    written = [day.isoformat() for day in days]
    with guarded("reading ladders"):
        pipe = store.pipeline(transaction=False)
        pipe.hgetall(names.observed)
        for subject in subjects:
            pipe.hmget(names.ladder(subject), [_VERSION, *(RANG + mark for mark in _MARKS), *written])
        observed, *found = pipe.execute()
        # Few days are out of an archive, after a quarter none that count.
        if any(observed.get(name) == LOADED for name in written):
            for subject in subjects:
                pipe.hmget(names.ladder_loaded(subject), written)
        out_of_archive = pipe.execute() or [[None] * len(written)] * len(subjects)
    ladders = {}
    for subject, live, loaded in zip(subjects, found, out_of_archive, strict=True):
        beside, counts = live[: 1 + len(_MARKS)], live[1 + len(_MARKS) :]
        # Of the days of one source each; a day that nobody watched has what came late to it.
        sources = zip(days, written, counts, loaded, strict=True)
        chosen = {
            day: theirs if observed.get(name) == LOADED else ours for day, name, ours, theirs in sources
        }
        ladders[subject] = Ladder(
            subject=subject,
            version=int(beside[0] or 0),
            rang={mark: at for mark, at in zip(_MARKS, beside[1:], strict=True) if at},
            days={day: json.loads(raw) for day, raw in chosen.items() if raw},
        )
    return Ladders(observed=frozenset(map(date.fromisoformat, observed)), by_subject=ladders)


def subjects(client: "redis.Redis", names: Names, since: datetime | None = None) -> list[str]:
    """Every subject, or those counted for since then; the last one first. Raises ``StoreUnavailable``."""
    store: Any = client
    with guarded("listing ladders"):
        return list(store.zrevrangebyscore(names.ladders, "+inf", _ms(since) if since else "-inf"))


def tallies(client: "redis.Redis", names: Names, subject: str) -> list[ReportedTally]:
    """What was reported of the subject, each total as it was told last, the newest first."""
    store: Any = client
    with guarded("reading reported tallies"):
        raws = store.zrevrange(names.ladder_tallies(subject), 0, -1)
    newest: dict[tuple[str, date | None, str | None], ReportedTally] = {}
    for raw in raws:
        try:
            found = ReportedTally.model_validate_json(raw)
        except ValidationError as exc:
            _log.error("unreadable tally left out", tally=raw[:80], error=str(exc)[:300])
            continue
        tally = found.tally
        newest.setdefault((tally.of.casefold(), tally.since, tally.according_to), found)
    return list(newest.values())


def incidents_of(client: "redis.Redis", names: Names, subject: str, most: int) -> list[str]:
    """The ids of the incidents that came onto the ladder last, the newest first."""
    store: Any = client
    with guarded("listing a ladder's incidents"):
        return list(store.zrevrange(names.ladder_incidents(subject), 0, most - 1))


def load(client: "redis.Redis", names: Names, archive: Archive, now: datetime) -> Loaded:
    """Write an archive's days in place of what was loaded for them before; raises ``StoreUnavailable``.

    All at once or not at all. Days that this house watched keep their counts, whatever the archive says.
    """
    store: Any = client
    oldest = now.date() - retention.LADDERS
    days = sorted(day for day in archive.days if oldest <= day <= now.date())
    written = [day.isoformat() for day in days]
    with guarded("loading an archive"):
        observed = store.hgetall(names.observed)
        known = set(store.zrange(names.ladders, 0, -1))
        pipe = store.pipeline(transaction=True)
        for day in written:
            pipe.hsetnx(names.observed, day, LOADED)
        filled = {
            subject: {
                day: dict(kinds) for day, kinds in by_day.items() if day in archive.days and day >= oldest
            }
            for subject, by_day in archive.counts.items()
        }
        filled = {subject: by_day for subject, by_day in filled.items() if by_day}
        for subject in sorted(known | filled.keys()) if written else ():
            _replace(pipe, names, subject, written, filled.get(subject, {}))
        for subject, told in archive.tallies.items():
            _keep(pipe, names, subject, told)
        pipe.execute()
    live = sum(observed.get(day) == LIVE for day in written)
    old = sum(day < oldest for day in archive.days)
    return Loaded(len(days) - live, len(filled), live, old)


def _replace(
    pipe: Any, names: Names, subject: str, written: Sequence[str], by_day: Mapping[date, Counts]
) -> None:
    key, seconds = names.ladder_loaded(subject), _seconds(retention.LADDERS)
    pipe.hdel(key, *written)
    # Whoever judges on this ladder at this moment judges again.
    pipe.hincrby(names.ladder(subject), _VERSION, 1)
    pipe.expire(names.ladder(subject), seconds)
    if by_day:
        pipe.hset(key, mapping={day.isoformat(): json.dumps(kinds) for day, kinds in by_day.items()})
        last = datetime.combine(max(by_day), time(), UTC)
        pipe.zadd(names.ladders, {subject: _ms(last)}, gt=True)
    pipe.expire(key, seconds)


def _keep(pipe: Any, names: Names, subject: str, told: Iterable[ReportedTally]) -> None:
    # The same report is the same member, so a second load adds none.
    key = names.ladder_tallies(subject)
    pipe.zadd(key, {each.model_dump_json(): _ms(each.published_at) for each in told})
    pipe.zremrangebyrank(key, 0, -MOST_TALLIES - 1)
    pipe.expire(key, _seconds(retention.LADDERS))


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
