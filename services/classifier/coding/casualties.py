"""A sentence in, the counts of people that something befell out.

*Killing 19 gendarmes and a civilian* is 20 killed; *four soldiers are killed and two others wounded* is two
tolls. Counts of things, of troops present and of years are not tolls: a harm word must govern them.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.numbers import Number, numbers_in
from services.classifier.coding.reading import Mention, Sentence, Toll
from shared.contracts import Count, TextPart

_HARM: dict[str, str] = {}
for _field, _words in {
    "killed": "killed kill kills killing dead die dies died dying slain deaths fatalities massacred "
    "assassinated executed beheaded murdered martyred death perish perished slaughtered claimed",
    "injured": "injured injure injures injuring wounded wounding wounds wound hurt injuries hospitalized "
    "hospitalised hospitalizes maimed",
    "missing": "missing",
    "abducted": "abducted kidnapped kidnap kidnaps kidnapping abduct abducts abducting hostage hostages "
    "captive",
    "arrested": "arrested arrest arrests arresting detained detain detains detaining",
}.items():
    _HARM.update(dict.fromkeys(_words.split(), _field))
_ACTIVE = word_class("casualties.active")
_PARTICIPLES = word_class("casualties.participles")
_NOUNS = word_class("casualties.nouns")
_BE = word_class("casualties.be")
_STOP = word_class("casualties.stop")
_FILLER = word_class("casualties.filler")


def tolls_in(sentence: Sentence, mentions: list[Mention]) -> list[Toll]:
    """The tolls of a sentence in order."""
    if (
        not any(norm in _HARM for norm in sentence.norms)
        and "toll" not in sentence.norms
        and ("casualties" not in sentence.norms)
    ):
        return []
    counts = _people(sentence, mentions)
    tolls: list[Toll] = []
    used: set[int] = set()
    previous = 0
    norms = sentence.norms
    for index, norm in enumerate(norms):
        if norm in ("toll", "casualties"):
            tolls.extend(_death_toll(sentence, index, counts, used))
        if norm not in _HARM or (
            norms[index - 1 : index] == ("the",) and norm in ("wounded", "dead", "injured")
        ):
            continue
        field = _HARM[norm]
        taken: list[tuple[Number, Mention | None]] = []
        of = norms[index + 1 : index + 2] == ("of",)
        if norm in ("death", "deaths") and not of and norm == "death":
            continue
        if not _is_passive(sentence, index) or (norm in ("death", "deaths") and of):
            taken = _after(sentence, index, counts, used)
        if not taken and norm not in ("claimed", "captive"):
            taken = _before(sentence, index, previous, counts, used)
        if field == "abducted" and norm in ("hostages",):
            taken = []
        if taken:
            used.update(number.first for number, _ in taken)
            tolls.append(_toll(sentence, field, taken, index))
            previous = max(index, taken[-1][0].last)
        elif (index >= 1 and norms[index - 1] in ("no", "nobody")) or norms[max(0, index - 4) : index - 1][
            :2
        ] == ("no", "one"):
            span = sentence.span(index - 1, index + 1)
            tolls.append(Toll(field, Count(low=0, high=0), span, index - 1, index + 1, cue=index))
        previous = max(previous, index)
    return tolls


def _people(sentence: Sentence, mentions: list[Mention]) -> list[tuple[Number, Mention | None]]:
    """Numbers that count people, and *a soldier*, each with who is counted."""
    out: list[tuple[Number, Mention | None]] = []
    norms = sentence.norms
    for number in numbers_in(sentence):
        mention = next(
            (
                m
                for m in mentions
                if not m.adjective
                and m.role != "thing"
                and not _STOP & set(norms[number.last : m.first])
                and (
                    number.last <= m.first <= number.last + 2
                    or m.first <= number.first < m.last
                    or (
                        number.last <= m.first <= number.last + 4
                        and all(w.capital for w in sentence.words[number.last : m.first])
                    )
                )
            ),
            None,
        )
        nxt = norms[number.last] if number.last < len(norms) else "."
        if mention is None and not (
            nxt in _HARM
            or nxt
            in (
                "as",
                "after",
                "when",
                "while",
                "others",
                "more",
                "other",
                "people",
                ".",
                ",",
                "and",
                "in",
                "on",
                "at",
                "dead",
                "of",
                "at",
            )
            or nxt in _BE
        ):
            continue
        if norms[number.first - 1 : number.first] in (("including",), ("among",)):
            continue
        if nxt == "of" and norms[number.last + 1 : number.last + 2] in (("them",), ("whom",)):
            continue
        if nxt in ("critically", "seriously", "fatally", "lightly", "severely", "%"):
            continue
        if number.count.high and norms[number.first - 1 : number.first] == ("per",):
            continue
        out.append((number, mention))
    for mention in mentions:
        if mention.adjective or mention.role == "thing" or mention.kind in ("state", "igo", "capital"):
            continue
        first = mention.first
        article = norms[first - 1] if first else ""
        if article in ("old", "based", "born"):
            # "a 14-year-old boy", "a US-based activist"
            near = [i for i in range(max(0, first - 6), first) if norms[i] in ("a", "an", "another", "one")]
            first, article = (near[-1] + 1, norms[near[-1]]) if near else (first, article)
        if any(n.first <= first <= n.last + 2 for n, m in out if m is mention):
            continue
        head = norms[mention.head]
        single = not head.endswith("s") and head not in (
            "people",
            "men",
            "women",
            "children",
            "police",
            "troops",
            "personnel",
            "staff",
            "crew",
            "others",
            "army",
            "military",
        )
        if article in ("a", "an", "another", "one") and single:
            out.append((Number(first - 1, first, Count(low=1, high=1)), mention))
        elif single and article != "of" and _alone(sentence, mention):
            out.append((Number(first, first + 1, Count(low=1, high=1)), mention))
        elif single and article != "of" and (mention.role == "person" or mention.last > mention.head + 1):
            # A named person or office holder is one: "general Vitaly Gerasimov is killed".
            out.append((Number(first, first + 1, Count(low=1, high=1)), mention))
    out.sort(key=lambda pair: pair[0].first)
    return out


def _alone(sentence: Sentence, mention: Mention) -> bool:
    """*Soldier killed in blast*: in a headline a bare noun is one."""
    opens = mention.first == 0 or sentence.norms[mention.first - 1] in (",", ":", ";", "and")
    harm = sentence.norms[mention.last : mention.last + 1]
    return sentence.part is TextPart.TITLE and opens and bool(_PARTICIPLES & set(harm))


def _is_passive(sentence: Sentence, index: int) -> bool:
    norms = sentence.norms
    if norms[index] in _ACTIVE:
        return False
    if norms[index] in _NOUNS or norms[index] in ("die", "dies", "died", "perish", "perished"):
        return True
    return any(norm in _BE for norm in norms[max(0, index - 4) : index])


def _after(
    sentence: Sentence, index: int, counts: list[tuple[Number, Mention | None]], used: set[int]
) -> list[tuple[Number, Mention | None]]:
    """Counts that follow an active harm word, joined by *and* and commas."""
    taken: list[tuple[Number, Mention | None]] = []
    edge = index + 1
    for number, mention in counts:
        if number.first < edge or number.first in used:
            continue
        between = sentence.norms[edge : number.first]
        if not taken and between[:1] in ((",",), ("and",)):
            break  # "Four killed, 12 wounded": the twelve are the next harm's
        if len(between) > 3 or any(w not in _FILLER and w not in _HARM for w in between):
            break
        if any(w in _HARM for w in between):
            break
        ahead = sentence.norms[number.last : number.last + 4]
        tail = max(number.last, mention.last if mention else 0)
        next_words = sentence.norms[tail : tail + 2]
        if taken and (
            any(w in _HARM and w not in _ACTIVE for w in ahead[:3])
            or any(w in _BE or w in _HARM for w in next_words)
        ):
            break
        taken.append((number, mention))
        edge = tail
    return taken


def _before(
    sentence: Sentence, index: int, previous: int, counts: list[tuple[Number, Mention | None]], used: set[int]
) -> list[tuple[Number, Mention | None]]:
    """Counts that stand before a passive harm word, back to the clause's start."""
    start = index
    while start > previous and sentence.norms[start - 1] not in _STOP:
        start -= 1
    inside = [
        pair
        for pair in counts
        if start <= pair[0].first < index
        and pair[0].first not in used
        and sentence.norms[max(0, pair[0].first - 1)] not in ("by", "from")
    ]
    taken: list[tuple[Number, Mention | None]] = []
    edge = index
    for number, mention in reversed(inside):
        tail = max(number.last, mention.last if mention else 0)
        between = sentence.norms[tail:edge]
        limit = 12 if not taken else 3
        if len(between) > limit or (taken and any(w not in _FILLER for w in between)):
            break
        taken.insert(0, (number, mention))
        edge = number.first
    return taken


