"""Number words in, closed ranges out, by the table of CODEBOOK §9.

*More than 30* is 30-30, *several* 3-9, *dozens* 24-60, *scores* 40-99, *hundreds* 200-500, *up to 30* 1-30.
"""

from dataclasses import dataclass

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence
from shared.contracts import Count

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_VAGUE = {
    "several": (3, 9),
    "few": (3, 9),
    "dozens": (24, 60),
    "scores": (40, 99),
    "hundreds": (200, 500),
    "thousands": (2_000, 9_999),
    "couple": (2, 2),
    "dozen": (12, 12),
}
_WORDS = frozenset({*_UNITS, *_TENS, *_SCALES, *_VAGUE, "half"})
_LARGEST = 100_000_000
_BEFORE_YEARS = word_class("numbers.before_year")


@dataclass(frozen=True, slots=True)
class Number:
    """A number phrase at words ``first`` up to ``last``."""

    first: int
    last: int
    count: Count


def numbers_in(sentence: Sentence) -> list[Number]:
    """The counts that a sentence prints; dates, ages and names such as *F-16* are left out."""
    found: list[Number] = []
    position = 0
    while position < len(sentence.words):
        number = _number_at(sentence, position)
        if number is None:
            position += 1
        else:
            found.append(number)
            position = number.last
    return found


def _number_at(sentence: Sentence, position: int) -> Number | None:
    norms = sentence.norms
    word = sentence.words[position]
    if word.norm not in _WORDS and not word.text[:1].isdigit():
        return None
    if norms[position : position + 3] == ("half", "a", "dozen"):
        return Number(position, position + 3, Count(low=6, high=6))
    if norms[position : position + 2] in (("several", "dozen"), ("few", "dozen")):
        low, high = _VAGUE["dozens"]
        return Number(position, position + 2, Count(low=low, high=high))
    if word.norm == "couple" and norms[position + 1 : position + 2] != ("of",):
        return None  # two who are married
    if word.norm in _VAGUE:
        low, high = _VAGUE[word.norm]
        if word.norm == "dozen" and position and norms[position - 1] in _UNITS:
            return None
        last = position + 1
        if norms[last : last + 1] == ("of",):
            last += 1
        return Number(position, last, Count(low=low, high=high))
    value, last = _plain(sentence, position)
    if word.norm == "one" and norms[position - 1 : position] == ("no",):
        return None
    if value is None or not 0 <= value <= _LARGEST:
        return None
    low = high = value
    before = norms[max(0, position - 3) : position]
    first = position
    if before[-2:] == ("up", "to"):
        low, first = min(1, value), position - 2
    elif before[-1:] == ("between",) and norms[last : last + 1] == ("and",) and last + 1 < len(norms):
        upper, after = _plain(sentence, last + 1)
        if upper is not None and value < upper <= _LARGEST:
            first, high, last = position - 1, upper, after
    elif norms[last : last + 1] in (("to",), ("or",)):
        upper, after = _plain(sentence, last + 1) if last + 1 < len(norms) else (None, last)
        if upper is not None and value < upper <= _LARGEST:
            high, last = upper, after
    elif last < len(norms) and sentence.words[last].glued and norms[last].isdigit():
        upper = int(norms[last])
        if value < upper:
            high, last = upper, last + 1
    return Number(first, last, Count(low=low, high=high))


def _is_year(sentence: Sentence, position: int, value: int) -> bool:
    """*Since April 2023*, *in 1991*: a year, unless it counts something (*2000 people*) or has a comma."""
    if not (1900 <= value <= 2100 and len(sentence.words[position].text) == 4):
        return False
    before = sentence.norms[position - 1] if position else ""
    if before in _BEFORE_YEARS:
        return True
    after = sentence.words[position + 1] if position + 1 < len(sentence.words) else None
    return after is None or not after.text[:1].islower()


def _plain(sentence: Sentence, position: int) -> tuple[int | None, int]:
    """One exact number and the word after it; None when there is none."""
    word = sentence.words[position]
    norms = sentence.norms
    follows = sentence.words[position + 1] if position + 1 < len(norms) else None
    if word.glued and not (position and sentence.norms[position - 1] in _TENS):
        return None, position
    digits = word.text.replace(",", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 12:
        if follows and follows.glued and not follows.norm.isdigit():
            return None, position
        if follows and follows.start == word.end and follows.norm.isalpha() and follows.norm != "x":
            return None, position  # "the 98th division", "5km"
        value = int(digits)
        if _is_year(sentence, position, value):
            return None, position
        if follows and follows.norm in _SCALES and value < 1_000:
            return value * _SCALES[follows.norm], position + 2
        if follows and follows.norm == "dozen":
            return value * 12, position + 2
        return value, position + 1
    total = current = 0
    index = position
    seen = False
    while index < len(norms):
        norm = norms[index]
        if norm in _UNITS:
            current += _UNITS[norm]
        elif norm in _TENS:
            current += _TENS[norm]
        elif norm in _SCALES and (seen or norms[index - 1 : index] in (("a",), ("one",))):
            scale = _SCALES[norm]
            current = max(1, current) * scale
            if scale >= 1_000:
                total, current = total + current, 0
        elif norm == "dozen" and seen:
            current = max(1, current) * 12
        elif (
            norm == "and"
            and seen
            and index + 1 < len(norms)
            and norms[index - 1] in _SCALES
            and (norms[index + 1] in _UNITS or norms[index + 1] in _TENS)
        ):
            index += 1
            continue
        else:
            break
        seen = True
        index += 1
    if not seen:
        return None, position
    if (
        index < len(norms)
        and sentence.words[index].glued
        and norms[index] in ("year", "day", "week", "hour", "member")
    ):
        return None, position
    return total + current, index
