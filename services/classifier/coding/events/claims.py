"""Who says who did it: claims of responsibility, denials, and blame (GTD)."""

from collections.abc import Sequence

from services.classifier.coding.events.denials import PART
from services.classifier.coding.events.merge import key
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.text.reading import Draft, Mention, Reading

_SAYING = word_class("claims.saying")
_BE = word_class("claims.be")
_HE = frozenset({"he", "she", "they"})
_ACCUSING = word_class("claims.accusing")


def read_claims(drafts: Sequence[Draft], readings: Sequence[Reading], lexicon: Lexicon) -> None:
    """Set claims and denials on the drafts; a claimant that no actor is named against becomes the actor."""
    if not drafts:
        return
    for reading in readings:
        _claims(drafts, reading, lexicon)
        _denials(drafts, reading, lexicon)
        _blame(drafts, reading)
    for draft in drafts:
        _own_words(draft, readings)
        _disowned(draft)


def _claims(drafts: Sequence[Draft], reading: Reading, lexicon: Lexicon) -> None:
    sentence = reading.sentence
    for first, last, cue in lexicon.cues["claim"].find(sentence.norms):
        passive = cue.endswith(" by")
        if cue == "claimed" and not _relative(reading, first, last):
            continue
        if any(
            w in ("no", "not", "nobody", "without") for w in sentence.norms[max(0, first - 4) : first]
        ) or (
            "group" in sentence.norms[max(0, first - 2) : first]
            and "no" in sentence.norms[max(0, first - 4) : first]
        ):
            continue
        if any(w in ("most", "many", "some") for w in sentence.norms[max(0, first - 6) : first]):
            # "most of which have been claimed by ...": about a tally, not about one event.
            continue
        claimant = _after(reading, last) if passive else _before(reading, first)
        draft = _meant([d for d in drafts if claimant is None or _may_claim(claimant, d)], reading)
        if claimant is None or draft is None or claimant.actor.sector == "CVL":
            continue
        draft.claimed_by = claimant.actor.name
        draft.claim_spans.append(("claim.by", sentence.span(claimant.first, claimant.last)))
        if all(m.unknown or m.kind == "head" for m in draft.actors):
            draft.actors = [claimant]
        elif key(claimant) not in {key(m) for m in draft.actors}:
            # Claimed by one, blamed on another: the claimant leads, the accused stays (CODEBOOK §5).
            draft.actors = [claimant, *draft.actors]
        return


def _relative(reading: Reading, first: int, last: int) -> bool:
    """*The attack, which X has claimed*: nothing follows but the clause's end."""
    norms = reading.sentence.norms
    claimant = _before(reading, first)
    if claimant is None or claimant.kind != "group":
        return False
    closed = norms[last : last + 1] in ((".",), (",",), (";",), ())
    return closed and norms[max(0, claimant.first - 2) : claimant.first][-2:] in (
        ("which", "the"),
        (",", "which"),
    )


def _blame(drafts: Sequence[Draft], reading: Reading) -> None:
    """*The massacre is blamed on the army*, *M23 is blamed for the attack*: an actor, by attribution."""
    norms = reading.sentence.norms
    for index, norm in enumerate(norms):
        if (
            norm in ("blame", "blames", "blamed")
            and "for" in norms[index + 2 : index + 9]
            and not _BE & set(norms[index - 1 : index])
        ):
            _blamed_by(drafts, reading, index)
            continue
        if norm != "blamed" or index + 1 >= len(norms):
            continue
        accused = _after(reading, index + 2) if norms[index + 1] == "on" else None
        if norms[index + 1] == "for":
            accused = _before(reading, index)
        draft = _meant(drafts, reading)
        if accused is not None and draft is not None and all(m.unknown for m in draft.actors):
            draft.actors = [accused]
            draft.claim_spans.append(("actors", accused.span))


def _blamed_by(drafts: Sequence[Draft], reading: Reading, index: int) -> None:
    """*US officials blame Kataeb Hezbollah for the attack*."""
    accused, accuser = _after(reading, index + 1), _before(reading, index)
    draft = _meant([d for d in drafts if accused is None or _may_claim(accused, d)], reading)
    if accused is None or draft is None:
        return
    if all(m.unknown or m.kind == "head" for m in draft.actors):
        draft.actors = [accused]
    elif key(accused) not in {key(m) for m in draft.actors} and draft.claimed_by:
        draft.actors = [*draft.actors, accused]
    if accuser is not None and accuser.official and draft.attributed_by is None:
        draft.attributed_by = accuser.actor.name
        draft.claim_spans.append(("claim.attributed_by", accuser.span))


def _may_claim(claimant: Mention, draft: Draft) -> bool:
    """An armed group does not claim what a state is said to have done, nor what hit itself."""
    if key(claimant) in {key(m) for m in draft.recipients}:
        return False
    return key(claimant) in {key(m) for m in draft.actors} or not any(m.official for m in draft.actors)


