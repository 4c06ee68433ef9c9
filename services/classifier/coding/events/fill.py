"""Drafts in, finished events out: each field from its words, with the evidence for it.

Sides without a country get the land's; a field that the text does not state stays null.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.events.crosswalk import cameo_of, hostility_of
from services.classifier.coding.events.expulsions import turn_round
from services.classifier.coding.events.merge import key
from services.classifier.coding.events.modes import mode_of
from services.classifier.coding.events.rulings import as_ruled
from services.classifier.coding.events.scenes import told_elsewhere
from services.classifier.coding.events.whichday import stated_day
from services.classifier.coding.events.whom import by_nature, face_each_other, split_sides, those_hit
from services.classifier.coding.lexicon import Country, Lexicon
from services.classifier.coding.naming.foes import are_settlers, foe_of, garrison_of, is_foe, settled_from
from services.classifier.coding.text.reading import Draft, Mention, Span, When
from shared.contracts import (
    Actor,
    Casualties,
    Certainty,
    Claim,
    ClaimStatus,
    Direction,
    Event,
    Evidence,
    Place,
    Precision,
    Sector,
)

_LIES_WITH_THE_OTHER = frozenset(
    {"sanction", "suspend-aid", "recall", "cyber", "blockade", "border-violation"}
)
"""Measures that lie in the land of the one against whom they are taken; others lie where they are taken."""
_FAR_FROM_A_SCENE = ("SANCTION", "THREATEN", "COERCE", "RETREAT", "AGREE")
"""What is done on paper or by word: a town in the next sentence is not where it happened."""
_FACING = frozenset({"border", "borders", "opposite", "towards", "toward", "facing", "frontier"})
_NEAR_BY = 40
"""Characters before a place in which a word says that it is only faced."""
_DONE_ABROAD = ("ASSAULT", "SANCTION", "THREATEN")
"""What a state does to others: its own country says nothing of where."""
_AT_HOME = ("CVL", "GOV", "REB", "COP", "PTY", "CRM")
"""Sectors of those who seldom stand abroad."""
UNKNOWN_ATTACKERS = Actor(text="", name="unknown attackers", sector=Sector.UNKNOWN)
"""Who is behind an assault of which the text names nobody: somebody was, and no word is evidence of whom."""
_UNNAMED = frozenset({"soldiers", "police", "government", "intelligence"})


def finish(
    draft: Draft, readings: Sequence[Reading], context: Counter[str], main: bool, lexicon: Lexicon
) -> Event:
    """The event of a draft; ``responds_to`` is set by the caller, who knows the ordinals."""
    if draft.weapon and draft.event_type not in ("ASSAULT", "MOBILIZE", "PROTEST"):
        draft.weapon = None
    weapons = [
        w
        for r in readings
        for w in r.weapons
        if any(f.sentence.number == r.sentence.number for f in draft.frames) or r.means
    ]
    weapons = [w for w in weapons if draft.weapon and w[2].kind == draft.weapon[1]]
    found = draft.mode if draft.settled or draft.ruled else mode_of(draft, weapons, draft.tolls)
    mode = as_ruled(draft, found, readings)
    if not draft.settled:
        _complete(draft, mode, readings)
    if main and draft.located is None and not draft.settled and draft.event_type not in _FAR_FROM_A_SCENE:
        draft.located = told_elsewhere(draft, readings)
    turn_round(draft, readings)
    land = _land(draft, context)
    actors = _sides(draft.actors, land, draft, True, lexicon)
    if draft.event_type in ("MOBILIZE", "SANCTION"):
        draft.recipients = [m for m in draft.recipients if m.kind != "head"]
    recipients = _sides(
        [m for m in draft.recipients if key(m) not in {key(a) for a in draft.actors} or m.role == "civil"],
        land,
        draft,
        False,
        lexicon,
    )
    recipients = [each for each in recipients if not _acts_too(each[0], actors)]
    actors, recipients = by_nature(draft, mode, land, actors, recipients, lexicon)
    place, place_span = _place(draft, mode, actors, recipients, lexicon)
    named = tuple(actor for actor, _ in actors)
    if not named and draft.event_type == "ASSAULT":
        named = (UNKNOWN_ATTACKERS,)
    code, goldstein = cameo_of(draft.event_type, mode)
    deescalates = draft.event_type in ("RETREAT", "AGREE")
    when = stated_day(draft, readings)
    evidence = _evidence(draft, actors, recipients, place_span, when)
    status = ClaimStatus.UNKNOWN
    if draft.claimed_by:
        status = ClaimStatus.CLAIMED
    elif draft.denied_by:
        status = ClaimStatus.DENIED
    elif draft.attributed_by:
        status = ClaimStatus.ATTRIBUTED
    return Event(
        event_type=draft.event_type,
        mode=mode,
        direction=Direction.DEESCALATORY if deescalates else Direction.ESCALATORY,
        status=draft.status,
        main=main,
        actors=named,
        recipients=tuple(a for a, _ in recipients),
        place=place,
        occurred_on=when.day if when and when.day <= _latest(when) else None,
        date_precision=when.precision if when else None,
        date_inferred=not (when and when.printed),
        weapon=draft.weapon[0].text if draft.weapon else None,
        weapon_class=draft.weapon[1] if draft.weapon else None,
        casualties=Casualties(**{t.field: t.count for t in draft.tolls}),
        claim=Claim(
            by=draft.claimed_by,
            denied_by=tuple(draft.denied_by),
            attributed_by=draft.attributed_by,
            status=status,
        ),
        cameo=code,
        goldstein=goldstein,
        hostility=hostility_of(draft.event_type, mode),
        certainty=_certainty(draft, status),
        evidence=evidence,
    )


def _acts_too(actor: Actor, actors: Sequence[tuple[Actor, Span]]) -> bool:
    """Whether somebody armed is said to do it to himself: he was named twice, and is the one who did it."""
    armed = actor.sector not in (Sector.CIVILIANS, Sector.GOVERNMENT)
    return armed and any((each.name, each.country) == (actor.name, actor.country) for each, _ in actors)


def _complete(draft: Draft, mode: str | None, readings: Sequence[Reading]) -> None:
    """What a deed's nature and toll say of its sides, where no vote has settled them."""
    if draft.event_type == "ASSAULT" and not draft.recipients:
        draft.recipients = [
            t.victims for t in draft.tolls if t.victims and t.field in ("killed", "injured", "abducted")
        ][:1]
    if draft.event_type == "ASSAULT":
        those_hit(draft, readings)
    if mode == "clash" and not draft.actors:
        split_sides(draft)
    if draft.event_type == "ASSAULT":
        face_each_other(draft)
    if draft.event_type == "ASSAULT" and mode != "intercept":
        draft.actors = [
            m
            for m in draft.actors
            if m.role not in ("civil", "thing") or m.actor.name != "civilians" or are_settlers(m)
        ]
    if draft.event_type == "ASSAULT" and any(m.kind == "group" for m in draft.actors):
        # "Kataeb Hezbollah and affiliated groups" as actors: the named answer for it.
        draft.actors = [m for m in draft.actors if not (m.kind == "head" and m.role == "armed")]


