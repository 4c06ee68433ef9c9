"""A silent article in, the deed that it only recalls out: *four days after the raid*, *a reward offered*.

Such a deed is no news and never rings; but whoever follows its incident wants the report beside the others.
So the best of the deeds that were rejected is told with ``status = historical``, if it is fresh enough.
"""

from datetime import date, timedelta

from services.classifier.coding.days.past import is_past
from services.classifier.coding.days.pointed import counted_back
from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.deeds.status import date_of
from services.classifier.coding.events.claims import read_claims
from services.classifier.coding.events.fill import finish
from services.classifier.coding.events.gather import gather
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.case import Case, Hearing
from services.classifier.coding.second.opening import open_draft
from services.classifier.coding.second.ringing import QUIET_TYPES, kind_of
from services.classifier.coding.second.votes import Votes
from services.classifier.coding.second.weighing import settle
from services.classifier.coding.text.reading import Draft, Frame, When
from shared.contracts import Event, Status

RECALLED_FOR = timedelta(days=14)
"""How long ago a deed may lie that a report recalls of an incident."""
_LEAD = 6
"""Sentences from the top in which a deed is what the report is about."""
_WEAK = 0.15
"""Least strength of a deed that may be recalled: a circumstance of a figure of speech has none."""
_LIKELY = 0.1
"""Least relevance, by the trained reader, of a text in which the rules see no deed."""
_OTHER_NEWS = (
    *("accident", "weather", "health", "nature", "sport", "culture", "business", "science"),
    *("rumour", "tally", "condemnation", "crime"),
)
"""Kinds of noise that are the whole news, unless the trained reader doubts it."""
_SURE, _DOUBTS = 0.45, 0.3
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


def recalled(case: Case, opinion: Opinion | None, votes: Votes, published: date) -> Event | None:
    """The event that a report without news of its own looks back at; None where there is none."""
    if _tells_something_else(case, opinion):
        return None
    draft = _of_rules(case, opinion, published) or _of_reader(case, opinion)
    if draft is None:
        return None
    gather(draft, [draft], case.readings)
    draft.when = draft.when or _counted(draft, published)
    read_claims([draft], case.readings, case.lexicon)
    ruled = finish(draft, case.readings, case.context, True, case.lexicon)
    if opinion is not None and opinion.relevance >= _DOUBTS:
        land = ruled.place.country if ruled.place else None
        settle(Hearing(case, draft, opinion, land), ruled, votes)
        ruled = finish(draft, case.readings, case.context, True, case.lexicon)
    old = ruled.occurred_on is not None and published - ruled.occurred_on > RECALLED_FOR
    if old or not (ruled.place or ruled.recipients):
        return None
    return ruled.model_copy(update={"main": False, "status": Status.HISTORICAL})


def _tells_something_else(case: Case, opinion: Opinion | None) -> bool:
    """Whether its news is an accident, a release or the like, beside which an old deed may be named."""
    types = opinion.types() if opinion is not None else {}
    if sum(types.get(name, 0.0) for name in QUIET_TYPES) >= _SURE:
        return True
    doubted = opinion is None or opinion.relevance < _DOUBTS
    return doubted and any(case.noise.get(kind, 0.0) >= _SURE for kind in _OTHER_NEWS)


def _of_rules(case: Case, opinion: Opinion | None, published: date) -> Draft | None:
    """The likeliest of the deeds that the rules saw and held for no news."""
    types = opinion.types() if opinion is not None else {}
    ranked = [
        (frame.strength + types.get(frame.event_type, 0.0) - 0.05 * frame.sentence.number, -number, frame)
        for number, (reading, frame) in enumerate(
            (reading, frame) for reading in case.readings[:_LEAD] for frame in reading.frames
        )
        if _may_be_meant(reading, frame, published)
    ]
    if not ranked:
        return None
    frame = max(ranked, key=lambda each: each[:2])[2]
    draft = Draft([frame], frame.event_type, frame.mode, "actual", frame.strength)
    draft.actors, draft.recipients = list(frame.actors), list(frame.recipients)
    return draft


def _may_be_meant(reading: Reading, frame: Frame, published: date) -> bool:
    if frame.event_type in QUIET_TYPES or frame.strength < _WEAK or frame.status == "hypothetical":
        return False
    if any(frame.why.startswith(words) for words in _UNREAL):
        return False
    when = date_of(frame, reading.whens)
    if when is not None:
        return published - when.day <= RECALLED_FOR
    return frame.status != "historical" and not is_past(reading.sentence, frame.first)


def _counted(draft: Draft, published: date) -> When | None:
    """*Four days after the air raid*, where the report names no day of its own."""
    backs = (counted_back(frame.sentence, frame.first, published) for frame in draft.frames)
    return next((when for when in backs if when is not None), None)


def _of_reader(case: Case, opinion: Opinion | None) -> Draft | None:
    """What the trained reader may have meant where no word told the rules of a deed."""
    if opinion is None or opinion.relevance < _LIKELY:
        return None
    event_type, mode = kind_of(opinion, None, None)
    return open_draft(opinion, case.readings, event_type, mode)
