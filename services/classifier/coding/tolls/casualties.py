"""A sentence in, the counts of people that something befell out.

*Killing 19 gendarmes and a civilian* is 20 killed; *four soldiers are killed and two others wounded* is two
tolls. Counts of things, of troops present and of years are not tolls: a harm word must govern them. What
looks back or counts up (``past.py``) is left out; *nobody was hurt* is a toll of none (``unhurt.py``).
"""

from services.classifier.coding.days.past import is_past
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.people import parties_in
from services.classifier.coding.naming.persons import Party, is_person
from services.classifier.coding.text.reading import Mention, Sentence, Toll
from services.classifier.coding.tolls.again import harmed_again
from services.classifier.coding.tolls.harms import AFTER, BEFORE, EITHER, NOUN, Harm, harms_in
from services.classifier.coding.tolls.standing import before_adverbs, standing_tolls, with_rivals
from services.classifier.coding.tolls.unhurt import none_hurt
from shared.contracts import Count

_BE = word_class("casualties.be")
_STOP = word_class("casualties.stop")
_FILLER = word_class("casualties.filler")
_ATTACHED = word_class("casualties.attached")
_RELATIVE = frozenset({"who", "whom", "which", "that"})
_LOSING = frozenset({"lost", "loses", "losing", "taken", "held", "buried"})
"""Words that tell harm only of people: *lost two men*, *nine girls taken*, not *lost two posts*."""
_MEANT = frozenset({"to", "will", "would", "could", "might", "may", "can", "should", "must", "not"})
_AVENGING = frozenset({"avenge", "avenged", "avenges", "avenging", "mourn", "mourns", "mourned", "mourning"})
_CAUSES = frozenset({"over", "after", "following", "since", "mourning"})
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its"})
_ALONG = (("along", "with"), ("together", "with"), ("as", "well"))
_PASSIVE_REACH = 4
_SUBJECT_REACH = 14
"""Words between a subject and its harm word: longer ones are mostly somebody else's."""


def tolls_in(sentence: Sentence, mentions: list[Mention]) -> list[Toll]:
    """The tolls of a sentence in order."""
    harms = harms_in(sentence)
    tolls = none_hurt(sentence)
    if not harms and "toll" not in sentence.norms:
        return tolls
    harmful = {i for harm in harms for i in range(harm.first, harm.last)}
    parties = parties_in(sentence, mentions, harmful.__contains__)
    if not parties:
        return tolls
    none = {toll.cue for toll in tolls}
    standing = standing_tolls(sentence, parties)
    used = {toll.first for toll in standing}
    previous = 0
    for harm in harms:
        if harm.first not in none:
            taken = _governed(sentence, harm, previous, [p for p in parties if p.first not in used], harmful)
            used.update(party.first for party in taken)
            if taken and not is_past(sentence, taken[0].first) and not is_past(sentence, harm.first):
                tolls.append(_toll(sentence, harm, taken, mentions))
                previous = taken[-1].last
            elif not taken and tolls:
                tolls[-1:] = harmed_again(sentence, tolls[-1], harm)
        previous = max(previous, harm.last)
    return with_rivals(sentence, [*tolls, *standing], used)


def _governed(
    sentence: Sentence, harm: Harm, previous: int, free: list[Party], harmful: set[int]
) -> list[Party]:
    """Whom a harm word befell, by the side on which they stand."""
    inside = [p for p in free if p.first < harm.first < p.last and p.kind == "number"]
    if inside and harm.side != AFTER:  # "seven injured officers"
        return inside if harm.field in ("killed", "injured", "missing") else []
    passive = _is_passive(sentence, harm)
    if sentence.norms[harm.first] == "fell":
        free = [p for p in free if p.mention is not None and p.mention.armed and p.last == harm.first]
    if _only_meant(sentence, harm, passive):
        return []
    if harm.side == NOUN:
        return _counted_noun(sentence, harm, previous, free, harmful)
    if harm.last == harm.first + 1 and sentence.norms[harm.first] in _LOSING:
        free = [p for p in free if p.kind == "number" and (p.bare or _are_people(sentence, p))]
    if harm.side == AFTER or (harm.side == EITHER and not passive):
        taken = _after(sentence, harm, free, harmful)
        if taken and harm.side == EITHER and _telegraphic(sentence, harm, taken[0], free, harmful):
            taken = []
        if taken or harm.side == AFTER:
            return taken
    return _before(sentence, harm, previous, free)


