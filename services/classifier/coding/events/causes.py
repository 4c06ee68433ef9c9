"""What an event answers: *in response to*, *after*, *in retaliation for* (PLOVER's links)."""

from collections.abc import Sequence

from services.classifier.coding.events.merge import ANSWERING
from services.classifier.coding.lexicon import Lexicon
from services.classifier.coding.text.reading import Draft, Reading, Sentence, Span

_AFTER = frozenset({"a day after", "days after", "hours after", "after", "following"})


_CALLED = frozenset(
    {"call", "calls", "report", "reports", "emergency", "alarm", "questions", "requests", "any"}
)
"""What police, or a spokesman, respond to without striking anybody."""


def only_after(cue: str) -> bool:
    """Whether a cue says that one act followed another, not that it was meant as its answer."""
    return cue.casefold() in _AFTER or cue.casefold().startswith("within ")


def read_causes(drafts: Sequence[Draft], readings: Sequence[Reading], lexicon: Lexicon) -> None:
    """Set ``responds`` (cue and words) and ``answers`` (a draft of the same article) on the drafts."""
    for draft in drafts:
        for reading in readings:
            frames = [f for f in draft.frames if f.sentence.number == reading.sentence.number]
            if not frames or frames[0].cause or draft.frames[0].cause:
                continue
            cue = _cue(draft, reading, lexicon)
            if cue is None:
                continue
            other = _answered(draft, drafts, reading, cue[1])
            words = _words_from(cue[1], reading.sentence)
            states_it = (
                draft.responds is not None
                and only_after(draft.responds[0].text)
                and not only_after(cue[2].text)
            )
            if draft.responds is None or states_it or (other and draft.answers is None):
                draft.responds = (cue[2], words)
            if other is not None and draft.answers is None and other.answers is not draft:
                draft.answers = other
    for draft in drafts:
        _answer(draft, drafts, lexicon)
    if drafts and (drafts[0].responds is None or only_after(drafts[0].responds[0].text)):
        drafts[0].responds = _said_elsewhere(readings, lexicon) or drafts[0].responds
    for draft in drafts:
        if draft.answers is None and draft.responds and draft is drafts[0]:
            earlier = [d for d in drafts if d is not draft and d.frames[0].cause and d.answers is not draft]
            draft.answers = earlier[0] if earlier else None


def _said_elsewhere(readings: Sequence[Reading], lexicon: Lexicon) -> tuple[Span, Span] | None:
    """*The army called it a response to ...*: stated in a sentence that names the deed no more."""
    for reading in readings:
        sentence = reading.sentence
        for first, last, cue in lexicon.cues["respond"].find(sentence.norms):
            named = cue.endswith((" to", " for")) and cue != "response to" and last < len(sentence.norms)
            if named and not _CALLED & set(sentence.norms[last : last + 2]):
                return sentence.span(first, last), _words_from(last, sentence)
    return None


def _words_from(first: int, sentence: Sentence) -> Span:
    """What is answered, as far as a person needs to see it, without the stop that ends it."""
    last = min(len(sentence.norms), first + 14)
    while last > first + 1 and not any(sign.isalnum() for sign in sentence.norms[last - 1]):
        last -= 1
    return sentence.span(first, last)


def _answer(draft: Draft, drafts: Sequence[Draft], lexicon: Lexicon) -> None:
    """*Kyiv answers with a drone raid*: it answers the blow that was told before."""
    frame = next((f for f in draft.frames if f.answers), None)
    if frame is None or draft.answers is not None:
        return
    rivals = [d for d in drafts if d is not draft and d.event_type == draft.event_type]
    other = min(
        (d for d in rivals if d.answers is not draft and not any(f.answers for f in d.frames)),
        key=lambda d: d.order,
        default=None,
    )
    if other is None:
        return
    sentence = frame.sentence
    cues = [found for use in ("answer", "answer_after") for found in lexicon.cues[use].find(sentence.norms)]
    first, last, _ = next(found for found in cues if found[2] == frame.answers)
    draft.answers = other
    draft.responds = draft.responds or (sentence.span(first, last), frame.span)


def _cue(draft: Draft, reading: Reading, lexicon: Lexicon) -> tuple[int, int, Span] | None:
    norms = reading.sentence.norms
    found = sorted(lexicon.cues["respond"].find(norms), key=lambda each: only_after(each[2]))
    for first, last, cue in found:
        if cue in ("retaliation", "revenge", "reprisal") and norms[max(0, first - 2) : first][-1:] in (
            ("of",),
            ("threatens",),
        ):
            continue
        if last < len(norms):
            return first, last, reading.sentence.span(first, last)
    for index, norm in enumerate(norms[:-1]):
        if (
            norm in ANSWERING
            and norms[index + 1] not in ("with", "by")
            and any(0 < f.first - index <= 3 and f not in draft.frames for f in reading.frames)
        ):
            # "Rockets fall as militias answer American strikes": they are the militias'.
            draft.actors = draft.actors or [m for m in reading.mentions if m.last == index and m.armed]
            return index, index + 1, reading.sentence.span(index, index + 1)
        causal = [f for f in reading.frames if f.cause and 0 < f.first - index <= 8]
        if (
            (norm in ("after", "following") or (norm == "within" and norms[index + 2 : index + 3] == ("of",)))
            and causal
            and any(f.first < index for f in draft.frames if f.sentence is reading.sentence)
        ):
            if any(f in draft.frames for f in causal):
                continue
            end = index + 3 if norm == "within" else index + 1
            return index, end, reading.sentence.span(index, end)
    return None


def _answered(draft: Draft, drafts: Sequence[Draft], reading: Reading, after: int) -> Draft | None:
    number = reading.sentence.number
    for other in drafts:
        if other is draft:
            continue
        for frame in other.frames:
            if frame.sentence.number == number and frame.first >= after:
                return other
    causes = [d for d in drafts if d is not draft and d.frames[0].cause]
    return causes[0] if len(causes) == 1 else None
