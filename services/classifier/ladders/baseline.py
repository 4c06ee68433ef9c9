"""Is this week unusual? A subject's last 7 days against its own weeks before.

The limit is the median of those weeks plus three times their spread, the spread being 1.48 times the median
absolute deviation (Rousseeuw & Croux 1993): one bad week of the past moves neither, as it would move a mean.
Three spreads above the days before, with a count too small never told, are what surveillance of disease does
(EARS C2, Hutwagner et al. 2003; at least five reports, Farrington et al. 1996). And where the weeks before
hardly differ, a count that chance alone gives now and then (Poisson) is not told either.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from shared.contracts import Ladder, Ladders

ENOUGH_DAYS = 90
"""Days that must lie behind us before anything is called usual."""
WEEKS = 12
"""Weeks before the last 7 days that are looked at: those 90 days, in whole weeks."""
LEAST_WEEKS = 8
"""Of these weeks so many must have been watched."""
LEAST_DAYS = 5
"""Days of a week that must have been watched: a pause of the house must not look like peace."""
SPREADS = 3.0
SCALE = 1.48
"""Makes the MAD of a normal distribution its standard deviation."""
LEAST_MAD = 1.0
"""So that, where it is quiet, nothing below 5 in a week rings: 0 + 3 x 1.48 x 1 = 4.4."""
CHANCE = 0.01
"""How likely, at most, such a week may be if nothing had changed."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rate:
    """A week against its baseline; ``because`` is the arithmetic, in words."""

    week: int
    above: bool
    because: str
    usual: float | None = None
    """The median week; None while the history is too short, and then nothing is above it."""
    limit: float | None = None


def rate_of(ladder: Ladder, known: Ladders, today: date) -> Rate:
    """How the 7 days to ``today`` compare with the weeks before them."""
    week = ladder.count(today - _WEEK + timedelta(days=1), today)
    behind = known.observed_before(today)
    if behind < ENOUGH_DAYS:
        return Rate(week, False, f"{week} in 7 days; {behind} of {ENOUGH_DAYS} days observed")
    weeks = _weeks(ladder, known, today)
    if len(weeks) < LEAST_WEEKS:
        said = f"{len(weeks)} of the {WEEKS} weeks before were watched, {LEAST_WEEKS} must be"
        return Rate(week, False, f"{week} in 7 days; {said}")
    usual = float(median(weeks))
    mad = float(median(abs(each - usual) for each in weeks))
    spread = max(mad, LEAST_MAD)
    limit = round(usual + SPREADS * SCALE * spread, 2)
    chance = _chance_of(week, max(usual, 1.0)) if week > limit else 1.0
    above = chance <= CHANCE
    sums = f"{usual:g} + {SPREADS:g} x {SCALE} x {spread:g} = {limit:.1f}"
    said = f"{'above' if week > limit else 'not above'} {sums}"
    if week > limit:
        said += f"{', and' if above else ', but'} {_times(chance)} by chance"
    spread_said = f"MAD {mad:g}" + (f", taken as {LEAST_MAD:g}" if mad < LEAST_MAD else "")
    of = f"median of {len(weeks)} weeks, {spread_said}"
    return Rate(week, above, f"{week} in 7 days; usually {usual:g} ({of}): {said}", usual, limit)


def _weeks(ladder: Ladder, known: Ladders, today: date) -> list[int]:
    """The counts of the weeks before the last one, without those that were not watched."""
    found = []
    for back in range(1, WEEKS + 1):
        last = today - back * _WEEK
        days = [last - timedelta(days=n) for n in range(_WEEK.days)]
        if sum(day in known.observed for day in days) >= LEAST_DAYS:
            found.append(ladder.count(days[-1], last))
    return found


def _chance_of(count: int, mean: float) -> float:
    """How likely a week of ``count`` or more is where ``mean`` a week is usual (Poisson)."""
    less = math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count))
    return max(0.0, 1.0 - less)


def _times(chance: float) -> str:
    if chance < 1e-6:
        return "less than once in a million weeks"
    weeks = 1 / chance
    return f"once in {round(weeks, 1 - len(str(int(weeks)))) if weeks >= 10 else round(weeks):,.0f} weeks"
