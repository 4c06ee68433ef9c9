"""A sentence in, its words of harm out: what befell people, and on which side of the word they stand.

*Killing* is followed by whom it killed, *died* is preceded by them, *killed* may be either. Phrases such as
*lost their lives* stand in the lexicon with underscores.
"""

from dataclasses import dataclass

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Sentence

AFTER, BEFORE, EITHER, NOUN = "after", "before", "either", "noun"
NEUTRALISED = "neutralised"
"""A word that covers the wounded and the captured as well: killed only if the article says so elsewhere."""
_KINDS = {
    "killed": (AFTER, BEFORE, EITHER, NOUN),
    "injured": (AFTER, BEFORE, EITHER, NOUN),
    "missing": (BEFORE,),
    "abducted": (AFTER, BEFORE, EITHER),
    "arrested": (AFTER, BEFORE, EITHER),
}
_TABLE: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
for _field, _sides in _KINDS.items():
    for _side in _sides:
        for _entry in word_class(f"casualties.{_field}_{_side}"):
            _words = tuple(_entry.split("_"))
            _TABLE.setdefault(_words[0], []).append((_words, _field, _side))
for _entries in _TABLE.values():
    _entries.sort(key=lambda entry: -len(entry[0]))
_BROUGHT = word_class("casualties.brought")
_CARE = word_class("casualties.care")
_BE = word_class("casualties.be")
_DOUBTFUL = word_class("casualties.doubtful")
_DEAD = word_class("casualties.surely_dead")
_TAKEN = word_class("casualties.taken")
_TAKING = word_class("casualties.taking")
_SHOT_DEAD = frozenset({"dead", "down", "fatally"})
_AT_WHOM = frozenset({"at", "in", "through"})
_LYING = frozenset({"lie", "lies", "lay", "remain", "remained", "are", "were", "is", "was", "recovering"})


@dataclass(frozen=True, slots=True)
class Harm:
    """A word or phrase of harm at words ``first`` up to ``last``, and where those whom it befell stand."""

    first: int
    last: int
    field: str
    side: str


def harms_in(sentence: Sentence) -> list[Harm]:
    """The words of harm of a sentence, in order."""
    found: list[Harm] = []
    end = 0
    for index, norm in enumerate(sentence.norms):
        if index < end or not (norm in _TABLE or norm in _BROUGHT or norm in ("in", "at", "lives", "fell")):
            continue
        harm = _treated(sentence, index) or _lives(sentence, index) or _at(sentence.norms, index)
        if harm is None or _is_no_harm(sentence, harm):
            continue
        found.append(harm)
        end = harm.last
    return found


def _at(norms: tuple[str, ...], index: int) -> Harm | None:
    for words, field, side in _TABLE.get(norms[index], ()):
        if norms[index : index + len(words)] == words:
            doubtful = words[0] in _DOUBTFUL and not _DEAD & set(norms)
            return Harm(index, index + len(words), NEUTRALISED if doubtful else field, side)
    return None


def _lives(sentence: Sentence, index: int) -> Harm | None:
    """*The bombing claims at least 23 lives*, *six soldiers fell, the army said*."""
    norms = sentence.norms
    if norms[index] == "lives" and _TAKING & set(norms[max(0, index - 6) : index]):
        counted = any(number.last == index for number in numbers_in(sentence))
        saved = norms[index + 1 : index + 2] in (("were",), ("are",), ("have",), ("saved",), ("spared",))
        return Harm(index, index + 1, "killed", NOUN) if counted and not saved else None
    # Who falls may fall to an enemy, from a roof or short; a soldier who just falls is dead.
    if norms[index] == "fell" and norms[index + 1 : index + 2] in ((), (",",), (".",), (";",)):
        return Harm(index, index + 1, "killed", BEFORE)
    return None


def _treated(sentence: Sentence, index: int) -> Harm | None:
    """*Were carried to clinics*, *22 in hospital*: people in care are hurt."""
    norms = sentence.norms
    if norms[index] in _BROUGHT:
        for after in range(index + 1, min(index + 7, len(norms))):
            if norms[after] in (".", ";", "and"):
                break
            if norms[after] in _CARE and "to" in norms[index:after]:
                return Harm(index, after + 1, "injured", BEFORE)
        return None
    if not index or norms[index] not in ("in", "at") or not _CARE & set(norms[index + 1 : index + 4]):
        return None
    lying = norms[index - 1] in _LYING or norms[index - 1].isdigit()
    return Harm(index, index + 1, "injured", BEFORE) if lying else None


def _is_no_harm(sentence: Sentence, harm: Harm) -> bool:
    """*The dead* as a noun, *the Dead Sea*, *taken from*, *hurt by the tariffs*."""
    norms = sentence.norms
    word = norms[harm.first]
    before = norms[harm.first - 1] if harm.first else ""
    after = norms[harm.last] if harm.last < len(norms) else ""
    if before == "the" and word in ("wounded", "dead", "injured", "missing", "killed"):
        return True
    if norms[harm.last - 1] == "shot" and harm.field == "injured":
        dead = after in _SHOT_DEAD or norms[harm.last : harm.last + 2] == ("and", "killed")
        return dead or after in _AT_WHOM
    if word == "dead":
        return after in ("sea", "end", "heat", "line") or before == "brain"
    if word == "taken" and harm.last == harm.first + 1:
        return after in _TAKEN
    return word == "hurt" and after == "by" and before not in _BE and not before.isdigit()
