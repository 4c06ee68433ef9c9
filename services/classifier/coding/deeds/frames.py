"""A sentence in, its candidate deeds out: who did what to whom, from six kinds of syntax.

Active (*Israel bombed a base*), passive with and without agent (*a base was bombed by Israel*), nominal (*a
Turkish drone strike on a PKK convoy*), light verb (*the US carried out strikes*), headline telegraphese
(*Five killed in raid*) and reciprocal (*clashes between police and gangs*).
"""

from services.classifier.coding.deeds.roles import frame_of
from services.classifier.coding.deeds.sides import Read
from services.classifier.coding.lexicon import Element, Lexicon, Pattern, word_class
from services.classifier.coding.text.reading import Frame, Located, Mention

_LIGHT = word_class("frames.light")
_DETERMINERS = word_class("frames.determiners")
_STATES_OF = word_class("frames.states_of")
_AWAY = word_class("frames.away")
_BLAME = word_class("frames.blame")
_SHIPS = word_class("frames.ships")
_NEEDS_SUBJECT = word_class("frames.needs_subject")
_GERUNDS = word_class("frames.gerunds")
_COUNTS = word_class("frames.counts")
_PREPOSITIONS = word_class("frames.prepositions")
_NOUN_LIKE = word_class("frames.noun_like")
_HEADLINE_NOUNS = word_class("frames.headline_nouns")
_TAKEN = word_class("frames.taken")
_UNBROKEN = word_class("frames.unbroken")
_HELD = word_class("frames.held")


def frames_in(read: Read, lexicon: Lexicon) -> list[Frame]:
    """The candidate deeds of a sentence, in order; at one place the strongest pattern wins."""
    sentence = read.sentence
    matched: list[tuple[int, int, Pattern]] = []
    for position in range(len(sentence.words)):
        for pattern in [*lexicon.patterns.get(sentence.norms[position], ()), *lexicon.slot_patterns]:
            end = _match(pattern.elements, 0, position, read)
            if end is not None and end > position and _takes_it(pattern, position, end, read):
                matched.append((position, end, pattern))
    frames: list[Frame] = []
    covered: set[int] = set()
    for first, last, pattern in sorted(matched, key=lambda m: (-m[2].strength, -(m[1] - m[0]), m[0])):
        if first in covered or (pattern.verb and _is_noun(read, first)):
            continue
        covered.add(first)
        if not pattern.verb:
            covered.update(range(first, min(last, first + 3)))
        elif pattern.event_type in ("RETREAT", "SANCTION", "AGREE"):
            covered.update(range(first, last))  # "lifts sanctions" is one deed, not two
        frames.append(frame_of(read, first, last, pattern, lexicon))
    frames.sort(key=lambda frame: frame.first)
    for index, frame in enumerate(frames):
        word = sentence.norms[frame.first]
        if (
            frame.verb
            and index
            and lexicon.verbs.is_ing(word)
            and sentence.norms[frame.first - 1] in (",", "and", "after", "before")
        ):
            # ", killing five": whoever did what was told before did this too.
            earlier = next(
                (f for f in reversed(frames[:index]) if f.actors and f.actors[0].role != "civil"), None
            )
            frame.actors = list(earlier.actors) if earlier else []
        elif sentence.norms[max(0, frame.first - 1)] == "of" and any(
            w in _BLAME for w in sentence.norms[max(0, frame.first - 7) : frame.first]
        ):
            # "accuses Russia of shelling"
            frame.actors = [
                m for m in read.mentions if m.last == frame.first - 1 and not m.adjective
            ] or frame.actors
    return frames


def _takes_it(pattern: Pattern, first: int, last: int, read: Read) -> bool:
    """Whether a verb has the object that it needs: *seize Gao* has, *seize 20 men in Gao* has not."""
    if "ship" in pattern.needs:
        return bool(_SHIPS & set(read.sentence.norms))
    norms = read.sentence.norms
    if pattern.mode == "withdraw" and pattern.event_type == "SANCTION" and _UNBROKEN & set(norms[first:last]):
        return False  # "halt fire under a truce": it is kept, not broken
    if (
        norms[first].startswith(("tak", "took"))
        and norms[first + 1 : first + 2]
        and norms[first + 1] in _TAKEN
    ):
        return False  # "talks took place in the city"
    if pattern.mode == "ground-offensive" and _SHIPS & set(read.sentence.norms[max(0, first - 8) : first]):
        return False  # "the tanker, seized by commandos"
    if not pattern.verb or "place" not in pattern.needs:
        return True
    place = next((p for p in read.located if p.first < last <= p.last), None)
    if place is None or place.rank == 3:
        return place is None
    between = range(first + 1, place.first)
    away = any(read.sentence.norms[index] in _AWAY for index in between)
    # A town that no gazetteer knows may stand between (*seize Xville in Gao*); people and ships are no town.
    return not (
        away
        and any(m.first in between and m.role in ("state", "armed", "civil", "thing") for m in read.mentions)
    )


