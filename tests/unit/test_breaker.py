"""The breaker of a lane, in the words of metrics and lists."""

import pytest

from shared.breaker import PATIENCE, Breaker, breaker, cool_down


@pytest.mark.parametrize("failures", range(PATIENCE + 3))
def test_a_lane_that_rests_after_many_failures_is_open(failures: int) -> None:
    patient = failures < PATIENCE
    assert breaker(failures, rests=True) is (Breaker.CLOSED if patient else Breaker.OPEN)
    assert breaker(failures, rests=False) is (Breaker.CLOSED if patient else Breaker.HALF_OPEN)
    assert bool(cool_down(failures)) is not patient, "the notifier rests just when it is told so"
