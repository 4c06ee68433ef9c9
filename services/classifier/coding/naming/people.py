"""A sentence in, the phrases that count people out: *five soldiers*, *a janitor*, *her two sons*, a name.

Who is counted need not be in the lexicon: a number before any noun may count people, unless the noun is a
thing, a measure or a beast. What only tells more of those already counted (*including*, *five of them*) is
left out.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.individuals import person_name, single
from services.classifier.coding.naming.persons import (
    MONTHS,
    OWNERS,
    PLURALS,
    THINGS,
    Harms,
    Party,
    is_person,
    people_end,
    phrase,
)
from services.classifier.coding.text.numbers import Number, numbers_in
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import TextPart

_SUBSETS = word_class("people.subsets")
_NO_COUNT_AFTER = word_class("people.no_count_after")
_OPENERS = OWNERS | frozenset({"a", "an", "another", "the", "he", "she", "him"})
"""Words with which a phrase that counts one person opens."""
_INCLUDING = frozenset({"including", "includes", "included", "incl"})
_AMONG = frozenset({"among", "amongst"})
_OF_THEM = frozenset({"them", "whom", "a", "two", "three"})
_THOSE = frozenset({"them", "whom", "which", "the", "these", "those"})
_LISTS_END = frozenset(
    {";", "were", "was", "are", "is", "have", "had", "when", "said", "says", "that", "while", "resulting"}
)
_PARTLY = frozenset({"critically", "seriously", "fatally", "lightly", "severely"})


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
            party = person_name(sentence, index, mentions) if sentence.words[index].capital else None
        else:
            party = single(sentence, index, mentions, ends)
        if party is not None:
            parties.append(party)
            end = party.last
    fresh = [p for i, p in enumerate(parties) if not _names_again(sentence, p, parties[:i], harms)]
    return _without_subsets(sentence, fresh, harms)


def _numbered(sentence: Sentence, number: Number, mentions: list[Mention], harms: Harms) -> Party | None:
    """*Five soldiers*, *forty-one of the attackers*, a bare *seven*."""
    norms = sentence.norms
    first, after = number.first, number.last
    if _no_count(sentence, number):
        return None
    if norms[after : after + 1] == ("x",):
        after += 1  # "2x KIA"
    of = after if norms[after : after + 1] == ("of",) else after - 1 if norms[after - 1] == "of" else None
    if of is not None and norms[of + 1 : of + 2] and norms[of + 1] in _THOSE | OWNERS:
        if norms[of + 1] in ("them", "whom") and harms(of + 2):
            after = of + 2  # "leaving 17 of them dead"
        elif norms[of + 1] in _SUBSETS or (norms[of + 2 : of + 3] and norms[of + 2] in _SUBSETS):
            return None  # "five of them", "two of the dead": counted already
        after = of + 2
    elif of is not None:
        after = of + 1
    end = people_end(norms, after, phrase(sentence, after, harms))
    nouns = norms[after:end]
    mention = next(
        (m for m in mentions if m.first < max(end, after + 1) and m.last > after and not m.adjective), None
    )
    people = nouns and (is_person(nouns[-1]) or nouns[-1] in PLURALS or (mention and mention.head == end - 1))
    if nouns and not people and THINGS & {nouns[0], *nouns[-2:]}:
        return None
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
        if after in MONTHS and words[last].capital:
            return True
        if before in MONTHS and words[first - 1].capital:
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
