"""Who did it to whom: each side that the text names is a candidate, and a vote says which are meant."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from services.classifier.coding.second.bystanders import stands_by
from services.classifier.coding.second.case import Hearing
from services.classifier.coding.second.hints import hinted_sides
from services.classifier.coding.text.reading import Mention
from services.classifier.voting import Features, Vote, odds
from shared.contracts import Actor, Sector

CHOSEN = 0.5
"""Least share of a side that is meant."""
BEST = 0.2
"""The same where no side reaches more: one that is likely is better than none."""
SEA = 3
"""The rank of a place at sea: nobody's land, whose people and state could suffer."""
MOST = 3
"""Most sides of one role."""
Whose = Callable[[Mention], Actor]
"""Whom a mention means in this event: *three policemen* in Syria are Syria's."""
_ORGANS = ("GOV", "MIL", "COP", "SPY")
_PEOPLE = ("CVL", "IGO")
"""Sectors that bear no arms: doctors, monitors and residents tell of blows, and rarely strike one."""
_STATE_MEANS = ("airstrike", "clash", "crowd-control", "ground-offensive", "border-violation")
"""Ways in which the state itself strikes at home, and then often speaks of no deed of its own."""
_GROUPS = {"ASSAULT": "blow", "PROTEST": "blow", "MOBILIZE": "show", "SANCTION": "sanction"}
"""Types whose unnamed sides are alike; all others are measures that a government takes."""
_KINDS = ("group", "state", "people", "organ", "capital", "head", "igo", "words")


@dataclass(slots=True)
class Candidate:
    """A side with every mention of it in what the model read."""

    actor: Actor
    mentions: list[tuple[int, Mention]] = field(default_factory=list)
    """Each with the number of its sentence; none for a side that is meant without a word of its own."""


def candidates(hearing: Hearing, whose: Whose, land: str | None, role: str) -> list[Candidate]:
    """The sides named in what the model read, in the order of their first mention; a state is one side.

    After them come those that no word names: the people and the state of the land where it happened.
    """
    found: dict[str, Candidate] = {}
    for reading in hearing.readings:
        number = reading.sentence.number
        for mention in reading.mentions:
            if (number, mention.first) in hearing.opinion.roles:
                actor = whose(mention)
                found.setdefault(_one(actor), Candidate(actor)).mentions.append((number, mention))
        # Who acts has a name that lists know; whom it hits may be anybody, or any ship.
        for mention in hinted_sides(hearing.opinion, reading, land) if role == "recipient" else ():
            name = f"words {mention.actor.name.casefold()}"
            found.setdefault(name, Candidate(mention.actor)).mentions.append((number, mention))
    for actor in _unnamed(hearing, land, role):
        found.setdefault(_one(actor), Candidate(actor))
    return list(found.values())


def _unnamed(hearing: Hearing, land: str | None, role: str) -> Iterator[Actor]:
    """*Leaves 6 dead in Beni*, *the town was captured*: the land's people, or the state that held it."""
    country = hearing.case.lexicon.countries.get(land or "")
    sectors = hearing.opinion.sectors.get(role, {})
    scene = hearing.draft.located
    if country is None or (scene is not None and scene.rank == SEA):
        return
    if role == "recipient":
        yield Actor(text="", name="civilians", country=land, sector=Sector.CIVILIANS)
    # Who struck and is not named is unknown, not the state whose ground it was.
    if role == "recipient" or _GROUPS.get(hearing.draft.event_type) != "blow":
        organ = max((Sector.GOVERNMENT, Sector.MILITARY, Sector.POLICE), key=lambda s: sectors.get(s, 0.0))
        yield Actor(text="", name=country.name, country=land, sector=organ)


def side_features(candidate: Candidate, role: str, hearing: Hearing) -> Features:
    """What speaks for a candidate as ``actor`` or ``recipient``."""
    if not candidate.mentions:
        return _unnamed_features(candidate, role, hearing)
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
        "rules of a strong deed": ruled * draft.strength,
        "rules of several": ruled * bool(hearing.others),
        "rules other": float(_among(mentions, theirs)),
        "rules other of a strong deed": float(_among(mentions, theirs)) * draft.strength,
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
    rivals = [
        hearing.said(role, number, mention.first, mention.last) or 0.0
        for reading in hearing.readings
        for number, mention in ((reading.sentence.number, each) for each in reading.mentions)
        if mention.kind != "head" and not any(mention is own for own in mentions)
    ]
    rival = odds(max(rivals, default=0.0))
    features |= {"named rival": rival, "named rival of a common noun": rival * (best.kind == "head")}
    return features | {kind: float(best.kind == kind) for kind in _KINDS}


def _unnamed_features(candidate: Candidate, role: str, hearing: Hearing) -> Features:
    """What speaks for a side that no word names: its sector, and that nobody who is named is meant."""
    draft = hearing.draft
    mine = draft.actors if role == "actor" else draft.recipients
    sectors = hearing.opinion.sectors.get(role, {})
    which = "people" if candidate.actor.sector == "CVL" else "state"
    group = _GROUPS.get(draft.event_type, "measure")
    said = (
        hearing.said(role, number, mention.first, mention.last) or 0.0
        for number, mention in (
            (reading.sentence.number, mention) for reading in hearing.readings for mention in reading.mentions
        )
    )
    organs = _ORGANS if which == "state" else ("CVL",)
    return {
        f"unnamed {which}": 1.0,
        f"unnamed {which} in a {group}": 1.0,
        f"unnamed {which} by sector": odds(max(sectors.get(organ, 0.0) for organ in organs)),
        f"unnamed {which}, best named": odds(max(said, default=0.0)),
        f"unnamed {which}, rules name one": float(bool(mine)),
        f"unnamed {which}, somebody was hurt": float(any(toll.count.high for toll in draft.tolls)),
    }


