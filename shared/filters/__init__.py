"""A subscription's filter: which alerts it wants to hear of, as the shorthand or as JSON.

    severity>=Severe,country=~"IRQ|SYR",actor!="Kataeb Hezbollah"

    {"any": [{"field": "severity", "op": ">=", "value": "Severe"},
             {"not": {"field": "country", "op": "in", "value": ["IRQ", "SYR"]}}]}

The shorthand says that all its matchers must hold, and is read to the same tree. Operators: ``=`` ``!=``
``=~`` ``!~`` (regular expressions, RE2, anchored at both ends), ``in`` ``not_in`` ``exists``, ``contains``
and ``prefix`` of text, ``>=`` ``<=`` ``>`` ``<`` where values have an order, and ``within_km`` of a place.
In the shorthand, values with spaces or commas stand in double quotes, where ``\\"`` and ``\\\\`` are a
quote and a backslash and every other backslash is itself. Case never matters. A field may have several
values (actors, sources) or none: a condition holds when *any* value fits it; ``!=``, ``!~`` and ``not_in``
when *none* does; ``not`` when what stands in it does not hold. Casualties are ranges: ``killed>=10`` holds
when it may be ten.

What nobody gets unless he asks: ``system.*`` and ``trend.*`` alerts need a ``kind`` that is named and takes
them; de-escalation needs any ``direction``, or a named ``type`` that takes it. Within an ``any``, the part
that holds must be one that asks (``tree.asks_for``). The empty filter therefore matches every escalation
incident, and nothing else.

``parse(text).matches(alert)`` opens nothing and answers with a reason.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from shared.contracts import Alert, Direction
from shared.errors import BadFilter
from shared.filters import shorthand, typed
from shared.filters.fields import FIELDS, Field, Scale
from shared.filters.matching import OPERATORS, Matcher
from shared.filters.tree import All, Gate, Node, all_of, asks_for, conditions
from shared.filters.writing import said, why, why_not, written

__all__ = ["FIELDS", "MAX_LENGTH", "OPERATORS", "Field", "Filter", "Matcher", "Scale", "Verdict", "parse"]

MAX_LENGTH = 4000
"""Characters of a filter; a longer one is a list that belongs elsewhere."""


class Verdict(NamedTuple):
    """Whether an alert is wanted, and why or why not, in words for log and person."""

    matched: bool
    reason: str


@dataclass(frozen=True)
class Filter:
    """A parsed filter: a tree of conditions, and what is left out unless it is asked for."""

    root: Node
    _yes: Verdict | None = field(init=False, compare=False, repr=False)
    """The answer to whatever fits, where every condition must hold."""

    def __post_init__(self) -> None:
        matched = f"matches {','.join(map(said, self.matchers))}"
        reason = matched if self.matchers else "the filter takes every incident"
        object.__setattr__(self, "_yes", Verdict(True, reason) if _is_plain(self.root) else None)

    @property
    def matchers(self) -> tuple[Matcher, ...]:
        """Every condition in it, wherever it stands."""
        return tuple(conditions(self.root))

    def names_kind(self, alert: Alert) -> bool:
        """Whether it asks by name for the kind of this alert, and takes the alert for it."""
        return asks_for(self.root, Gate.KIND, alert)

    def matches(self, alert: Alert) -> Verdict:
        """Whether the alert is wanted, with the reason; never raises."""
        gates = _gates(alert)
        for gate in gates:
            if not asks_for(self.root, gate):
                return Verdict(False, _KEPT_BACK[gate].format(kind=alert.kind))
        if not self.root.test(alert):
            return Verdict(False, why_not(self.root, alert))
        for gate in gates:
            if not asks_for(self.root, gate, alert):
                by = f"it would match {why(self.root, alert)} only"
                return Verdict(False, f"{_KEPT_BACK[gate].format(kind=alert.kind)}; {by}")
        return self._yes or Verdict(True, f"matches {why(self.root, alert, gates)}")

    def __str__(self) -> str:
        return written(self.root)


_KEPT_BACK = {
    Gate.KIND: "{kind} is sent only to a filter that names its kind",
    Gate.EASING: "de-escalation is sent only to a filter that names direction or type",
}


def _gates(alert: Alert) -> tuple[Gate, ...]:
    """What this alert is that must be asked for."""
    kind = (Gate.KIND,) if "." in alert.kind else ()
    eases = alert.event is not None and alert.event.direction == Direction.DEESCALATORY
    return (*kind, Gate.EASING) if eases else kind


def _is_plain(root: Node) -> bool:
    parts = root.parts if isinstance(root, All) else (root,)
    return all(isinstance(part, Matcher) for part in parts)


@lru_cache(maxsize=4096)
def parse(text: str) -> Filter:
    """Read a filter, JSON if it begins with ``{``, else the shorthand.

    Raises ``BadFilter`` that points at the place and says what could stand there.
    """
    if len(text) > MAX_LENGTH:
        raise BadFilter(f"the filter has {len(text)} characters, at most {MAX_LENGTH} are read: shorten it")
    is_json = text.lstrip().startswith("{")
    found = Filter(typed.read(text) if is_json else all_of(shorthand.read(text)))
    # What is written back must be read again; only what is full of backslashes or of ``not`` grows at all.
    # Not asked of the shorthand: an older release took such filters, and they stand in subscriptions.
    if is_json and (length := len(str(found))) > MAX_LENGTH:
        raise BadFilter(f"written out, the filter has {length} characters, at most {MAX_LENGTH}: shorten it")
    return found
