"""What holds of quiet hours and rate caps whatever they are: silence in them, and an end to each wait."""

import heapq
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from services.notifier.routing.pacing import Pace, next_turn
from services.notifier.routing.quiet import quiet_until
from shared.contracts import QuietHours, RateCap
from tests.support.notifier import NOON

MOMENTS = some.integers(0, 4 * 365 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
TIMES = some.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = some.sampled_from(
    ["UTC", "Europe/Athens", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
)


@given(TIMES, TIMES, ZONES, MOMENTS)
def test_quiet_hours_end_and_hold_what_the_clock_on_the_wall_says(
    begins: time, ends: time, zone: str, now: datetime
) -> None:
    hours = QuietHours(begins=begins, ends=ends, zone=zone)
    until = quiet_until(hours, now)
    wall = now.astimezone(ZoneInfo(zone)).time()
    says = begins <= wall < ends if begins < ends else begins != ends and (wall >= begins or wall < ends)
    if says:
        assert until is not None
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        changed = {(now + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset() for h in range(-4, 28)}
        if len(changed) == 1:  # no clock is put on or back near by: the wall is right to the minute
            assert says
            assert until.astimezone(ZoneInfo(zone)).time() == ends
            assert quiet_until(hours, until) is None


@given(
    some.lists(some.integers(0, 5_000), min_size=1, max_size=40),
    some.integers(1, 5),
    some.integers(1, 2_000),
)
def test_never_more_than_the_cap_in_any_window_and_all_are_told(
    arrivals: list[int], most: int, within: int
) -> None:
    cap, span = RateCap(most=most, within=within), timedelta(seconds=within)
    line = [(NOON + timedelta(seconds=at), number) for number, at in enumerate(arrivals)]
    heapq.heapify(line)
    sent: list[datetime] = []
    turns: dict[int, datetime] = {}
    for _ in range(len(arrivals) * 3):
        if not line:
            break
        now, number = heapq.heappop(line)
        others = [turn for each, turn in turns.items() if each != number]
        until = next_turn(cap, Pace(sent, others, turns.get(number)), now)
        if until is None:
            turns.pop(number, None)
            sent.append(now)
        else:
            assert until > now
            turns[number] = until
            heapq.heappush(line, (until, number))
    assert len(sent) == len(arrivals)
    for at in sent:
        assert sum(at <= other < at + span for other in sent) <= most
