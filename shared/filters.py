"""A subscription's filter: which alerts it wants to hear of, written as matchers joined by commas.

    severity>=Severe,country=~"IRQ|SYR",actor!="Kataeb Hezbollah"

All matchers must hold. Operators: ``=`` ``!=`` ``=~`` ``!~`` (regular expressions, RE2, anchored at both
ends) and, where values have an order, ``>=`` ``<=`` ``>`` ``<``. Values with spaces or commas stand in double
quotes, where ``\\"`` and ``\\\\`` are a quote and a backslash and every other backslash is itself. Case never
matters. A field may have several values (actors, sources) or none: a matcher holds when *any* value fits it,
``!=`` and ``!~`` hold when *none* does. Casualties are ranges: ``killed>=10`` holds when it may be ten.

What nobody gets unless he asks: ``system.*`` and ``trend.*`` alerts need a ``kind=`` or ``kind=~`` that takes
them; de-escalation needs any ``direction``, or a ``type=`` or ``type=~`` that takes it. The empty filter
therefore matches every escalation incident, and nothing else.

``parse(text).matches(alert)`` opens nothing and answers with a reason.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NoReturn

import re2

from shared.contracts import Alert, Direction
from shared.errors import BadFilter
from shared.filter_fields import FIELDS, Field, Scale, Value

__all__ = ["FIELDS", "MAX_LENGTH", "Filter", "Matcher", "Scale", "Verdict", "parse"]

MAX_LENGTH = 4000
"""Characters of a filter; a longer one is a list that belongs elsewhere."""


@dataclass(frozen=True)
class Verdict:
    """Whether an alert is wanted, and why or why not, in words for log and person."""

    matched: bool
    reason: str


_Compare = Callable[[float, float], bool]
_COMPARE: dict[str, _Compare] = {
    "=": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}
_ORDERS = (">=", "<=", ">", "<")
_PATTERNS = ("=~", "!~")


@dataclass(frozen=True)
class Matcher:
    """One condition on one field; ``str`` writes it so that ``parse`` reads it back equal."""

    name: str
    op: str
    value: str
    _fits: Callable[[Value], bool] = field(compare=False, repr=False)

    def holds(self, alert: Alert) -> bool:
        """Whether any value fits (for ``!=`` and ``!~``: none does)."""
        fits = any(self._fits(value) for value in self._values(alert))
        return not fits if self.op.startswith("!") else fits

    def found(self, alert: Alert) -> str:
        """The field's values in this alert, for a reason."""
        return " and ".join(dict.fromkeys(_show(value) for value in self._values(alert))) or "unknown"

    def asks_for(self) -> bool:
        """Whether it names what it wants, rather than what it does not."""
        return self.op in ("=", "=~")

    def _values(self, alert: Alert) -> Iterable[Value]:
        return (value for value in FIELDS[self.name].values(alert) if value is not None)

    def __str__(self) -> str:
        plain = re.fullmatch(r"[\w.:+/-]+", self.value, re.ASCII)
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f"{self.name}{self.op}{self.value}" if plain else f'{self.name}{self.op}"{escaped}"'


@dataclass(frozen=True)
class Filter:
    """A parsed filter: matchers that must all hold, and what is left out unless it is asked for."""

    matchers: tuple[Matcher, ...] = ()

    def names_kind(self) -> bool:
        """Whether it asks for kinds of alerts by name."""
        return any(m.name == "kind" and m.asks_for() for m in self.matchers)

    def matches(self, alert: Alert) -> Verdict:
        """Whether the alert is wanted, with the reason; never raises."""
        kind = str(alert.kind)
        if "." in kind and not self.names_kind():
            return Verdict(False, f"{kind} is sent only to a filter that names its kind")
        eases = alert.event is not None and alert.event.direction == Direction.DEESCALATORY
        if eases and not self._names_direction():
            return Verdict(False, "de-escalation is sent only to a filter that names direction or type")
        for matcher in self.matchers:
            if not matcher.holds(alert):
                return Verdict(False, f"{matcher.name} is {matcher.found(alert)}, the filter wants {matcher}")
        return Verdict(True, f"matches {self}" if self.matchers else "the filter takes every incident")

    def _names_direction(self) -> bool:
        return any(m.name == "direction" or (m.name == "type" and m.asks_for()) for m in self.matchers)

    def __str__(self) -> str:
        return ",".join(str(matcher) for matcher in self.matchers)


@lru_cache(maxsize=4096)
def parse(text: str) -> Filter:
    """Read a filter; raises ``BadFilter`` that points at the place and says what could stand there."""
    if len(text) > MAX_LENGTH:
        raise BadFilter(f"the filter has {len(text)} characters, at most {MAX_LENGTH} are read: shorten it")
    return Filter(tuple(_Reader(text).matchers()))


