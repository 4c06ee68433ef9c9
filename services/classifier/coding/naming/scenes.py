"""Which place of a sentence is no scene of what it tells: a seat, a home port, where a ship is taken."""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Located, Sentence

_SEATS = word_class("places.seats")
_SEAT_SAYS = word_class("places.seat_says")
_CARRIED = word_class("places.carried")
"""What has a port for its home: *a Lorient trawler*."""
_HOME = (("based", "in"), ("registered", "in"), ("bound", "for"), ("headed", "for"), ("heading", "for"))
_TAKEN = frozenset(["it", "her", "them", "ship", "vessel", "tanker", "freighter", "boat", "trawler", "crew"])
_LED = (("diverted", "to"), ("escorted", "to"), ("towed", "to"), ("steered", "to"))
"""Where something is brought is not where it was taken: *steered it towards Bandar Abbas*."""


def is_no_scene(sentence: Sentence, place: Located) -> bool:
    """*The health ministry in Sanaa said*, *a Lorient trawler*: where one speaks, is at home, or is taken."""
    before = sentence.norms[max(0, place.first - 2) : place.first]
    after = set(sentence.norms[place.last : place.last + 1])
    if before in _HOME or before in _LED or after & _CARRIED:
        return True
    if before[1:] in (("towards",), ("toward",)) and before[0] in _TAKEN:
        return True
    return before[1:] == ("in",) and before[0] in _SEATS and bool(after & _SEAT_SAYS)