def _only_meant(sentence: Sentence, harm: Harm, passive: bool) -> bool:
    """*To arrest a wanted man*, *the detained president*: nothing was done, or long ago."""
    if not harm.first:
        return False
    before = sentence.norms[harm.first - 1]
    if harm.side == AFTER:
        return before in _MEANT
    if before == "be" and sentence.norms[harm.first - 2 : harm.first - 1] == ("to",):
        return True  # "the highest-ranking officer to be killed"
    owned = sentence.words[harm.first - 1].possessive or before in _DETERMINERS
    after = sentence.norms[harm.last : harm.last + 1]
    qualifies = bool(after) and after[0].endswith("s") and is_person(after[0])  # "gifts to wounded rangers"
    return harm.side == EITHER and not passive and (owned or qualifies)


def _are_people(sentence: Sentence, party: Party) -> bool:
    return party.mention is not None or any(is_person(n) for n in sentence.norms[party.first : party.last])


def _is_passive(sentence: Sentence, harm: Harm) -> bool:
    for norm in reversed(sentence.norms[max(0, harm.first - _PASSIVE_REACH) : harm.first]):
        if norm in _BE:
            return True
        if norm in (",", ";", ":"):
            return False
    return False


def _telegraphic(sentence: Sentence, harm: Harm, after: Party, free: list[Party], harmful: set[int]) -> bool:
    """*7 killed 12 wounded*: the number after the word is the next word's."""
    following = sentence.norms[after.last : after.last + 1]
    acts = after.last in harmful or (bool(following) and following[0] in _BE)
    return acts and any(0 <= harm.first - party.last <= 2 for party in free)


def _after(sentence: Sentence, harm: Harm, free: list[Party], harmful: set[int]) -> list[Party]:
    """Those who follow an active harm word, joined by *and* and commas."""
    norms = sentence.norms
    taken: list[Party] = []
    edge = harm.last + (norms[harm.last : harm.last + 1] == (":",))
    for party in free:
        if party.first < edge:
            continue
        between = norms[edge : party.first]
        if any(i in harmful for i in range(edge, party.first)):
            break
        if not taken:
            # "Four killed, 12 wounded": the twelve are the next harm's.
            if between[:1] in ((",",), ("and",), (".",)) or len(between) > 4:
                break
            named = party.kind == "name" and bool(between) and is_person(between[-1])
            if not all(word in _FILLER for word in between) and not (named and len(between) < 4):
                break
            if party.kind == "title" and between:
                break
        elif not _goes_on(sentence, party, between, harmful):
            break
        elif between == (",",) and party.kind in ("single", "definite") and not _listed(norms, party.last):
            edge = party.last  # "a shepherd" only says who the one was
            continue
        taken.append(party)
        edge = party.last
    return taken


def _goes_on(sentence: Sentence, party: Party, between: tuple[str, ...], harmful: set[int]) -> bool:
    """Whether a party belongs to the list of those before it, and is not the subject of what follows."""
    if between in ((), ("of",)) or (party.kind == "title" and between not in (("and",), (",",))):
        return False
    if not all(word in _FILLER for word in between) and not _joins(between):
        return False
    norms = sentence.norms
    if party.last in harmful or (norms[party.last : party.last + 1] and norms[party.last] in _BE):
        return False
    return party.last + 1 not in harmful or norms[party.last] in (",", "and")


def _joins(between: tuple[str, ...]) -> bool:
    """*A child in Homs and (two women)*, *its mayor, Jane Roe, and (his driver)*."""
    linked = (
        between[-1:] == ("and",) or between[-3:] == ("as", "well", "as") or between[-2:] == ("along", "with")
    )
    short = 2 <= len(between) <= 6 or (len(between) <= 12 and between[:1] == (",",))
    return linked and short and not any(word in _STOP or word in _BE for word in between)


def _listed(norms: tuple[str, ...], index: int) -> bool:
    """Whether a list goes on here and ends with *and*: *a guard, a cook and a clerk*."""
    ahead = norms[index : index + 9]
    return ahead[:1] == ("and",) or (ahead[:1] == (",",) and "and" in ahead)


def _before(sentence: Sentence, harm: Harm, previous: int, free: list[Party]) -> list[Party]:
    """Those who stand before a passive harm word, back to the clause's start."""
    inside = _subjects(sentence, harm, previous, free)
    if not inside or not _reaches(sentence, harm, inside[-1]):
        return []
    norms = sentence.norms
    taken = [inside[-1]]
    for party in reversed(inside[:-1]):
        first = taken[0]
        between = norms[party.last : first.first]
        apposed = between == (",",) and norms[first.last : first.last + 1] == (",",)
        if apposed and first.kind in ("single", "definite", "title"):
            taken[0] = party  # "her bodyguard, a corporal, died"
            continue
        plural = norms[harm.first - 1] in ("were", "are", "have") or harm.side == BEFORE
        # "A girl who swept the court and a soldier were killed": the verb says that they were two.
        pair = plural and between[-1:] == ("and",) and first.count.high == 1 and len(between) < 12
        joined = len(between) <= 4 and between != ("of",) and all(w in _FILLER for w in between)
        if not (joined or pair or (_joins(between) and first.kind == "number")):
            break
        taken.insert(0, party)
    if norms[harm.last : harm.last + 2] in _ALONG:
        taken += [p for p in free if harm.last < p.first <= harm.last + 3][:1]
    return taken


