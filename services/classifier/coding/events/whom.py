"""Whom a deed hit and who did it, where its own words leave that to the toll or to its nature."""

from collections.abc import Sequence

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import Country, Lexicon, word_class
from services.classifier.coding.text.reading import Draft, Mention, Span
from shared.contracts import Actor, Sector

Sided = list[tuple[Actor, Span]]
"""Sides of an event, each with its words."""
_SITES = word_class("whom.sites")
_MUTUAL = frozenset(["exchange", "exchanged", "trade", "traded", "each", "clash", "clashed", "clashes"])
_MEASURES = frozenset({"curfew", "martial-law", "arrest", "restrict", "deport"})
"""What only whoever rules the land can do."""
_AGAINST_THE_LAND = frozenset(
    {"ground-offensive", "airstrike", "missile", "artillery", "drone", "border-violation", "recall", "expel"}
)
"""What another state's forces do to the land where they do it, whoever stood there."""


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
    """A curfew is a government's, a coup is against one, and who takes a town takes it from its state.

    Whom police hit in a crowd were protesters, whether a report calls them so, *people* or *students*.
    """
    if mode == "crowd-control":
        recipients = [(_of_the_crowd(each), span) for each, span in recipients]
    country = lexicon.countries.get(land or "")
    if country is None:
        return actors, recipients
    deed = draft.frames[0].span

    def whose(sector: Sector, name: str = country.name) -> Sided:
        # No word names it: the deed's own are its evidence (ADR 0012).
        return [(Actor(text="", name=name, country=country.code, sector=sector), deed)]

    if not actors and mode in _MEASURES:
        actors = whose(Sector.GOVERNMENT)
    elif not actors and mode == "riot":
        actors = whose(Sector.CIVILIANS, "rioters")
    abroad = bool(actors) and all(a.country not in (None, country.code) for a, _ in actors)
    official = abroad and all(a.sector in (Sector.GOVERNMENT, Sector.INTERNATIONAL) for a, _ in actors)
    if not recipients and draft.event_type in ("SANCTION", "THREATEN") and official:
        return actors, whose(Sector.GOVERNMENT)
    if recipients or not draft.located:
        return actors, recipients
    if (
        mode == "coup"
        or (abroad and mode in _AGAINST_THE_LAND)
        or (actors and _is_taken(mode, actors, country))
    ):
        forces = Sector.MILITARY if draft.event_type == "ASSAULT" else Sector.GOVERNMENT
        recipients = whose(forces)
    elif mode == "crowd-control":
        recipients = whose(Sector.CIVILIANS, "protesters")
    return actors, recipients


def _of_the_crowd(side: Actor) -> Actor:
    """*Police shot three people at the march*: who is hit where a crowd is put down, unless named."""
    return side.model_copy(update={"name": "protesters"}) if side.name == "civilians" else side


def _is_taken(mode: str | None, actors: Sided, country: Country) -> bool:
    """Whether rebels of the land itself take ground, which they take from its army."""
    return mode == "ground-offensive" and all(a.sector == Sector.REBELS for a, _ in actors)


def face_each_other(draft: Draft) -> None:
    """*Kyrgyz and Tajik guards traded fire*: of two armies named together the second suffers."""
    lands = {m.actor.country for m in draft.actors}
    words = {w for f in draft.frames for w in f.sentence.norms}
    if not draft.recipients and len(draft.actors) == len(lands) == 2 and words & _MUTUAL:
        draft.actors, draft.recipients = draft.actors[:1], draft.actors[1:]


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
