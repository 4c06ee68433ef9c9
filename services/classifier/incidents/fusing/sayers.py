"""A sentence and a number in it in, who gives that number out: *the health ministry*, *police*, *residents*.

Only words that name a voice are believed (``sayers.tsv``, and groups of the lexicon); where none is found the
outlet says it itself. What is printed is kept; ``voice`` is the word that makes two sayers one, whichever
outlet quotes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from services.classifier.coding.lexicon import load
from services.classifier.coding.naming.actors import actors_in
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Sayer, Sector, TextPart

_LONGEST = 60
"""Characters of a sayer's name that are kept."""
_NEAR = 5
"""Words between a number and who gives it where no comma parts them: *the 15 that the army acknowledged*."""
_SHORT = 4
"""Words of a sayer before or behind a headline's colon."""
_REACH = 10
"""Words of one sayer's name; what is longer is a clause."""
_HE = frozenset({"he", "she", "it", "they"})
_ASIDE = frozenset({"which", "that", "when", "after", "where"})
_MARKS = frozenset({":", "-", "–", "—"})
_CLOSED = _MARKS | {",", ")", "”", '"'}


def _read() -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath("sayers.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {use: tuple(words.split()) for use, words in rows}


_WORDS = _read()
_SAYING, _QUOTING, _APART, _EDGES, _DETERMINERS, _DAYS, _INSIDE, _GENERIC, _NAMES = (
    frozenset(_WORDS[use])
    for use in ("saying", "quoting", "apart", "edges", "determiners", "days", "inside", "generic", "names")
)
_KINDS = {tuple(name.split("_")): kind for kind in Sayer for name in _WORDS.get(kind, ())}
"""Names of voices, of one word or several, with their kind."""
_LONGEST_NAME = max(map(len, _KINDS))
_QUALIFIES, _ONE_VOICE = (
    {word: use.partition(".")[2] for use, words in _WORDS.items() if use.startswith(about) for word in words}
    for about in ("qualifies.", "one_voice.")
)
"""What a word before *officials* makes of them; which words are one voice."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who gives a number: what is printed, its kind, what makes it one voice, and whose it is."""

    printed: str
    sayer: Sayer
    voice: str
    name: str = ""
    country: str | None = None


def said_by(sentence: Sentence, position: int, before: Said | None = None) -> Said | None:
    """Who gives the number at word ``position``; None when the outlet does.

    ``before`` is who spoke in the sentence before: *it says*, *he added* mean him.
    """
    part = _part(sentence, position)
    for first, last in (part, (0, len(sentence.norms))):
        found = [
            each for each in _sayers(sentence, first, last, before) if _governs(sentence, each, position)
        ]
        if found:
            return min(found, key=lambda each: abs(each.verb - position)).said
    return None


def speaker_of(sentence: Sentence, before: Said | None = None) -> Said | None:
    """Whoever speaks in a sentence, the first of several."""
    found = next(_sayers(sentence, 0, len(sentence.norms), before), None)
    return found.said if found else None


def _part(sentence: Sentence, position: int) -> tuple[int, int]:
    """The words around ``position`` up to a *while* or *but* on either side."""
    norms = sentence.norms
    first = next((i + 1 for i in range(position - 1, -1, -1) if norms[i] in _APART), 0)
    last = next((i for i in range(position, len(norms)) if norms[i] in _APART), len(norms))
    return first, last


@dataclass(frozen=True, slots=True)
class _Saying:
    """A sayer, where the verb stands, and the first word of what he is called."""

    verb: int
    start: int
    said: Said
    quoted: bool = False
    """*According to*, or a headline's colon: it holds for the whole part of the sentence."""


def _governs(sentence: Sentence, saying: _Saying, position: int) -> bool:
    """Whether a sayer gives this number: it is what he says, or he is named behind it."""
    norms = sentence.norms
    if saying.quoted:
        return True
    if position > saying.verb:
        # "Has said it was behind the bombing, in which 15 died": the number is not what he says.
        start = saying.verb + 1
        while start < position and (norms[start] in _DAYS or norms[start] == "on"):
            start += 1
        aside = _ASIDE & set(norms[start + (norms[start] == "that") : position])
        bell = norms[saying.verb].startswith("claim") and not _claims_a_number(norms, saying.verb)
        return not aside and not bell
    if saying.start == 0 or norms[saying.start - 1] in _CLOSED:
        return True
    return saying.verb - position <= _NEAR and not {"as", "and", "after"} & set(norms[position : saying.verb])


def _claims_a_number(norms: tuple[str, ...], verb: int) -> bool:
    """*Claimed that it killed twelve*, *claimed 12 dead*: not *claimed the attack*."""
    return norms[verb + 1 : verb + 2] not in (("the",), ("responsibility",), ("an",), ("a",), ("credit",))


def _sayers(sentence: Sentence, first: int, last: int, before: Said | None) -> Iterator[_Saying]:
    """Every sayer of these words."""
    norms = sentence.norms
    for index in range(first, last):
        word = norms[index]
        if word in _SAYING:
            subject = _subject(norms, index, first)
            said, start = (_named(sentence, *subject), subject[0]) if subject else (None, index)
            if said is None and subject and subject[1] - subject[0] == 1 and norms[subject[0]] in _HE:
                said = before
            if said is None and (index == first or norms[index - 1] in _EDGES):
                said = _named(sentence, index + 1, _object(norms, index + 1, last))  # "said police"
            if said is not None:
                yield _Saying(index, start, said)
        elif word in _QUOTING or (word == "to" and norms[index - 1 : index] == ("according",)):
            said = _named(sentence, index + 1, _object(norms, index + 1, last))
            if said is not None:
                yield _Saying(index, index, said, quoted=True)
    if sentence.part is TextPart.TITLE:
        yield from _of_a_headline(sentence)


def _of_a_headline(sentence: Sentence) -> Iterator[_Saying]:
    """*Army: five killed*, *Five killed in raid: army*, *one dead - mayor*."""
    norms = sentence.norms
    for mark in (i for i, norm in enumerate(norms) if norm in _MARKS):
        for start, end in ((0, mark), (mark + 1, len(norms))):
            if not 0 < end - start <= _SHORT:
                continue
            said = _named(sentence, start, end)
            # "Sudan: 19 killed" says where it was.
            if said is not None and (start or norms[start:end] != (said.name.casefold(),)):
                yield _Saying(mark, start, said, quoted=True)


def _subject(norms: tuple[str, ...], verb: int, first: int) -> tuple[int, int] | None:
    """The words that stand before a verb of saying, over what only qualifies them between two commas."""
    end = verb
    while end > first and norms[end - 1] in ("also", "have", "has", "had", "now", "later", "since"):
        end -= 1
    if end > first and norms[end - 1] == ",":  # "the BLA, which claimed the attack, said"
        opening = next((i for i in range(end - 2, first - 1, -1) if norms[i] == ","), None)
        if opening is None:
            return None
        end = opening
    start = end
    while start > first and end - start < _REACH and not _is_edge(norms, start - 1):
        start -= 1
    return (start, end) if start < end else None


def _is_edge(norms: tuple[str, ...], index: int) -> bool:
    if norms[index] in ("in", "on") and index + 1 < len(norms):
        return norms[index] == "on" or norms[index + 1] in _DAYS
    return norms[index] in _EDGES and norms[index] not in _INSIDE


def _object(norms: tuple[str, ...], start: int, last: int) -> int:
    end = start
    while end < last and end - start < _REACH and norms[end] not in _DAYS and not _is_edge(norms, end):
        end += 1
    return end


def _named(sentence: Sentence, start: int, end: int) -> Said | None:
    """The voice that these words name; None when none of them is known to be one."""
    norms = sentence.norms
    while start < end and norms[start] in _DAYS:
        start += 1
    while start < end and norms[end - 1] in _DAYS:
        end -= 1
    if start >= end:
        return None
    mentions = [m for m in actors_in(sentence, load()) if start <= m.first and m.last <= end]
    head = _head(norms, start, end)
    group = next((m for m in mentions if m.kind == "group" or m.actor.sector == Sector.REBELS), None)
    if group is not None and (head is None or (head[2] is Sayer.SIDE and head[0] <= group.last)):
        return _side(sentence, group, Sayer.SIDE)
    if head is None:
        body = next((m for m in mentions if m.official and not m.adjective and m.kind != "head"), None)
        if body is None or norms[end : end + 1] in (("counts",), ("counted",)):
            return None  # "Haiti counts its dead"
        return _side(
            sentence, body, Sayer.FORCES if body.actor.sector == Sector.MILITARY else Sayer.AUTHORITY
        )
    at, after, sayer, voice = head
    begin, after_all = _extent(norms, start, end, at, after)
    whose = _whose([m for m in mentions if begin <= m.first and m.last <= after_all])
    return Said(
        _text(sentence, begin, after_all),
        sayer,
        voice,
        whose.actor.name if whose else "",
        whose.actor.country if whose else None,
    )


def _side(sentence: Sentence, mention: Mention, kind: Sayer) -> Said:
    """*Moscow said*, *the RSF said*: a side speaks under its own name."""
    actor = mention.actor
    text = _text(sentence, mention.first, mention.last)
    return Said(text, kind, actor.name.casefold(), actor.name, actor.country)


def _head(norms: tuple[str, ...], start: int, end: int) -> tuple[int, int, Sayer, str] | None:
    """The words that say what kind of voice it is, and what makes it one with others of its kind."""
    found: list[tuple[int, int, Sayer]] = []
    for index in range(start, end):
        for after in range(index + 1, min(end, index + _LONGEST_NAME) + 1):
            kind = _KINDS.get(norms[index:after])
            if kind is not None:
                found.append((index, after, kind))
    if not found:
        return None
    # "A spokesman for the rebels" speaks for them; "a medic at the Saudi Hospital" is a medic.
    for_whom = next((i for i in range(start, end) if norms[i] == "for"), None)
    if for_whom is not None and any(each[0] > for_whom for each in found):
        found = [each for each in found if each[0] > for_whom]
    stop = next((i for i in range(found[0][0], end) if norms[i] in ("at", "in", "and")), end)
    at, after, sayer = max(
        [each for each in found if each[0] < stop], key=lambda each: (each[1], each[1] - each[0])
    )
    if norms[after - 1] in _GENERIC:  # "a defence ministry official" speaks for the ministry
        body = [each for each in found if each[1] <= at]
        if body and body[-1][1] == at:
            first, last, sayer = max(
                (each for each in body if each[1] == at), key=lambda each: each[1] - each[0]
            )
            return first, after, sayer, _voice(norms, start, first, last)
    return at, after, sayer, _voice(norms, start, at, after)


def _whose(mentions: list[Mention]) -> Mention | None:
    """The state or group that a body belongs to: *the Russian army*, *Houthi-run health ministry*."""
    named = [
        m for m in mentions if m.kind in ("state", "people", "capital", "organ", "group") and not m.unknown
    ]
    return next((m for m in named if m.kind == "group"), named[0] if named else None)


def _voice(norms: tuple[str, ...], start: int, at: int, after: int) -> str:
    word = " ".join(norms[at:after])
    if word in _GENERIC or norms[after - 1] in _GENERIC:
        before = next((_QUALIFIES[n] for n in reversed(norms[start:at]) if n in _QUALIFIES), None)
        word = before or word
    if word == "ministry" and "health" in norms[start : after + 3]:
        word = "health ministry"
    return _ONE_VOICE.get(word, word)


def _extent(norms: tuple[str, ...], start: int, end: int, at: int, after: int) -> tuple[int, int]:
    """The words of a name, from behind the last article before its head on."""
    begin = at
    while begin > start and norms[begin - 1] not in _DETERMINERS and norms[begin - 1] not in _EDGES:
        begin -= 1
    if norms[after : after + 1] in (("of",), ("at",), ("for",)):
        after = end
    while after > begin + 1 and norms[after - 1] in _INSIDE:
        after -= 1
    return begin, after


def _text(sentence: Sentence, first: int, last: int) -> str:
    if sentence.norms[first] in _DETERMINERS and last > first + 1:
        first += 1
    text = " ".join(sentence.span(first, last).text.split())[:_LONGEST]
    titled = last < len(sentence.words) and sentence.words[last].capital
    common = sentence.norms[first:last] in _KINDS and sentence.norms[first] not in _NAMES
    # "Governor Jane Roe said", "Police said": a capital for its place only.
    return text[:1].lower() + text[1:] if common and (titled or not first) and not text.isupper() else text
