"""Rules and model heard together: does it ring, what is the main event, and which words fill its fields."""

from dataclasses import dataclass

from services.classifier.coding.events.causes import read_causes
from services.classifier.coding.events.claims import read_claims
from services.classifier.coding.events.denials import only_denied
from services.classifier.coding.events.fill import whose
from services.classifier.coding.events.gather import gather
from services.classifier.coding.events.merge import family
from services.classifier.coding.opinion import Opinion
from services.classifier.coding.second.case import Case, Hearing
from services.classifier.coding.second.costs import FIELDS, best_toll
from services.classifier.coding.second.opening import open_draft
from services.classifier.coding.second.ringing import (
    QUIET_TYPES,
    SILENT,
    fitting,
    kind_of,
    relevance_features,
)
from services.classifier.coding.second.scene import best_land, best_place
from services.classifier.coding.second.sides import Whose, chosen, standing
from services.classifier.coding.second.votes import Votes
from services.classifier.coding.text.reading import Draft
from shared.contracts import Event

RINGS = 0.55
"""Least share of a bell for a deed that the rules see: half of what the votes learned from rings, and very
little of the world's news does."""
FILLS = 0.5
"""Least share at which the votes know whom an event is about."""
SURE_RINGS, SURE_DEED = 0.35, 0.75
"""The same for a deed of at least this strength: only a model as sure of its silence outweighs it."""
ALONE, OF_A_KIND = 0.6, 0.5
"""And where the rules see no deed at all, if a type is likelier than this: a figure of speech is of none."""
DOUBTED = 0.85
"""And where it is not, or the rules see the opposite: truces and releases are told in words of the fight."""
FEW_WORDS = 4
"""A text of fewer words than these says too little of a deed to be believed but of the surest."""
_HURTING = ("ASSAULT", "PROTEST", "COERCE")
"""Types that may cost lives; a threat's numbers are another event's."""
_LIVE = 0.3
"""Least strength of a deed that the rules see."""
DENIED = 0.1
"""The share of an article that only denies what others report."""
MAIN_WORTH = 0.3
"""What it is worth that the rules hold a draft for the main event."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How likely the article reports an escalation (0 to 1), whether it rings, what the reader said to it."""

    share: float
    rings: bool
    because: str

    @property
    def fills(self) -> bool:
        """Whether the votes may fill the event: of what the model holds for nothing it knows no sides."""
        return self.rings and self.share >= FILLS


def hear(case: Case, opinion: Opinion, votes: Votes) -> Verdict:
    """Decide whether the article rings and settle ``case.main``; its fields are filled by ``settle``."""
    ruled = case.main
    share = votes["relevance"].share(relevance_features(opinion, case))
    rang = ruled is not None and ruled.event_type not in QUIET_TYPES
    said = f"the trained reader says {opinion.relevance:.2f}"
    if share < _bar(case, rang, opinion):
        if rang:
            case.main = None
            case.silence = f"{said}, no new event"
        return Verdict(share, False, said)
    if not rang and any(only_denied(draft) for draft in case.drafts):
        return Verdict(DENIED, False, said)  # a denial is no new event, however much it sounds like one
    case.main = meant_draft(case, opinion)
    if case.main is not None and not any(case.main is draft for draft in case.drafts):
        case.drafts.insert(0, case.main)
    return Verdict(share, True, said)


def _bar(case: Case, rang: bool, opinion: Opinion) -> float:
    """How likely it must be: the surer the rules are of a deed, the surer must be who speaks against it."""
    if sum(len(reading.sentence.words) for reading in case.readings) < FEW_WORDS:
        return DOUBTED
    if rang and case.main is not None and case.main.strength >= SURE_DEED:
        return SURE_RINGS
    if case.main is not None and not rang:
        return DOUBTED
    if rang or is_live(case):
        return RINGS
    loud = (share for kind, share in opinion.types().items() if kind not in SILENT)
    return ALONE if max(loud, default=0.0) >= OF_A_KIND else DOUBTED


def is_live(case: Case) -> bool:
    """Whether the rules see any deed that may be real."""
    return any(
        frame.status in ("actual", "threatened")
        and frame.event_type not in QUIET_TYPES
        and frame.strength >= _LIVE
        for frame in case.frames
    )


