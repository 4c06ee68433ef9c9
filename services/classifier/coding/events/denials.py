"""*X denies that it was behind the attack*: the attack is told, and X says that it was not its own.

No new event (CODEBOOK §3): such a deed is never the main one, but it carries the denial to its incident. Who
denies that anything happened at all (*no missile was fired*) tells of no deed.
"""

from collections.abc import Sequence

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Mention

_DENYING = word_class("denials.denying")
PART = word_class("denials.part")
"""Words that say what is denied: to have had a part in it, not that it happened."""
_REACH = 12
"""Words from the denial to the deed that it is about."""


def mark_denied(frames: Sequence[Frame], mentions: Sequence[Mention]) -> None:
    """Name on each deed who denies to have had a part in it; what was denied has still happened."""
    for frame in frames:
        denier = _denier(frame, mentions)
        if denier is not None and frame.status in ("actual", "negated"):
            frame.denied, frame.status, frame.background = denier, "actual", True
            frame.why = "only its author is denied"


def only_denied(draft: Draft) -> bool:
    """Whether an event is told by nothing but denials and what hangs on them."""
    denied = {frame.sentence.number for frame in draft.frames if frame.denied}
    return bool(denied) and all(f.sentence.number in denied for f in draft.frames)


def _denier(frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    sentence = frame.sentence
    if frame.verb or frame.event_type != "ASSAULT":
        return None
    for index in range(frame.first - 1, max(-1, frame.first - _REACH), -1):
        if sentence.norms[index] not in _DENYING:
            continue
        if not PART & set(sentence.norms[index + 1 : frame.last]):
            return None
        return next((m for m in reversed(mentions) if m.last <= index and not m.adjective), None)
    return None
