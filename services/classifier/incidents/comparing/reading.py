"""What one report's title and summary say, read once: its words, its long words, its names, its numbers.

The same few reports are compared with every article of the hour, so what was read is kept for a while.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from services.classifier.incidents.comparing import similarity

LONG = 4
"""Letters of a word that tells little (*said*, *city*); a long one has more."""
_KEPT = 2048
"""Texts kept as read, some 4 kB each: those of a busy day's candidates."""
# A word with a capital that begins no sentence. The capital stands first, so that it alone is looked for.
_NAME = re.compile(r"[A-Z](?<!\w.)(?<![.!?:]\s.)(?<!^.)[\w’'-]{2,}")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")


@dataclass(frozen=True, slots=True)
class Said:
    """A title and a summary as they are compared."""

    words: str
    """Both, as ``similarity.words`` has them."""
    title: str
    """The title alone."""
    long: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=_KEPT)
def said(title: str, summary: str) -> Said:
    """What they say; the same object for the same texts, as long as it is kept."""
    words = similarity.words(title, summary)
    names = [*_NAME.findall(title), *_NAME.findall(summary)]
    numbers = [*_NUMBER.findall(title), *_NUMBER.findall(summary)]
    return Said(
        words,
        similarity.words(title, ""),
        frozenset([word for word in words.split() if len(word) > LONG]),
        frozenset([name.casefold().removesuffix("'s").removesuffix("’s") for name in names]),
        frozenset([number.strip(",.") for number in numbers]),
    )
