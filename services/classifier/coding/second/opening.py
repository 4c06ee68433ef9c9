"""An event that the rules did not open: the model says there is one, and its words are looked for."""

from collections.abc import Sequence

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.opinion import ROLES, Opinion
from services.classifier.coding.second.ringing import QUIET_TYPES
from services.classifier.coding.text.reading import Draft, Frame

_LEAST_SHARE = 0.08
"""A deed of a type that the model thinks less likely than this is not the one it means."""
_WORDS = 12
"""Most words of a sentence that stand as evidence for a deed that no pattern knows."""
OPENED = 0.5
"""The strength of an event that the model opened: as much as the weakest of the rules' own."""


def open_draft(
    opinion: Opinion, readings: Sequence[Reading], event_type: str, mode: str | None
) -> Draft | None:
    """The draft of the event that the model means; None only for a text without sentences."""
    frame = _known_deed(opinion, readings) or _likely_sentence(opinion, readings, event_type, mode)
    if frame is None:
        return None
    frame.status = "threatened" if event_type == "THREATEN" else "actual"
    frame.background = frame.cause = False
    draft = Draft([frame], event_type, mode, frame.status, OPENED)
    draft.actors, draft.recipients = list(frame.actors), list(frame.recipients)
    return draft


def _known_deed(opinion: Opinion, readings: Sequence[Reading]) -> Frame | None:
    """The deed that the rules saw and held too weak: of a likely type, real, told early."""
    types = opinion.types()
    likely = [
        (types.get(frame.event_type, 0.0) + 0.3 * frame.strength - 0.05 * frame.sentence.number, frame)
        for reading in readings
        for frame in reading.frames
        if types.get(frame.event_type, 0.0) >= _LEAST_SHARE
        and frame.event_type not in QUIET_TYPES
        and frame.status in ("actual", "threatened")
    ]
    return max(likely, key=lambda pair: pair[0], default=(0.0, None))[1]


def _likely_sentence(
    opinion: Opinion, readings: Sequence[Reading], event_type: str, mode: str | None
) -> Frame | None:
    """A deed without a pattern: the sentence with most of the event's parts, from its likeliest word on."""

    def weight(reading: Reading) -> float:
        number = reading.sentence.number
        shares = [
            opinion.roles[number, word]
            for word in range(len(reading.sentence.words))
            if (number, word) in opinion.roles
        ]
        return sum(max(column) for column in zip(*shares, strict=True)) - 0.1 * number if shares else -1.0

    if not readings:
        return None
    sentence = max(readings, key=weight).sentence
    parts = [
        word
        for word in range(len(sentence.words))
        if max(opinion.roles.get((sentence.number, word), [0.0] * len(ROLES))) >= 0.5
    ]
    first = min(parts, default=0)
    last = min(max(parts, default=first) + 1, first + _WORDS, len(sentence.words))
    return Frame(
        sentence,
        first,
        last,
        event_type,
        mode,
        OPENED,
        True,
        frozenset(),
        sentence.span(first, last),
        why="named by the trained reader",
    )
