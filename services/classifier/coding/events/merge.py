"""Frames in, drafts of events out: mentions of one deed become one draft, the deed it answers another.

Within a sentence deeds are one unless their sides say otherwise (who was hit now hits back). Across
sentences a deed joins an earlier one when it points back (*the attack*) or agrees in side, place and mode.
"""

from collections.abc import Sequence

from services.classifier.coding.deeds.judge import EVENT
from services.classifier.coding.deeds.status import date_of, in_subordinate
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Frame, Mention, Reading
from shared.contracts import TextPart

_RESPONSE = (
    "in response to",
    "in retaliation for",
    "retaliation for",
    "in reprisal for",
    "to avenge",
    "in reply to",
    "response to",
    "responding to",
    "in answer to",
    "reprisals for",
    "revenge for",
    "retaliated for",
)
ANSWERING = word_class("merge.answering")
_FAMILY = {"PROTEST": "ASSAULT"}
_WEAK, _POINTING = 0.3, 0.25
"""Least strength of a frame that may join an event; a little less where it points back (*the attack*)."""
_SECONDARY = 0.62
"""Least strength of an event that is not the article's first."""


def family(event_type: str) -> str:
    """Event types of one family may be one incident (CODEBOOK §6)."""
    return _FAMILY.get(event_type, event_type)


def drafts_of(readings: Sequence[Reading]) -> list[Draft]:
    """The events of an article, in the order in which they are first told."""
    drafts: list[Draft] = []
    by_sentence: dict[int, Reading] = {r.sentence.number: r for r in readings}
    for reading in readings:
        frames = [
            f
            for f in reading.frames
            if f.status in ("actual", "threatened") and f.strength >= (_POINTING if f.definite else _WEAK)
        ]
        order = sorted(
            frames, key=lambda f: (f.background, -f.strength if f.strength >= EVENT else 0, f.first)
        )
        # What finds no place at first may belong to what a later word opens ("an attack wounded 3").
        left = [frame for frame in order if not _place(frame, reading, drafts, by_sentence)]
        for frame in left:
            _place(frame, reading, drafts, by_sentence)
    drafts.sort(key=lambda draft: draft.order)
    return drafts


def _place(frame: Frame, reading: Reading, drafts: list[Draft], readings: dict[int, Reading]) -> bool:
    """Join a frame to its draft or open one for it; False when neither is warranted."""
    for draft in drafts if frame.hangs_on is not None else ():
        if any(each is frame.hangs_on for each in draft.frames):
            _join(draft, frame)
            return True
    answered = _answered(frame, reading)
    frame.cause = frame.cause or answered
    number = frame.sentence.number
    same = [d for d in drafts if any(f.sentence.number == number for f in d.frames)]
    pointing = frame.definite and not frame.verb
    if not pointing:
        for draft in same:
            if _one_sentence(frame, draft, answered):
                _join(draft, frame)
                return True
    if frame.background and frame.strength < EVENT and not frame.definite:
        return False
    best = max(
        (d for d in drafts if pointing or d not in same),
        key=lambda draft: _likeness(frame, reading, draft, readings, answered),
        default=None,
    )
    if best is not None and _likeness(frame, reading, best, readings, answered) >= 2:
        _join(best, frame)
        return True
    if _may_open(frame, reading, drafts, answered):
        draft = Draft([frame], frame.event_type, frame.mode, frame.status, frame.strength)
        draft.actors, draft.recipients = list(frame.actors), list(frame.recipients)
        frame.cause = frame.cause or answered
        drafts.append(draft)
        return True
    return False


def _may_open(frame: Frame, reading: Reading, drafts: list[Draft], answered: bool) -> bool:
    if frame.strength < EVENT:
        return False
    if answered and frame.plural and not reading.tolls and frame.mode == "other":
        return False
    if frame.denied and (reading.located or frame.recipients):
        return True
    if not drafts:
        word = in_subordinate(frame)
        # A tribute that retells a fresh act with its cost and place still reports it (CODEBOOK §9).
        retold = word == "following" and bool(reading.tolls) and bool(reading.located)
        told = frame.background and word not in ("after", "when", "as", None) and not retold
        return not (answered or told or (frame.plural and frame.background and not reading.tolls))
    specific = bool(frame.actors or frame.recipients) and bool(
        reading.located or reading.tolls or date_of(frame, reading.whens) or reading.weapons
    )
    late = frame.sentence.part is TextPart.BODY and frame.sentence.number > 6
    if late and not (frame.definite or answered or frame.cause):
        specific = specific and frame.strength >= 0.75
    if frame.answers and frame.actors:
        return True
    if frame.background and frame.plural:
        return False
    if frame.background and not (frame.cause or answered):
        return False
    kin = [d for d in drafts if family(d.event_type) == family(frame.event_type)]
    if (
        any(d.frames[0].sentence.number == frame.sentence.number for d in kin)
        and not answered
        and not frame.cause
    ):
        own = {key(m) for m in [*frame.actors, *frame.recipients]}
        return specific and frame.strength >= _SECONDARY and len(own) >= 2
    return specific and frame.strength >= (EVENT if frame.cause or answered else _SECONDARY)


