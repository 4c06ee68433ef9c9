"""A sentence and the day of publication in, the days it names out.

Weekdays are the last such day up to publication, as the press writes, or the next day, where it had begun
somewhere; days without a year are the last such day. ``printed`` tells a named day (*on Monday*, *25
December*) from a pointed one (*today*).
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from services.classifier.coding.days.pointed import (
    days_before,
    days_counted,
    pointed,
    vaguely_pointed,
    when_at,
)
from services.classifier.coding.text.reading import Sentence, When

RECENT = timedelta(days=7)
"""CODEBOOK §1: *just* means within 7 days before publication."""

_FIRST_MORNING = timedelta(hours=14)
"""How far the earliest clock on earth is ahead of UTC."""
_TOKYO = timedelta(hours=9)
"""How far ahead the first clocks are from which much news comes."""

_WEEKDAYS = {
    n: i for i, n in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_SHORT_WEEKDAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
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
_MONTHS |= {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9}
_MONTHS |= {"oct": 10, "nov": 11, "dec": 12}
_CLOCKS = frozenset({"utc", "gmt", "hrs", "hours", "local", "z", "lt"})
_NAMED_DAYS = {(10, 7): 2023, (9, 11): 2001, (11, 26): 2008, (1, 6): 2021}
"""Days that have become names (*the October 7 attack*): not this year's, whenever they are printed."""
_NIGHT = frozenset({"night", "overnight"})
_HELD = (("market",), ("bazaar",), ("times",))
_BYGONE = (("bloody",), ("black",))
_NAMED_DEEDS = frozenset(
    ["attack", "attacks", "massacre", "massacres", "assault", "onslaught", "riot", "bombings", "hijackings"]
)


def dates_in(sentence: Sentence, published: date, tomorrow: bool = False) -> list[When]:
    """The days that a sentence names, in order.

    ``tomorrow`` says that the day after ``published`` had begun somewhere: on Tuesday evening in New York,
    what Asia did *on Wednesday* is a few hours old, not six days. *Overnight* and *this morning* are of the
    day that stands beside them, and of the day of publication where none does.
    """
    found = sorted(_all(sentence, published, tomorrow), key=lambda when: when.first)
    found = _same_days(_one_night(sentence, found))
    found += days_before(sentence, found)
    # "Hit overnight, in answer to Monday's raid": Monday dates the raid alone.
    if not any(when.precision == 1 and not sentence.words[when.last - 1].possessive for when in found):
        found += vaguely_pointed(sentence, published)
    if "after" in sentence.norms:
        found += list(days_counted(sentence, found, published))
    return sorted(found, key=lambda when: when.first)


def tomorrow_has_begun(moment: datetime, published: date) -> bool:
    """Whether the day after ``published`` had begun anywhere on earth at ``moment`` (in UTC)."""
    return (moment + _FIRST_MORNING).date() > published


def tomorrow_in_tokyo(moment: datetime) -> bool:
    """Whether at ``moment`` (in UTC) the next day had begun in Tokyo: what Asia's outlets then write about.

    Noon and midnight prove nothing: feeds without an hour give them.
    """
    return moment.time() != time() and (moment + _TOKYO).date() > moment.date()


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
        weekday = _WEEKDAYS.get(norm) if word.capital and not _is_a_name(sentence, index) else None
        if weekday is None and norm in _SHORT_WEEKDAYS and word.capital and _is_weekday(sentence, index):
            weekday = _SHORT_WEEKDAYS[norm]
        if weekday is not None:
            back = (published.weekday() - weekday) % 7
            if back == 6 and tomorrow and norms[max(0, index - 1) : index] != ("last",):
                back = -1
            yield when_at(sentence, index, index + 1, published - timedelta(days=back), 1, True)
        elif norm in _MONTHS and word.capital:
            found = _calendar(sentence, index, published)
            if found:
                taken.update(range(found.first, found.last))
                yield found
        elif norm[0].isdigit() and (numeric := _numeric(sentence, index, published)):
            taken.update(range(numeric.first, numeric.last))
            yield numeric
        elif norm.isdigit() and len(norm) == 4 and 1900 <= int(norm) <= published.year - 1 and index:
            if (
                norms[index - 1] in ("in", "since", "of", "the", "from", "late", "early", "mid")
                and not word.glued
            ):
                yield when_at(sentence, index, index + 1, date(int(norm), 12, 31), 3, True)
        else:
            yield from pointed(sentence, index, published)