def best_mention(candidate: Candidate, role: str, hearing: Hearing) -> Mention:
    """The mention that speaks for the candidate: the likeliest in this role, rather no bare adjective."""

    def worth(pair: tuple[int, Mention]) -> float:
        number, mention = pair
        return (hearing.said(role, number, mention.first, mention.last) or 0.0) - 0.2 * mention.adjective

    return max(candidate.mentions, key=worth)[1]


def standing(role: str, vote: Vote, hearing: Hearing, whose: Whose, land: str | None) -> dict[str, float]:
    """How likely each named side has this role, by what makes its mentions one side."""
    return {
        _one(candidate.actor): vote.share(side_features(candidate, role, hearing))
        for candidate in candidates(hearing, whose, land, role)
        if candidate.mentions
    }


def chosen(
    role: str,
    vote: Vote,
    hearing: Hearing,
    whose: Whose,
    land: str | None,
    rivals: Mapping[str, float] = MappingProxyType({}),
) -> list[Mention] | None:
    """The sides of a role by vote, the likeliest first; None where the rules' own stand.

    They stand where the model read no side at all. ``rivals`` are the shares of the other role
    (``standing``): nobody does a deed to himself, so whom both votes mean has the likelier role.
    """
    mine = hearing.draft.actors if role == "actor" else hearing.draft.recipients
    shares = [
        (vote.share(side_features(candidate, role, hearing)), candidate)
        for candidate in candidates(hearing, whose, land, role)
    ]
    if not shares or (mine and not any(candidate.mentions for _, candidate in shares)):
        return None
    shares.sort(key=lambda pair: -pair[0])
    if role == "actor":
        shares = [(share, each) for share, each in shares if not _only_stands_by(each, land, hearing)]
        shares = [(share, each) for share, each in shares if rivals.get(_one(each.actor), 0.0) <= share]
    meant = [candidate for share, candidate in shares if share >= CHOSEN]
    named = [candidate for candidate in meant if candidate.mentions]
    meant = named or meant  # whom the text names is not joined by somebody it leaves unnamed
    if not meant and shares and shares[0][0] >= BEST:
        meant = [shares[0][1]]
    told: list[Mention] = []
    for one in (_spokesman(candidate, role, hearing) for candidate in meant):
        if not any(_say_the_same(one, other) for other in told):
            told.append(one)
    return told[:MOST]


def _only_stands_by(candidate: Candidate, land: str | None, hearing: Hearing) -> bool:
    """Whether who struck cannot be this side: the land's own state, or people, who only speak or are hit.

    A state that speaks of what happened elsewhere may well tell its own deed, and so may a movement; and a
    measure is taken by being announced.
    """
    mentions = candidate.mentions
    if hearing.draft.event_type != "ASSAULT" or not mentions or _has_part(candidate, hearing.draft.actors):
        return False
    if any(mention.kind == "group" for _, mention in mentions):
        return False
    sector = candidate.actor.sector
    own = sector in _ORGANS and candidate.actor.country == land
    fell = _has_part(candidate, hearing.draft.recipients)
    if not (sector in _PEOPLE or (own and (fell or hearing.draft.mode not in _STATE_MEANS))):
        return False
    told = {reading.sentence.number: reading for reading in hearing.readings}
    return all(stands_by(mention, told[number]) for number, mention in mentions)


def _has_part(candidate: Candidate, chosen: Sequence[Mention]) -> bool:
    return _among([mention for _, mention in candidate.mentions], chosen)


def _say_the_same(one: Mention, other: Mention) -> bool:
    """Whether one names the other by a common noun: *Hezbollah* and *fighters*, *nuns* and *civilians*."""
    if len({one.actor.country, other.actor.country} - {None}) > 1 or "head" not in (one.kind, other.kind):
        return False
    if "CVL" in (one.actor.sector, other.actor.sector):
        return one.actor.sector == other.actor.sector and "civilians" in (one.actor.name, other.actor.name)
    return one.armed and other.armed and one.kind != other.kind


def _one(actor: Actor) -> str:
    """What makes two mentions one side: the state of its organs, the people of civilians, else the name."""
    if actor.sector in _ORGANS and actor.country:
        return f"state {actor.country}"
    if actor.sector == "CVL" and actor.name == "civilians":
        return f"people {actor.country}"
    return "unknown" if actor.name.startswith("unknown") else actor.name.casefold()


def _spokesman(candidate: Candidate, role: str, hearing: Hearing) -> Mention:
    """The rules' own mention where they chose this side too, for they know how its words belong together.

    For a side that no word names the deed's own words stand.
    """
    if not candidate.mentions:
        deed = hearing.draft.frames[0]
        civil = candidate.actor.sector == "CVL"
        kind, part = ("head", "civil") if civil else ("state", "state")
        return Mention(deed.first, deed.last, deed.first, candidate.actor, kind, part, deed.span)
    mine = hearing.draft.actors if role == "actor" else hearing.draft.recipients
    own = next((m for _, m in candidate.mentions if any(m is each for each in mine)), None)
    return own or best_mention(candidate, role, hearing)


def _share(candidate: Candidate, role: str, hearing: Hearing) -> float:
    return max(hearing.said(role, number, m.first, m.last) or 0.0 for number, m in candidate.mentions)


def _among(mentions: Sequence[Mention], chosen: Sequence[Mention]) -> bool:
    return any(one is other for one in mentions for other in chosen)
