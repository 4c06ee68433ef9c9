"""When has a ladder been climbed?"""

from datetime import date, timedelta

from services.classifier.ladders.rungs import rung_of
from shared.contracts import Ladder, Ladders

DAY = date(2024, 3, 5)
KNOWN = Ladders(observed=frozenset(DAY - timedelta(days=n) for n in range(100)))


def ladder(**levels: int) -> Ladder:
    days = {
        DAY - timedelta(days=int(ago.removeprefix("d"))): {f"ASSAULT-{level}": 1}
        for ago, level in levels.items()
    }
    return Ladder(subject="UKR", days=days)


def test_the_first_blow_after_threats_is_a_rung() -> None:
    rung = rung_of(4, ladder(d3=2, d40=2), KNOWN, DAY)

    assert rung.reached
    assert rung.because == (
        "use of force (MID 4) for the first time in 90 days; "
        "the highest before was threat of force (MID 2), 2 times"
    )


def test_the_second_is_none_nor_is_a_lower_one() -> None:
    assert not rung_of(4, ladder(d90=4), KNOWN, DAY).reached
    assert not rung_of(3, ladder(d10=4), KNOWN, DAY).reached


def test_what_lies_further_back_than_90_days_is_forgotten() -> None:
    rung = rung_of(4, ladder(d91=4), KNOWN, DAY)

    assert rung.reached
    assert rung.because.endswith("after 90 days without any incident")


def test_sanctions_are_no_rung_and_a_short_history_knows_none() -> None:
    young = Ladders(observed=frozenset({DAY - timedelta(days=89)}))

    assert not rung_of(1, ladder(), KNOWN, DAY).reached
    assert not rung_of(5, ladder(), young, DAY).reached
