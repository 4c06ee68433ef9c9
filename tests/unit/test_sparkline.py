"""Counts as small bars."""

from hypothesis import given
from hypothesis import strategies as st

from shared.sparkline import sparkline


def test_none_is_lowest_and_the_most_is_highest() -> None:
    assert sparkline((0, 1, 2, 4, 8)) == "▁▂▃▅█"
    assert sparkline((0, 0)) == "▁▁"
    assert sparkline((1,)) == "█"
    assert sparkline(()) == ""


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_a_sign_a_count_and_more_is_never_lower(counts: list[int]) -> None:
    drawn = sparkline(counts)
    assert len(drawn) == len(counts)
    pairs = sorted(zip(counts, drawn, strict=True))
    assert [sign for _, sign in pairs] == sorted(drawn)
    assert all((sign == "▁") == (count == 0) for count, sign in pairs)
