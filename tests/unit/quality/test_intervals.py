"""Intervals against values known from elsewhere."""

import pytest

from services.classifier.quality.intervals import f1, f1_interval, wilson
from services.classifier.quality.sides import Hits


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [  # by hand from Wilson (1927); the first is Newcombe's example (1998), 81 of 263
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1.0000),
    ],
)
def test_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    assert list(wilson(right, of)) == pytest.approx([low, high], abs=5e-5)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert f1_interval([]) == (0.0, 1.0)
    assert f1(0, 0, 0) is None


def test_f1_is_the_harmonic_mean() -> None:
    precision, recall = 6 / 8, 6 / 10
    assert f1(both=6, extra=2, lacking=4) == pytest.approx(2 * precision * recall / (precision + recall))


def test_the_bootstrap_is_the_same_each_time_and_holds_the_value() -> None:
    items = [Hits(1, 0, 0)] * 80 + [Hits(0, 1, 1)] * 10 + [Hits(0, 0, 1)] * 10
    low, high = f1_interval(items)

    assert (low, high) == f1_interval(list(items))
    assert low < f1(80, 10, 20) < high  # type: ignore[operator]
    # About as wide as the normal distribution has it for a share of 0.84 of 100 items.
    assert 0.08 < high - low < 0.20


def test_more_items_make_it_narrower() -> None:
    few = [Hits(1, 0, 0)] * 8 + [Hits(0, 1, 1)] * 2
    low, high = f1_interval(few)
    least, most = f1_interval(few * 20)
    assert most - least < (high - low) / 3


def test_what_is_never_wrong_has_no_width() -> None:
    assert f1_interval([Hits(2, 0, 0)] * 10) == (1.0, 1.0)
