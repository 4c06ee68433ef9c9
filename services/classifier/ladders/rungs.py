"""Has it climbed? A hostility level that was not reached in the 90 days before."""

from dataclasses import dataclass
from datetime import date, timedelta

from services.classifier.ladders.baseline import ENOUGH_DAYS
from shared.contracts import Ladder, Ladders

LOWEST = 2
"""The first level that is a rung: below a threat of force (MID 2) there is none."""
NAMES = {1: "no force", 2: "threat of force", 3: "display of force", 4: "use of force", 5: "war"}
"""MID's hostility levels."""


@dataclass(frozen=True)
class Rung:
    """A level against the highest one before it; ``because`` is the arithmetic, in words."""

    reached: bool
    because: str


def rung_of(level: int, before: Ladder, known: Ladders, day: date) -> Rung:
    """Whether a deed of this level on ``day`` is the first so high; ``before`` is the ladder without it."""
    behind = known.observed_before(day)
    if behind < ENOUGH_DAYS:
        return Rung(False, f"{behind} of {ENOUGH_DAYS} days observed")
    first = day - timedelta(days=ENOUGH_DAYS)
    highest = before.highest(first, day)
    said = f"{NAMES.get(level, 'force')} (MID {level})"
    if level < LOWEST or highest >= level:
        return Rung(False, f"{said}; MID {highest} was reached in the {ENOUGH_DAYS} days before")
    if not highest:
        return Rung(True, f"{said}, after {ENOUGH_DAYS} days without any incident")
    times = before.count(first, day, least=highest)
    told = f"{NAMES[highest]} (MID {highest}), {times} time{'s' if times != 1 else ''}"
    return Rung(True, f"{said} for the first time in {ENOUGH_DAYS} days; the highest before was {told}")
