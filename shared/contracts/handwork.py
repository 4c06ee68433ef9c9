"""What a person did to incidents, or to who hears of them: the audit's record.

A work on incidents is written in one step with what it changed, one on deliveries and mutes right after.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Record


class Deed(StrEnum):
    """What a person may do: the first four to an incident, the others to who hears of one."""

    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"
    RETRACT = "retract"
    RESEND = "resend"
    REPLAY = "replay"
    RECOVER = "recover"
    MUTE = "mute"
    UNMUTE = "unmute"


class Handwork(Record):
    """One work of a person's hand: who, when, what, to which incidents, and why."""

    at: Moment
    by: str
    """The name of the user at the machine, or what `--by` said."""
    deed: Annotated[Deed | str, Field(union_mode="left_to_right")]
    incidents: tuple[str, ...]
    """The incidents it changed or was about: first the one that stands, or that was split."""
    what: tuple[str, ...] = ()
    """The articles that were moved, the fields as they were typed, or what was told again or muted."""
    why: str
    """Empty where none was asked for: of what was told again."""