def _subjects(sentence: Sentence, harm: Harm, previous: int, free: list[Party]) -> list[Party]:
    """The people of the harm word's clause who are not tied to something else by a preposition."""
    norms = sentence.norms
    start = harm.first
    while start > previous and norms[start - 1] not in _STOP:
        start -= 1
    inside = [
        p
        for p in free
        if start <= p.first < harm.first
        and ((p.bare and p.kind == "number" and p.last == harm.first) or not _attached(norms, p))
    ]
    if start > previous and norms[start - 1] in _RELATIVE:
        # "thirty people who had gathered to mend a school were killed"
        near = [p for p in free if previous <= p.first and 0 <= start - 1 - p.last <= 1]
        inside = [p for p in near if not inside or not _attached(norms, p)] + inside
    return inside


def _reaches(sentence: Sentence, harm: Harm, nearest: Party) -> bool:
    """Whether a party stands near enough to be the subject of a harm word."""
    gap = harm.first - nearest.last
    if nearest.kind == "pronoun":
        return harm.side == EITHER and gap <= 5  # but not "he died in his sleep"
    if nearest.bare:
        return gap <= 5
    # "a missing teenager" holds its harm word, and may end the sentence.
    apart = sentence.norms[nearest.last : nearest.last + 1] in ((",",), ("who",), ("(",))
    if nearest.kind in ("definite", "title", "name") and gap > 4 and not apart:
        return False
    return gap <= _SUBJECT_REACH


def _attached(norms: tuple[str, ...], party: Party) -> bool:
    """Whether a preposition ties these people to another noun (*on a hundred motorcycles*, *by two men*)."""
    index = before_adverbs(norms, party.first)
    return index > 0 and (norms[index - 1] in _ATTACHED or norms[index - 1] in _AVENGING)


def _counted_noun(
    sentence: Sentence, harm: Harm, previous: int, free: list[Party], harmful: set[int]
) -> list[Party]:
    """*Nine dead*, *64 bodies*, *the deaths of twelve fighters*, *dead: 5*."""
    norms = sentence.norms
    caused = norms[harm.first] == "death" and _CAUSES & set(norms[max(0, harm.first - 2) : harm.first])
    if caused or sentence.words[harm.first].possessive:
        return []  # "protests over the death of a woman", "the fatality's colleagues"
    if norms[harm.last : harm.last + 1] in (("of",), (":",)):
        taken = _after(sentence, Harm(harm.first, harm.last + 1, harm.field, AFTER), free, harmful)
        if taken:
            return taken if taken[0].kind == "number" or norms[harm.first] == "death" else []
    if norms[harm.first - 1 : harm.first] in (("is",), ("are",), ("were",), ("was",)):
        return _before(sentence, harm, previous, free)  # "nine people, policemen among them, are dead"
    inside = [
        p
        for p in free
        if previous <= p.first
        and p.last <= harm.first
        and ((p.bare and p.last == harm.first) or not _attached(norms, p))  # "resulting in 12 deaths"
    ]
    if not inside:
        return []
    party = inside[-1]
    gap = norms[party.last : harm.first]
    bodies = norms[harm.first] != "dead"
    if len(gap) > 3 or any(not word[:1].isalpha() or word in _STOP for word in gap):
        return []
    if party.kind != "number" and (bodies or party.kind not in ("single", "title", "name")):
        return []
    taken = [party]
    for other in reversed(inside[:-1]):
        between = norms[other.last : taken[0].first]
        if bodies or not between or not all(word in _FILLER for word in between):
            break
        taken.insert(0, other)  # "leaving six officers and 15 militants dead"
    return taken


def _toll(sentence: Sentence, harm: Harm, taken: list[Party], mentions: list[Mention]) -> Toll:
    count = Count(low=sum(p.count.low for p in taken), high=sum(p.count.high for p in taken))
    first, last = taken[0].first, max(party.last for party in taken)
    victims = next((party.mention for party in taken if party.mention), None)
    if victims is None and harm.side == NOUN and sentence.norms[harm.last : harm.last + 1] == ("of",):
        victims = next(
            (m for m in mentions if harm.last < m.first <= harm.last + 2), None
        )  # "19 bodies of rebels"
    return Toll(harm.field, count, sentence.span(first, last), first, last, victims, harm.first)