def _one_night(sentence: Sentence, found: list[When]) -> list[When]:
    """*In the night from Monday to Tuesday*: one night of two days, most of it the later one's."""
    norms = sentence.norms
    for first, second in pairwise(found):
        before = norms[max(0, first.first - 3) : first.first]
        joined = norms[first.last : second.first] in (("to",), ("into",), ("-",), ("–",), ("and",))
        if joined and _NIGHT & set(before) and (second.day - first.day).days == 1:
            begin = first.first - (before[-1:] in (("from",), ("of",), ("between",)))
            night = replace(second, first=begin, printed=False, span=sentence.span(begin, second.last))
            return [night if when is second else when for when in found if when is not first]
    return found


def _same_days(found: list[When]) -> list[When]:
    """*On Tuesday ... and six more the same day*: the day told before it, where the sentence tells one."""
    out: list[When] = []
    for when in found:
        told = [each for each in out if each.precision == 1 and not each.same_day]
        if when.same_day and told:
            out.append(replace(when, day=told[-1].day, same_day=False))
        else:
            out.append(when)
    return out


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
        clock = norms[after].startswith("0") or (norms[after + 1 : after + 2] and norms[after + 1] in _CLOCKS)
        if not clock:  # "31 Dec 0940 UTC"
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
    number = min(day or 1, monthrange(year, month)[1])
    return when_at(sentence, first, last, date(year, month, number), 1 if day else 3, True)


def _is_a_name(sentence: Sentence, index: int) -> bool:
    """*The Monday Market* of Maiduguri stands all week, and *Bloody Sunday* was long ago."""
    norms = sentence.norms
    held = norms[index + 1 : index + 2] in _HELD and not sentence.words[index].possessive
    return held or norms[max(0, index - 1) : index] in _BYGONE


def _is_weekday(sentence: Sentence, index: int) -> bool:
    """*Sun 27 June*, *on Sat*: an abbreviation, not the star or the verb."""
    norms = sentence.norms
    after = norms[index + 1 : index + 2]
    before = norms[index - 1] if index else ""
    return (
        bool(after and after[0].isdigit())
        or before in ("on", "until", "by", "last", "late", "early")
        or bool(after and after[0] in ("night", "morning", "afternoon", "evening", ","))
        or (before.isdigit() and len(before) == 4)
    )


def _numeric(sentence: Sentence, index: int, published: date) -> When | None:
    """*2023-12-25*, *25.12.2023*, *2/7/25*: the day comes first, unless it can only be a month."""
    words = sentence.words
    dotted = words[index].text.split(".")
    if len(dotted) == 3 and all(part.isdigit() for part in dotted):
        parts, last = dotted, index + 1
    elif (
        index + 2 < len(words)
        and words[index + 1].glued
        and words[index + 2].glued
        and not words[index].glued
    ):
        parts, last = list(sentence.norms[index : index + 3]), index + 3
        if last < len(words) and words[last].glued:
            return None
    else:
        return None
    if not all(part.isdigit() and part.isascii() for part in parts):
        return None
    if len(parts[0]) == 4:
        year, month, day = (int(part) for part in parts)
    elif len(parts[2]) in (2, 4) and len(parts[0]) <= 2 and len(parts[1]) <= 2:
        day, month, year = (int(part) for part in parts)
        if month > 12:
            day, month = month, day
        year += 2000 if len(parts[2]) == 2 else 0
    else:
        return None
    if not 1800 <= year <= published.year + 5 or not 1 <= month <= 12:
        return None
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return when_at(sentence, index, last, date(year, month, day), 1, True)


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
