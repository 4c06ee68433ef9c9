"""Tolls that a text states as such: *the death toll rose to 14*, *puts the dead at 9*, and rival counts.

Such a number replaces others told before it; of two sides' counts a range is made (CODEBOOK §9).
"""

from dataclasses import replace

from services.classifier.coding.days.past import is_past
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.persons import Party
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Sentence, Toll
from shared.contracts import Count

_ADVERBS = word_class("casualties.adverbs")
_TOLLS = frozenset({"toll", "dead", "deaths", "killed", "fatalities"})
_HURT = frozenset({"wounded", "injured", "hurt"})
_WARS = frozenset({"war", "conflict", "insurgency", "campaign"})
_REACHING = word_class("casualties.reaching")
_LIFTING = word_class("casualties.lifting")
_GROWING = word_class("casualties.growing")
_RIVALS = word_class("casualties.rivals")
_AROUND = word_class("casualties.around")
_NEAR, _FAR = 9, 20
"""Words between *toll* and its number; more where a verb of growing stands right before the number."""


def standing_tolls(sentence: Sentence, parties: list[Party]) -> list[Toll]:
    """*Which brings to 17 the number killed*, *Death toll: 5*."""
    norms = sentence.norms
    if not _TOLLS & set(norms):
        return []
    tolls: list[Toll] = []
    for party in parties:
        if party.kind != "number" or not party.count.high or is_past(sentence, party.first):
            continue
        index = before_adverbs(norms, party.first)
        reach = norms[index - 1] if index else ""
        grows = index > 1 and norms[index - 2] in _GROWING
        before = norms[max(0, index - (_FAR if grows else _NEAR)) : index]
        if _WARS & set(before) or _HURT & set(before[-5:]):
            continue
        if _reached(reach, before) or (
            reach == "to" and _LIFTING & set(before[-3:]) and _TOLLS & set(norms[party.last : party.last + 7])
        ):
            span = sentence.span(party.first, party.last)
            cue = max(0, index - 1)
            tolls.append(Toll("killed", party.count, span, party.first, party.last, party.mention, cue, True))
    return tolls


def before_adverbs(norms: tuple[str, ...], index: int) -> int:
    """Where *at least*, *more than*, *about* and the like begin before a number."""
    while index and norms[index - 1] in _ADVERBS:
        index -= 2 if norms[index - 2 : index] == ("at", "least") else 1
    return index


def _reached(reach: str, before: tuple[str, ...]) -> bool:
    """*Toll of 26*, *the number of dead at 11*, *the dead now 19*: a count, not a deed."""
    told = [word for word in before if word in _TOLLS]
    if reach not in _REACHING or not told:
        return False
    return told[-1] == "toll" or "number" in before or (len(before) > 1 and before[-2] in _TOLLS)


def with_rivals(sentence: Sentence, tolls: list[Toll], used: set[int]) -> list[Toll]:
    """*One source gave a toll of 26, the other "more than 30"*: rival counts make a range."""
    norms = sentence.norms
    deaths = [toll for toll in tolls if toll.field == "killed" and toll.count.low]
    if len(deaths) != 1 or not _RIVALS & set(norms):
        return tolls
    toll = deaths[0]
    for number in numbers_in(sentence):
        if number.first < toll.last or number.first in used or number.count.high == toll.count.high:
            continue
        between = [w for w in norms[toll.last : number.first] if w not in _AROUND and w[:1].isalpha()]
        after = norms[number.last : number.last + 1]
        if not _RIVALS & set(between[-2:]) or (after and after[0][:1].isalnum()):
            continue
        if "toll" in between or "figure" in between:
            continue  # "bringing the toll to 100", "raising an earlier figure of 12"
        low = min(toll.count.low, number.count.low)
        count = Count(low=low, high=max(toll.count.high, number.count.high))
        span = sentence.span(toll.first, number.last)
        tolls[tolls.index(toll)] = replace(toll, count=count, span=span, last=number.last)
        break
    return tolls
