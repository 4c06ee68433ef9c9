"""Data files in, look-up tables out: every word the coder knows.

Each file opens with comment lines that state its source and licence; ``load`` reads them all once. Adding a
word, a group or a place means adding a line there, never touching code.
"""

from services.classifier.coding.lexicon.keys import Key, normal
from services.classifier.coding.lexicon.load import country_names, load, word_class
from services.classifier.coding.lexicon.tables import (
    Agent,
    Country,
    Element,
    Lexicon,
    Pattern,
    Phrases,
    Spot,
    Weapon,
)

__all__ = [
    "Agent",
    "Country",
    "Element",
    "Key",
    "Lexicon",
    "Pattern",
    "Phrases",
    "Spot",
    "Weapon",
    "country_names",
    "load",
    "normal",
    "word_class",
]