def _latest(when: When) -> date:
    return when.day


def _certainty(draft: Draft, status: ClaimStatus) -> Certainty:
    if status == ClaimStatus.CLAIMED and draft.tolls:
        return Certainty.OBSERVED
    words = {w for f in draft.frames[:1] for w in f.sentence.norms}
    if status == ClaimStatus.DENIED or words & {
        "reportedly",
        "allegedly",
        "alleged",
        "suspected",
        "unconfirmed",
    }:
        return Certainty.POSSIBLE
    return Certainty.LIKELY


def _land(draft: Draft, context: Counter[str]) -> str | None:
    if draft.located and draft.located.place.country:
        return draft.located.place.country
    if draft.settled and draft.land is not None:
        return draft.land
    for mention in [*draft.recipients, *draft.actors]:
        official = mention.actor.sector in ("MIL", "GOV")
        abroad = draft.event_type in _DONE_ABROAD and mention in draft.actors and official
        if mention.actor.country and not abroad:
            return mention.actor.country
    # An army strikes abroad as often as at home: its own country says nothing of where.
    acting = {m.actor.country for m in draft.actors} if draft.event_type in _DONE_ABROAD else set()
    return next((land for land, _ in context.most_common() if land not in acting), None)


def _sides(
    mentions: Sequence[Mention], land: str | None, draft: Draft, acting: bool, lexicon: Lexicon
) -> list[tuple[Actor, Span]]:
    out: list[tuple[Actor, Span]] = []
    for mention in mentions:
        done = whose(mention, land, draft, acting, lexicon)
        if not any(o.name == done.name and o.country == done.country for o, _ in out):
            out.append((done, mention.span))
    return out[:4]


