"""Which type is taken for which: what the main event is, against what was answered, silence included."""

from collections import Counter
from collections.abc import Iterable

from services.classifier.quality.answers import Answer
from services.classifier.quality.gold import GoldItem
from shared.contracts import EventType

NONE = "none"
TYPES = (
    *map(
        str,
        (
            EventType.ASSAULT,
            EventType.COERCE,
            EventType.MOBILIZE,
            EventType.THREATEN,
            EventType.SANCTION,
            EventType.PROTEST,
        ),
    ),
    NONE,
)
"""The types that escalate, and no escalation at all."""

Confusion = Counter[tuple[str, str]]
"""How many items of a type (first) were answered with a type (second)."""


def confusion(pairs: Iterable[tuple[GoldItem, Answer]]) -> Confusion:
    """Counts by what is right and what was answered; borderline items are left out."""
    return Counter(
        (
            str(item.main.event_type) if item.escalation and item.main else NONE,
            answer.event_type or NONE if answer.rings else NONE,
        )
        for item, answer in pairs
        if not item.borderline
    )


def mistakes(found: Confusion, most: int) -> list[tuple[str, str, int]]:
    """The commonest mistakes, as (what it is, what was answered, how often)."""
    wrong = [(right, said, times) for (right, said), times in found.items() if right != said]
    return sorted(wrong, key=lambda one: (-one[2], one[0], one[1]))[:most]
