"""When is a week unusual, and what is said of it?"""

from datetime import date, timedelta

import pytest

from services.classifier.ladders.baseline import rate_of
from shared.contracts import Ladder, Ladders

TODAY = date(2024, 3, 5)
WATCHED = frozenset(TODAY - timedelta(days=n) for n in range(120))


def ladder(week: int, before: list[int]) -> Ladder:
    """So many in the last 7 days, and in each week before it, the nearest first."""
    counts = [week, *before]
    days = {TODAY - timedelta(days=7 * back + 3): {"ASSAULT-4": n} for back, n in enumerate(counts) if n}
    return Ladder(subject="UKR", days=days)


def test_the_arithmetic_is_told_whatever_comes_of_it() -> None:
    before = [2, 1, 3, 2, 2, 1, 3, 2, 4, 0, 3, 2]
    many = rate_of(ladder(9, before), Ladders(observed=WATCHED), TODAY)
    few = rate_of(ladder(4, before), Ladders(observed=WATCHED), TODAY)

    assert many.above
    assert many.because == (
        "9 in 7 days; usually 2 (median of 12 weeks, MAD 1): above 2 + 3 x 1.48 x 1 = 6.4, "
        "and once in 4,000 weeks by chance"
    )
    assert not few.above
    assert few.because == (
        "4 in 7 days; usually 2 (median of 12 weeks, MAD 1): not above 2 + 3 x 1.48 x 1 = 6.4"
    )


@pytest.mark.parametrize(
    ("week", "before", "above"),
    [
        (4, [0] * 12, False),
        (5, [0] * 12, True),
        (8, [2] * 12, True),
        (106, [100, 101] * 6, False),
        (140, [100, 101] * 6, True),
        (20, [2, 30, 5, 18, 9, 25, 3, 12, 28, 7, 15, 10], False),
        (9, [2] * 11 + [60], True),
    ],
    ids=[
        "too few to tell",
        "quiet no more",
        "four times the usual",
        "within chance although steady",
        "beyond chance",
        "always restless",
        "one bad week of old does not blind it",
    ],
)
def test_what_is_unusual(week: int, before: list[int], above: bool) -> None:
    assert rate_of(ladder(week, before), Ladders(observed=WATCHED), TODAY).above is above


def test_a_spread_of_nothing_is_said_to_be_taken_as_one() -> None:
    rate = rate_of(ladder(5, [0] * 12), Ladders(observed=WATCHED), TODAY)

    assert "MAD 0, taken as 1): above 0 + 3 x 1.48 x 1 = 4.4" in rate.because


def test_a_short_history_says_nothing_but_how_short_it_is() -> None:
    rate = rate_of(ladder(50, [0] * 12), Ladders(observed=frozenset(sorted(WATCHED)[-90:])), TODAY)

    assert not rate.above
    assert rate.usual is None
    assert rate.because == "50 in 7 days; 89 of 90 days observed"


def test_weeks_in_which_nobody_watched_are_not_taken_for_peace() -> None:
    asleep = {TODAY - timedelta(days=n) for n in range(14, 49)}
    few = rate_of(ladder(9, [8, 0, 0, 0, 0, 0] + [8] * 6), Ladders(observed=WATCHED - asleep), TODAY)
    some = {TODAY - timedelta(days=n) for n in range(14, 28)}
    enough = rate_of(ladder(9, [8, 0, 0] + [8] * 9), Ladders(observed=WATCHED - some), TODAY)

    assert few.because == "9 in 7 days; 7 of the 12 weeks before were watched, 8 must be"
    assert "usually 8 (median of 10 weeks" in enough.because
    assert not enough.above
