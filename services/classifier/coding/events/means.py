"""An assault in, the kind of the means that its own words name out."""

from collections.abc import Mapping, Sequence

from services.classifier.coding.events.telling import Told
from services.classifier.coding.lexicon import word_class

_AIR = word_class("rulings.air")
_BOMBS = word_class("rulings.bombs")
_DROPPED = word_class("rulings.dropped")
_SENT = word_class("rulings.sent")
_DRONES = word_class("rulings.drones")
_SHELLS = word_class("rulings.shells")
_NAMES: Mapping[str, frozenset[str]] = {
    "suicide-attack": word_class("rulings.suicide"),
    "drone": _DRONES,
    "missile": word_class("rulings.missiles"),
    "airstrike": _AIR,
    "artillery": _SHELLS,
}
_YIELDS: Mapping[str, Sequence[str]] = {
    "massacre": ("suicide-attack", "drone", "missile", "airstrike", "artillery"),
    "other": ("suicide-attack", "drone", "missile", "airstrike", "artillery"),
    "explosives": ("suicide-attack", "airstrike", "drone", "artillery"),
    "clash": ("suicide-attack", "airstrike"),
    "airstrike": ("missile", "artillery"),
    "artillery": ("drone", "airstrike"),
}
"""To which means each mode gives way, in this order."""
_STANDS: Mapping[str, frozenset[str]] = {
    "clash": word_class("rulings.fighting"),  # commandos come by helicopter, too
    "airstrike": _AIR | _DRONES | _BOMBS | word_class("rulings.bombed"),
}
"""Words that speak for the mode that was found: where one is told, nothing else is asked."""


def means_named(told: Told) -> str | None:
    """The kind of the means that the words name, where the mode found gives way to it; else None."""
    found = told.mode or "other"
    if told.has(_STANDS.get(found, frozenset())):
        return None
    # Shells stay shells, whatever else flew that day, unless they were dropped: those came from above.
    if found == "artillery" and not told.has(_DROPPED | _SENT):
        return None
    named = (mode for mode in _YIELDS.get(found, ()) if _named(mode, told))
    return next((f"ASSAULT/{mode}" for mode in named), None)


def _named(mode: str, told: Told) -> bool:
    return told.has(_NAMES[mode]) or (mode == "airstrike" and told.has(_BOMBS, _DROPPED))