def _death_toll(
    sentence: Sentence, index: int, counts: list[tuple[Number, Mention | None]], used: set[int]
) -> list[Toll]:
    norms = sentence.norms
    if norms[index] == "casualties":
        if index and norms[index - 1] == "no":
            span = sentence.span(index - 1, index + 1)
            zero = Count(low=0, high=0)
            return [
                Toll("killed", zero, span, index - 1, index + 1),
                Toll("injured", zero, span, index - 1, index + 1),
            ]
        return []
    for number, mention in counts:
        if number.first > index and norms[number.first - 1] in (
            "to",
            "at",
            "least",
            "reaches",
            "of",
            "hits",
            "about",
            "than",
        ):
            used.add(number.first)
            toll = _toll(sentence, "killed", [(number, mention)], index)
            return [Toll("killed", toll.count, toll.span, toll.first, toll.last, mention, index, True)]
    return []


def _toll(sentence: Sentence, field: str, taken: list[tuple[Number, Mention | None]], cue: int) -> Toll:
    low = sum(number.count.low for number, _ in taken)
    high = sum(number.count.high for number, _ in taken)
    first = taken[0][0].first
    last = max(taken[-1][0].last, taken[-1][1].last if taken[-1][1] else 0)
    victims = next((mention for _, mention in taken if mention), None)
    return Toll(field, Count(low=low, high=high), sentence.span(first, last), first, last, victims, cue)
