"""A sentence and the day of publication in, the days out that it points at without naming them.

*Yesterday*, *three days ago*, *the previous night*, *this morning*, *overnight*, the clock of a live blog.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Sentence, When

_HOURS_OF_DAY = frozenset({"morning", "afternoon", "evening", "dawn", "lunchtime", "noon"})
_DAY_BEFORE = (
    ("the", "previous", "night"),
    ("the", "previous", "day"),
    ("the", "previous", "evening"),
    ("the", "night", "before"),
    ("the", "day", "before"),
    ("the", "evening", "before"),
    ("a", "day", "earlier"),
    ("a", "day", "before"),
    ("one", "day", "earlier"),
)
_EARLIER = frozenset({"previous", "before", "earlier"})
_AFTER_REACH = 6
"""Words between *after* and the deed: *the air*, *a Russian missile*."""
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


def pointed(sentence: Sentence, index: int, published: date) -> Iterator[When]:
    """*Yesterday*, *today*, *last week*, *three days ago* at a word, if it stands there."""
    norms = sentence.norms
    norm = norms[index]
    here, following = norms[index : index + 4], norms[index + 1 : index + 2]
    if norm == "yesterday":
        yield when_at(sentence, index, index + 1, published - timedelta(days=1), 1, False)
    elif norm in ("today", "tonight"):
        # "Today" in a quotation is the day it was said: that of the deed told, if the report names one.
        yield when_at(sentence, index, index + 1, published, 1, False, sentence.words[index].quoted)
    elif here[:4] in (("earlier", "in", "the", "day"), ("later", "in", "the", "day")) or here[:3] in (
        ("the", "same", "day"),
        ("earlier", "that", "day"),
        ("earlier", "the", "same"),
    ):
        yield when_at(sentence, index, min(index + 4, len(norms)), published, 1, False, same_day=True)
    elif norm == "last" and following in (("week",), ("month",), ("year",), ("night",)):
        unit = following[0]
        back = {"night": 1, "week": 7, "month": 30, "year": 365}[unit]
        precision = {"night": 1, "week": 2, "month": 3, "year": 3}[unit]
        extra = {"night": 0, "week": 0, "month": 20, "year": 60}[unit]
        yield when_at(sentence, index, index + 2, published - timedelta(days=back + extra), precision, False)
    elif norm in ("ago", "earlier", "before", "prior") and index >= 2 and norms[index - 1] in _UNITS:
        count = next((n for n in numbers_in(sentence) if n.last == index - 1), None)
        if count or norms[index - 2] in ("a", "an"):
            number = min(count.count.low if count else 1, 5_000)
            days = min(number * _UNITS[norms[index - 1]], 700_000)
            if days < (published - date.min).days:
                precision = 1 if days < 7 else 2 if days < 30 else 3
                first = count.first if count else index - 2
                if norm == "ago" or days > 30:
                    yield when_at(
                        sentence, first, index + 1, published - timedelta(days=days), precision, False
                    )


def counted_back(sentence: Sentence, deed: int, published: date) -> When | None:
    """*Four days after the raid*, *a week on from the raid*: the day of the deed at word ``deed``."""
    for index in range(deed - 1, max(1, deed - 2 - _AFTER_REACH), -1):
        if sentence.norms[index] in ("after", "since", "following", "from"):
            return _counted(sentence, index, published)
    return None


def days_counted(sentence: Sentence, found: Sequence[When], published: date) -> Iterator[When]:
    """*Four days after the raid*: the day of the raid, which is all that it dates.

    It is counted from the day told before it (*on Thursday, a day after the raid*), else from ``published``.
    """
    for index, norm in enumerate(sentence.norms):
        if norm != "after" or not 0 < index < len(sentence.norms) - 1:
            continue
        told = [w for w in found if w.precision == 1 and w.last <= index]
        fixed = [w for w in told if not sentence.words[w.last - 1].possessive]
        base = fixed[-1].day if fixed else published
        when = _counted(sentence, index, base)
        if when is not None:
            # It stands behind "after", so that whatever comes before has no part in it.
            yield replace(when, first=index + 1, last=index + 1, counted=True)


def _counted(sentence: Sentence, index: int, base: date) -> When | None:
    """The day told by *four days* before the word ``index``, counted back from ``base``."""
    norms = sentence.norms
    unit = index - 1 - (norms[index - 1] == "on")
    if unit < 1 or norms[unit] not in _UNITS:
        return None
    count = next((n for n in numbers_in(sentence) if n.last == unit), None)
    if not (count or norms[unit - 1] in ("a", "an")):
        return None
    days = min(count.count.low if count else 1, 5_000) * _UNITS[norms[unit]]
    if days >= (base - date.min).days:
        return None
    first = count.first if count else unit - 1
    precision = 1 if days < 7 else 2 if days < 30 else 3
    return when_at(sentence, first, unit + 1, base - timedelta(days=days), precision, False)


def days_before(sentence: Sentence, found: Sequence[When]) -> list[When]:
    """*The previous night*, *a day earlier*: the day before the one that stands beside it."""
    out: list[When] = []
    norms = sentence.norms
    if not _EARLIER & set(norms):
        return out
    for phrase in _DAY_BEFORE:
        for index in range(len(norms) - len(phrase) + 1):
            if norms[index : index + len(phrase)] != phrase:
                continue
            days = [when for when in found if when.precision == 1]
            base = min(days, key=lambda when: abs(when.first - index), default=None)
            if base is not None and base.day > date.min:
                out.append(
                    when_at(sentence, index, index + len(phrase), base.day - timedelta(days=1), 1, False)
                )
    return out


def vaguely_pointed(sentence: Sentence, published: date) -> Iterator[When]:
    """*This morning*, *overnight*, *at dawn*, *minutes ago*, and the clock that a live blog prints."""
    norms = sentence.norms
    for index, norm in enumerate(norms):
        after = norms[index + 1] if index + 1 < len(norms) else ""
        if norm == "this" and after in _HOURS_OF_DAY:
            yield when_at(sentence, index, index + 2, published, 1, False)
        elif norm in ("overnight", "dawn", "daybreak", "pre-dawn") or (
            norm == "night" and norms[max(0, index - 2) : index] in (("during", "the"), ("in", "the"))
        ):
            yield when_at(sentence, index, index + 1, published, 1, False)
        elif norm in ("minutes", "hours", "hour", "moments") and after == "ago":
            yield when_at(sentence, index, index + 2, published, 1, False)
        elif norm == "since" and after in ("midnight", "dawn", "noon", "daybreak"):
            yield when_at(sentence, index + 1, index + 2, published, 1, False)
        elif norm == "weekend" and norms[index - 1 : index] == ("the",):
            back = (published.weekday() - 5) % 7
            day = published - timedelta(days=back or 7)
            yield when_at(sentence, index - 1, index + 1, day, 2, False)
    start = 1 if norms[:1] in (("[",), ("(",)) else 0
    clock = norms[start : start + 3]
    if (
        len(clock) == 3
        and clock[1] == ":"
        and clock[0].isdigit()
        and clock[2].isdigit()
        and len(clock[2]) == 2
    ):
        yield when_at(sentence, start, start + 3, published, 1, False)


def when_at(
    sentence: Sentence,
    first: int,
    last: int,
    day: date,
    precision: int,
    printed: bool,
    same_day: bool = False,
) -> When:
    """A day found at words ``first`` up to ``last``."""
    return When(first, last, day, precision, printed, sentence.span(first, last), same_day)