def key(mention: Mention) -> str:
    """What makes two mentions one side: the state for its organs, else the name."""
    if mention.kind in ("state", "organ", "capital") or (
        mention.kind == "people" and mention.role in ("state", "", "thing")
    ):
        return mention.actor.country or mention.actor.name
    if mention.role == "state" and mention.actor.country:
        return mention.actor.country
    return mention.actor.name.casefold()


def _vague(mention: Mention) -> bool:
    return mention.kind == "head" or mention.unknown or (mention.kind == "people" and mention.role == "civil")


def _named(mentions: Sequence[Mention]) -> set[str]:
    return {key(m) for m in mentions if not _vague(m)}


def _lands(mentions: Sequence[Mention]) -> set[str]:
    return {m.actor.country for m in mentions if m.actor.country and m.kind != "head"}


def _answered(frame: Frame, reading: Reading) -> bool:
    """Whether the deed stands right after *in response to* and the like."""
    near = reading.sentence.norms[max(0, frame.first - 3) : frame.first]
    if ANSWERING & set(near) and not {"with", "by", "after"} & set(near):
        return True  # "as militias answer American strikes"
    words = " ".join(reading.sentence.norms[: frame.first])
    return any(f"{cue} " in words + " " for cue in _RESPONSE)


def _one_sentence(frame: Frame, draft: Draft, answered: bool) -> bool:
    if family(frame.event_type) != family(draft.event_type) or frame.status != draft.status:
        return False
    if answered and not draft.frames[0].cause:
        return False
    if _answers_it(frame, draft):
        return False
    if _is_cause_of(frame, draft) or _stands_before_its_cause(frame, draft, answered):
        return False
    return not _hits_back(frame, draft) and not _sides_differ(frame, draft)


def _is_cause_of(frame: Frame, draft: Draft) -> bool:
    """*US strikes sites after an attack*: two deeds. *Five killed after an attack*: one."""
    first = draft.frames[0]
    answered = frame.cause and not first.cause and not frame.actors
    return bool(answered and draft.actors and not _is_harm(first))


def _stands_before_its_cause(frame: Frame, draft: Draft, answered: bool) -> bool:
    """Whether the draft is told behind *in response to* in this sentence, and the deed before it."""
    here = [f for f in draft.frames if f.sentence.number == frame.sentence.number]
    return not answered and not frame.cause and any(f.cause and f.first > frame.first for f in here)


def _answers_it(frame: Frame, draft: Draft) -> bool:
    """Whether the deed says of itself that it answers another: then it is not that other one."""
    return bool(frame.answers) and not any(f.answers for f in draft.frames)


def _is_harm(frame: Frame) -> bool:
    """Whether the deed says only that people came to harm, so that its means may be told elsewhere."""
    return frame.mode == "other" and frame.sentence.norms[frame.first].startswith(
        ("kill", "wound", "injur", "die", "dead")
    )


def _hits_back(frame: Frame, draft: Draft) -> bool:
    """Whether who suffers here acted there: a blow and its answer are two events."""
    if frame.mode == "clash" and draft.mode == "clash":
        return False
    acting = _named(draft.actors) | set(_lands(draft.actors))
    suffering = _named(frame.recipients) | _lands(
        [m for m in frame.recipients if m.role in ("state", "thing", "civil")]
    )
    if acting & suffering and not _named(frame.actors) & acting:
        return True
    return bool(
        _named(frame.actors) & _named(draft.recipients) and not _named(frame.actors) & _named(draft.actors)
    )


