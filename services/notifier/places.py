"""Who may be served now: places for lanes, so that endpoints that fail or hang never fill the room.

Plain bookkeeping on seconds of any steady clock; opens nothing.
"""

from dataclasses import dataclass

MAX_LANES = 100
"""Lanes that are served at once and get on."""
FOR_FAILING = MAX_LANES // 2
"""Places at most for lanes whose last attempt failed; the other half is kept for those that fare well."""
STUCK_AFTER = 2.0
"""Seconds without any answer after which a lane holds no place any more: longer than Slack's spacing."""
MAX_STUCK = 300
"""Lanes that may finish beside the places, with an attempt or two under way. Where more hang at once, for the
first time, the others wait for their timeout; from then on those are known to fail."""


@dataclass(frozen=True)
class Room:
    """How many lanes may begin now, that fare well and that fail."""

    well: int
    failing: int


@dataclass
class _Place:
    failing: bool
    answered_at: float


class Places:
    """The lanes that are served by one notifier."""

    def __init__(self) -> None:
        self._taken: dict[str, _Place] = {}

    def __contains__(self, id_: str) -> bool:
        return id_ in self._taken

    def take(self, id_: str, *, failing: bool, now: float) -> None:
        """A lane is served from now on; ``failing`` if its last attempt failed."""
        self._taken[id_] = _Place(failing, now)

    def answered(self, id_: str, now: float) -> None:
        """Its endpoint answered something, so it gets on."""
        if place := self._taken.get(id_):
            place.answered_at = now

    def leave(self, id_: str) -> None:
        """It is served no more."""
        self._taken.pop(id_, None)

    def served(self) -> list[str]:
        """All that are served, stuck or not."""
        return list(self._taken)

    def room(self, now: float) -> Room:
        """What is free: all of it for lanes that fare well, no more than ``FOR_FAILING`` for the others."""
        failing = sum(place.failing for place in self._taken.values())
        stuck = sum(
            not place.failing and now - place.answered_at > STUCK_AFTER for place in self._taken.values()
        )
        # One that fails keeps its place while it hangs: there are so many of them and no more.
        free = max(MAX_LANES - (len(self._taken) - min(stuck, MAX_STUCK)), 0)
        return Room(well=free, failing=min(free, max(FOR_FAILING - failing, 0)))
