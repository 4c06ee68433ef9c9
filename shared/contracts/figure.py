"""Counts of people with who gives them: what one report says, and what an incident makes of all reports."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part
from shared.contracts.event import Count


class Sayer(StrEnum):
    """What kind of voice gives a count; the first three are official."""

    AUTHORITY = "authority"
    """A ministry, police, a governor, a prosecutor."""
    NEUTRAL = "neutral"
    """A hospital, rescuers, an ombudsman, the United Nations: official, and nobody's side."""
    FORCES = "forces"
    """An army or its ministry: official, and where it fights a side of the fight."""
    SIDE = "side"
    """Rebels, militants, a gang."""
    OTHER = "other"
    """Residents, witnesses, relatives, activists, other media."""
    OUTLET = "outlet"
    """Nobody is named: the outlet says it itself."""

    @property
    def official(self) -> bool:
        return self in (Sayer.AUTHORITY, Sayer.NEUTRAL, Sayer.FORCES)


class Counted(Part):
    """One report's count of one cost (``killed``, ``injured`` ...), and who gives it there."""

    field: str
    count: Count
    at_least: bool = False
    """Whether the text says *at least* or *more than*."""
    sayer: Annotated[Sayer | str, Field(union_mode="left_to_right")] = Sayer.OUTLET
    said_by: str = ""
    """As printed, without its article: ``health ministry``; empty when the outlet says it itself."""
    voice: str = ""
    """What makes two sayers one, whichever outlet quotes them: ``police``; empty for the outlet."""
    name: str = ""
    """The side that the sayer belongs to, by its canonical name, where the text says so."""
    country: str | None = None
    """That side's country."""


class Figure(Part):
    """An incident's best count of one cost: who gives it, and what others tell beside it.

    The newest official count is the best one, else the newest; what a side says is the best only where
    nobody else counts.
    """

    low: int
    high: int
    at_least: bool = False
    said_by: str = ""
    """As printed (``health ministry``), else the outlet's name."""
    official: bool = False
    claim: bool = False
    """Whether only a side of the event says so."""
    by_outlet: bool = False
    """Whether ``said_by`` is the outlet itself."""
    told: Count | None = None
    """The lowest and the highest count that stand beside each other now; null where nobody differs."""
    at: Moment
    """When the report that gives it was published."""


class Figures(Part):
    """The figure of each cost, null where nobody states it; beside ``Casualties``, field by field."""

    killed: Figure | None = None
    injured: Figure | None = None
    missing: Figure | None = None
    abducted: Figure | None = None
    arrested: Figure | None = None
