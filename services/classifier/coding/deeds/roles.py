"""Who did what to whom: the sides of one deed, by whether it is told actively, passively or as a noun."""

from services.classifier.coding.deeds.sides import (
    BEATEN_OFF,
    JUDGING,
    Read,
    accused_of,
    agents_of,
    bounds,
    objects_of,
    owned_target,
    owner_of,
    subjects_of,
    target_of,
    told_after,
)
from services.classifier.coding.lexicon import Lexicon, Pattern, word_class
from services.classifier.coding.text.reading import Frame, Mention

_BE = word_class("frames.be")
_LIGHT = word_class("frames.light")
_ANSWERING = word_class("frames.answering")
_ANNOUNCING = word_class("frames.announcing")
_NOUN_LIKE = word_class("frames.noun_like")
_SAYING = word_class("roles.saying")
_AWAY = word_class("frames.prepositions") | {"near", "off", "outside", "inside", "across"}
_MACHINES = word_class("roles.machines")
_PARTICLES = frozenset({"down", "dead", "up"})
"""Words that belong to the verb before them: *gunned down*, *shot dead*, *blown up*."""
_CLAUSE_ENDS = frozenset({"has", "have", "had", "that", "which", "who", "when", "after", ",", "and", "to"})
"""Words before which a verb's *was* cannot stand: *were hurt when police opened fire*."""
_NO_OBJECT = word_class("roles.no_object")
_TO_SAYING = 7
"""Words from a speaker to the verb of saying."""
_NOUN_STOPS = _BE | {"response", "including", "after", "have", "has", "that", "which", "who"}


def frame_of(read: Read, first: int, last: int, pattern: Pattern, lexicon: Lexicon) -> Frame:
    """The frame of a pattern found at words ``first`` up to ``last``, with its sides."""
    sentence = read.sentence
    verb = pattern.verb
    frame = Frame(
        sentence,
        first,
        last,
        pattern.event_type,
        pattern.mode,
        pattern.strength,
        verb,
        pattern.needs,
        sentence.span(first, min(last, first + 8)),
    )
    before = sentence.norms[max(0, first - 3) : first]
    frame.definite = bool(before) and (
        before[-1] in ("the", "that", "this", "these", "those") or before[-2:-1] == ("the",)
    )
    frame.plural = not verb and any(
        norm.endswith("s") for norm in sentence.norms[first:last] if len(norm) > 4
    )
    if verb and not _is_bare_noun(frame):
        _verb_roles(frame, read, lexicon)
    else:
        frame.told = _is_told(frame, lexicon)
        _noun_roles(frame, read)
    if pattern.event_type == "THREATEN" and not any(m.official or m.armed for m in frame.actors):
        frame.actors = _speaker(read) or frame.actors
    if pattern.mode == "clash":
        _reciprocal(frame, read)
    if pattern.mode == "intercept":
        _incoming(frame, read)
    if verb and pattern.mode == "clash" and sentence.norms[first] in BEATEN_OFF:
        _beaten_off(frame, read)
    return frame


def _is_bare_noun(frame: Frame) -> bool:
    """*Iran shrugs off US sanctions*, *Moscow calls capture of ship piracy*: nouns that look like verbs."""
    norms = frame.sentence.norms
    if frame.first and norms[frame.first - 1] in JUDGING:
        return True
    following = norms[frame.last] if frame.last < len(norms) else "."
    plural = frame.last == frame.first + 1 and norms[frame.first] == "sanctions"
    return plural and following in _NO_OBJECT


def _is_told(frame: Frame, lexicon: Lexicon) -> bool:
    """Whether a verb of the pattern's own makes a statement of its noun: *drones crashed*, *shells rain*."""
    verbs = lexicon.verbs
    for word in frame.sentence.norms[frame.first + 1 : frame.last]:
        past = verbs.is_participle(word) and word not in _NOUN_LIKE
        present = verbs.is_present(word) and word not in _NOUN_LIKE and not word.endswith("ing")
        if past or present:
            return True
    return False


def _speaker(read: Read) -> list[Mention]:
    """Who announces what will be done: *X said that ...*, *X: ...*, *..., X tells Y*."""
    norms = read.sentence.norms
    for mention in read.mentions:
        if mention.adjective or not (mention.official or mention.armed or mention.role == "person"):
            continue
        after = norms[mention.last : mention.last + _TO_SAYING]
        said = next((index for index, word in enumerate(after) if word in _SAYING), None)
        crossed = set(after[: said or 0]) & {"that", "which", "who", ";"}
        if (said is not None and not crossed) or after[:1] == (":",):
            return [mention]
    return []


