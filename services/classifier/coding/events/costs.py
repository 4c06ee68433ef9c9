"""A deed and its sentences in, what it cost out: which tolls of a report are whose, and each counted once.

A toll belongs to the harm word that governs it and the deed that this tells of; a sentence that only counts
belongs to the last deed told. Told again it counts once, of another side of a fight it is added.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Reading, Toll, When
from services.classifier.coding.tolls.harms import NEUTRALISED
from shared.contracts import Count

_APART = frozenset({";", "while", "although", "but", "after", "since"})
_ALSO = frozenset({"also", "another", "further", "additionally"})
_SLAIN = frozenset({"slain", "bodies", "corpses"})
_REBELS = word_class("costs.rebels")
_FORCES = word_class("costs.forces")
_DEADLY = frozenset({"ASSAULT", "PROTEST", "COERCE"})
_COSTS = {
    "ASSAULT": frozenset({"killed", "injured", "missing", "abducted", "arrested"}),
    "PROTEST": frozenset({"killed", "injured", "missing", "arrested"}),
    "COERCE": frozenset({"killed", "injured", "missing", "abducted", "arrested"}),
}
"""What an event of a type can cost: a threat or a sanction costs nobody's life, whatever is recalled."""
_NEAR, _NEAR_ALONE = 2, 6
"""Sentences between a deed and the count of its victims, where others are told and where it stands alone."""


def take_tolls(
    draft: Draft,
    mine: Sequence[Frame],
    others: Sequence[Draft],
    reading: Reading,
    readings: Sequence[Reading],
) -> None:
    """Join the tolls of a sentence that tells this deed; ``others`` are deeds told in it as well."""
    number = reading.sentence.number
    others = [d for d in others if not twins(d, draft)]
    theirs = [f for d in others for f in d.frames if f.sentence.number == number]
    for toll in _counted(draft, reading, readings):
        owner = next((f for f in reading.frames if f.first <= toll.cue < f.last), None)
        ours = _attached(draft, toll, mine)
        if owner is not None:
            if owner.status in ("historical", "hypothetical", "negated") and toll.count.high:
                continue
            bare = all(f.first <= toll.cue < f.last and f is not draft.frames[0] for f in mine)
            if bare and any(f.first < owner.first for f in theirs):
                continue  # "the attack left one wounded": the harm word alone is of the deed told before it
            if owner in theirs and not ours:
                continue
        if owner not in mine and not ours and not _nearest(mine, others, number, toll.first):
            continue
        if not ours and any(
            _attached(d, toll, [f for f in d.frames if f.sentence.number == number]) for d in others
        ):
            continue
        _add(draft, toll, reading)


def take_aftermath(
    draft: Draft, drafts: Sequence[Draft], readings: Sequence[Reading], reading: Reading
) -> None:
    """A sentence that tells no deed (*Six others were wounded*) belongs to the last one told."""
    number = reading.sentence.number
    before = [d for d in drafts if d.order[0] < number]
    costly = [d for d in before or drafts if d.event_type in _DEADLY and not only_harm(d, readings)]
    if not reading.tolls or draft not in costly or any(f.status == "historical" for f in reading.frames):
        return
    if any(f.sentence.number == number for d in drafts if not only_harm(d, readings) for f in d.frames):
        return
    if any(not _same_time(w, draft) for w in reading.whens if w.first in reading.recent):
        return
    # "Three dead in Kisii": a title that only counts is of the first deed told after it.
    gaps = {id(d): _gap(d, number) for d in costly}
    near = min(gaps.values())
    if near > (_NEAR_ALONE if len(costly) == 1 else _NEAR):
        return
    told = [d for d in costly if gaps[id(d)] == near]
    if any(toll.count.high for toll in reading.tolls):
        blows = [d for d in told if d.event_type != "COERCE"] or told
        if draft not in blows or not all(d is draft or twins(d, draft) for d in blows):
            return  # of two deeds told in one breath, nobody knows whose count it is
    for toll in _counted(draft, reading, readings):
        untrue = any(f.first <= toll.cue < f.last and f.status != "actual" for f in reading.frames)
        if not untrue or not toll.count.high:
            _add(draft, toll, reading)


def _counted(draft: Draft, reading: Reading, readings: Sequence[Reading]) -> Iterator[Toll]:
    """The tolls of a sentence that an event of this type can have, but for those of old days."""
    fields = _COSTS.get(draft.event_type, frozenset())
    for toll in reading.tolls:
        if toll.field == NEUTRALISED:
            if not any(_SLAIN & set(r.sentence.norms) for r in readings):
                continue
            toll = replace(toll, field="killed")
        if toll.field in fields and not _of_an_old_day(toll, reading):
            yield toll


