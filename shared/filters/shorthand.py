"""Reads the shorthand: matchers joined by commas, all of which must hold.

severity>=Severe,country=~"IRQ|SYR",place~36.2/44.0/100km
"""

import re
from collections.abc import Iterable
from typing import NoReturn

from shared.errors import BadFilter
from shared.filters.fields import FIELDS
from shared.filters.matching import Matcher, build, nearest, number
from shared.filters.nearby import Circle, circle
from shared.filters.unfit import Unfit
from shared.filters.writing import SHORTHAND

_NEAR = "~"
"""How the shorthand writes ``within_km``."""


def read(text: str) -> list[Matcher]:
    """Its matchers; raises ``BadFilter`` that points at the place and says what could stand there."""
    return list(_Reader(text).matchers())


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
            self._fail(start, f"no field {name!r}: {nearest(name, FIELDS)}")
        self._space()
        op_at = self.at
        op = self._run(r"=~|!~|!=|>=|<=|==?|>|<|~")
        if not op:
            self._fail(op_at, f"expected an operator after {name}: one of {' '.join((*SHORTHAND, _NEAR))}")
        op = "=" if op == "==" else op
        if op == _NEAR and not FIELDS[name].spot:
            self._fail(op_at, f"{name} is no place on the map: a regular expression is asked with =~")
        self._space()
        value_at = self.at
        value = self._value()
        try:
            return build(name, "within_km", _circle(value)) if op == _NEAR else build(name, op, value)
        except Unfit as exc:
            self._fail(value_at if exc.at[0] == "value" else op_at, str(exc))

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


def _circle(value: str) -> Circle:
    parts = value.lower().removesuffix("km").split("/")
    if len(parts) != 3 or not value.lower().endswith("km"):
        raise Unfit("a circle is written latitude/longitude/radius, such as 36.2/44.0/100km", "value")
    lat, lon, km = (number(each, what) for each, what in zip(parts, ("lat", "lon", "km"), strict=True))
    return circle(lat, lon, km)