def _is_noun(read: Read, first: int) -> bool:
    """Whether what looks like a verb is a noun (*with strikes*) or an adjective (*Russian-occupied*)."""
    sentence = read.sentence
    word = sentence.words[first]
    if word.glued:
        return True
    if first == 0:
        following = sentence.norms[1] if len(sentence.norms) > 1 else "."
        if word.norm in _NOUN_LIKE | _NEEDS_SUBJECT | _HEADLINE_NOUNS:
            return True  # "Fire at a hotel", "Storm kills two": a headline's first word is a noun
        return word.norm.endswith("ed") and following not in ("by", "in", "near", "at")
    before = sentence.norms[first - 1]
    previous = sentence.words[first - 1]
    if (
        word.norm in _GERUNDS
        and before == "of"
        and any(w in _BLAME for w in sentence.norms[max(0, first - 7) : first])
    ):
        return False
    marks: list[Mention | Located] = [*read.mentions, *read.located]
    if word.norm in _NEEDS_SUBJECT and not any(
        first - 2 <= m.last <= first and not sentence.words[m.last - 1].possessive for m in marks
    ):
        return True
    if word.norm == "sanctions" and not any(m.last == first for m in read.mentions):
        return True
    if word.norm in _GERUNDS or (word.norm in _NOUN_LIKE and (before in _COUNTS or before.isdigit())):
        return True
    if before in _DETERMINERS and not word.norm.endswith("ing"):
        return True
    if word.norm in _HELD and (before in _COUNTS or before.isdigit()):
        # "hands three detained missionaries over": what they are, not what befell them.
        return any(m.first == first + 1 and not m.adjective for m in read.mentions)
    if (
        word.norm in _STATES_OF
        and before in ("that", "and", ",")
        and any(m.first == first + 1 for m in read.mentions)
    ):
        return before == "that"
    if word.norm.endswith("ed") and before in ("that", "and", ",") and first + 1 < len(sentence.words):
        follows = next((m for m in read.mentions if m.first == first + 1), None)
        subject = any(m.last <= first - 1 for m in read.mentions)
        return bool(follows and follows.role == "person" and not subject)
    if previous.possessive or before in _PREPOSITIONS:
        return not word.norm.endswith("ing")
    if word.norm in _NOUN_LIKE and any(w in _LIGHT for w in sentence.norms[max(0, first - 5) : first]):
        return True
    owner = next((m for m in read.mentions if m.last == first), None)
    noun_like = word.norm in _NOUN_LIKE
    return noun_like and owner is not None and owner.adjective and owner.kind == "people"


def _match(elements: tuple[Element, ...], index: int, position: int, read: Read) -> int | None:
    """The word after a match of ``elements[index:]`` at ``position``, or None; gaps are tried short first."""
    if index == len(elements):
        return position
    element = elements[index]
    norms = read.sentence.norms
    if element.gap:
        for skip in range(element.gap + 1):
            if position + skip > len(norms) or (
                skip and norms[position + skip - 1] in (";", ":", ".", "after", "while", "but")
            ):
                return None
            end = _match(elements, index + 1, position + skip, read)
            if end is not None:
                return end
        return None
    if position < len(norms):
        if norms[position] in element.words:
            end = _match(elements, index + 1, position + 1, read)
            if end is not None:
                return end
        if element.slot:
            after = _slot(element.slot, position, read)
            if after is not None:
                end = _match(elements, index + 1, after, read)
                if end is not None:
                    return end
    if element.optional:
        return _match(elements, index + 1, position, read)
    return None


def _slot(slot: str, position: int, read: Read) -> int | None:
    skip = position
    norms = read.sentence.norms
    while (
        skip < len(norms)
        and skip - position < 3
        and norms[skip]
        in (
            "the",
            "a",
            "an",
            "two",
            "three",
            "several",
            "at",
            "least",
            "town",
            "village",
            "city",
            "of",
            "port",
            "border",
            "strategic",
            "eastern",
            "western",
            "northern",
            "southern",
            "central",
            "key",
            "territory",
        )
    ):
        skip += 1
    if slot == "S":
        return next(
            (
                m.last
                for m in read.mentions
                if m.first == position and m.kind in ("state", "people", "organ", "capital")
            ),
            None,
        )
    if slot == "A":
        return next((m.last for m in read.mentions if skip <= m.first <= skip + 1), None)
    if slot == "P":
        if skip < len(norms) and norms[skip] in ("towns", "villages", "settlements"):
            return skip + 1
        return next((p.last for p in read.located if p.first == skip), None)
    if slot == "#":
        return position + 1 if norms[position].isdigit() else None
    return None
