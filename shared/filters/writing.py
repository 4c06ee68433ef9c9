"""A filter in words: the shorthand where it can say it, JSON where it can't, and reasons for a person."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from shared.contracts import Alert
from shared.filters.fields import FIELDS, Scale
from shared.filters.matching import Matcher
from shared.filters.nearby import Circle
from shared.filters.tree import All, Any, Gate, Node, Not, asks_for, misses

_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
SHORTHAND = ("=", "!=", "=~", "!~", ">=", "<=", ">", "<")


def written(node: Node) -> str:
    """The filter so that ``parse`` reads it back equal."""
    parts: Sequence[Node] = node.parts if isinstance(node, All) else (node,)
    short = [_short(part) for part in parts]
    return ",".join(filter(None, short)) if all(short) else _as_json(node)


def plain(number: float) -> str:
    """A number without an exponent, and without a point where it is whole."""
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")


# ---- reasons ------------------------------------------------------------------------------------


def why_not(node: Node, alert: Alert) -> str:
    """Why an alert does not fit: the first condition that decides; of an ``any`` the nearest part's."""
    match node:
        case All(parts):
            return next(why_not(part, alert) for part in parts if not part.test(alert))
        case Any(parts):
            near = min(parts, key=lambda part: misses(part, alert))
            return f"none of {len(parts)} ways holds; the nearest: {why_not(near, alert)}"
        case Not(part):
            return f"{part.name} is {part.found(alert)}, the filter wants not {said(part)}"
        case _:
            return f"{node.name} is {node.found(alert)}, the filter wants {said(node)}"


def why(node: Node, alert: Alert, gates: Sequence[Gate] = ()) -> str:
    """By which conditions an alert fits; of an ``any`` the first part that holds, and asks where one must."""
    match node:
        case All(parts):
            return ",".join(why(part, alert, gates) for part in parts)
        case Any(parts):
            holding = [part for part in parts if part.test(alert)]
            best = max(holding, key=lambda part: sum(asks_for(part, gate, alert) for gate in gates))
            return why(best, alert, gates)
        case Not(part):
            return f"not {said(part)}"
        case _:
            return said(node)


@lru_cache(maxsize=4096)
def said(matcher: Matcher) -> str:
    """One condition for a person: as in the shorthand, or in words."""
    short, value = _short(matcher), matcher.value
    if isinstance(value, Circle):
        return f"{matcher.name} within {_radius(value)} km of {plain(value.lat)}/{plain(value.lon)}"
    if short:
        return short
    if isinstance(value, bool):
        return f"{matcher.name} {'exists' if value else 'does not exist'}"
    words = f"({', '.join(map(_quoted, value))})" if isinstance(value, tuple) else _quoted(value)
    return f"{matcher.name} {matcher.op.replace('_', ' ')} {words}"


def _radius(circle: Circle) -> str:
    if isinstance(circle.km, float):
        return plain(circle.km)
    return " or ".join(f"{plain(km)} ({tier})" for tier, km in circle.km)


# ---- writing it down ----------------------------------------------------------------------------


def _short(node: Node) -> str:
    """A condition in the shorthand; empty where it has none."""
    if not isinstance(node, Matcher):
        return ""
    value = node.value
    if isinstance(value, Circle):
        if not isinstance(value.km, float):
            return ""
        return f"{node.name}~{plain(value.lat)}/{plain(value.lon)}/{plain(value.km)}km"
    if node.op not in SHORTHAND or not isinstance(value, str):
        return ""
    return f"{node.name}{node.op}{_quoted(value)}"


def _quoted(value: str) -> str:
    if re.fullmatch(r"[\w.:+/-]+", value, re.ASCII):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _as_json(node: Node) -> str:
    match node:
        case All(parts) | Any(parts):
            word = "all" if isinstance(node, All) else "any"
            return f'{{"{word}":[{",".join(map(_as_json, parts))}]}}'
        case Not(part):
            return f'{{"not":{_as_json(part)}}}'
        case _:
            return f'{{"field":"{node.name}","op":"{node.op}","value":{_value(node)}}}'


def _value(matcher: Matcher) -> str:
    match matcher.value:
        case Circle(lat, lon, km):
            by_tier = km if isinstance(km, tuple) else ()
            tiers = ",".join(f'"{tier}":{plain(each)}' for tier, each in by_tier)
            radius = plain(km) if isinstance(km, float) else f"{{{tiers}}}"
            return f'{{"lat":{plain(lat)},"lon":{plain(lon)},"km":{radius}}}'
        case str() as value if FIELDS[matcher.name].scale is Scale.NUMBER and _JSON_NUMBER.fullmatch(value):
            return value
        case value:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
