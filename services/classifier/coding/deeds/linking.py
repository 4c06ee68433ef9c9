"""What the deeds of neighbouring clauses say of each other: one is as old as the other, or points back."""

from collections.abc import Sequence
from itertools import pairwise

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.deeds.status import in_subordinate

_CLOSE = 6
"""Words between a deed and the verb of its relative clause."""


def inherit(reading: Reading) -> None:
    """*An attack on 7 October that killed 1,140*: the relative clause is as old as what it hangs on."""
    names = {span.start: span.end for _, span, _ in reading.weapons if " " in span.text}
    reading.frames = [
        f
        for f in reading.frames
        if not (f.mode == "other" and any(start < f.span.start < end for start, end in names.items()))
    ]
    for before, frame in pairwise(reading.frames):
        if (
            before.status == "historical"
            and frame.status == "actual"
            and (frame.plural or in_subordinate(frame) in ("that", "which", "who"))
        ):
            frame.status, frame.why = "historical", before.why
        if (
            not before.verb
            and not before.recipients
            and frame.verb
            and in_subordinate(frame) in ("that", "which")
        ):
            # "an attack that wounded three soldiers": whom it wounded it was against.
            before.recipients = [m for m in frame.recipients if m not in before.actors]
            frame.hangs_on = before if frame.first - before.last <= _CLOSE else None


def point_back(readings: Sequence[Reading]) -> None:
    """*Following the attack*, right after a sentence of history, points at the old attack."""
    for before, reading in pairwise(readings):
        old = [f for f in before.frames if f.event_type == "ASSAULT"]
        if not any(f.status == "historical" for f in old) or any(
            f.status == "actual" and f.strength >= 0.5 for f in old
        ):
            continue
        for frame in reading.frames:
            if frame.definite and not frame.verb and not frame.actors and frame.status == "actual":
                frame.status, frame.why = "historical", "points back at an old event"