def whose(mention: Mention, land: str | None, draft: Draft, acting: bool, lexicon: Lexicon) -> Actor:
    """The side that a mention means in this event: *three policemen* in Syria are Syria's."""
    actor = mention.actor
    changes: dict[str, object] = {}
    country = actor.country
    if country is None and mention.kind == "head" and not mention.unknown:
        foe = {m.actor.country for m in draft.actors if m.official} if not acting else set()
        if acting and is_foe(mention):
            country = changes["country"] = foe_of(mention, land)
        elif mention.role == "civil" or land not in foe:
            garrison = garrison_of(mention, land)
            theirs = settled_from(mention, land) or (garrison if garrison not in foe else None)
            country = changes["country"] = theirs or land
    if mention.kind == "head" and mention.role == "state" and country and actor.name in _UNNAMED:
        changes["name"] = lexicon.countries[country].name if country in lexicon.countries else actor.name
    if (
        actor.sector == "GOV"
        and mention.kind in ("state", "people", "capital")
        and draft.event_type in ("ASSAULT", "MOBILIZE")
        and acting
    ):
        changes["sector"] = "MIL"
    if acting and are_settlers(mention):
        changes["name"] = "settlers"
    if acting and country is None and is_foe(mention):
        changes |= {"name": "unknown attackers", "sector": "UNK"}
    if mention.unknown and mention.role == "armed":
        changes["name"] = "unknown gunmen" if "bomber" not in actor.text else "unknown attackers"
    return actor.model_copy(update=changes)


def _place(
    draft: Draft,
    mode: str | None,
    actors: Sequence[tuple[Actor, Span]],
    recipients: Sequence[tuple[Actor, Span]],
    lexicon: Lexicon,
) -> tuple[Place | None, Span | None]:
    if draft.settled and draft.located is None and draft.land in lexicon.countries:
        return _middle(lexicon.countries[draft.land]), draft.land_span
    if draft.located and (draft.settled or draft.event_type != "SANCTION"):
        place = draft.located.place
        home = next((a.country for a, _ in actors if a.country in lexicon.countries), None)
        if home and draft.event_type == "MOBILIZE" and _only_faced(draft, mode, home):
            return _middle(lexicon.countries[home]), actors[0][1]
        if place.country is None and draft.located.rank < 3:
            sides = sorted(
                (
                    a
                    for a, _ in _by_side(draft, mode, actors, recipients)
                    if a.country
                    and (
                        draft.event_type != "ASSAULT"
                        or not any(a == b for b, _ in actors)
                        or a.sector not in ("MIL", "GOV")
                    )
                ),
                key=lambda a: a.sector == "MIL",
            )
            if sides:
                place = place.model_copy(update={"country": sides[0].country})
        return place, draft.located.span
    # A blow lies where the people or the state that it hit are, unless they are troops, who may stand abroad.
    order = _by_side(draft, mode, actors, recipients)
    if draft.event_type == "ASSAULT":
        order = [s for s in order if s[0].sector in _AT_HOME or (mode == "intercept" and s in actors)]
        if draft.ground is not None:
            order.insert(0, (draft.ground.actor, draft.ground.span))
    for actor, span in order:
        if actor.country and actor.country in lexicon.countries:
            return _middle(lexicon.countries[actor.country]), span
    return None, None


def _only_faced(draft: Draft, mode: str | None, home: str) -> bool:
    """*A missile that fell off Japan*, *troops near the Ukrainian border*: show of force is made at home."""
    located = draft.located
    if located is None or located.place.country in (None, home) or draft.settled:
        return False
    for frame in draft.frames:
        around = {w.norm for w in frame.sentence.words if 0 <= located.span.start - w.start < _NEAR_BY}
        if mode == "weapons-test" or around & _FACING:
            return True
    return False


def _by_side(
    draft: Draft,
    mode: str | None,
    actors: Sequence[tuple[Actor, Span]],
    recipients: Sequence[tuple[Actor, Span]],
) -> list[tuple[Actor, Span]]:
    """The sides, first the one in whose land such a deed lies (CODEBOOK §9)."""
    suffered = draft.event_type in ("ASSAULT", "THREATEN") or mode in _LIES_WITH_THE_OTHER
    suffered = suffered and mode not in ("war-declaration", "intercept")
    return [*recipients, *actors] if suffered else [*actors, *recipients]


def _middle(land: Country) -> Place:
    """A country as a place: the middle of it."""
    return Place(name=land.name, country=land.code, lat=land.lat, lon=land.lon, precision=Precision.COUNTRY)


def _evidence(
    draft: Draft,
    actors: Sequence[tuple[Actor, Span]],
    recipients: Sequence[tuple[Actor, Span]],
    place: Span | None,
    when: When | None,
) -> tuple[Evidence, ...]:
    spans: list[tuple[str, Span]] = [("event_type", f.span) for f in draft.frames[:3]]
    spans += [("actors", span) for _, span in actors]
    spans += [("recipients", span) for _, span in recipients]
    if place:
        spans.append(("place", place))
    if when:
        spans.append(("occurred_on", when.span))
    if draft.weapon:
        spans.append(("weapon", draft.weapon[0]))
    spans += [(f"casualties.{t.field}", t.span) for t in draft.tolls]
    spans += draft.claim_spans
    if draft.responds:
        spans.append(("responds_to", draft.responds[0]))
    unique = dict.fromkeys((field, s.start, s.end, s.text) for field, s in spans)
    return tuple(Evidence(field=field, start=start, end=end, text=text) for field, start, end, text in unique)