def _verb_roles(frame: Frame, read: Read, lexicon: Lexicon) -> None:
    sentence, norms = frame.sentence, frame.sentence.norms
    first, last = bounds(sentence, frame.first)
    word = norms[frame.first]
    frame.passive = _is_passive(frame, read, lexicon)
    subjects = subjects_of(read, first, frame.first)
    if not subjects and first > 0 and norms[first - 1] in ("which", "that", "who"):
        subjects = [m for m in read.mentions if m.last <= first and first - m.last <= 3][-1:]
    if not subjects and (
        lexicon.verbs.is_ing(word) or (frame.first and norms[frame.first - 1] in ("and", "to", ","))
    ):
        subjects = subjects_of(read, 0, frame.first)
    objects = objects_of(read, frame.first + 1, last, frame.passive)
    under = "under" in norms[frame.first + 1 : frame.first + 3] and word.startswith(("com", "cam", "be"))
    if under:
        # "Our forces came under fire from rebels": who stands first suffers.
        frame.recipients = subjects
        frame.actors = [m for m in objects if "from" in norms[m.first - 2 : m.first]]
    elif frame.passive:
        frame.recipients = subjects
        frame.actors = agents_of(read, frame.first + 1, last)
        frame.agent = bool(frame.actors)
    else:
        frame.actors = accused_of(read, frame.first) or subjects
        frame.recipients = objects or owned_target(read, frame.last, min(last, frame.last + 14))
        frame.recipients = frame.recipients or told_after(read, last)


def _is_passive(frame: Frame, read: Read, lexicon: Lexicon) -> bool:
    sentence, norms = frame.sentence, frame.sentence.norms
    word = norms[frame.first]
    if not lexicon.verbs.is_participle(word) or lexicon.verbs.is_ing(word):
        return False
    before = norms[max(0, frame.first - 4) : frame.first]
    for index in range(len(before) - 1, -1, -1):
        if before[index] in _BE:
            return True
        if before[index] in _CLAUSE_ENDS:
            break
    if any(w in ("has", "have", "had") for w in before):
        return False
    after = frame.first + 1
    after += norms[after : after + 1] != () and norms[after] in _PARTICLES
    following = norms[after] if after < len(norms) else "."
    if following in (
        "by",
        "in",
        "near",
        "during",
        "when",
        "after",
        "as",
        ".",
        "amid",
        "while",
        "on",
        "outside",
        ",",
        ":",
        ";",
        "-",
        "–",
        "—",
    ) and not (lexicon.verbs.is_present(word)):
        # "Five soldiers killed in raid"; but "bombed on Monday a base" is rare.
        return following == "by" or word in (
            "killed",
            "wounded",
            "injured",
            "kidnapped",
            "abducted",
            "arrested",
            "detained",
            "assassinated",
            "shot",
            "captured",
            "seized",
            "bombed",
            "attacked",
            "hijacked",
            "shelled",
            "hit",
            "struck",
            "destroyed",
            "expelled",
            "executed",
            "ambushed",
            "martyred",
            "slain",
            "slaughtered",
            "massacred",
            "beheaded",
            "torched",
            "burned",
            "burnt",
            "razed",
            "looted",
            "sealed",
            "seized",
            "deported",
            "overrun",
            "recaptured",
            "besieged",
            "rammed",
            "downed",
            "intercepted",
            "dynamited",
            "sabotaged",
            "neutralised",
            "neutralized",
            "jailed",
            "snatched",
            "gunned",
            "mowed",
            "blown",
            "boarded",
            "impounded",
        )
    return bool(sentence.words[frame.first].glued)