def _denials(drafts: Sequence[Draft], reading: Reading, lexicon: Lexicon) -> None:
    for first, _last, _cue in lexicon.cues["deny"].find(reading.sentence.norms):
        denier = _before(reading, first)
        if denier is None:
            continue
        accused = [d for d in drafts if key(denier) in {key(m) for m in d.actors}]
        placed = any(f.denied and f.sentence is reading.sentence for d in drafts for f in d.frames)
        if not accused and not placed and PART & set(reading.sentence.norms[first:]):
            # "The rebels denied any part in it": in the deed that was told last.
            last = _meant(drafts, reading)
            accused = [last] if last is not None and last.event_type == "ASSAULT" else []
        if len(accused) > 1:
            accused = [d for d in accused if _speaks_of(reading, d)] or [
                _meant(accused, reading) or accused[0]
            ]
        for draft in accused:
            if denier.actor.name not in draft.denied_by:
                draft.denied_by.append(denier.actor.name)
                draft.claim_spans.append(
                    ("claim.denied_by", reading.sentence.span(denier.first, denier.last))
                )


def _disowned(draft: Draft) -> None:
    """*X denies that it was behind the attack*: who was never named as its actor is heard too."""
    for frame in draft.frames:
        denier = frame.denied
        known = denier is not None and (denier.kind == "head" and draft.denied_by)
        if denier is not None and not known and denier.actor.name not in draft.denied_by:
            draft.denied_by.append(denier.actor.name)
            draft.claim_spans.append(("claim.denied_by", denier.span))


def _speaks_of(reading: Reading, draft: Draft) -> bool:
    """Whether a sentence names what an event was done with, or where."""
    place = draft.located.place.name.casefold() if draft.located else ""
    if place and any(p.place.name.casefold() == place for p in reading.located):
        return True
    return bool(draft.mode) and str(draft.mode) in {w.mode for _, _, w in reading.weapons}


def _meant(drafts: Sequence[Draft], reading: Reading) -> Draft | None:
    """The draft that a claim speaks of: one told in this sentence, else the last one told before."""
    number = reading.sentence.number
    here = [d for d in drafts if any(f.sentence.number == number for f in d.frames)]
    if here:
        return here[-1]
    before = [d for d in drafts if d.event_type in ("ASSAULT", "COERCE") and d.order[0] < number]
    return max(before, key=lambda d: max(f.sentence.number for f in d.frames), default=None)


def _before(reading: Reading, position: int) -> Mention | None:
    near = [m for m in reading.mentions if m.last <= position and position - m.last <= 14 and not m.adjective]
    named = [m for m in near if m.kind in ("group", "organ", "state", "capital", "igo") or m.official]
    return (named or near)[-1] if near else None


def _after(reading: Reading, position: int) -> Mention | None:
    return next((m for m in reading.mentions if 0 <= m.first - position <= 4), None)


def _own_words(draft: Draft, readings: Sequence[Reading]) -> None:
    """A government that announces its own act is the claimant; one that tells another's act attributes it."""
    actors = {m.actor.country: m.actor.name for m in draft.actors if m.official and m.actor.country}
    names = {key(m) for m in draft.actors}
    numbers = {f.sentence.number for f in draft.frames}
    last: Mention | None = None
    for reading in readings:
        told = _speakers(reading)
        if (
            not told
            and last is not None
            and _HE & set(reading.sentence.norms)
            and _SAYING & set(reading.sentence.norms)
        ):
            told = [(last, "said")]  # "he said": whoever spoke last
        last = next((mention for mention, _ in told if mention.official), last)
        if reading.sentence.number not in numbers:
            continue
        for mention, cue in told:
            span = mention.span
            speaker = mention.actor
            if (
                speaker.country in actors
                and mention.official
                and draft.event_type in ("ASSAULT", "MOBILIZE", "COERCE")
            ):
                if draft.claimed_by is None and cue not in _ACCUSING:
                    draft.claimed_by = actors[speaker.country]
                    draft.claim_spans.append(("claim.by", span))
            elif (
                mention.official
                and draft.actors
                and key(mention) not in names
                and draft.attributed_by is None
            ) and (
                draft.event_type == "ASSAULT"
                and speaker.country
                and any(m.actor.country != speaker.country for m in draft.actors)
            ):
                draft.attributed_by = speaker.name
                draft.claim_spans.append(("claim.attributed_by", span))


def _speakers(reading: Reading) -> list[tuple[Mention, str]]:
    """Who speaks in a sentence: *X said*, *according to X*, *X accuses*."""
    norms = reading.sentence.norms
    out: list[tuple[Mention, str]] = []
    for index, norm in enumerate(norms):
        if norm not in _SAYING and norm not in _ACCUSING:
            continue
        if norm in ("according",):
            mention = next((m for m in reading.mentions if 0 < m.first - index <= 4), None)
        else:
            mention = next(
                (
                    m
                    for m in reversed(reading.mentions)
                    if m.last <= index and index - m.last <= 6 and not m.adjective
                ),
                None,
            )
            if mention is None or any(w in ("by", ".") for w in norms[mention.last : index]):
                mention = next((m for m in reading.mentions if 0 < m.first - index <= 2), mention)
        if mention is not None and norms[mention.first - 1 : mention.first] != ("by",):
            out.append((mention, norm))
    return out
