"""A sentence in, the weapons it names out."""

from services.classifier.coding.lexicon import Lexicon, Weapon
from services.classifier.coding.text.reading import Sentence, Span


def weapons_in(sentence: Sentence, lexicon: Lexicon) -> list[tuple[int, Span, Weapon]]:
    """Weapons in order, as (word, span, weapon); *strikes* alone is a weapon of unspecified kind."""
    return [
        (first, sentence.span(first, last), weapon)
        for first, last, weapon in lexicon.weapons.find(sentence.norms)
    ]
