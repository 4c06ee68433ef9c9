"""One condition on one field: checked when it is built, and so without a fault when it is asked."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import re2

from shared.contracts import Alert
from shared.filters.fields import FIELDS, ORDERS, PATTERNS, Field, Scale, Value
from shared.filters.nearby import Circle
from shared.filters.unfit import Unfit

Asked = str | bool | tuple[str, ...] | Circle
"""What a condition compares with: several words for ``in`` and ``not_in``, yes or no for ``exists``."""
OPERATORS = tuple(dict.fromkeys(op for entry in FIELDS.values() for op in entry.operators))
OPPOSITES = {"=": "!=", "!=": "=", "=~": "!~", "!~": "=~", "in": "not_in", "not_in": "in"}
"""Where the opposite of a condition is one as well; elsewhere a ``Not`` stands around it."""
_NEGATIVE = ("!=", "!~", "not_in")
_NAMING = ("=", "=~", "in", "contains", "prefix")
_PATTERN_MEMORY = 1 << 20
"""Bytes that RE2 may use for one pattern."""

Test = Callable[[Alert], bool]
_Fits = Callable[[Value], bool]
_Compare = Callable[[float, float], bool]
_COMPARE: dict[str, _Compare] = {
    "=": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


@dataclass(frozen=True)
class Matcher:
    """One condition on one field. Equal ones have the same field, operator and value."""

    name: str
    op: str
    value: Asked
    test: Test = field(compare=False, repr=False)
    """Whether any value fits (for ``!=``, ``!~`` and ``not_in``: none does)."""

    def found(self, alert: Alert) -> str:
        """The field's values in this alert, for a reason."""
        if isinstance(self.value, Circle):
            return self.value.found(alert)
        values = (_show(value) for value in FIELDS[self.name].values(alert) if value is not None)
        return " and ".join(dict.fromkeys(values)) or "unknown"

    def names_what_it_wants(self) -> bool:
        """Whether it says what it wants, rather than what it does not, or that there be anything at all."""
        return self.op in _NAMING


def build(name: str, op: str, value: Asked) -> Matcher:
    """The condition, or ``Unfit`` with the part that can't stand and what could."""
    entry = FIELDS.get(name)
    if entry is None:
        raise Unfit(f"no field {name!r}: {nearest(name, FIELDS)}", "field")
    if op not in OPERATORS:
        raise Unfit(f"no operator {op!r}: {nearest(op, OPERATORS)}", "op")
    if op not in entry.operators:
        raise Unfit(_unfit_operator(entry, op), "op")
    return Matcher(name, op, value, _test(entry, op, value))


def nearest(word: str, known: Iterable[str]) -> str:
    """What could stand in a word's place: the one most like it, or all of them."""
    by_lower = {entry.lower(): str(entry) for entry in known}
    turned = [entry for entry in by_lower if sorted(entry) == sorted(word.lower())]  # `=>` is a slip for `>=`
    close = turned or get_close_matches(word.lower()[:50], by_lower, n=1, cutoff=0.5)
    return f"did you mean {by_lower[close[0]]}?" if close else f"one of {', '.join(by_lower.values())}"


def _unfit_operator(entry: Field, op: str) -> str:
    could = ", ".join(entry.operators)
    if op == "within_km":
        return f"{entry.name} is no place on the map: use one of {could}"
    if op in ORDERS:
        return f"{entry.name} has no order: use one of {could}"
    what = "a number" if entry.scale is Scale.NUMBER else "one of a few words"
    return f"{entry.name} is {what}: use one of {could}"


def _test(entry: Field, op: str, value: Asked) -> Test:
    read = entry.values
    if isinstance(value, Circle):
        return value.holds
    if isinstance(value, bool):
        return lambda alert: any(found is not None for found in read(alert)) is value
    fits = _one_of(entry, value) if isinstance(value, tuple) else _fits(entry, op, value)

    def any_fits(alert: Alert) -> bool:
        # A plain loop: this is asked of every alert by every subscription, and `any` takes twice as long.
        for found in read(alert):  # noqa: SIM110
            if found is not None and fits(found):
                return True
        return False

    return (lambda alert: not any_fits(alert)) if op in _NEGATIVE else any_fits


def _one_of(entry: Field, values: tuple[str, ...]) -> _Fits:
    if not values:
        raise Unfit(f"the list is empty: name what {entry.name} may be", "value")
    for at, value in enumerate(values):
        try:
            _fits(entry, "=", value)
        except Unfit as exc:
            raise Unfit(str(exc), "value", at) from exc
    if entry.scale is Scale.NUMBER:
        numbers = frozenset(map(float, values))
        return lambda found: found in numbers
    words = frozenset(value.casefold() for value in values)
    return lambda found: str(found).casefold() in words


def _fits(entry: Field, op: str, value: str) -> _Fits:
    if op in PATTERNS:
        return _pattern(value)
    wanted = value.casefold()
    if op in ("contains", "prefix"):
        if not value:
            raise Unfit(f"{op} needs a character at least; for *known at all* use exists", "value")
        if op == "prefix":
            return lambda found: str(found).casefold().startswith(wanted)
        return lambda found: wanted in str(found).casefold()
    compare = _COMPARE["=" if op == "!=" else op]
    if entry.scale is Scale.NUMBER:
        return _number(number(value, entry.name), compare)
    if entry.words and value.lower() not in [word.lower() for word in entry.words]:
        raise Unfit(f"{entry.name} is never {value!r}: {nearest(value, entry.words)}", "value")
    if entry.country and not re.fullmatch("[A-Za-z]{3}", value):
        raise Unfit(f"{entry.name} is never {value!r}: write a code such as IRQ", "value")
    if entry.scale is Scale.LEVEL:
        return _level(entry.words, value, compare)
    return lambda found: str(found).casefold() == wanted


def number(text: str, what: str, *at: str | int) -> float:
    """A number as filters write it; raises ``Unfit`` that points ``at`` the part, or at the value."""
    # Written out: float() would also take "nan", "1_0" and digits of other scripts.
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        raise Unfit(f"{what} is a number, {text!r} is not: write one such as 10", *(at or ("value",)))
    return float(text)


def _pattern(value: str) -> _Fits:
    options: Any = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _PATTERN_MEMORY
    try:
        compiled = re2.compile(value, options)
    except (re2.error, UnicodeError) as exc:
        fault = exc.args[0].decode(errors="replace") if isinstance(exc.args[0], bytes) else str(exc)
        raise Unfit(f"not a regular expression that RE2 reads ({fault})", "value") from exc
    return lambda found: compiled.fullmatch(str(found)) is not None


def _number(wanted: float, compare: _Compare) -> _Fits:
    return lambda found: compare(float(found), wanted)


def _level(words: tuple[str, ...], value: str, compare: _Compare) -> _Fits:
    ranks = {word.lower(): rank for rank, word in enumerate(words)}
    wanted = ranks[value.lower()]
    fitting = {word for word, rank in ranks.items() if compare(rank, wanted)}
    return lambda found: str(found).lower() in fitting


def _show(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
