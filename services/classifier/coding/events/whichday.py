"""A deed and the days that its report names in, the day of the deed out.

The day of the deed is not the day on which somebody spoke of it (*died on Friday, officials said on Monday*),
nor one that bounds something else (*since Monday*). A deed whose own sentences name no day has the first
that the report names for no other.
"""

from collections.abc import Sequence
from dataclasses import replace

from services.classifier.coding.days.past import is_past
from services.classifier.coding.days.saying import is_said
from services.classifier.coding.deeds.status import date_of
from services.classifier.coding.events.costs import only_harm, twins
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Reading, Sentence, When

_ON_PAPER = frozenset({"restrict", "martial-law", "curfew", "coup", "war-declaration"})
"""Modes of coercion that are proclaimed."""
_ISSUES = word_class("whichday.issues")
_BOUNDS = frozenset({"since", "until", "by", "from"})
Rank = tuple[bool, bool, bool, bool]
"""How little a day says: whether it is the day of a word, an old, a vague, a pointed one."""
_POINTING = word_class("whichday.pointing")
_NEAR = 3
"""Sentences within which another day takes the place of the day of a word."""


def take_day(draft: Draft, mine: Sequence[Frame], reading: Reading, readings: Sequence[Reading]) -> None:
    """Give a draft the day of a sentence that tells it."""
    for frame in mine:
        when = date_of(frame, reading.whens)
        if when is None and len(reading.whens) == 1 and not frame.cause:
            when = reading.whens[0]
        if when is None or _bounds(reading, when):
            continue
        if not frame.cause and _rank(draft, reading, when)[0]:
            # "Died on Friday when ..., officials said on Monday": the day of the deed, not of the word.
            near = [
                w for w in reading.whens if not _bounds(reading, w) and not is_past(reading.sentence, w.first)
            ]
            when = min([when, *near], key=lambda w: _rank(draft, reading, w))
        _settle(draft, reading, when, readings)


def day_told_elsewhere(draft: Draft, drafts: Sequence[Draft], readings: Sequence[Reading]) -> None:
    """Give a deed whose own sentences name no day the first that is named for no other deed."""
    if draft.when is not None and (
        draft.when.same_day or not _is_weak(_rank_of(draft, draft.when, readings))
    ):
        return
    own = [f.sentence.number for f in draft.frames]
    named = [(r, w) for r in readings for w in _recent(r)]
    for reading, when in named:
        far = draft.when is not None and min(abs(reading.sentence.number - n) for n in own) > _NEAR
        if not far and not _of_another(draft, drafts, reading, readings):
            _settle(draft, reading, when, readings)
    first = all(draft.order <= d.order for d in drafts)
    if draft.when is None and named and (first or len({w.day for _, w in named}) == 1):
        reading, when = min(named, key=lambda pair: _rank(draft, *pair))
        # The one day that a report names is most often its deed's, though another deed stands beside it.
        sure = not _of_another(draft, drafts, reading, readings)
        draft.when = when if sure else replace(when, printed=False)


def stated_day(draft: Draft, readings: Sequence[Reading]) -> When | None:
    """The day that is said of a draft: not printed where it is a word's, and none of a deed done before it.

    *Gunmen killed 18, an official said on Friday*: it was done on that day or before. *Struck overnight, an
    official said on Friday* says enough to name the day, and who imposes sanctions does so by his word.
    """
    when = draft.when
    if when is None or _is_performed(draft) or not _rank_of(draft, when, readings)[0]:
        return when
    told = {frame.sentence.number for frame in draft.frames}
    near = [reading.sentence for reading in readings if reading.sentence.number in told]
    return replace(when, printed=False) if any(_is_pointed(each, when) for each in near) else None


def _is_pointed(sentence: Sentence, when: When) -> bool:
    """Whether a word apart from the day itself says that the deed is of this day: *overnight*, *at dawn*."""
    beside = range(when.first - 2, when.last + 2) if sentence.start <= when.span.start < sentence.end else ()
    return any(word in _POINTING and n not in beside for n, word in enumerate(sentence.norms))


def _recent(reading: Reading) -> list[When]:
    """The days of the last week that a sentence names, but for those that bound or recall something."""
    return [
        when
        for when in reading.whens
        if when.first in reading.recent
        and not when.same_day
        and not _bounds(reading, when)
        and not is_past(reading.sentence, when.first)
    ]


def _is_weak(rank: Rank) -> bool:
    """Whether a day is one of a word or an old one."""
    return rank[0] or rank[1]


def _of_another(draft: Draft, drafts: Sequence[Draft], reading: Reading, readings: Sequence[Reading]) -> bool:
    """Whether a sentence tells another deed than this."""
    number = reading.sentence.number
    told = [d for d in drafts if d is not draft and any(f.sentence.number == number for f in d.frames)]
    return any(not twins(d, draft) and not only_harm(d, readings) for d in told)


def _settle(draft: Draft, reading: Reading, when: When, readings: Sequence[Reading]) -> None:
    """Give a draft this day, unless the one that it has is as good."""
    if draft.when is None or (
        not draft.when.same_day and _rank(draft, reading, when) < _rank_of(draft, draft.when, readings)
    ):
        draft.when = when


def _rank_of(draft: Draft, when: When, readings: Sequence[Reading]) -> Rank:
    start = when.span.start
    told = next((r for r in readings if r.sentence.start <= start < r.sentence.end), None)
    return _rank(draft, told, when) if told else (False, False, False, False)


def _bounds(reading: Reading, when: When) -> bool:
    """*Since Monday*, *as of Saturday*, *Thursday edition*: no day of a deed."""
    norms = reading.sentence.norms
    first = when.first
    before = norms[first - 1] if first else ""
    after = norms[when.last] if when.last < len(norms) else ""
    return before in _BOUNDS or norms[max(0, first - 2) : first] == ("as", "of") or after in _ISSUES


def _rank(draft: Draft, reading: Reading, when: When) -> Rank:
    """How little a day says of when the deed was done: a day of a word, an old, a vague, a pointed one."""
    spoken = is_said(reading.sentence, when, [f.first for f in reading.frames], _is_performed(draft))
    if draft.event_type == "THREATEN":
        spoken = not spoken  # the word is the deed, the other day is what it threatens
    return spoken, when.first not in reading.recent, when.precision > 1, not when.printed


def _is_performed(draft: Draft) -> bool:
    """Whether a deed is done by word or on paper, so that its day is the day of the word."""
    return draft.event_type in ("SANCTION", "THREATEN") or draft.mode in _ON_PAPER
