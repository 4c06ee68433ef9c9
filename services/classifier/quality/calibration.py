"""Whether a score means what it says: of the items scored 0.8, do eight in ten report an escalation?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.classifier.quality.answers import Answer
from services.classifier.quality.gold import GoldItem

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The items of one tenth of the scale: how many, their mean score, and the share of escalations."""

    items: int
    said: float
    true: float


def bins(pairs: Iterable[tuple[GoldItem, Answer]]) -> list[Bin]:
    """The bins that hold items, from the lowest score to the highest; borderline items are left out."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item, answer in pairs:
        if not item.borderline:
            held[min(BINS - 1, int(answer.score * BINS))].append((answer.score, item.escalation))
    return [
        Bin(len(each), sum(score for score, _ in each) / len(each), sum(true for _, true in each) / len(each))
        for each in held
        if each
    ]


def expected_error(found: Sequence[Bin]) -> float | None:
    """The expected calibration error: how far score and share lie apart, on the average over items."""
    items = sum(each.items for each in found)
    return sum(each.items * abs(each.said - each.true) for each in found) / items if items else None
