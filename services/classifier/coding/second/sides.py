"""Who did it to whom: each side that the text names is a candidate, and a vote says which are meant."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.classifier.coding.reading import Mention, Span
from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.votes import Features, Vote, odds
from shared.contracts import Actor, Sector

CHOSEN = 0.5
"""Least share of a side that is meant."""
ALONE = 0.3
"""The same where no side reaches more: one that is likely is better than none."""
SURE = 0.8
"""Strength of a deed whose sides, if the rules name them, no vote is needed for: it would say the same."""
MOST = 3
"""Most sides of one role."""
CIVILIANS = 0.5
"""Least share of civilians among those who suffer that stands where no word names them (*leaves 6 dead*)."""
Whose = Callable[[Mention], Actor]
"""Whom a mention means in this event: *three policemen* in Syria are Syria's."""
_ORGANS = ("GOV", "MIL", "COP", "SPY")
_KINDS = ("group", "state", "people", "organ", "capital", "head", "igo")


@dataclass(slots=True)
class Candidate:
    """A side with every mention of it in what the model read."""

    actor: Actor
    mentions: list[tuple[int, Mention]] = field(default_factory=list)
    """Each with the number of its sentence."""


def candidates(hearing: Hearing, whose: Whose) -> list[Candidate]:
    """The sides named in what the model read, in the order of their first mention; a state is one side."""
    found: dict[str, Candidate] = {}
    for reading in hearing.readings:
        number = reading.sentence.number
        for mention in reading.mentions:
            if (number, mention.first) in hearing.opinion.roles:
                actor = whose(mention)
                found.setdefault(_one(actor), Candidate(actor)).mentions.append((number, mention))
    return list(found.values())


def side_features(candidate: Candidate, role: str, hearing: Hearing) -> Features:
    """What speaks for a candidate as ``actor`` or ``recipient``."""
    other = "recipient" if role == "actor" else "actor"
    draft = hearing.draft
    mine, theirs = (draft.actors, draft.recipients) if role == "actor" else (draft.recipients, draft.actors)
    best = best_mention(candidate, role, hearing)
    mentions = [mention for _, mention in candidate.mentions]
    frames = hearing.case.frames
    sectors = hearing.opinion.sectors.get(role, {})
    ruled = float(_among(mentions, mine))
    features = {
        "said": odds(_share(candidate, role, hearing)),
        "said other": odds(_share(candidate, other, hearing)),
        "sector": odds(max(sectors.get(str(m.actor.sector), 0.0) for m in mentions)),
        "rules": ruled,
        "rules of several": ruled * bool(hearing.others),
        "rules other": float(_among(mentions, theirs)),
        "acts": float(_among(mentions, [m for frame in frames for m in frame.actors])),
        "suffers": float(_among(mentions, [m for frame in frames for m in frame.recipients])),
        "told here": float(any(number in hearing.told for number, _ in candidate.mentions)),
        "of another event": float(_among(mentions, hearing.foreign_sides)),
        "in title": float(candidate.mentions[0][0] == 0),
        "adjective": float(best.adjective),
        "civil": float(best.actor.sector == "CVL"),
        "armed": float(best.armed),
        "unknown": float(best.unknown),
        "times": math.log(len(mentions)),
    }
    return features | {kind: float(best.kind == kind) for kind in _KINDS}


def best_mention(candidate: Candidate, role: str, hearing: Hearing) -> Mention:
    """The mention that speaks for the candidate: the likeliest in this role, rather no bare adjective."""

    def worth(pair: tuple[int, Mention]) -> float:
        number, mention = pair
        return (hearing.said(role, number, mention.first, mention.last) or 0.0) - 0.2 * mention.adjective

    return max(candidate.mentions, key=worth)[1]


def chosen(role: str, vote: Vote, hearing: Hearing, whose: Whose) -> list[Mention] | None:
    """The sides of a role by vote, the likeliest first; None where the rules' own stand.

    They stand where the deed is a sure one that names its sides, and where the model read no side at all.
    """
    mine = hearing.draft.actors if role == "actor" else hearing.draft.recipients
    if hearing.draft.strength >= SURE and any(m.kind != "head" and not m.unknown for m in mine):
        return None
    shares = [
        (vote.share(side_features(candidate, role, hearing)), candidate)
        for candidate in candidates(hearing, whose)
    ]
    if not shares:
        return None
    shares.sort(key=lambda pair: -pair[0])
    meant = [pair for pair in shares if pair[0] >= CHOSEN][:MOST]
    if not meant and shares[0][0] >= ALONE:
        meant = shares[:1]
    return [_spokesman(candidate, role, hearing) for _, candidate in meant]


def unnamed_civilians(hearing: Hearing) -> list[Mention]:
    """Civilians whom no word names, where the model is sure that civilians suffered."""
    draft = hearing.draft
    share = hearing.opinion.sectors.get("recipient", {}).get("CVL", 0.0)
    if share < CIVILIANS or draft.event_type not in ("ASSAULT", "PROTEST"):
        return []
    frame = draft.frames[0]
    toll = next((toll for toll in draft.tolls if toll.field in ("killed", "injured")), None)
    span: Span = toll.span if toll else frame.span
    actor = Actor(text=span.text, name="civilians", country=None, sector=Sector.CIVILIANS)
    return [Mention(frame.first, frame.last, frame.first, actor, "head", "civil", span)]


def _one(actor: Actor) -> str:
    """What makes two mentions one side: the state of its organs, the people of civilians, else the name."""
    if actor.sector in _ORGANS and actor.country:
        return f"state {actor.country}"
    if actor.sector == "CVL" and actor.name == "civilians":
        return f"people {actor.country}"
    return "unknown" if actor.name.startswith("unknown") else actor.name.casefold()


def _spokesman(candidate: Candidate, role: str, hearing: Hearing) -> Mention:
    """The rules' own mention where they chose this side too, for they know how its words belong together."""
    mine = hearing.draft.actors if role == "actor" else hearing.draft.recipients
    own = next((m for _, m in candidate.mentions if any(m is each for each in mine)), None)
    return own or best_mention(candidate, role, hearing)


def _share(candidate: Candidate, role: str, hearing: Hearing) -> float:
    return max(hearing.said(role, number, m.first, m.last) or 0.0 for number, m in candidate.mentions)


def _among(mentions: Sequence[Mention], chosen: Sequence[Mention]) -> bool:
    return any(one is other for one in mentions for other in chosen)
