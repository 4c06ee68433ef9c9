"""Places for lanes: who fails or hangs leaves room for the others."""

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.places import FOR_FAILING, MAX_LANES, MAX_STUCK, STUCK_AFTER, Places, Room


def taken(well: int = 0, failing: int = 0) -> Places:
    places = Places()
    for number in range(well):
        places.take(f"well {number}", failing=False, now=0.0)
    for number in range(failing):
        places.take(f"failing {number}", failing=True, now=0.0)
    return places


def test_those_that_fail_have_half_of_the_places_at_most() -> None:
    assert taken().room(0.0) == Room(MAX_LANES, FOR_FAILING)
    full = taken(failing=FOR_FAILING)
    assert full.room(0.0) == Room(MAX_LANES - FOR_FAILING, 0)
    assert full.room(1000.0) == Room(MAX_LANES - FOR_FAILING, 0), "they keep theirs while they hang"


def test_who_hangs_gives_its_place_back_until_it_answers() -> None:
    places = taken(well=MAX_LANES)
    assert places.room(STUCK_AFTER) == Room(0, 0)
    later = STUCK_AFTER + 0.1
    assert places.room(later) == Room(MAX_LANES, FOR_FAILING)
    places.answered("well 1", later)
    assert places.room(later) == Room(MAX_LANES - 1, FOR_FAILING)
    places.leave("well 1")
    places.leave("well 1")
    places.answered("well 1", later)
    assert "well 1" not in places
    assert len(places.served()) == MAX_LANES - 1


@given(well=st.integers(0, 1000), failing=st.integers(0, FOR_FAILING), later=st.booleans())
def test_no_more_than_memory_allows_are_served(well: int, failing: int, later: bool) -> None:
    places, now = taken(failing=failing), 0.0
    for number in range(well):
        now += STUCK_AFTER * 2 if later else 0.0
        if places.room(now).well:
            places.take(f"well {number}", failing=False, now=now)
    room = places.room(now + STUCK_AFTER * 2)
    assert len(places.served()) <= MAX_LANES + MAX_STUCK
    assert 0 <= room.failing <= FOR_FAILING
    assert room.well >= 0
