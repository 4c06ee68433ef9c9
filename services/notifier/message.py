"""The body of a delivery: an alert as ``{type, timestamp, data}``, never above 20,000 bytes.

Written when the delivery is recorded and then never changed, so that every attempt sends the same bytes
under the same id, but for how late it is (``lateness.py``), for which it leaves room. What does not fit is
cut in the order of ``_CUTS``, least missed first; ``data.cut`` names what is gone, ``sources_count``,
``evidence_count`` and ``tallies_count`` say how much there was, and ``data.link`` leads to all of it, where
the house has an address for people.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from services.notifier.lateness import FIELD_BYTES
from shared.contracts import Alert

MAX_BYTES = 20_000
ROOM = FIELD_BYTES
"""Bytes left free for what an attempt may add: how late it is."""
LONGEST_LINK = 500
_SHORT = 300
_ESSENTIAL = (
    "schema_version",
    "id",
    "kind",
    "reason",
    "incident_id",
    "sequence",
    "references",
    "at",
    "headline",
    "sentence",
    "severity",
    "sources_count",
    "outlets_count",
    "article_id",
    "responds_to",
    "merged_into",
    "split_from",
)
_OF_A_TROUBLE = ("trouble", "about", "since", "over")
_OF_A_TREND = ("subject", "why", "rung", "arithmetic", "week", "usual", "limit", "last_day", "incident_id")


def body(alert: Alert, public_url: str = "", story: list[dict[str, Any]] | None = None) -> str:
    """The alert as compact JSON that fits; ``data`` is the Alert record, as far as there is room.

    ``public_url`` is where people find this house, for the link to the incident; empty: there is no link.
    ``story``: what rang of the incident before, for who hears of it only now; it becomes ``data.story``.
    """
    data = alert.model_dump(mode="json") | _link(alert, public_url)
    if story is not None:
        data["story"] = story
    text = _write(alert, data)
    done: list[str] = []
    for name, cut in _CUTS:
        if len(text.encode()) <= MAX_BYTES - ROOM:
            break
        done.append(name)
        data = cut(data) | {"cut": done}
        text = _write(alert, data)
    return text


def _write(alert: Alert, data: dict[str, Any]) -> str:
    envelope = {"type": alert.type[:100], "timestamp": alert.at.isoformat(), "data": data}
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def _link(alert: Alert, public_url: str) -> dict[str, str]:
    if not (public_url and alert.incident_id):
        return {}
    link = f"{public_url.rstrip('/')}/incidents/{quote(alert.incident_id, safe='')}"
    return {"link": link} if len(link) <= LONGEST_LINK else {}


def _sources_to(keep: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def cut(data: dict[str, Any]) -> dict[str, Any]:
        count = max(data["sources_count"], len(data["sources"]))
        return data | {"sources": data["sources"][:keep], "sources_count": count}

    return cut


def _without_evidence(data: dict[str, Any]) -> dict[str, Any]:
    event = data["event"]
    if event is None:
        return data
    return data | {"event": event | {"evidence": []}, "evidence_count": len(event["evidence"])}


def _without_tallies(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"tallies": [], "tallies_count": len(data["tallies"])}


def _without_days(data: dict[str, Any]) -> dict[str, Any]:
    trend = data.get("trend")
    return data if trend is None else data | {"trend": trend | {"days": []}}


def _story_to_its_ends(data: dict[str, Any]) -> dict[str, Any]:
    told = data.get("story") or []
    return data | {"story": [told[0], told[-1]]} if len(told) > 2 else data


def _clipped(data: dict[str, Any]) -> dict[str, Any]:
    """All of the record's own fields, with long texts and long lists shortened."""
    known = {
        name: value
        for name, value in data.items()
        if name in Alert.model_fields or name.endswith("_count") or name == "story"
    }
    return {name: _clip(value, _SHORT) for name, value in known.items()} | _linked(data)


def _clip(value: Any, longest: int, deep: int = 8) -> Any:
    if isinstance(value, str):
        return value if len(value) <= longest else value[: longest - 1] + "…"
    if isinstance(value, list):
        return [_clip(each, longest, deep - 1) for each in value[:5]] if deep else []
    if isinstance(value, dict):
        some = list(value.items())[:40] if deep else []
        return {name[:longest]: _clip(each, longest, deep - 1) for name, each in some}
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-(2**53), min(2**53, value))
    return value


def _essential(data: dict[str, Any]) -> dict[str, Any]:
    # A character may take six bytes, so the sum of all this stays below the limit whatever is in it.
    kept = {name: _clip(data.get(name), 100) for name in _ESSENTIAL}
    kept |= {name: _clip(data.get(name), _SHORT) for name in ("headline", "sentence")}
    if "story" in data:  # empty, but there: it says that this is the first that its reader hears
        kept["story"] = []
    severity = data.get("severity")
    if severity is not None:
        kept["severity"] = {"score": severity["score"], "tier": _clip(severity["tier"], 100), "terms": []}
    trend = data.get("trend")
    if trend is not None:
        kept["trend"] = {name: _clip(trend[name], 100) for name in _OF_A_TREND}
    degraded = data.get("degraded")
    if degraded is not None:
        kept["degraded"] = {name: _clip(degraded[name], 100) for name in _OF_A_TROUBLE}
    return kept | _linked(data)


def _linked(data: dict[str, Any]) -> dict[str, Any]:
    """The link whole: half of one leads nowhere."""
    link = data.get("link")
    return {"link": link} if isinstance(link, str) and len(link) <= LONGEST_LINK else {}


_CUTS: tuple[tuple[str, Callable[[dict[str, Any]], dict[str, Any]]], ...] = (
    ("sources", _sources_to(10)),
    ("evidence", _without_evidence),
    ("more sources", _sources_to(1)),
    ("tallies", _without_tallies),
    ("a trend's days", _without_days),
    ("the story's middle", _story_to_its_ends),
    ("long texts", _clipped),
    ("all but the essential", _essential),
)
