"""How a subject stands today: its week against the usual, its month, its rungs, what others have counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from services.classifier.ladders.baseline import ENOUGH_DAYS, SCALE, SPREADS, rate_of
from services.classifier.ladders.naming import names_of, sides_of
from services.classifier.ladders.telling import DAYS
from shared.contracts import DeedKind, Ladder, Ladders, ReportedTally

FORCE = 4
"""The rung of what a reported tally counts: attacks, strikes, the killed."""


@dataclass(frozen=True)
class Standing:
    """One ladder as a person wants to see it; ``because`` is the arithmetic of its week."""

    subject: str
    names: tuple[str, ...]
    week: int
    usual: float | None
    limit: float | None
    above: bool
    because: str
    days: tuple[int, ...]
    """Incidents a day in the last 30 days, oldest first."""
    rungs: dict[int, int]
    """Incidents at each hostility level in the last 90 days, the highest first."""
    acted: dict[str, int]
    """How often each side of a pair acted in the last 90 days; empty for a country."""
    last_event: date | None

    @property
    def excess(self) -> float:
        """By how many spreads the week is above the usual; ranks what is unusual before what is much."""
        if self.usual is None or self.limit is None:
            return self.week / 1000
        return (self.week - self.usual) / max((self.limit - self.usual) / SPREADS, SCALE)


def standing_of(ladder: Ladder, known: Ladders, today: date) -> Standing:
    """How the subject stands at the end of ``today``; ``ladder`` reaches back far enough for a baseline."""
    rate = rate_of(ladder, known, today)
    first = today - timedelta(days=ENOUGH_DAYS)
    rungs: Counter[int] = Counter()
    acted: Counter[str] = Counter()
    sides = sides_of(ladder.subject)
    for day, kinds in ladder.days.items():
        for kind, number in kinds.items() if first <= day <= today else ():
            read = DeedKind.read(kind)
            rungs[read.hostility] += number
            if len(sides) > 1 and read.direction in "<>":
                acted[sides[1] if read.direction == "<" else sides[0]] += number
    return Standing(
        subject=ladder.subject,
        names=names_of(ladder.subject),
        week=rate.week,
        usual=rate.usual,
        limit=rate.limit,
        above=rate.above,
        because=rate.because,
        days=ladder.daily(today, DAYS),
        rungs=dict(sorted(rungs.items(), reverse=True)),
        acted=dict(acted),
        last_event=max((day for day, kinds in ladder.days.items() if kinds), default=None),
    )


@dataclass(frozen=True)
class Beside:
    """A reported total and what we have counted in the same time, as far as we have watched."""

    reported: ReportedTally
    ours: int
    since: date | None
    """From which day ours counts; None where nothing has been watched."""

    def __str__(self) -> str:
        tally = self.reported.tally
        since = f" since {tally.since}" if tally.since else ""
        ours = f"ours: {self.ours} since {self.since}" if self.since else "ours: none watched"
        return f"{tally.count:,} {tally.of}{since} ({ours})"


def beside(reported: ReportedTally, ladder: Ladder, known: Ladders, today: date) -> Beside:
    """Our own count of force beside a reported total: over its own time, or since we watch."""
    watched = min(known.observed, default=None)
    if watched is None:
        return Beside(reported, 0, None)
    since = max(watched, reported.tally.since or watched)
    return Beside(reported, ladder.count(since, today, least=FORCE), since)
