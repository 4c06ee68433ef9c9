"""Noun phrases around a word: subjects before a verb, objects after it, agents after *by*, owners, targets.

Subjects lead a clause, owners stand right before a noun (*Israeli airstrike*), targets after *on* or
*against*, also through what they use (*three sites used by X*).
"""

from dataclasses import dataclass, field

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Located, Mention, Sentence

_BE = word_class("frames.be")
_BOUNDS = word_class("frames.bounds")
_SUBJECT_PREPOSITIONS = word_class("frames.subject_prepositions")
_OBJECT_WAYS = word_class("frames.object_ways")
_TARGET = word_class("frames.target")
_OWNERS = word_class("frames.owners")
_QUANTITIES = word_class("frames.quantities")
_INSTRUMENTS = word_class("frames.instruments")
_USING = word_class("frames.using")
_HOSTING = word_class("frames.hosting")
_STATIONED = word_class("frames.stationed")
_ARTICLES = frozenset({"the", "a", "an", "its", "their", "his", "her", "our"})
_LIGHT = word_class("frames.light")
_SPOKEN = word_class("frames.spoken")
_COUNTING = word_class("frames.counting") | {","}
_NUMERALS = _COUNTING - {"and", "at", "least", "a", "an", "the", "other", "another", ","}
_NOUN_STOPS = _BE | {"response", "including", "after", "have", "has", "that", "which", "who"}
_PEOPLE_VERBS = word_class("frames.people_verbs")
_BLAME = word_class("frames.blame")
_FLAGGED = word_class("actors.flagged")
JUDGING = word_class("sides.judging")
"""What is said of another's deed: *condemns*, *shrugs off*."""
BEATEN_OFF = word_class("sides.beaten_off")
"""What befalls an attack: *repelled*, *foiled*."""
_NOT_OWNING = JUDGING | BEATEN_OFF | {"shot", "gunned", "stabbed", "hacked", "found", "feared", "left"}
"""Verbs that part a side from a deed named after it: *soldiers shot dead*, *police foil attack*."""
_BLAMED = frozenset({"blamed", "pinned"})
_ACCUSED = 14
"""Words from a verb of blame to the deed."""


@dataclass(slots=True)
class Read:
    """All that has been read from one sentence, for the frames to draw on."""

    sentence: Sentence
    mentions: list[Mention]
    located: list[Located] = field(default_factory=list)


def bounds(sentence: Sentence, index: int) -> tuple[int, int]:
    """The clause around a word: up to the nearest subordinator, semicolon or dash on each side."""
    first, last = index, index + 1
    while first > 0 and sentence.norms[first - 1] not in _BOUNDS:
        first -= 1
    while last < len(sentence.norms) and sentence.norms[last] not in _BOUNDS:
        last += 1
    return first, last


def subjects_of(read: Read, first: int, last: int) -> list[Mention]:
    """The noun phrases that lead a clause, up to its verb."""
    norms = read.sentence.norms
    inside = [m for m in read.mentions if first <= m.first and m.last <= last]
    out: list[Mention] = []
    skipped = -9
    for mention in inside:
        before = norms[mention.first - 1] if mention.first else ""
        if before in ("and", ",") and mention.first - skipped <= 2:
            skipped = mention.last  # "clashes between soldiers and rebels killed": neither is the subject
            continue
        if before in _ARTICLES and mention.first > 1:
            before = norms[mention.first - 2]
        if mention.adjective and mention.kind != "group":
            continue
        if norms[mention.last : mention.last + 1] == (":",):
            continue  # "Mali: raid kills six": of which land it is told
        governed = before in _SUBJECT_PREPOSITIONS and mention.first > first
        if governed and not _stands_for(norms, mention.first, before):
            skipped = mention.last
            continue
        if (
            out
            and norms[out[-1].last : mention.first]
            not in (
                ("and",),
                (",",),
                (",", "and"),
                ("and", "the"),
                (",", "the"),
                (",", "and", "the"),
                ("or",),
            )
            and not (_counts_between(norms[out[-1].last : mention.first]))
        ):
            # A later noun phrase takes over after a verb of saying ("Austin said the US struck").
            if any(w in _PEOPLE_VERBS or w == "," for w in norms[out[-1].last : mention.first]):
                out = [mention]
            continue
        out.append(mention)
    return out


