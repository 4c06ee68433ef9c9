"""A word of a sentence in, out whether what it tells is history or a running total.

A toll *since 2014*, *in all this year* or *of last summer's raid* is never the cost of a new event
(CODEBOOK §3); a full date is left to the readers of days.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence

_ENDS = word_class("past.ends")
_HANGS = frozenset({"when", "where", "which", "who"})
_SUBORDINATE = _HANGS | frozenset({"after", "as"})
_MONTHS = word_class("people.months")
_FRESH = word_class("past.fresh")
_FIRSTS = word_class("past.firsts")
"""*The first airstrike since 2005* is of today."""
_SEASONS = frozenset({"spring", "summer", "autumn", "winter", "year", "month", "decade", "century", "season"})
_SPANS = word_class("past.spans")
_INTO_YEARS = word_class("past.into_years")
_INTO_MONTHS = frozenset({"in", "of", "early", "late", "mid", "last", "until"})
_RECALLING = word_class("past.recalling")
_OPENINGS = word_class("past.openings")
_WARS = frozenset({"war", "insurgency", "conflict", "rebellion", "insurrection", "crisis", "uprising"})
_LONG = _WARS | frozenset({"campaign", "fighting", "struggle", "siege", "occupation"})
_HAS = frozenset({"has", "have", "had"})
_MANY = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty", "many", "several"}
)
_LOOKS_BACK = (("for", "comparison"), ("for", "context"), ("for", "the", "record"), ("as", "a", "reminder"))


def is_past(sentence: Sentence, index: int) -> bool:
    """Whether the clause around ``index``, or the one it hangs on, looks back or counts up."""
    if _looks_back(sentence, index):
        return True
    norms = sentence.norms
    first, last = _clause(sentence, index)
    if _marked(sentence, first, last):
        return True
    if norms[last : last + 1] == ("when",) and _marked(sentence, *_clause(sentence, last + 1)):
        return True  # "300 died when protests were put down in 2018"
    if first and norms[first - 1] == "where" and {"have", "been"} <= set(norms[first:last]):
        return True  # "Gaza, where 43,000 have been killed"
    while first > 1 and norms[first - 1] in _HANGS:
        # "hit in 2018, when a dozen died": the clause is as old as what it hangs on.
        first, last = _clause(sentence, first - 2)
        if _marked(sentence, first, last):
            return True
    return False


def _clause(sentence: Sentence, index: int) -> tuple[int, int]:
    norms = sentence.norms
    if index >= len(norms):
        return index, index
    first, last = index, index + 1
    while first > 0 and norms[first - 1] not in _ENDS and norms[first - 1] not in _SUBORDINATE:
        first -= 1
    while last < len(norms) and norms[last] not in _ENDS and norms[last] not in _SUBORDINATE:
        last += 1
    return first, last


def _looks_back(sentence: Sentence, index: int) -> bool:
    norms = sentence.norms
    if norms[0] in _OPENINGS and ":" in norms[:5]:
        return True
    if any(norms[: len(words)] == words for words in _LOOKS_BACK):
        return True
    return bool(_RECALLING & set(norms[max(0, index - 16) : index]))


def _marked(sentence: Sentence, first: int, last: int) -> bool:
    return any(_marks(sentence, index) or _spans(sentence, index) for index in range(first, last))


def _marks(sentence: Sentence, index: int) -> bool:
    """*Since 2014*, *in July 2021*, *last year*, *in May*, *April's*."""
    norms = sentence.norms
    norm = norms[index]
    before = norms[index - 1] if index else ""
    after = norms[index + 1] if index + 1 < len(norms) else ""
    if norm == "since":
        return not _FRESH & set(norms[index + 1 : index + 7]) and not _FIRSTS & set(norms[:index])
    if norm.isdigit() and len(norm) == 4 and 1900 <= int(norm) <= 2100:
        if before in _MONTHS:
            return not norms[max(0, index - 2)].isdigit()
        return before in _INTO_YEARS and after not in ("people", "soldiers", "men")
    if norm in ("last", "previous"):
        return after in _SEASONS or after in _MONTHS
    if norm in _MONTHS and sentence.words[index].capital:
        if sentence.words[index].possessive:
            return True
        near = (*norms[max(0, index - 2) : index], *norms[index + 1 : index + 2])
        dated = any(word.isdigit() and len(word) <= 2 for word in near)
        return before in _INTO_MONTHS and not dated
    return False


def _spans(sentence: Sentence, index: int) -> bool:
    """*This year*, *in the past month*, *the 44-day war*, *the war has killed*, *to date*."""
    norms = sentence.norms
    norm = norms[index]
    before = norms[index - 1] if index else ""
    after = norms[index + 1] if index + 1 < len(norms) else ""
    if norm == "this":
        return after in ("year", "month")
    if norm in ("ago", "earlier", "before"):
        return before in _SPANS and before not in ("week", "half", "quarter")
    if norm in ("past", "last", "recent", "first"):
        spans = _SPANS | {"days"} if norm in ("past", "last", "recent") else _SPANS
        return bool(spans & set(norms[index + 1 : index + 4])) and (norm, after) != ("last", "week")
    if norm in ("year", "day", "month") and sentence.words[index].glued:
        return after in _LONG
    if norm in ("years", "decades"):
        return after not in ("old", "in") and (before.isdigit() or before in _MANY)
    if norm in _WARS:
        return bool(_HAS & set(norms[index + 1 : index + 8])) or after in ("killed", "claimed", "cost")
    if norm == "the" and norms[index + 1 : index + 4] == ("week", "before", "last"):
        return True
    return norm in ("cumulative", "cumulatively", "annually") or (norm == "to" and after == "date")
