"""Who *the occupation forces*, *enemy drones*, *settlers* and *soldiers* are in an occupied land.

Whoever writes so writes for that land and leaves the name out: such forces are never the land's own.
"""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Mention

_FORCES = word_class("foes.forces")
_SETTLERS = word_class("foes.settlers")


def _pairs(use: str) -> dict[str, str]:
    split = (pair.partition(":") for pair in word_class(use))
    return {land: foe for land, _, foe in split}


_FOES = _pairs("foes.of")
"""By land, the state whose forces its press calls the enemy: only where that is one state for years."""
_SETTLED = _pairs("foes.settled")
"""By land, the state whose citizens settle there."""
_GARRISONS = _pairs("foes.garrisons")
"""By land that has no army, the state whose soldiers stand there."""


def is_foe(mention: Mention) -> bool:
    """Whether a common noun says of itself that it is the land's enemy."""
    return mention.kind == "head" and bool(_FORCES & _words(mention))


def foe_of(mention: Mention, land: str | None) -> str | None:
    """The state of such forces in this land, or None where it is not known beyond doubt."""
    return _FOES.get(land or "") if is_foe(mention) else None


def are_settlers(mention: Mention) -> bool:
    """Whether these are settlers, who bear no arms by their nature and yet raid villages."""
    return mention.role == "civil" and bool(_SETTLERS & _words(mention))


def settled_from(mention: Mention, land: str | None) -> str | None:
    """The state whose settlers these are, or None where they are no settlers of another state."""
    return _SETTLED.get(land or "") if are_settlers(mention) else None


def garrison_of(mention: Mention, land: str | None) -> str | None:
    """The state whose soldiers *soldiers* are in a land that has none of its own, else None."""
    soldiers = mention.kind == "head" and mention.role == "state" and mention.actor.sector == "MIL"
    return _GARRISONS.get(land or "") if soldiers else None


def _words(mention: Mention) -> set[str]:
    return set(mention.span.text.casefold().split())
