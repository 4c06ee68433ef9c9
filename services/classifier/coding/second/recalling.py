"""A silent article in, the deed that it only recalls out: *four days after the raid*, *a reward offered*.

Such a deed is no news and never rings; but whoever follows its incident wants the report beside the others.
So the best of the deeds that were rejected is told with ``status = historical``, if it is fresh enough.
"""

from collections.abc import Sequence
from datetime import date

from services.classifier.coding.days.pointed import counted_back
from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.events.claims import read_claims
from services.classifier.coding.events.fill import finish
from services.classifier.coding.events.gather import gather
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.case import Case, Hearing
from services.classifier.coding.second.lately import (
    LEAD,
    RECALLED_FOR,
    has_harm_and_day,
    is_history,
    is_of_late,
    names_old_year,
)
from services.classifier.coding.second.opening import open_draft
from services.classifier.coding.second.ringing import QUIET_TYPES, kind_of
from services.classifier.coding.second.traces import trace
from services.classifier.coding.second.votes import Votes
from services.classifier.coding.second.weighing import settle
from services.classifier.coding.text.reading import Draft, Frame, Sentence, When
from shared.contracts import Event, Status

_WEAK = 0.15
"""Least strength of a deed that may be recalled: a circumstance of a figure of speech has none."""
_KEPT_OUT = 0.3
"""The same of a text that the gate keeps out."""
_LIKELY = 0.1
"""Least relevance, by the trained reader, of a text in which the rules see no deed."""
_OTHER_NEWS = (
    *("accident", "weather", "health", "nature", "sport", "culture", "business", "science"),
    *("rumour", "tally", "condemnation", "crime"),
)
"""Kinds of noise that are the whole news, unless the trained reader doubts it."""
_RETELLING = ("anniversary", "trial")
"""Kinds of noise whose deeds are old, unless a day is told."""
_FIRM = 0.4
"""Least strength of a deed known by no place and no victim, and of one in a text that asks or opines."""
_SURE, _DOUBTS = 0.45, 0.3
_DATED = 0.2
"""What a day of its own is worth to a deed, beside its strength."""
_UNREAL = (
    "an accident",
    "a figure of speech",
    "a routine exercise",
    "a joint exercise",
    "attacks in general",
    "a running total",
    "now given back",
    "a matter for the customs",
    "a private person acts",
    "by computers",
)
"""How the reasons begin that say that there never was such a deed."""


def may_look_back(sentences: Sequence[Sentence], gate: Gate, published: date) -> bool:
    """Whether a text that the gate keeps out may recall a deed; asked before anything is read of it."""
    other = (*_OTHER_NEWS, *_RETELLING)
    if any(noise.weight >= _SURE and noise.kind in other for noise in gate.noise):
        return False
    return has_harm_and_day(sentences) and not names_old_year(sentences, published)


def recalled(
    case: Case, opinion: Opinion | None, votes: Votes, published: date, kept_out: bool = False
) -> Event | None:
    """The event that a report without news of its own looks back at; None where there is none.

    ``kept_out``: the gate held the text for another world's, so the deed must be told more strongly.
    """
    if _tells_something_else(case, opinion):
        return None
    least = _KEPT_OUT if kept_out else _WEAK
    draft = (
        _of_rules(case, opinion, published, least)
        or trace(case, published)
        or _of_reader(case, opinion, published)
    )
    if draft is None:
        return None
    gather(draft, [draft], case.readings)
    draft.when = _counted(draft, published) or draft.when
    read_claims([draft], case.readings, case.lexicon)
    ruled = finish(draft, case.readings, case.context, True, case.lexicon)
    if opinion is not None and opinion.relevance >= _DOUBTS:
        land = ruled.place.country if ruled.place else None
        settle(Hearing(case, draft, opinion, land), ruled, votes)
        ruled = finish(draft, case.readings, case.context, True, case.lexicon)
    old = ruled.occurred_on is not None and published - ruled.occurred_on > RECALLED_FOR
    if old or not _is_placed(ruled, draft):
        return None
    return ruled.model_copy(update={"main": False, "status": Status.HISTORICAL})


def _is_placed(event: Event, draft: Draft) -> bool:
    """Whether enough is told to know it by: where, whom it hit, or the day of a sure deed and who did it."""
    if event.place or event.recipients:
        return True
    known = bool(event.actors or event.casualties.killed) and draft.strength >= _FIRM
    return known and event.occurred_on is not None


def _tells_something_else(case: Case, opinion: Opinion | None) -> bool:
    """Whether its news is an accident, a release or the like, beside which an old deed may be named."""
    types = opinion.types() if opinion is not None else {}
    if sum(types.get(name, 0.0) for name in QUIET_TYPES) >= _SURE:
        return True
    doubted = opinion is None or opinion.relevance < _DOUBTS
    return doubted and any(case.noise.get(kind, 0.0) >= _SURE for kind in _OTHER_NEWS)


def _of_rules(case: Case, opinion: Opinion | None, published: date, least: float) -> Draft | None:
    """The likeliest of the deeds of at least this strength that the rules saw and held for no news."""
    types = opinion.types() if opinion is not None else {}
    retold = any(case.noise.get(kind, 0.0) >= _SURE for kind in _RETELLING)
    only_dated = opinion is None or retold or _is_of_old(case, published)
    undated = _FIRM if case.noise.get("opinion", 0.0) >= _SURE else _WEAK
    ranked: list[tuple[float, int, Frame]] = []
    for reading in case.readings[:LEAD]:
        for frame in reading.frames:
            if frame.strength < least or not _may_be_meant(frame):
                continue
            late = is_of_late(reading, frame, published)
            if late is None and (is_history(reading, frame) or frame.strength < undated):
                continue
            if late is False or (late is None and only_dated and frame.status != "negated"):
                continue
            worth = frame.strength + types.get(frame.event_type, 0.0) - 0.05 * frame.sentence.number
            ranked.append((worth + (_DATED if late else 0.0), -len(ranked), frame))
    if not ranked:
        return None
    frame = max(ranked, key=lambda each: each[:2])[2]
    draft = Draft([frame], frame.event_type, frame.mode, "actual", frame.strength)
    draft.actors, draft.recipients = list(frame.actors), list(frame.recipients)
    return draft


def _may_be_meant(frame: Frame) -> bool:
    """Whether there was such a deed at all, by its words."""
    if frame.event_type in QUIET_TYPES or frame.status == "hypothetical":
        return False
    return not any(frame.why.startswith(words) for words in _UNREAL)


def _is_of_old(case: Case, published: date) -> bool:
    """Whether the text itself speaks of a year gone by: a deed without a day may be of that year."""
    return names_old_year([reading.sentence for reading in case.readings], published)


def _counted(draft: Draft, published: date) -> When | None:
    """*Four days after the air raid*: counted from the deed itself, it is surer than any day beside it."""
    backs = (counted_back(frame.sentence, frame.first, published) for frame in draft.frames)
    return next((when for when in backs if when is not None), None)


def _of_reader(case: Case, opinion: Opinion | None, published: date) -> Draft | None:
    """What the trained reader may have meant where no word told the rules of a deed of late."""
    if opinion is None or opinion.relevance < _LIKELY or _is_of_old(case, published):
        return None
    event_type, mode = kind_of(opinion, None, None)
    return open_draft(opinion, case.readings, event_type, mode)
