"""JSON lines in and out: one article a line in, one coding a line out.

The translation that ``tocsin classify --jsonl`` and ``tocsin backtest`` share.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from shared.contracts import Article, Coding, Count, Event, derive_id
from shared.errors import BadInput

_SURROGATES = re.compile("[\ud800-\udfff]")
_TEXTS = ("outlet", "url", "title", "summary", "body")


def article_from_line(obj: object) -> Article:
    """The article of one decoded line; raises ``BadInput`` that says what is wrong and what to do."""
    if not isinstance(obj, Mapping):
        raise BadInput(
            "a line must be a JSON object such as "
            '{"id": "1", "published_at": "2024-01-31T08:00:00Z", "title": "..."}'
        )
    texts: dict[str, str] = {}
    for name in _TEXTS:
        value = obj.get(name)
        if value is not None and not isinstance(value, str):
            raise BadInput(
                f"{name} must be a string or null, not {type(value).__name__}: quote it or leave it out"
            )
        # Lone surrogates are valid in JSON but not in text: one sign for one.
        texts[name] = _SURROGATES.sub("\ufffd", str(value or ""))
    if not (texts["title"] or texts["summary"] or texts["body"]):
        raise BadInput("title, summary and body are all empty: give at least one of them")
    published = _moment(obj.get("published_at"))
    given = obj.get("id")
    if given is not None and not isinstance(given, str | int):
        raise BadInput(f"id must be a string, not {type(given).__name__}: quote it or leave it out")
    identity = (
        _SURROGATES.sub("\ufffd", str(given))
        if given not in (None, "")
        else derive_id(texts["url"] or None, texts["outlet"], texts["title"])
    )
    return Article(id=identity, published_at=published, fetched_at=published, **texts)


def _moment(value: object) -> datetime:
    if value is None or value == "":
        raise BadInput(
            'published_at is missing: give the time of publication, such as "2024-01-31T08:00:00Z"'
        )
    if not isinstance(value, str):
        raise BadInput(
            f'published_at must be a string such as "2024-01-31T08:00:00Z", not {type(value).__name__}'
        )
    try:
        if len(value) == 10:
            return datetime.combine(date.fromisoformat(value), time(12), UTC)
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise BadInput(f'published_at {value!r} is not a time: write it as "2024-01-31T08:00:00Z"') from exc


def coding_to_line(coding: Coding, id: str) -> dict[str, Any]:
    """One output line, ready for ``json.dumps``; ``severity`` is null without a main event."""
    severity = coding.severity
    return {
        "id": id,
        "escalation": coding.escalation,
        "score": coding.score,
        "reason": coding.reason,
        "events": [_event(event) for event in coding.events],
        "tallies": [
            {
                "count": tally.count,
                "of": tally.of,
                "since": tally.since.isoformat() if tally.since else None,
                "according_to": tally.according_to,
            }
            for tally in coding.tallies
        ],
        "severity": None
        if severity is None
        else {
            "score": severity.score,
            "tier": str(severity.tier),
            "terms": [{"name": t.name, "points": t.points, "reason": t.reason} for t in severity.terms],
        },
    }


def _count(count: Count | None) -> dict[str, int] | None:
    return None if count is None else {"low": count.low, "high": count.high}


def _event(event: Event) -> dict[str, Any]:
    def side(actor: Any) -> dict[str, Any]:
        return {
            "text": actor.text,
            "name": actor.name,
            "country": actor.country,
            "sector": str(actor.sector),
            "backed_by": list(actor.backed_by),
        }

    place, claim, answer = event.place, event.claim, event.responds_to
    return {
        "event_type": str(event.event_type),
        "mode": event.mode,
        "direction": str(event.direction),
        "status": str(event.status),
        "main": event.main,
        "actors": [side(actor) for actor in event.actors],
        "recipients": [side(actor) for actor in event.recipients],
        "place": None
        if place is None
        else {
            "name": place.name,
            "country": place.country,
            "lat": place.lat,
            "lon": place.lon,
            "precision": str(place.precision),
        },
        "occurred_on": event.occurred_on.isoformat() if event.occurred_on else None,
        "date_precision": event.date_precision,
        "weapon": event.weapon,
        "weapon_class": event.weapon_class,
        "casualties": {
            name: _count(getattr(event.casualties, name))
            for name in ("killed", "injured", "missing", "abducted", "arrested")
        },
        "claim": {
            "by": claim.by,
            "denied_by": list(claim.denied_by),
            "attributed_by": claim.attributed_by,
            "status": str(claim.status),
        },
        "responds_to": None
        if answer is None
        else {"cue": answer.cue, "text": answer.text, "event": answer.event},
        "cameo": event.cameo,
        "goldstein": event.goldstein,
        "hostility": event.hostility,
        "certainty": str(event.certainty),
        "evidence": [
            {"field": e.field, "start": e.start, "end": e.end, "text": e.text} for e in event.evidence
        ],
    }