class _Reader:
    """Reads matchers from left to right; ``at`` is where it stands, for the error's arrow."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def matchers(self) -> Iterable[Matcher]:
        self._space()
        while self.at < len(self.text):
            yield self._matcher()
            self._space()
            if self.at < len(self.text):
                if self.text[self.at] != ",":
                    self._fail(self.at, "expected a comma here; quote a value that holds spaces")
                self.at += 1
                self._space()
                if self.at == len(self.text):
                    self._fail(self.at - 1, "a matcher must follow the comma, such as severity>=Severe")

    def _matcher(self) -> Matcher:
        start = self.at
        name = self._run(r"\w+").lower()
        if not name:
            self._fail(start, "expected a field, such as severity")
        if name not in FIELDS:
            self._fail(start, f"no field {name!r}: {_nearest(name, FIELDS)}")
        self._space()
        op_at = self.at
        op = self._run(r"=~|!~|!=|>=|<=|==?|>|<")
        if not op:
            self._fail(op_at, f"expected an operator after {name}: one of = != =~ !~ >= <= > <")
        op = "=" if op == "==" else op
        self._space()
        value_at = self.at
        value = self._value()
        return self._build(FIELDS[name], op, value, op_at, value_at)

    def _value(self) -> str:
        if not self.text.startswith('"', self.at):
            # A bare value ends at a comma, a quote or a space; most regular expressions fit in that.
            value = self._run(r'[^,"\s]+')
            if not value:
                self._fail(self.at, 'expected a value; the empty one is written ""')
            return value
        opening = self.at
        quoted = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL).match(self.text, self.at)
        if quoted is None:
            self._fail(opening, "this quote is never closed")
        self.at = quoted.end()
        return re.sub(r'\\(["\\])', r"\1", quoted[1])

    def _build(self, entry: Field, op: str, value: str, op_at: int, value_at: int) -> Matcher:
        if op in _ORDERS and entry.scale is Scale.TEXT:
            self._fail(op_at, f"{entry.name} has no order: use = != =~ or !~")
        if op in _PATTERNS:
            if entry.scale is Scale.NUMBER:
                self._fail(op_at, f"{entry.name} is a number: use = != >= <= > or <")
            return Matcher(entry.name, op, value, self._pattern(value, value_at))
        compare = _COMPARE["=" if op == "!=" else op]
        if entry.scale is Scale.NUMBER:
            return Matcher(entry.name, op, value, _number(self._as_number(entry, value, value_at), compare))
        if entry.words and value.lower() not in [word.lower() for word in entry.words]:
            self._fail(value_at, f"{entry.name} is never {value!r}: {_nearest(value, entry.words)}")
        if entry.country and not re.fullmatch("[A-Za-z]{3}", value):
            self._fail(value_at, f"{entry.name} is never {value!r}: write a code such as IRQ")
        if entry.scale is Scale.LEVEL:
            return Matcher(entry.name, op, value, _level(entry.words, value, compare))
        wanted = value.casefold()
        return Matcher(entry.name, op, value, lambda found: str(found).casefold() == wanted)

    def _as_number(self, entry: Field, value: str, at: int) -> float:
        # Written out: float() would also take "nan", "1_0" and digits of other scripts.
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
            self._fail(at, f"{entry.name} is a number, {value!r} is not: write one such as 10")
        return float(value)

    def _pattern(self, value: str, at: int) -> Callable[[Value], bool]:
        options: Any = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        options.max_mem = 1 << 20
        try:
            compiled = re2.compile(value, options)
        except (re2.error, UnicodeError) as exc:
            fault = exc.args[0].decode(errors="replace") if isinstance(exc.args[0], bytes) else str(exc)
            self._fail(at, f"not a regular expression that RE2 reads ({fault})")
        return lambda found: compiled.fullmatch(str(found)) is not None

    def _run(self, pattern: str) -> str:
        found = re.compile(pattern, re.ASCII).match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _fail(self, at: int, fault: str) -> NoReturn:
        shown = self.text[at : at + 20]
        where = f"at character {at + 1}, {shown!r}" if shown else f"at the end, after character {at}"
        raise BadFilter(f"bad filter {where}: {fault}")


def _number(wanted: float, compare: _Compare) -> Callable[[Value], bool]:
    return lambda found: compare(float(found), wanted)


def _level(words: tuple[str, ...], value: str, compare: _Compare) -> Callable[[Value], bool]:
    ranks = {word.lower(): rank for rank, word in enumerate(words)}
    wanted = ranks[value.lower()]

    def fits(found: Value) -> bool:
        rank = ranks.get(str(found).lower())
        return rank is not None and compare(rank, wanted)

    return fits


def _nearest(word: str, known: Iterable[str]) -> str:
    by_lower = {entry.lower(): str(entry) for entry in known}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return f"did you mean {by_lower[close[0]]}?" if close else f"one of {', '.join(by_lower.values())}"


def _show(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