def _of_an_old_day(toll: Toll, reading: Reading) -> bool:
    """Whether the day nearest to a toll, in its part of the sentence, is no longer news."""
    norms = reading.sentence.norms
    best: tuple[int, bool] | None = None
    for when in reading.whens:
        low, high = sorted((when.first, toll.cue))
        if _APART & set(norms[low:high]) or norms[when.first - 1 : when.first] in (("since",), ("until",)):
            continue
        if best is None or high - low < best[0]:
            best = (high - low, when.first not in reading.recent)
    return best is not None and best[1]


def _same_time(when: When, draft: Draft) -> bool:
    """Whether a sentence's day may be the deed's: *on Thursday* is not, where the deed was on Sunday."""
    if draft.when is None or draft.when.same_day or when.same_day:
        return True
    return when.precision > 1 or abs((when.day - draft.when.day).days) <= 1


def _gap(draft: Draft, number: int) -> int:
    """Sentences since a deed was last told, or, where it is told only later, until it is."""
    before = [f.sentence.number for f in draft.frames if f.sentence.number < number]
    return number - max(before) if before else draft.order[0] - number


def _attached(draft: Draft, toll: Toll, frames: Sequence[Frame]) -> bool:
    """Whether the toll's victims are this event's recipients."""
    return bool(toll.victims) and any(toll.victims in f.recipients for f in frames)


def _nearest(draft_frames: Sequence[Frame], others: Sequence[Draft], sentence: int, position: int) -> bool:
    """Whether a word at ``position`` stands nearer to one of these frames than to another event's."""
    ours = min(abs(f.first - position) for f in draft_frames)
    theirs = min(
        (abs(f.first - position) for d in others for f in d.frames if f.sentence.number == sentence),
        default=999,
    )
    return ours <= theirs


def _add(draft: Draft, toll: Toll, reading: Reading) -> None:
    """Join a toll to those of an event: told again it counts once, of another side it is added."""
    same = next((t for t in draft.tolls if t.field == toll.field), None)
    if same is None:
        draft.tolls.append(toll)
        return
    if same.span.start == toll.span.start or (same.rising and not toll.rising) or not toll.count.high:
        return
    place = draft.tolls.index(same)
    vague = same.count.low < same.count.high and toll.count.low == toll.count.high
    if toll.rising or not same.count.high or (vague and same.count.low <= toll.count.low):
        draft.tolls[place] = toll  # "dozens" in the headline, 34 in the body
        return
    foes = {arms(same), arms(toll)} == {"armed", "other"}
    here = reading.sentence.start <= same.span.start < reading.sentence.end and (
        foes or "while" not in reading.sentence.norms[same.last : toll.first]
    )  # "killing two in Homs, while rockets hit Hama, killing three"
    fewer = toll.count.high < same.count.low
    unknown = toll.victims is not None and toll.victims.unknown
    also = bool(_ALSO & set(reading.sentence.norms)) and (foes or fewer or unknown)
    if here or also or (foes and toll.count.low != same.count.low):
        total = Count(low=same.count.low + toll.count.low, high=same.count.high + toll.count.high)
        draft.tolls[place] = replace(same, count=total)


def arms(toll: Toll) -> str:
    """On which side of a fight the victims of a toll stand; empty where the text does not say."""
    if toll.victims is None:
        words = set(toll.span.text.casefold().split())
        return "armed" if _REBELS & words else "other" if _FORCES & words else ""
    return "armed" if toll.victims.unknown or toll.victims.role == "armed" else "other"


def twins(one: Draft, other: Draft) -> bool:
    """Whether two deeds may be one that the text tells twice: then a count is of both."""
    if (one.event_type, one.mode) != (other.event_type, other.mode) or one.answers or other.answers:
        return False
    actors, rivals = ({m.actor.name for m in d.actors} for d in (one, other))
    return not actors or not rivals or bool(actors & rivals)


def only_harm(draft: Draft, readings: Sequence[Reading]) -> bool:
    """*Nine residents were shot dead*: it only counts the victims of a deed told elsewhere."""
    if draft.event_type != "ASSAULT" or draft.actors:
        return False
    tolls = {r.sentence.number: r.tolls for r in readings if r.tolls}
    return all(
        any(f.first <= toll.cue < f.last for toll in tolls.get(f.sentence.number, ())) for f in draft.frames
    )
