"""A sentence in, what it says of nobody out: *nobody was hurt*, *without casualties*, *all are unharmed*.

[0, 0] is stated as none (CODEBOOK §10). *No word of deaths* and *no soldier was hurt* state nothing of all.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Sentence, Toll
from shared.contracts import Count

_BOTH = ("killed", "injured")
_NOUNS = {
    "casualties": _BOTH,
    "casualty": _BOTH,
    "victims": _BOTH,
    "deaths": ("killed",),
    "death": ("killed",),
    "fatalities": ("killed",),
    "fatality": ("killed",),
    "injuries": ("injured",),
    "injury": ("injured",),
    "inj": ("injured",),
}
_DEAD = frozenset({"killed", "died", "dead"})
_HURT = frozenset({"hurt", "harmed", "injured", "wounded"})
_UNHURT = frozenset({"unhurt", "unharmed", "unscathed", "uninjured"})
_EXCEPT = frozenset({"apart", "except", "but", "besides", "beyond", "other"})
_ALL = word_class("unhurt.all")
_UNSURE = word_class("unhurt.unsure")
_PASSING = word_class("unhurt.passing")
_LIST = frozenset({"or", ",", "and", "nor"})
_LIFE = (("of", "life"), ("of", "lives"))
Found = tuple[tuple[str, ...], int, int]
"""The fields that are none, the word after the phrase, and the word that tells it."""


def none_hurt(sentence: Sentence) -> list[Toll]:
    """The tolls of none that a sentence states; each field once."""
    for index, norm in enumerate(sentence.norms):
        found: Found | None = None
        if norm in ("nobody", "noone", "no", "none", "nil", "zero"):
            found = _nobody(sentence.norms, index)
        elif norm in ("without", "neither"):
            found = _without(sentence.norms, index)
        elif norm in _UNHURT:
            before = sentence.norms[max(0, index - 14) : index]
            found = (_BOTH, index + 1, index) if _ALL & set(before) and "if" not in before else None
        if found is not None:
            fields, last, cue = found
            zero = Count(low=0, high=0)
            return [Toll(field, zero, sentence.span(index, last), index, last, None, cue) for field in fields]
    return []


def _nobody(norms: tuple[str, ...], index: int) -> Found | None:
    start = index + 1
    following = norms[start : start + 1]
    if norms[index] in ("no", "nil", "zero"):
        if following not in (("one",), ("person",), ("people",)):
            return _no_noun(norms, index)
        start += 1
    elif following in (("of",), ("else",)):
        return None
    for position in range(start, min(start + 6, len(norms))):
        word, more = norms[position], norms[position + 1 : position + 3]
        if word in _DEAD:
            both = more[:1] in (("or",), ("nor",)) and more[1:] and more[1] in _HURT
            return (_BOTH, position + 3, position) if both else (("killed",), position + 1, position)
        if word in _HURT:
            if "reported" in norms[start:position]:
                return None
            spared = more[:1] and more[0] in _EXCEPT  # "nobody was hurt apart from the guard"
            return ("killed",) if spared else _BOTH, position + 1, position
        if word not in _PASSING:
            return None
    return None


def _no_noun(norms: tuple[str, ...], index: int) -> Found | None:
    """*No casualties*, *no deaths or injuries*, *no loss of life*; not *no word of deaths*."""
    if norms[index + 1 : index + 2] == ("loss",) and norms[index + 2 : index + 4] in _LIFE:
        return ("killed",), index + 4, index + 1
    end = index + 1
    while end < min(index + 6, len(norms)) and (
        norms[end] in _PASSING or norms[end] in _NOUNS or norms[end] in _LIST
    ):
        end += 1
    named = [i for i in range(index + 1, end) if norms[i] in _NOUNS]
    if not named:
        return None
    around = (*norms[max(0, index - 4) : index], *norms[named[0] : named[-1] + 7])
    if _UNSURE & set(around):
        return None
    fields = tuple(dict.fromkeys(field for i in named for field in _NOUNS[norms[i]]))
    return fields, named[-1] + 1, named[0]


def _without(norms: tuple[str, ...], index: int) -> Found | None:
    for position in range(index + 1, min(index + 5, len(norms))):
        word = norms[position]
        if word in _NOUNS:
            return _NOUNS[word], position + 1, position
        if word == "loss":
            if norms[position + 1 : position + 3] in _LIFE:
                return ("killed",), position + 3, position
            alone = norms[position + 1 : position + 2] in ((".",), (",",), (";",), ())
            return (_BOTH, position + 1, position) if alone else None
        if word not in _PASSING and word not in ("causing", "any"):
            return None
    return None
