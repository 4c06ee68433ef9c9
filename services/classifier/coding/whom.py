"""Whom a deed hit and who did it, where its own words leave that to the toll or to its nature."""

from collections.abc import Sequence

from services.classifier.coding.judge import Reading
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.reading import Draft, Mention, Span
from shared.contracts import Actor, Sector

Sided = list[tuple[Actor, Span]]
"""Sides of an event, each with its words."""
_SITES = word_class("whom.sites")


def those_hit(draft: Draft, readings: Sequence[Reading]) -> None:
    """*An attack on an Iraqi base kills two US soldiers*: whom it hit, not on whose ground they stood."""
    ground = draft.recipients and all(m.role == "thing" or m.adjective for m in draft.recipients)
    lands = {m.actor.country for m in draft.recipients}
    hit = [t.victims for t in draft.tolls if t.field in ("killed", "injured") and t.victims is not None]
    foreign = [m for m in hit if m.actor.country and m.actor.country not in lands and m.role != "thing"]
    if ground and foreign:
        draft.ground = next((m for m in draft.recipients if _is_site(m)), None)
        draft.recipients = foreign[:1]
    numbers = {f.sentence.number for f in draft.frames}
    acting = {m.actor.country for r in readings for f in r.frames for m in f.actors}
    troops = {
        m.actor.country: m
        for r in readings
        if r.sentence.number in numbers
        for m in r.mentions
        if m.kind != "head"
        and m.role == "state"
        and m.actor.sector == "MIL"
        and m.actor.country not in acting
    }
    nameless = [
        m for m in draft.recipients if m.kind == "head" and m.role == "state" and m.actor.sector == "MIL"
    ]
    if len(troops) == 1 and len(nameless) == len(draft.recipients) and nameless:
        # "among the quarters of its American contingent, wounding three service members"
        draft.recipients = list(troops.values())


def _is_site(mention: Mention) -> bool:
    """Whether what was hit lies somewhere, as a base does and a ship does not."""
    return bool(_SITES & set(mention.span.text.casefold().split()))


def by_nature(
    draft: Draft, mode: str | None, land: str | None, actors: Sided, recipients: Sided, lexicon: Lexicon
) -> tuple[Sided, Sided]:
    """A curfew is a government's, and a coup is against one, whether the text says so or not."""
    country = lexicon.countries.get(land or "")
    if country is None:
        return actors, recipients
    span = draft.located.span if draft.located else draft.frames[0].span
    rulers = Actor(text=country.name, name=country.name, country=country.code, sector=Sector.GOVERNMENT)
    if mode in ("curfew", "martial-law") and not actors:
        return [(rulers, span)], recipients
    if mode == "coup" and not recipients and draft.located:
        return actors, [(rulers, span)]
    return actors, recipients


def split_sides(draft: Draft) -> None:
    """*Eight soldiers and seven rebels are killed in clashes*: the first side acts, the other suffers."""
    armed = [m for m in draft.recipients if m.armed or m.actor.sector == "COP"]
    words = {w for f in draft.frames for w in f.sentence.norms[f.first : f.last]}
    mutual = words & {
        "clash",
        "clashes",
        "fighting",
        "battle",
        "battles",
        "gunfight",
        "shootout",
        "gunbattle",
        "firefight",
        "raid",
        "raids",
        "combat",
    }
    if mutual and len(armed) >= 2:
        draft.actors, draft.recipients = armed[:1], [m for m in draft.recipients if m is not armed[0]]