def _stands_for(norms: tuple[str, ...], position: int, before: str) -> bool:
    """*Dozens of Russians*, *one of its men*, *aircraft of the United States*: who follows *of* is meant."""
    if before != "of":
        return False
    of = position - 1 if norms[position - 1] == "of" else position - 2
    counted = norms[of - 1] if of > 0 else ""
    if norms[max(0, of - 2) : of - 1] in (("including",), ("among",)):
        return False
    return counted.isdigit() or counted in _QUANTITIES | _INSTRUMENTS | _NUMERALS


def _counts_between(words: tuple[str, ...]) -> bool:
    """*and at least two*: nothing but a count stands between two sides of one list."""
    counts = all(word in _COUNTING or word.isdigit() for word in words)
    return 0 < len(words) <= 4 and words[0] in ("and", ",") and counts


def objects_of(read: Read, first: int, last: int, passive: bool) -> list[Mention]:
    norms = read.sentence.norms
    out: list[Mention] = []
    edge = first
    for mention in read.mentions:
        if mention.first < first or mention.first >= last:
            continue
        if mention.adjective and mention.kind != "group" and not _owns_target(read, mention):
            continue
        between = norms[edge : mention.first]
        if out:
            if (
                between[:1] not in (("and",), (",",))
                or len(between) > 5
                or _speaks(read.sentence, mention)
                or any(w.endswith("ing") or w in ("by", "with", "in") for w in between)
            ):
                break
        elif any(
            w in ("by", "with", "that", "according", "as", "told", "said", "says", "during") for w in between
        ) or ("," in between and not any(w in _OBJECT_WAYS for w in between)):
            break
        out.append(mention)
        edge = mention.last
        if passive or len(out) == 3:
            break
    return out


def _owns_target(read: Read, mention: Mention) -> bool:
    """*Russia's radar*, *Ukrainian grain silos*: a possessive or demonym before a common noun owns it."""
    return mention.kind in ("state", "people", "capital", "organ")


def agents_of(read: Read, first: int, last: int, stops: frozenset[str] = frozenset()) -> list[Mention]:
    """Who stands after *by* or *blamed on*."""
    norms = read.sentence.norms
    for index in range(first, min(last, len(norms))):
        if norms[index] in stops:
            return []
        blamed = norms[index] == "on" and norms[index - 1] in _BLAMED
        owning = norms[index - 1] in _OWNERS or norms[index - 1] in _SPOKEN
        if not blamed and (norms[index] != "by" or owning):
            continue
        out: list[Mention] = []
        edge = index + 1
        for mention in read.mentions:
            if mention.first < edge:
                continue
            between = norms[edge : mention.first]
            if len(between) > 3 or (
                out and (between[:1] not in (("and",), (",",)) or _speaks(read.sentence, mention))
            ):
                break
            out.append(mention)
            edge = mention.last
            if mention.adjective:
                break
        if out:
            return out
    return []


def _is_flag(sentence: Sentence, mention: Mention) -> bool:
    """*British-flagged*, *Greek-run*: whose ship it is, not who does anything."""
    following = sentence.words[mention.last : mention.last + 1]
    return bool(following) and following[0].glued and following[0].norm in _FLAGGED


def accused_of(read: Read, index: int) -> list[Mention]:
    """*Accuses the army and its allies of having shelled ...*: who is blamed, not who blames."""
    norms = read.sentence.norms
    if norms[max(0, index - 2) : index] != ("of", "having"):
        return []
    blamed = (i for i in range(index - 3, max(-1, index - _ACCUSED), -1) if norms[i] in _BLAME)
    verb = next(blamed, index)
    return [m for m in read.mentions if verb < m.first and m.last <= index - 2 and not m.adjective]


def _speaks(sentence: Sentence, mention: Mention) -> bool:
    """Whether this side only says something (*, the army said*)."""
    return any(word in _PEOPLE_VERBS for word in sentence.norms[mention.last : mention.last + 2])


