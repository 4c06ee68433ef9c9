"""The form in which words are compared, and the keys under which a phrase is looked up.

Keys are tuples of words as ``normal`` gives them (no case, no accents, no apostrophes, hyphens split), so
that *Kata'ib Hizballah*, *kataib hizballah* and *KATA'IB HIZBALLAH* are one key.
"""

import re
import unicodedata
from functools import lru_cache

Key = tuple[str, ...]

_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]\.?)*")
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´ʻʾʿ")
_CLOSING = re.compile(r"(?<=s)['’](?=\s)")
_LETTERS = str.maketrans(
    {"ı": "i", "ə": "a", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae"}
)
"""Letters that have no accent to take away."""


@lru_cache(maxsize=65_536)
def normal(word: str) -> str:
    """One word without case, accents, apostrophes and dots: the form in which words are compared."""
    if word.isascii():
        plain = word
    else:
        word = unicodedata.normalize("NFKD", word.translate(_LETTERS))
        plain = "".join(c for c in word if not unicodedata.combining(c))
    return plain.translate(_APOSTROPHES).replace(".", "").casefold()


def key(phrase: str) -> Key:
    """The look-up key of a phrase."""
    plain = re.sub(r"['’ʼ]s\b", "", phrase).translate(_APOSTROPHES)
    return tuple(filter(None, (normal(word) for word in _WORDS.findall(plain))))


def spellings(phrase: str) -> set[Key]:
    """The look-up keys of a phrase: a closing apostrophe (*Workers' Party*) is a word of its own in texts."""
    parts = [key(part) for part in _CLOSING.split(phrase)]
    joints: tuple[Key, ...] = ((), ("'",), ("’",))
    return {sum(((*part, *joint) for part in parts[:-1]), ()) + parts[-1] for joint in joints}
