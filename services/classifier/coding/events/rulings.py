"""A kind as rules and reader found it in, the kind that the codebook rules for these very words out.

Rules and reader weigh what a text is mostly about. Where its own words name the means, the police or the post
that was fired on, nothing needs weighing (CODEBOOK §9). Only the clause that tells the deed is asked
(``telling``). A kind without an entry in the table below stands as it was found.
"""

from collections.abc import Callable, Mapping, Sequence

from services.classifier.coding.events.means import means_named
from services.classifier.coding.events.telling import Told, told_of
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Reading

_POLICE = word_class("rulings.police")
_PROTEST = word_class("rulings.protest")
_BEATING = word_class("rulings.beating")
_SHOOTING = word_class("rulings.shooting")
_RIOTING = word_class("rulings.rioting")
_UNITS = word_class("rulings.units")
_LONE = word_class("rulings.lone")
_BLEW = word_class("rulings.blew")
_VEHICLES = word_class("rulings.vehicles")
_CARS = word_class("rulings.cars")
_WORKS = word_class("rulings.works")
_OF_RANK = word_class("rulings.of_rank")
_HIS = word_class("rulings.his")
_DRILLS = word_class("rulings.drills")
_TESTS = word_class("rulings.tests")
_ENTRY = word_class("rulings.entry")
_BARRED = word_class("rulings.barred")
_WATERS = word_class("rulings.waters")
_SHUT = word_class("rulings.shut")
_AIR_AND_DRILLS = word_class("rulings.air_and_drills")
_SETTLERS = word_class("rulings.settlers")
_ARSON = word_class("rulings.arson")
_HE_AND_HIS_DRIVER = 2

Ruling = Callable[[Told], str | None]
"""The kind that is right in place of the one found, written ``TYPE/mode``; None where it stands."""


def as_ruled(draft: Draft, mode: str | None, readings: Sequence[Reading]) -> str | None:
    """The mode of an event once the codebook was asked; where its kind is ruled on, the draft's changes."""
    rulings = _RULINGS.get(f"{draft.event_type}/{mode}", ())
    if not rulings:
        return mode
    told = told_of(draft, mode, readings)
    better = next((kind for kind in (ruling(told) for ruling in rulings) if kind is not None), None)
    if better is None:
        return mode
    draft.event_type, _, draft.mode = better.partition("/")
    draft.ruled = True
    return draft.mode


def _force_on_a_crowd(told: Told) -> str | None:
    """*Officers beat students at a rally*: force on a crowd, by police."""
    if told.has(_RIOTING):
        return None
    return "ASSAULT/crowd-control" if told.has(_POLICE, _PROTEST, _BEATING) else None


def _shots_at_a_crowd(told: Told) -> str | None:
    """*Police shot four marchers*, *the four shot by police*: whom they fire on is a crowd, if unarmed."""
    draft = told.draft
    if told.has(_RIOTING) or not told.has(_SHOOTING | _BEATING):
        return None
    if any(m.actor.sector in ("REB", "CRM") for m in draft.actors):
        return None
    police = bool(draft.actors) and all(m.official and m.actor.sector == "COP" for m in draft.actors)
    unarmed = all(m.actor.sector == "CVL" for m in draft.recipients)
    meant = told.has(_POLICE, _PROTEST) or (police and unarmed and told.has(_POLICE))
    return "ASSAULT/crowd-control" if meant else None


def _fire_on_a_unit(told: Told) -> str | None:
    """*Opened fire on a patrol* is a clash; a lone gunman, a sniper or shots at a prison are not."""
    hit = told.draft.recipients
    if not hit or any(m.actor.sector not in ("MIL", "COP", "REB") for m in hit) or told.has(_LONE):
        return None
    forces = any(m.official and m.actor.sector in ("MIL", "COP") for m in told.draft.actors)
    rebels = all(m.actor.sector == "REB" for m in hit)
    return "ASSAULT/clash" if told.has(_UNITS) or (forces and rebels) else None


def _one_man_meant(told: Told) -> str | None:
    """A bomb under the car of a man of rank was meant for him, if no more than he and his driver died."""
    if told.cost("killed") > _HE_AND_HIS_DRIVER or not told.has(_OF_RANK, _CARS):
        return None
    person = any(m.role == "person" and m.actor.sector != "CVL" for m in told.draft.recipients)
    return "ASSAULT/assassination" if person or told.has(_HIS) else None


def _blown_up(told: Told) -> str | None:
    """*Blew up their vehicle*: people were meant; a pipeline that is blown up is destroyed."""
    if told.has(_WORKS) or not told.has(_BLEW):
        return None
    hurt = told.cost("killed") or told.cost("injured")
    return "ASSAULT/explosives" if hurt or told.has(_VEHICLES) else None


def _settlers_set_fire(told: Told) -> str | None:
    """Settlers who burn cars and homes and kill nobody destroy."""
    return "ASSAULT/destroy" if told.has(_ARSON, _SETTLERS) and not told.cost("killed") else None


def _rehearsed(told: Told) -> str | None:
    """What is done in a drill is rehearsed, and not done; a test is a test."""
    return "MOBILIZE/exercise" if told.has(_DRILLS) and not told.has(_TESTS) else None


def _persons_barred(told: Told) -> str | None:
    """Officials who may not enter are punished; a land whose border is shut is restricted."""
    return "SANCTION/sanction" if told.has(_ENTRY, _BARRED) else None


def _waters_shut(told: Told) -> str | None:
    """*Closed the strait to tankers* denies others the sea; the air above it is only restricted."""
    return "COERCE/blockade" if told.has(_WATERS, _SHUT) and not told.has(_AIR_AND_DRILLS) else None


_RULINGS: Mapping[str, Sequence[Ruling]] = {
    "ASSAULT/firearms": (_shots_at_a_crowd, _fire_on_a_unit),
    "ASSAULT/massacre": (_shots_at_a_crowd, means_named, _settlers_set_fire),
    "ASSAULT/other": (_shots_at_a_crowd, means_named),
    "ASSAULT/clash": (means_named,),
    "ASSAULT/explosives": (means_named, _one_man_meant),
    "ASSAULT/destroy": (_one_man_meant, _blown_up),
    "ASSAULT/airstrike": (means_named,),
    "ASSAULT/artillery": (means_named,),
    "PROTEST/riot": (_force_on_a_crowd, _settlers_set_fire),
    "COERCE/arrest": (_force_on_a_crowd,),
    "COERCE/blockade": (_rehearsed,),
    "COERCE/restrict": (_persons_barred, _waters_shut),
    "MOBILIZE/border-violation": (_rehearsed,),
    "MOBILIZE/weapons-test": (_rehearsed,),
}
"""What is asked of each kind, in this order."""
