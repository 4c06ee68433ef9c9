"""Reads the typed filter: JSON objects that hold conditions, or lists of them.

{"any": [{"field": "severity", "op": ">=", "value": "Severe"},
         {"field": "place", "op": "within_km", "value": {"lat": 36.2, "lon": 44.0, "km": 100}}]}
"""

import json
from collections.abc import Iterable
from typing import NoReturn

from shared.contracts import Tier
from shared.errors import BadFilter
from shared.filters.fields import FIELDS, Scale
from shared.filters.matching import OPERATORS, Asked, build, nearest, number
from shared.filters.nearby import Circle, circle
from shared.filters.tree import Node, all_of, any_of, opposite
from shared.filters.unfit import Unfit

MAX_DEPTH = 8
"""Levels of ``all``, ``any`` and ``not`` within each other; nobody reads a deeper one."""
_LISTS = ("all", "any")
_KEYS = ("field", "op", "value")
_Path = tuple[str | int, ...]


class _Written(str):
    """A number as it is written, so that none is rounded and none is too long to be one."""

    __slots__ = ()


class _Object(dict[str, object]):
    """A JSON object; ``twice`` is a key that it has more than once."""

    twice: str | None = None


def read(text: str) -> Node:
    """Its tree; raises ``BadFilter`` that points at the place, ``$.all[1].op``, and says what could be."""
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_Written,
            parse_float=_Written,
            parse_constant=_Written,
        )
    except RecursionError as exc:
        raise BadFilter(_too_deep("$")) from exc
    except ValueError as exc:
        where, fault = (exc.pos + 1, exc.msg) if isinstance(exc, json.JSONDecodeError) else (1, str(exc))
        shown = text[where - 1 : where + 19]
        near = f"at character {where}, {shown!r}" if shown else f"at the end, after character {where - 1}"
        raise BadFilter(f"bad filter {near}: not JSON: {fault}") from exc
    return _node(found, ("$",), 0)


def _object(pairs: Iterable[tuple[str, object]]) -> _Object:
    made = _Object()
    for key, value in pairs:
        if key in made:
            made.twice = key
        made[key] = value
    return made


def _node(found: object, path: _Path, depth: int) -> Node:
    if not isinstance(found, _Object):
        _fail(path, f"expected an object, found {_what(found)}: write a condition with field, op and value")
    word = _kind(found, path)
    if word is None:
        return _condition(found, path)
    if depth == MAX_DEPTH:
        raise BadFilter(_too_deep(_shown(path)))
    inner = found[word]
    path = (*path, word)
    if word == "not":
        return opposite(_node(inner, path, depth + 1))
    if not isinstance(inner, list):
        _fail(path, f"expected a list of conditions, found {_what(inner)}")
    if not inner:
        _fail(path, "the list is empty; the filter that takes every incident is empty itself")
    parts = [_node(each, (*path, at), depth + 1) for at, each in enumerate(inner)]
    return all_of(parts) if word == "all" else any_of(parts)


def _kind(found: _Object, path: _Path) -> str | None:
    """Which of the words all, any and not the object holds; None where it is a condition."""
    if found.twice is not None:
        _fail((*path, found.twice), "stands here twice: join both under all or any")
    known = (*_LISTS, "not", *_KEYS)
    for key in found:
        if key not in known:
            _fail((*path, key), f"no such word: {nearest(key, known)}")
    words = [key for key in found if key not in _KEYS]
    if not words:
        return None
    if len(found) > 1:
        both = " and ".join(list(found)[:2])
        _fail(
            path, f"{both} stand beside each other: give each an object of its own, joined under all or any"
        )
    return words[0]


def _condition(found: _Object, path: _Path) -> Node:
    name, op = (_word(found, key, path) for key in ("field", "op"))
    name, op = name.lower(), "=" if op == "==" else op
    if name not in FIELDS:
        _fail((*path, "field"), f"no field {name!r}: {nearest(name, FIELDS)}")
    if op not in OPERATORS:
        _fail((*path, "op"), f"no operator {op!r}: {nearest(op, OPERATORS)}")
    if "value" not in found and op != "exists":
        _fail(path, "a value is missing: what is the field compared with?")
    try:
        return build(name, op, _asked(name, op, found.get("value", True)))
    except Unfit as exc:
        _fail((*path, *exc.at), str(exc))