def _noun_roles(frame: Frame, read: Read) -> None:
    sentence, norms = frame.sentence, frame.sentence.norms
    first, last = bounds(sentence, frame.first)
    inside = [
        m
        for m in read.mentions
        if m.first <= frame.first < m.last
        and (m.role in ("state", "armed", "civil") or (frame.told and m.role == "arms"))
    ]
    frame.actors = (
        inside
        if frame.mode in ("cyber", "riot")
        or any(m.role in ("state", "arms") and m.kind != "head" for m in inside)
        or _are_machines(frame, inside)
        else []
    )
    opening = [
        m for m in read.mentions if m.first == frame.first and m.last < frame.last and m.role != "civil"
    ]
    hit_first = frame.told and "by" in norms[frame.first : frame.last]
    owners = [] if hit_first else owner_of(read, frame.first)
    frame.actors = frame.actors or opening or agents_of(read, frame.first, frame.last) or owners
    if not frame.actors:
        frame.actors = agents_of(read, frame.last, min(last, frame.last + 16), _NOUN_STOPS)
        frame.agent = bool(frame.actors)
    if not frame.actors:
        subjects = subjects_of(read, first, frame.first)
        between = norms[subjects[-1].last : frame.first] if subjects else ()
        light = _LIGHT - _ANNOUNCING if frame.event_type == "ASSAULT" else _LIGHT
        if (
            subjects
            and any(w in light for w in between)
            and not _ANSWERING & set(between)
            and "within" not in between  # "struck X within hours of an attack"
            and not any(w in _BE for w in between[:1])
        ):
            frame.actors = subjects
    if not frame.actors and norms[frame.first - 1 : frame.first] == ("with",):
        frame.actors = subjects_of(read, first, frame.first)
    inner = [m for m in read.mentions if frame.first < m.first and m.last <= frame.last and not m.adjective]
    struck = [m for m in read.mentions if m.first == frame.last and m.role == "thing"]
    struck = struck if norms[frame.last - 1] in ("strikes", "hits", "attacks", "targets") else []
    if frame.told:
        # "Jets bomb a depot" and "a market hit by jets" are told as statements: look where verbs look.
        struck = struck or (
            subjects_of(read, first, frame.first)
            if hit_first
            else [
                m
                for m in objects_of(read, frame.last, last, False)
                if not _AWAY & set(norms[frame.last : m.first])
            ]
        )
    frame.recipients = struck or target_of(read, frame.first + 1, min(last, frame.last + 18)) or inner[:1]
    frame.recipients = frame.recipients or owned_target(read, frame.last, min(last, frame.last + 14))
    frame.recipients = frame.recipients or told_after(read, last)
    frame.recipients = [m for m in frame.recipients if m not in frame.actors]


def _are_machines(frame: Frame, inside: list[Mention]) -> bool:
    """*Military jets bombed ...*: whose machines do it acts, if no land is named; an army's lorry is hit."""
    norms = frame.sentence.norms
    told = frame.told and "by" not in norms[frame.first : frame.last]
    return told and len(inside) == 1 and norms[inside[0].last - 1] in _MACHINES


_INCOMING = {
    "missile": "missile",
    "missiles": "missile",
    "drones": "drone",
    "uavs": "drone",
    "shaheds": "drone",
    "rockets": "artillery",
    "rocket": "artillery",
    "projectiles": "artillery",
}


def _incoming(frame: Frame, read: Read) -> None:
    """An attack shot down is still the attack, its sender the actor; a lone aircraft is not (CODEBOOK §9)."""
    norms = read.sentence.norms
    around = (
        norms[frame.first : frame.last + 8]
        if not frame.passive
        else norms[max(0, frame.first - 8) : frame.first]
    )
    mode = next((_INCOMING[word] for word in around if word in _INCOMING), None)
    if mode is None:
        return
    frame.mode, frame.incoming = mode, True
    frame.actors, frame.recipients = [m for m in frame.recipients if m.role != "civil"], frame.actors


def _beaten_off(frame: Frame, read: Read) -> None:
    """*The army repelled an attack by rebels*: the attack is the deed, and who beat it off was its target."""
    _, last = bounds(frame.sentence, frame.first)
    own = {id(m) for m in frame.actors}
    foes = agents_of(read, frame.first + 1, last) or frame.recipients or owner_of(read, frame.last - 1)
    foes = [m for m in foes if id(m) not in own and m.role not in ("civil", "thing")]
    if not frame.passive and frame.actors:
        frame.actors, frame.recipients, frame.incoming = foes, frame.actors, bool(foes)


def _reciprocal(frame: Frame, read: Read) -> None:
    """*Clashes between A and B*, *A and B clash*, *A clashes with B*: the first named acts (CODEBOOK §9)."""
    norms = frame.sentence.norms
    if not frame.verb and norms[frame.last : frame.last + 1] == ("with",):
        other = next(
            (m for m in read.mentions if frame.last < m.first <= frame.last + 4 and not m.adjective), None
        )
        if other is not None and not frame.actors:
            frame.actors = [other]
            return
    for index in range(frame.first, min(len(norms), frame.last + 8)):
        if norms[index] in ("between", "pitting") or (norms[index] == "with" and frame.verb):
            after = [m for m in read.mentions if m.first > index and m.first - index < 26 and not m.unknown]
            if norms[index] == "with" and after and frame.actors:
                frame.recipients = after[:1]
                return
            if len(after) >= 2:
                frame.actors, frame.recipients = after[:1], after[1:2]
                return
            if after:
                frame.actors = after[:1]
    if not frame.recipients and len(frame.actors) >= 2:
        frame.actors, frame.recipients = frame.actors[:1], frame.actors[1:2]
