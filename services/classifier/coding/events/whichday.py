"""A deed and the days that its report names in, the day of the deed out.

The day of the deed is not the day on which somebody spoke of it (*died on Friday, officials said on Monday*),
nor one that bounds something else (*since Monday*). A deed whose own sentences name no day has the first
that the report names for no other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from services.classifier.coding.days.aftermath import follows
from services.classifier.coding.days.past import is_past
from services.classifier.coding.days.saying import is_said
from services.classifier.coding.days.whose import bounds, of_the_answered, owns
from services.classifier.coding.deeds.status import date_of
from services.classifier.coding.events.costs import only_harm, twins
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Reading, Sentence, When

_ON_PAPER = frozenset({"restrict", "martial-law", "curfew", "coup", "war-declaration"})
"""Modes of coercion that are proclaimed."""
Rank = tuple[bool, bool, bool, bool]
"""How little a day says: whether it is the day of a word or of a funeral, an old, a vague, a pointed one."""
_POINTING = word_class("whichday.pointing")
_A_NIGHT = timedelta(days=1)
"""How far a pointed day may lie from the printed one: *overnight* may be of the day before."""
_NEAR = 3
"""Sentences within which another day takes the place of the day of a word."""


def take_day(
    draft: Draft,
    mine: Sequence[Frame],
    others: Sequence[Draft],
    reading: Reading,
    readings: Sequence[Reading],
) -> None:
    """Give a draft the day of a sentence that tells it."""
    for frame in mine:
        when = date_of(frame, reading.whens)
        if when is None and len(reading.whens) == 1 and not frame.cause:
            lone = reading.whens[0]
            when = lone if _is_free(reading, mine, lone) and not _is_owned(reading, lone, others) else None
        if when is None or (when.counted and any(each.first < when.first for each in mine)):
            continue  # "killed four, a day after a blast": the day of the blast, though both are told as one
        if not frame.cause and _rank(draft, reading, when)[0]:
            # "Died on Friday when ..., officials said on Monday": the day of the deed, not of the word.
            near = [
                w
                for w in reading.whens
                if _is_free(reading, mine, w) and not is_past(reading.sentence, w.first)
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
    named = [(r, w) for r in readings for w in _recent(r, draft, drafts)]
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
    told = {frame.sentence.number for frame in draft.frames}
    near = [reading for reading in readings if reading.sentence.number in told]
    if when is None:
        return _by_the_clock(near, readings)
    if _is_performed(draft) or not any(_is_spoken(draft, each, when) for each in _telling(when, readings)):
        return when
    if any(_is_pointed(each.sentence, when) for each in near):
        return replace(when, printed=False)
    return _by_the_clock(near, readings)


def _by_the_clock(near: Sequence[Reading], readings: Sequence[Reading]) -> When | None:
    """*A bomb went off at noon*: the day of an hour in its own sentences, or in the one after its title."""
    told = [*near, *readings[1:2]] if near and near[0] is readings[0] else near
    for reading in told:
        clock, deeds = reading.clock, [frame.first for frame in reading.frames]
        if (
            clock
            and not is_past(reading.sentence, clock.first)
            and not is_said(reading.sentence, clock, deeds)
        ):
            return clock
    return None


def _is_pointed(sentence: Sentence, when: When) -> bool:
    """Whether a word apart from the day itself says that the deed is of this day: *overnight*, *at dawn*."""
    beside = range(when.first - 2, when.last + 2) if sentence.start <= when.span.start < sentence.end else ()
    return any(word in _POINTING and n not in beside for n, word in enumerate(sentence.norms))


def _recent(reading: Reading, draft: Draft, drafts: Sequence[Draft]) -> list[When]:
    """The days of the last week that a sentence names, but for those that bound, recall or date another."""
    mine = [frame for frame in draft.frames if frame.sentence is reading.sentence]
    others = [each for each in drafts if each is not draft] if mine else []
    return [
        when
        for when in reading.whens
        if when.first in reading.recent
        and not when.same_day
        and _is_free(reading, mine, when)
        and not _is_owned(reading, when, others)
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
    if draft.when is not None and _stands(draft.when, reading, when):
        return
    if draft.when is None or (
        not draft.when.same_day and _rank(draft, reading, when) < _rank_of(draft, draft.when, readings)
    ):
        draft.when = when


def _stands(told: When, reading: Reading, when: When) -> bool:
    """*Hit today. Two died on Saturday*: whether a pointed day told before stands against this one.

    A printed day says more than *overnight*, but one that *overnight* cannot mean is another deed's.
    """
    elsewhere = not reading.sentence.start <= told.span.start < reading.sentence.end
    pointed = told.precision == 1 and not told.printed and not told.same_day
    return elsewhere and pointed and abs(told.day - when.day) > _A_NIGHT


def _rank_of(draft: Draft, when: When, readings: Sequence[Reading]) -> Rank:
    return next((_rank(draft, each, when) for each in _telling(when, readings)), (False, False, False, False))


def _telling(when: When, readings: Sequence[Reading]) -> list[Reading]:
    """The sentence that tells a day."""
    return [each for each in readings if each.sentence.start <= when.span.start < each.sentence.end][:1]


def _is_free(reading: Reading, mine: Sequence[Frame], when: When) -> bool:
    """Whether a day of a sentence may be that of ``mine``, though it stands with none of them."""
    sentence = reading.sentence
    if when.counted or bounds(sentence, when):
        return False
    return not any(of_the_answered(sentence, when, frame.first) for frame in mine)


def _is_owned(reading: Reading, when: When, others: Sequence[Draft]) -> bool:
    """*Fired back after Monday's raid*: whether a day is that of one of these other deeds."""
    here = [f for d in others for f in d.frames if f.sentence is reading.sentence]
    return any(owns(reading.sentence, when, frame.first) for frame in here)


def _rank(draft: Draft, reading: Reading, when: When) -> Rank:
    """How little a day says of when the deed was done: a day of a word, an old, a vague, a pointed one."""
    after = follows(reading.sentence, when, [frame.first for frame in reading.frames])
    spoken = after or _is_spoken(draft, reading, when)
    return spoken, when.first not in reading.recent, when.precision > 1, not when.printed


def _is_spoken(draft: Draft, reading: Reading, when: When) -> bool:
    """Whether a day is that of a word about the deed."""
    deeds = [frame.first for frame in reading.frames]
    spoken = is_said(reading.sentence, when, deeds, _is_performed(draft))
    # Of a threat the word is the deed, and the other day is what it threatens.
    return not spoken if draft.event_type == "THREATEN" else spoken


def _is_performed(draft: Draft) -> bool:
    """Whether a deed is done by word or on paper, so that its day is the day of the word."""
    return draft.event_type in ("SANCTION", "THREATEN") or draft.mode in _ON_PAPER
