"""A verb's base form in, its inflected forms out, and back."""

from functools import cached_property

_VOWELS = frozenset("aeiou")


class Verbs:
    """English verb forms: irregular ones from ``verbs.tsv``, regular ones by rule."""

    def __init__(self, irregular: dict[str, tuple[str, ...]]) -> None:
        self._irregular = irregular
        self._past: set[str] = set()
        self._participles: set[str] = set()
        self._present: set[str] = set()
        self._ing: set[str] = set()

    def forms(self, base: str) -> frozenset[str]:
        """All forms of a verb, the base among them."""
        third, past, participle, ing = self._irregular.get(base) or _regular(base)
        self._past.add(past)
        self._participles.update((participle, past))
        self._present.update((base, third))
        self._ing.add(ing)
        return frozenset((base, third, past, participle, ing))

    @cached_property
    def ambiguous(self) -> frozenset[str]:
        """Forms that may be past tense or participle (*attacked*), known once all verbs are read."""
        return frozenset(self._past & self._participles)

    def is_participle(self, word: str) -> bool:
        """Whether the word may be a past participle of a known verb."""
        return word in self._participles

    def is_ing(self, word: str) -> bool:
        """Whether the word is the -ing form of a known verb."""
        return word in self._ing

    def is_present(self, word: str) -> bool:
        """Whether the word is a present form of a known verb."""
        return word in self._present


def _regular(base: str) -> tuple[str, str, str, str]:
    if base.endswith("e"):
        return base + "s", base + "d", base + "d", base[:-1] + "ing"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies", base[:-1] + "ied", base[:-1] + "ied", base + "ing"
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return base + "es", base + "ed", base + "ed", base + "ing"
    return base + "s", base + "ed", base + "ed", base + "ing"