def meant_draft(case: Case, opinion: Opinion) -> Draft | None:
    """The escalation that is meant: the rules' main event, one whose type fits better, or a new one."""
    drafts = [draft for draft in case.drafts if draft.event_type not in QUIET_TYPES]
    if not any(case.main is draft for draft in drafts):
        event_type, mode = kind_of(opinion, None, None)
        drafts = [draft for draft in drafts if draft.event_type == event_type]
        early = min(drafts, key=lambda draft: (draft.order[0], -draft.strength), default=None)
        return early or _opened(case, opinion, event_type, mode)
    fits = fitting(opinion, drafts)
    ranked = {id(draft): draft.strength - 0.12 * draft.order[0] for draft in drafts}
    ranked[id(case.main)] += MAIN_WORTH
    return max(drafts, key=lambda draft: ranked[id(draft)] + fits[id(draft)])


def _opened(case: Case, opinion: Opinion, event_type: str, mode: str | None) -> Draft | None:
    """An event that the model named, with the place, day, toll and weapon that stand by its words."""
    draft = open_draft(opinion, case.readings, event_type, mode)
    if draft is not None:
        deed = draft.frames[0]
        case.drafts = [each for each in case.drafts if not any(frame is deed for frame in each.frames)]
        gather(draft, [draft], case.readings)
        read_claims([draft], case.readings, case.lexicon)
        read_causes([*case.drafts, draft], case.readings, case.lexicon)
    return draft


def settle(hearing: Hearing, ruled: Event, votes: Votes) -> None:
    """Let the votes fill a main event's kind, sides, scene and cost; ``ruled`` is the rules' own."""
    draft = hearing.draft
    if is_answer(hearing) or not _was_read(hearing):
        return
    draft.event_type, draft.mode = voted_kind(hearing, ruled)
    draft.status = "threatened" if draft.event_type == "THREATEN" else "actual"
    draft.settled = True
    _settle_scene(hearing, votes)
    if draft.event_type in _HURTING:
        tolls = [best_toll(field, votes[field], hearing) for field in FIELDS]
        draft.tolls = [each for each in draft.tolls if each.field not in FIELDS]
        draft.tolls += [toll for toll in tolls if toll is not None]
    if any(frame.incoming and frame.actors for frame in draft.frames):
        return  # whom the sentence begins with shot it down; the codebook asks who sent it
    land = scene_of(hearing)
    who, whom = of_role("actor", land, hearing), of_role("recipient", land, hearing)
    hit = (
        standing("recipient", votes["recipient"], hearing, whom, land)
        if draft.event_type == "ASSAULT"
        else {}
    )
    acting = chosen("actor", votes["actor"], hearing, who, land, hit)
    suffering = chosen("recipient", votes["recipient"], hearing, whom, land)
    told = [m for frame in draft.frames if frame.agent for m in frame.actors]
    if acting is not None and not (told and all(m.kind != "head" for m in told)):
        draft.actors = acting
    draft.recipients = draft.recipients if suffering is None else suffering


def voted_kind(hearing: Hearing, ruled: Event) -> tuple[str, str | None]:
    """Type and mode by vote."""
    return kind_of(hearing.opinion, str(ruled.event_type), ruled.mode)


def _was_read(hearing: Hearing) -> bool:
    """Whether the model read any sentence that tells the event: of what stands deeper it knows nothing."""
    return any((number, 0) in hearing.opinion.roles for number in hearing.told)


def is_answer(hearing: Hearing) -> bool:
    """Whether the rules tell a blow and its answer: the model speaks of one event and may mean either."""
    own = family(hearing.draft.event_type)
    kin = [each for each in hearing.others if family(each.event_type) == own]
    return bool(kin) and (hearing.draft.responds is not None or any(each.frames[0].cause for each in kin))


def scene_of(hearing: Hearing) -> str | None:
    """The country of the scene, as far as it is settled."""
    located = hearing.draft.located
    if located is not None and located.place.country:
        return located.place.country
    return hearing.draft.land or hearing.ruled_land


def of_role(role: str, land: str | None, hearing: Hearing) -> Whose:
    """Whom a mention means as this role of an event that happened in that country."""
    return lambda mention: whose(mention, land, hearing.draft, role == "actor", hearing.case.lexicon)


def _settle_scene(hearing: Hearing, votes: Votes) -> None:
    draft = hearing.draft
    land = best_land(votes["country"], hearing)
    if land is None:
        return
    located = best_place(votes["place"], land, hearing)
    own = draft.located.place.country if draft.located else None
    if land.code == hearing.ruled_land and located is None and own in (None, land.code):
        return  # the rules' own place, whose country is the likeliest
    draft.located, draft.land = located, land.code
    draft.land_span = land.sides[0][1].span if land.sides else draft.frames[0].span