def _sides_differ(frame: Frame, draft: Draft) -> bool:
    ours, theirs = _named(frame.actors), _named(draft.actors)
    if not ours or not theirs or ours & theirs:
        return False
    # A general and his country, a group and its armed wing: same land, one named by the other.
    return not (_lands(frame.actors) & _lands(draft.actors) and any(m.kind != "group" for m in frame.actors))


def _likeness(
    frame: Frame, reading: Reading, draft: Draft, readings: dict[int, Reading], answered: bool
) -> int:
    """How much speaks for one deed told in two sentences; negative when something speaks against it."""
    if family(frame.event_type) != family(draft.event_type) or frame.status != draft.status:
        return -9
    if frame.event_type != "ASSAULT" and frame.event_type == draft.event_type and frame.mode == draft.mode:
        return 2 if not _sides_differ(frame, draft) else -9
    if _is_cause_of(frame, draft) or _stands_before_its_cause(frame, draft, answered):
        return -9
    if _answers_it(frame, draft) or _hits_back(frame, draft) or (answered and not draft.frames[0].cause):
        return -9
    if _sides_differ(frame, draft):
        return -9
    home = readings[draft.frames[0].sentence.number]
    ours, theirs = date_of(frame, reading.whens), date_of(draft.frames[0], home.whens)
    if ours and theirs and ours.day != theirs.day and ours.printed and theirs.printed:
        return -9
    score = 0
    here = _cities(reading)
    elsewhere = [f.sentence.number for f in draft.frames if f.sentence.number != frame.sentence.number]
    there = {city for number in elsewhere for city in _cities(readings[number])}
    if here & there:
        score += 2
    elif here and there:
        score -= 2
    ours_hit, theirs_hit = _named(frame.recipients), _named(draft.recipients)
    lands = _lands(frame.recipients) & _lands(draft.recipients)
    if ours_hit & theirs_hit or lands:
        score += 1
    elif ours_hit and theirs_hit and not any(m.kind == "head" for m in draft.recipients):
        score -= 1
    if frame.definite:
        score += 2
        nouns = {_stem(w) for f in draft.frames for w in f.sentence.norms[f.first : f.last]}
        score += 1 if nouns & {_stem(w) for w in frame.sentence.norms[frame.first : frame.last]} else -1
        if frame.plural != draft.frames[0].plural and not frame.verb and not draft.frames[0].verb:
            score -= 1
    if answered and draft.frames[0].cause:
        score += 1
    if _named(frame.actors) & _named(draft.actors):
        score += 2
    if (
        frame.mode == draft.mode
        or frame.mode in {f.mode for f in draft.frames}
        or (frame.mode == "other" or draft.mode == "other")
    ):
        score += 1
    else:
        score -= 1
    if {(t.field, t.count.low) for t in reading.tolls} & {(t.field, t.count.low) for t in home.tolls}:
        score += 2
    if not here and not frame.actors:
        score += 1
    if home.sentence.part is TextPart.TITLE and frame.sentence.number <= 2:
        score += 1  # the lead tells again what the headline told
    return score


def _stem(word: str) -> str:
    """*Strikes* and *struck* are one word."""
    return "strike" if word == "struck" else word.removesuffix("s")


def _cities(reading: Reading) -> set[str]:
    return {p.place.name.casefold() for p in reading.located if p.rank <= 1}


def _join(draft: Draft, frame: Frame) -> None:
    draft.frames.append(frame)
    draft.strength = max(draft.strength, frame.strength)
    draft.actors = _richer(draft.actors, frame.actors)
    draft.recipients = _richer(draft.recipients, frame.recipients)


def _richer(old: list[Mention], new: list[Mention]) -> list[Mention]:
    """The named sides replace the vague (*militias*), new names are added."""
    if not old:
        return list(new)
    named_new = [m for m in new if not _vague(m)]
    if not named_new:
        return old
    named_old = [m for m in old if not _vague(m)]
    if not named_old:
        civil = [m for m in old if m.role in ("civil", "person")]
        people = {m.actor.country for m in civil if m.actor.country}
        their_troops = any(m.official and m.actor.country in people for m in named_new)
        if civil and not their_troops and not any(m.kind == "group" for m in named_new):
            return old
        extra = [m for m in new if m not in named_new and m.actor.country]
        return named_new + extra
    keys = {key(m) for m in old}
    groups = [
        m
        for m in named_new
        if m.kind == "group" and key(m) not in keys and not any(o.kind == "group" for o in named_old)
    ]
    return old + groups if groups and all(o.kind != "state" for o in named_old) else old
