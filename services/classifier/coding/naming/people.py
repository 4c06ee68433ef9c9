"""A sentence in, the phrases that count people out: *five soldiers*, *a janitor*, *her two sons*, a name.

Who is counted need not be in the lexicon: a number before any noun may count people, unless the noun is a
thing, a measure or a beast. What only tells more of those already counted (*including*, *five of them*) is
left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.numbers import Number, numbers_in
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Count, TextPart

_THINGS = word_class("people.things")
_PERSONS = word_class("people.persons")
_PLURALS = word_class("people.plurals")
_BREAKS = word_class("people.breaks")
_MONTHS = word_class("people.months")
_SUBSETS = word_class("people.subsets")
_CONDITIONS = word_class("people.conditions")
_NO_COUNT_AFTER = word_class("people.no_count_after")
_NO_PERSONS = word_class("people.no_persons")
_ENDINGS = ("er", "or", "ist", "man", "men", "woman", "women", "eer", "ian", "ee")
_GROUPS = {"couple": 2, "pair": 2, "duo": 2, "trio": 3, "twins": 2}
_OWNERS = frozenset({"his", "her", "its", "their", "our"})
_OPENERS = _OWNERS | frozenset({"a", "an", "another", "the", "he", "she", "him"})
"""Words with which a phrase that counts one person opens."""
_INCLUDING = frozenset({"including", "includes", "included", "incl"})
_AMONG = frozenset({"among", "amongst"})
_OF_THEM = frozenset({"them", "whom", "a", "two", "three"})
_THOSE = frozenset({"them", "whom", "which", "the", "these", "those"})
_ORDINALS = frozenset(
    {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"}
)
_LISTS_END = frozenset(
    {";", "were", "was", "are", "is", "have", "had", "when", "said", "says", "that", "while"}
)
_BEFORE_NAMES = frozenset({"and", "that", "when", "as", "while", "after", "of", "by", "but", "or"})
_NAMED = frozenset({"state", "igo", "capital", "organ", "group"})
_PARTLY = frozenset({"critically", "seriously", "fatally", "lightly", "severely"})
_OPENS = frozenset({",", ":", ";", "and", "-", "–", "—", "as"})
_LONGEST = 8
"""Words of a noun phrase after its number; longer ones are read wrongly as often as not."""
_ONE = Count(low=1, high=1)

Harms = Callable[[int], bool]
"""Whether the word at a position tells harm, and so ends a phrase."""


@dataclass(frozen=True, slots=True)
class Party:
    """People at words ``first`` up to ``last``; ``bare`` when a number stands without a noun.

    ``kind`` is ``number``, ``single`` (*a soldier*), ``definite`` (*the driver*), ``name``, ``pronoun`` or
    ``title`` (a headline's bare noun).
    """

    first: int
    last: int
    count: Count
    mention: Mention | None = None
    bare: bool = False
    kind: str = "number"


def is_person(norm: str) -> bool:
    """Whether a noun names a person or people: one of the list, or built as most such words are."""
    single = norm.removesuffix("s")
    if norm in _PERSONS or single in _PERSONS:
        return True
    return len(single) > 4 and single.endswith(_ENDINGS) and not {norm, single} & (_THINGS | _NO_PERSONS)


def parties_in(sentence: Sentence, mentions: list[Mention], harms: Harms) -> list[Party]:
    """The counted people of a sentence in order."""
    numbers = {number.first: number for number in numbers_in(sentence)}

    def ends(index: int) -> bool:
        return harms(index) or index in numbers

    firsts = {mention.first for mention in mentions}
    telegraphic = sentence.part is TextPart.TITLE or sentence.text.isupper()
    parties: list[Party] = []
    end = 0
    for index in range(len(sentence.words)):
        if index < end:
            continue
        if index in numbers:
            end = numbers[index].last
            party = _numbered(sentence, numbers[index], mentions, harms)
        elif index + 1 in numbers:
            continue  # "her two sons"
        elif not telegraphic and sentence.norms[index] not in _OPENERS and index not in firsts:
            party = _name(sentence, index, mentions) if sentence.words[index].capital else None
        else:
            party = _single(sentence, index, mentions, ends)
        if party is not None:
            parties.append(party)
            end = party.last
    fresh = [p for i, p in enumerate(parties) if not _names_again(sentence, p, parties[:i], harms)]
    return _without_subsets(sentence, fresh, harms)


def _phrase(sentence: Sentence, first: int, harms: Harms) -> int:
    """Where the noun phrase that begins at ``first`` ends."""
    last = first
    norms = sentence.norms
    while last < len(norms) and last - first < _LONGEST:
        norm = norms[last]
        breaks = norm in _BREAKS or not norm[:1].isalnum() or (norm.isdigit() and last > first)
        if not sentence.words[last].glued and (breaks or (harms(last) and not _qualifies(sentence, last))):
            break
        last += 1
    return last


def _qualifies(sentence: Sentence, index: int) -> bool:
    """*Wounded soldiers*, *dead fighters*: the harm word stands before the noun it tells of."""
    after = sentence.norms[index + 1 : index + 2]
    return sentence.norms[index] in _CONDITIONS and bool(after) and is_person(after[0])


def _numbered(sentence: Sentence, number: Number, mentions: list[Mention], harms: Harms) -> Party | None:
    """*Five soldiers*, *forty-one of the attackers*, a bare *seven*."""
    norms = sentence.norms
    first, after = number.first, number.last
    if _no_count(sentence, number):
        return None
    if norms[after : after + 1] == ("x",):
        after += 1  # "2x KIA"
    of = after if norms[after : after + 1] == ("of",) else after - 1 if norms[after - 1] == "of" else None
    if of is not None and norms[of + 1 : of + 2] and norms[of + 1] in _THOSE | _OWNERS:
        if norms[of + 1] in _SUBSETS or (norms[of + 2 : of + 3] and norms[of + 2] in _SUBSETS):
            return None  # "five of them", "two of the dead": counted already
        after = of + 2
    elif of is not None:
        after = of + 1
    end = _phrase(sentence, after, harms)
    nouns = norms[after:end]
    if nouns and not is_person(nouns[-1]) and _THINGS & {nouns[0], *nouns[-2:]}:
        return None
    mention = next(
        (m for m in mentions if m.first < max(end, after + 1) and m.last > after and not m.adjective), None
    )
    if mention is not None and mention.role == "thing":
        return None
    last = max(end, mention.last if mention else 0)
    if any(harms(i) for i in range(end, last)):
        last = end  # "EIGHT REFUGEES DEAD": in capitals, the harm word looks like a name
    return Party(first, max(last, number.last), number.count, mention, not nouns)


def _no_count(sentence: Sentence, number: Number) -> bool:
    """Whether a number is a date, an age, an hour, a sum, a name, or denied (*not four*)."""
    norms, words = sentence.norms, sentence.words
    first, last = number.first, number.last
    before = norms[first - 1] if first else ""
    after = norms[last] if last < len(norms) else ""
    if before in _NO_COUNT_AFTER or (before == "." and norms[first - 2 : first - 1] == ("no",)):
        return True
    if after in ("%", "percent", "°", "$", "€") or norms[last : last + 2] == ("per", "cent"):
        return True
    if after in _PARTLY and before in (",", "(", "and", "or", "them"):
        return True
    if norms[first].isdigit():
        if after in _MONTHS and words[last].capital:
            return True
        if before in _MONTHS and words[first - 1].capital:
            return True
        if after == ":" and norms[last + 1 : last + 2] and norms[last + 1].isdigit():
            return True
        if before == ":" and first > 1 and norms[first - 2].isdigit():
            return True
    aged = number.count.low == number.count.high and 1 < number.count.low < 110
    if not aged:
        return False
    if before == "(" and after == ")":
        return True
    return before == "," and first > 1 and after in (",", ")", "") and norms[first - 2][:1].isalpha()


def _single(sentence: Sentence, index: int, mentions: list[Mention], harms: Harms) -> Party | None:
    """*A janitor*, *another*, *their driver*, *the pilot*, a name, or a headline's bare *soldier*."""
    norms = sentence.norms
    norm = norms[index]
    ends = norms[index + 1 : index + 2] in ((",",), (".",), (";",), ())
    if norm in ("he", "she", "him") or (norm == "her" and ends):
        return Party(index, index + 1, _ONE, None, True, "pronoun")
    if norm in ("a", "an", "another", "the") or (norm in _OWNERS and not ends):
        end = _phrase(sentence, index + 1, harms)
        ordinal = norms[index + 1 : index + 2] and norms[index + 1] in _ORDINALS and end == index + 2
        if (ordinal and norm != "the") or (norm == "another" and end == index + 1):
            return Party(index, end, _ONE, None, True, "single")
        head = _head(sentence, index + 1, end, mentions)
        if head is None:
            return None
        noun, mention = head
        if noun in _GROUPS:
            count = Count(low=_GROUPS[noun], high=_GROUPS[noun])
            return Party(index, end, count, mention, False, "single")
        if noun in _PLURALS or (noun.endswith("s") and noun not in _PERSONS):
            return None
        return Party(index, end, _ONE, mention, False, "definite" if norm == "the" else "single")
    mention = next((m for m in mentions if m.first == index), None)
    if mention is not None and not mention.adjective and mention.role in ("person", "civil"):
        named = mention.last > mention.head + 1 or not is_person(norms[mention.head])
        named = named and sentence.words[mention.last - 1].capital
        single = norms[mention.head] not in _PLURALS and not norms[mention.head].endswith("s")
        if single and (named or mention.role == "person"):
            return Party(index, mention.last, _ONE, mention, False, "name" if named else "title")
    return _name(sentence, index, mentions) or _headline(sentence, index, mentions, harms)


def _head(
    sentence: Sentence, first: int, end: int, mentions: list[Mention]
) -> tuple[str, Mention | None] | None:
    """The noun for a person in a phrase, before any name that follows it, and who it is."""
    for position in range(end - 1, first - 1, -1):
        norm = sentence.norms[position]
        if sentence.words[position].possessive:
            return None
        mention = next(
            (m for m in mentions if m.first <= position < m.last and not m.adjective and m.role != "thing"),
            None,
        )
        if norm in _GROUPS or norm in _PERSONS or (is_person(norm) and not norm.endswith("s")):
            return norm, mention
        if mention is None and not sentence.words[position].capital:
            return None
        if mention is not None:
            named = mention.kind in _NAMED or mention.head < position
            return None if named else (norm, mention)
    return None


def _name(sentence: Sentence, index: int, mentions: list[Mention]) -> Party | None:
    """Two to five words with capitals that no lexicon knows as a side: a person's name."""
    words = sentence.words
    if not words[index].capital or words[index].norm in _BREAKS or sentence.title_case:
        return None
    if index and (words[index].glued or sentence.norms[index - 1] in _BREAKS - _BEFORE_NAMES):
        return None
    end = index
    while end < len(words) and end - index < 5 and words[end].capital and words[end].text[1:2].islower():
        end += 1
        if words[end - 1].possessive:
            return None
        if end < len(words) and words[end].glued:
            end += 1
    if sum(not words[i].glued for i in range(index, end)) < 2:
        return None
    if any(m.first < end and m.last > index for m in mentions):
        return None
    if any(words[i].norm in _THINGS or words[i].norm in _MONTHS for i in range(index, end)):
        return None
    return Party(index, end, _ONE, None, False, "name")


def _headline(sentence: Sentence, index: int, mentions: list[Mention], harms: Harms) -> Party | None:
    """*Soldier and schoolgirl die*: in a headline a bare noun is one."""
    if sentence.part is not TextPart.TITLE and not sentence.text.isupper():
        return None
    norms = sentence.norms
    if norms[index] in _BREAKS or not norms[index][:1].isalpha():
        return None
    if index and norms[index - 1] not in _OPENS and not harms(index - 1):
        return None
    end = _phrase(sentence, index, harms)
    while end > index and not (is_person(norms[end - 1]) or any(m.head == end - 1 for m in mentions)):
        end -= 1
    if end == index or norms[index] == "no":
        return None
    noun = norms[end - 1]
    if noun in _PLURALS or noun in _THINGS or (noun.endswith("s") and noun not in _PERSONS):
        return None
    mention = next((m for m in mentions if m.head == end - 1 and m.first < end), None)
    if not is_person(noun) and (
        mention is None or mention.adjective or mention.role in ("thing", "state") or mention.kind in _NAMED
    ):
        return None
    return Party(index, end, _ONE, mention, False, "title")


def _names_again(sentence: Sentence, party: Party, before: list[Party], harms: Harms) -> bool:
    """*One dead, a shepherd, and four injured*; *Jane Roe, commander of ...*: who was just counted."""
    norms = sentence.norms
    first = party.first
    if first < 2 or norms[first - 1] != ",":
        return False
    if party.kind == "single" and harms(first - 2) and norms[party.last : party.last + 1] == (",",):
        return True
    return party.kind == "title" and any(p.last == first - 1 and p.kind in ("name", "single") for p in before)


def _without_subsets(sentence: Sentence, parties: list[Party], harms: Harms) -> list[Party]:
    """Leave out whom *including* or *among them* names: they are counted already."""
    norms = sentence.norms
    told: set[int] = set()
    for index, norm in enumerate(norms):
        among = norm in _AMONG and bool(_OF_THEM & set(norms[index + 1 : index + 2]))
        if norm not in _INCLUDING and not among:
            continue
        listed: list[int] = []
        for number, party in enumerate(parties):
            if party.first < index:
                continue
            between = range(index + 1, party.first)
            if any(norms[i] in _LISTS_END or harms(i) for i in between):
                break
            listed.append(number)
        if len(listed) > 1:
            last = parties[listed[-1]]
            after = norms[last.last : last.last + 1]
            acts = bool(after) and (after[0] in _LISTS_END or harms(last.last))
            if acts and norms[last.first - 1] == "and":
                listed.pop()  # "six killed, among them a child, and nine wounded"
        told.update(listed)
    return [party for number, party in enumerate(parties) if number not in told]
