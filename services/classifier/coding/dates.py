"""A sentence and the day of publication in, the days it names out.

Weekdays are the last such day up to publication, as the press writes, or the next day, where it had begun
somewhere; days without a year are the last such day. ``printed`` tells a named day (*on Monday*, *25
December*) from a pointed one (*today*).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.classifier.coding.numbers import numbers_in
from services.classifier.coding.reading import Sentence, When

RECENT = timedelta(days=7)
"""CODEBOOK §1: *just* means within 7 days before publication."""

_FIRST_MORNING = timedelta(hours=14)
"""How far the earliest clock on earth is ahead of UTC."""

_WEEKDAYS = {
    n: i for i, n in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_WEEKDAYS |= {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4}
_MONTHS = {
    n: i
    for i, n in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_MONTHS |= {"jan": 1, "feb": 2, "aug": 8, "sept": 9, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_NAMED_DAYS = {(10, 7): 2023, (9, 11): 2001, (11, 26): 2008, (1, 6): 2021}
"""Days that have become names (*the October 7 attack*): not this year's, whenever they are printed."""
_NAMED_DEEDS = frozenset(
    ["attack", "attacks", "massacre", "massacres", "assault", "onslaught", "riot", "bombings", "hijackings"]
)
_UNITS = {
    "day": 1,
    "days": 1,
    "week": 7,
    "weeks": 7,
    "month": 30,
    "months": 30,
    "year": 365,
    "years": 365,
    "decade": 3650,
    "decades": 3650,
    "century": 36500,
}


def dates_in(sentence: Sentence, published: date, tomorrow: bool = False) -> list[When]:
    """The days that a sentence names, in order.

    ``tomorrow`` says that the day after ``published`` had begun somewhere: on Tuesday evening in New York,
    what Asia did *on Wednesday* is a few hours old, not six days.
    """
    return sorted(_all(sentence, published, tomorrow), key=lambda when: when.first)


def tomorrow_has_begun(moment: datetime, published: date) -> bool:
    """Whether the day after ``published`` had begun anywhere on earth at ``moment`` (in UTC)."""
    return (moment + _FIRST_MORNING).date() > published


def is_old(when: When, published: date) -> bool:
    """Whether this day is too long ago to be news."""
    slack = {1: 0, 2: 7, 3: 31}[when.precision]
    return published - when.day > RECENT + timedelta(days=slack)


def _all(sentence: Sentence, published: date, tomorrow: bool) -> Iterator[When]:
    norms = sentence.norms
    taken: set[int] = set()
    for index, norm in enumerate(norms):
        word = sentence.words[index]
        if index in taken:
            continue
        if norm in _WEEKDAYS and word.capital and len(norm) > 3:
            back = (published.weekday() - _WEEKDAYS[norm]) % 7
            if back == 6 and tomorrow and norms[max(0, index - 1) : index] != ("last",):
                back = -1
            yield _when(sentence, index, index + 1, published - timedelta(days=back), 1, True)
        elif norm in _MONTHS and word.capital:
            found = _calendar(sentence, index, published)
            if found:
                taken.update(range(found.first, found.last))
                yield found
        elif norm.isdigit() and len(norm) == 4 and 1900 <= int(norm) <= published.year - 1 and index:
            if (
                norms[index - 1] in ("in", "since", "of", "the", "from", "late", "early", "mid")
                and not word.glued
            ):
                yield _when(sentence, index, index + 1, date(int(norm), 12, 31), 3, True)
        else:
            yield from _pointed(sentence, index, published)


def _calendar(sentence: Sentence, index: int, published: date) -> When | None:
    norms = sentence.norms
    month = _MONTHS[norms[index]]
    first, last, day = index, index + 1, None
    if index and _day(norms[index - 1]):
        first, day = index - 1, _day(norms[index - 1])
    else:
        if norms[last : last + 1] == (".",) and last + 1 < len(norms) and _day(norms[last + 1]):
            last += 1  # "Oct. 7"
        if last < len(norms) and _day(norms[last]):
            day, last = _day(norms[last]), last + 1
    year = None
    after = last + 1 if norms[last : last + 1] == (",",) else last
    if after < len(norms) and norms[after].isdigit() and len(norms[after]) == 4:
        year, last = int(norms[after]), after + 1
    if year is None and day and norms[last : last + 1] and norms[last] in _NAMED_DEEDS:
        named = _NAMED_DAYS.get((month, day))
        year = named if named and date(named, month, day) <= published else None
    if day is None and year is None:
        before = norms[index - 1] if index else ""
        if before not in ("in", "since", "last", "this", "mid", "late", "early", "of", "until", "from", "by"):
            return None
    if year is not None and not 1800 <= year <= published.year + 5:
        return None
    year = year if year is not None else _last_year(month, day or 1, published)
    number = min(day or 15, monthrange(year, month)[1])
    return _when(sentence, first, last, date(year, month, number), 1 if day else 3, True)


def _last_year(month: int, day: int, published: date) -> int:
    soon = published + timedelta(days=3)
    return (
        published.year
        if (month, day) <= (soon.month, soon.day) or soon.year > published.year
        else published.year - 1
    )


def _day(norm: str) -> int | None:
    digits = norm.removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    return (
        int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= 31
        else None
    )


def _pointed(sentence: Sentence, index: int, published: date) -> Iterator[When]:
    norms = sentence.norms
    norm = norms[index]
    here, following = norms[index : index + 4], norms[index + 1 : index + 2]
    if norm == "yesterday":
        yield _when(sentence, index, index + 1, published - timedelta(days=1), 1, False)
    elif norm in ("today", "tonight"):
        # "Today" in a quotation is the day it was said: that of the deed told, if the report names one.
        yield _when(sentence, index, index + 1, published, 1, False, sentence.words[index].quoted)
    elif here[:4] in (("earlier", "in", "the", "day"), ("later", "in", "the", "day")) or here[:3] in (
        ("the", "same", "day"),
        ("earlier", "that", "day"),
        ("earlier", "the", "same"),
    ):
        yield _when(sentence, index, min(index + 4, len(norms)), published, 1, False, same_day=True)
    elif norm == "last" and following in (("week",), ("month",), ("year",), ("night",)):
        unit = following[0]
        back = {"night": 1, "week": 7, "month": 30, "year": 365}[unit]
        precision = {"night": 1, "week": 2, "month": 3, "year": 3}[unit]
        extra = {"night": 0, "week": 0, "month": 20, "year": 60}[unit]
        yield _when(sentence, index, index + 2, published - timedelta(days=back + extra), precision, False)
    elif norm in ("ago", "earlier", "before", "prior") and index >= 2 and norms[index - 1] in _UNITS:
        count = next((n for n in numbers_in(sentence) if n.last == index - 1), None)
        if count or norms[index - 2] in ("a", "an"):
            number = min(count.count.low if count else 1, 5_000)
            days = min(number * _UNITS[norms[index - 1]], 700_000)
            if days < (published - date.min).days:
                precision = 1 if days < 7 else 2 if days < 30 else 3
                first = count.first if count else index - 2
                if norm == "ago" or days > 30:
                    yield _when(
                        sentence, first, index + 1, published - timedelta(days=days), precision, False
                    )


def _when(
    sentence: Sentence,
    first: int,
    last: int,
    day: date,
    precision: int,
    printed: bool,
    same_day: bool = False,
) -> When:
    return When(first, last, day, precision, printed, sentence.span(first, last), same_day)