def owner_of(read: Read, first: int) -> list[Mention]:
    """The side named right before a deed: *Israeli airstrike*, *Russia's missile attack*."""
    norms = read.sentence.norms
    for mention in reversed(read.mentions):
        if mention.last > first:
            continue
        if _is_flag(read.sentence, mention):
            continue
        gap = norms[mention.last : first]
        if len(gap) > 4 or any(
            w in _BE
            or w in _NOT_OWNING
            or w in _LIGHT
            or w in _OBJECT_WAYS
            or w
            in (
                "a",
                "an",
                "the",
                "and",
                ",",
                ":",
                "by",
                "after",
                "when",
                "killed",
                "as",
                ".",
                "for",
                "have",
                "has",
                "who",
                "that",
                "during",
                "are",
                "or",
                "killing",
                "dead",
                "near",
                "over",
                "amid",
                "wounded",
                "injured",
                "said",
                "says",
            )
            for w in gap
        ):
            return []
        if (
            mention.adjective
            or mention.kind in ("group", "state", "organ", "capital")
            or mention.armed
            or (mention.role == "state")
        ):
            before = norms[mention.first - 1] if mention.first else ""
            if mention.role == "civil" or (before == "anti"):
                return []
            return [mention]
        return []
    return []


def target_of(read: Read, first: int, last: int) -> list[Mention]:
    """Who stands after *on*, *against*, *targeting*, also through *three sites used by*."""
    norms = read.sentence.norms
    for index in range(first, min(last, len(norms))):
        if (
            norms[index] in _NOUN_STOPS
            or norms[index] in (".", "said", "says")
            or (norms[index] == "," and index > first + 2)
        ):
            return []
        if norms[index] not in _TARGET or (norms[index] == "of" and index != first):
            continue
        if norms[index - 1] in _BLAMED:
            continue  # "an attack blamed on X": who did it, not whom it hit
        for mention in read.mentions:
            if mention.first <= index:
                continue
            between = norms[index + 1 : mention.first]
            if len(between) > 9 or any(
                w in (",", "in", "killed", "killing", "as", "after", "at") for w in between
            ):
                return []
            if "by" in between and not any(w in _OWNERS - {"by", "of"} for w in between):
                return []
            return _with_partners(read, mention)
    return []


def owned_target(read: Read, first: int, last: int) -> list[Mention]:
    """*Three sites in Iraq used by X*: whoever used what was hit."""
    norms = read.sentence.norms
    for index in range(first, min(last, len(norms) - 1)):
        if norms[index] in ("hosting", "housing"):
            return [m for m in read.mentions if 0 < m.first - index <= 3][:1]
        if norms[index] in _OWNERS - {"by", "of"} and norms[index + 1] in ("by", "to"):
            found = next((m for m in read.mentions if 0 < m.first - index <= 4), None)
            return _with_partners(read, found) if found else []
    return []


def told_after(read: Read, index: int) -> list[Mention]:
    """Who was hit by way of a place, from the relative clause at ``index`` (or after the comma before it).

    *Sites that X use*, *that are used by X*, *a base which hosts X*, *where X are stationed*.
    """
    norms = read.sentence.norms
    if norms[index : index + 1] not in (("that",), ("which",), ("where",)):
        return []
    if norms[index + 1 : index + 2] and norms[index + 1] in _BE:
        return owned_target(read, index + 2, index + 4)
    after = index + 2 if norms[index + 1 : index + 2] and norms[index + 1] in _HOSTING else index + 1
    found = next((m for m in read.mentions if 0 <= m.first - after <= 2 and not m.adjective), None)
    if found is None or (after == index + 2 and norms[index] == "where"):
        return []
    sides = _with_partners(read, found)
    if after == index + 2:
        return sides
    verbs = norms[sides[-1].last : sides[-1].last + 2]
    verbs = verbs[1:] if verbs[:1] in (("have",), ("has",), ("had",)) else verbs
    stationed = norms[index] == "where" and verbs[:1] in (("are",), ("is",), ("were",), ("was",))
    if stationed:
        return sides if set(verbs[1:]) & _STATIONED else []
    return sides if set(verbs[:1]) & _USING else []


def _with_partners(read: Read, mention: Mention) -> list[Mention]:
    """A mention and those joined to it by *and* or a comma."""
    out = [mention]
    norms = read.sentence.norms
    for other in read.mentions:
        if other.first < out[-1].last:
            continue
        between = norms[out[-1].last : other.first]
        if between in (
            ("and",),
            (",",),
            (",", "and"),
            ("and", "the"),
            ("and", "other"),
            ("and", "its"),
        ) and not (other.adjective or _speaks(read.sentence, other)):
            out.append(other)
        else:
            break
    return out[:4]