def _word(found: _Object, key: str, path: _Path) -> str:
    if key not in found:
        such = "severity" if key == "field" else "="
        _fail(path, f"{key} is missing: add one, such as {json.dumps(such)}")
    word = found[key]
    if not isinstance(word, str) or isinstance(word, _Written):
        _fail((*path, key), f"expected a word in quotes, found {_what(word)}")
    return word


def _asked(name: str, op: str, value: object) -> Asked:
    if op not in FIELDS[name].operators:
        return ""  # what is wrong is the operator, whatever the value
    if op == "exists":
        if not isinstance(value, bool):
            raise Unfit(f"exists takes true or false, not {_what(value)}", "value")
        return value
    if op in ("in", "not_in"):
        if not isinstance(value, list):
            raise Unfit(f"{op} takes a list, not {_what(value)}: write [...]", "value")
        return tuple(_text(name, each, "value", at) for at, each in enumerate(value))
    return _circle(value) if op == "within_km" else _text(name, value, "value")


def _text(name: str, value: object, *at: str | int) -> str:
    numeric = FIELDS[name].scale is Scale.NUMBER
    if not isinstance(value, str) or (isinstance(value, _Written) and not numeric):
        wanted = "a number" if numeric else "text in quotes"
        raise Unfit(f"{name} is compared with {wanted}, not with {_what(value)}", *at)
    if not _is_unicode(value):
        raise Unfit("half a character (a lone surrogate): write it whole", *at)
    return str(value)


def _circle(value: object) -> Circle:
    if not isinstance(value, _Object):
        raise Unfit(f'write {{"lat": 36.2, "lon": 44.0, "km": 100}}, not {_what(value)}', "value")
    keys = ("lat", "lon", "km")
    for key in value:
        if key not in keys:
            raise Unfit(f"no such word: {nearest(key, keys)}", "value", key)
    for key in keys:
        if key not in value or value.twice == key:
            raise Unfit(f"{key} must stand here once", "value")
    lat, lon = (_number(value[key], "value", key) for key in ("lat", "lon"))
    return circle(lat, lon, _radius(value["km"]))


def _radius(value: object) -> float | dict[Tier, float]:
    """One radius, or one for each tier that is named."""
    if not isinstance(value, _Object):
        return _number(value, "value", "km")
    if not value or value.twice is not None:
        raise Unfit("name one tier at least, and each once", "value", "km")
    radii: dict[Tier, float] = {}
    for word, km in value.items():
        tier = next((each for each in Tier if each.lower() == word.lower()), None)
        if tier is None or tier in radii:
            fault = "stands here twice" if tier else f"no such tier: {nearest(word, Tier)}"
            raise Unfit(fault, "value", "km", word)
        radii[tier] = _number(km, "value", "km", word)
    return radii


def _number(value: object, *at: str | int) -> float:
    if not isinstance(value, _Written):
        raise Unfit(f"expected a number, found {_what(value)}", *at)
    return number(value, str(at[-1]), *at)


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def _what(found: object) -> str:
    """What stands in a place, for an error."""
    if isinstance(found, _Written):
        return f"the number {found[:20]}"
    if isinstance(found, str):
        return repr(found[:20])
    if found is None or isinstance(found, bool):
        return json.dumps(found)
    return "a list" if isinstance(found, list) else "an object"


def _too_deep(where: str) -> str:
    return f"bad filter at {where}: more than {MAX_DEPTH} levels of all, any and not: make it flatter"


def _shown(path: _Path) -> str:
    """``$.all[1].op``"""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:40]}" for step in path[1:])
    return f"{path[0]}{''.join(steps)}"


def _fail(path: _Path, fault: str) -> NoReturn:
    raise BadFilter(f"bad filter at {_shown(path)}: {fault}")
