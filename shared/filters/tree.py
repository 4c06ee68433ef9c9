"""A filter as a tree: conditions that must all hold, of which any must hold, or that must not hold.

``not`` is taken inwards when the tree is built, until it stands at single conditions: *not all of these*
becomes *any of their opposites*. So whatever way a filter was written, what decides is a condition, and a
reason can name it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from shared.contracts import Alert
from shared.filters.matching import OPPOSITES, Matcher, Test, build


class Gate(StrEnum):
    """What nobody gets unless he asks for it."""

    KIND = "kind"
    """``system.*`` and ``trend.*``, and the retraction of what was never told."""
    EASING = "easing"
    """De-escalation."""


@dataclass(frozen=True)
class Not:
    """The opposite of a condition that has no operator for it."""

    part: Matcher
    test: Test = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        test = self.part.test
        object.__setattr__(self, "test", lambda alert: not test(alert))


@dataclass(frozen=True)
class All:
    """Each part must hold; no part at all holds always."""

    parts: "tuple[Node, ...]" = ()
    test: Test = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tests = tuple(part.test for part in self.parts)

        def all_hold(alert: Alert) -> bool:
            # A plain loop: every subscription asks of every alert, and `all` takes twice as long.
            for holds in tests:  # noqa: SIM110
                if not holds(alert):
                    return False
            return True

        object.__setattr__(self, "test", all_hold)


@dataclass(frozen=True)
class Any:
    """At least one part must hold."""

    parts: "tuple[Node, ...]"
    test: Test = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tests = tuple(part.test for part in self.parts)

        def any_holds(alert: Alert) -> bool:
            for holds in tests:  # noqa: SIM110
                if holds(alert):
                    return True
            return False

        object.__setattr__(self, "test", any_holds)


Node = Matcher | Not | All | Any


# ---- building -----------------------------------------------------------------------------------


def all_of(parts: Iterable[Node]) -> Node:
    """All of them: of one only that one, and lists within lists are one list."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(parts: Iterable[Node]) -> Node:
    """Any of them: of one only that one, and lists within lists are one list."""
    flat = [each for part in parts for each in (part.parts if isinstance(part, Any) else (part,))]
    return flat[0] if len(flat) == 1 else Any(tuple(flat))


def opposite(node: Node) -> Node:
    """What holds exactly where ``node`` does not."""
    match node:
        case All(parts):
            return any_of(map(opposite, parts))
        case Any(parts):
            return all_of(map(opposite, parts))
        case Not(part=part):
            return part
    if isinstance(node.value, bool):
        return build(node.name, node.op, not node.value)
    if node.op in OPPOSITES:
        return build(node.name, OPPOSITES[node.op], node.value)
    return Not(node)


def conditions(node: Node) -> Iterator[Matcher]:
    """Every condition in the tree, in the order in which they are written."""
    match node:
        case All(parts) | Any(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part=part):
            yield part
        case _:
            yield node


# ---- asking -------------------------------------------------------------------------------------


def asks_for(node: Node, gate: Gate, alert: Alert | None = None) -> bool:
    """Whether a part asks for what the gate keeps back; with an alert: one by which that alert fits.

    A kind is asked for by a ``kind`` that is named, wholly or in part or by a pattern; de-escalation by any
    ``direction``, or by a ``type`` so named. That a field is known at all asks for nothing, nor that it is
    *not* something, but for ``direction``. In an ``any`` one part must both hold and ask: a ``kind=opened``
    beside ``severity>=Severe`` asks for no trend.
    """
    if alert is not None and not node.test(alert):
        return False
    match node:
        case All(parts) | Any(parts):
            return any(asks_for(part, gate, alert) for part in parts)
        case Not(part=part):
            return gate is Gate.EASING and part.name == "direction"
        case _:
            if gate is Gate.KIND:
                return node.name == "kind" and node.names_what_it_wants()
            if node.name == "direction":
                return node.op != "exists"
            return node.name == "type" and node.names_what_it_wants()


def misses(node: Node, alert: Alert) -> int:
    """How many conditions would have to be otherwise for the alert to fit; 0 when it does."""
    match node:
        case All(parts):
            return sum(misses(part, alert) for part in parts)
        case Any(parts):
            return min(misses(part, alert) for part in parts)
        case _:
            return int(not node.test(alert))
