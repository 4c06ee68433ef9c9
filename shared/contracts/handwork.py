"""What a person did to incidents: the audit's record, written in one step with what it changed."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Record


class Deed(StrEnum):
    """What a person may do to an incident."""

    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"
    RETRACT = "retract"


class Handwork(Record):
    """One work of a person's hand: who, when, what, to which incidents, and why."""

    at: Moment
    by: str
    """The name of the user at the machine, or what `--by` said."""
    deed: Annotated[Deed | str, Field(union_mode="left_to_right")]
    incidents: tuple[str, ...]
    """The incidents it changed: first the one that stands, or that was split."""
    what: tuple[str, ...] = ()
    """The articles that were moved, or the fields as they were typed."""
    why: str
