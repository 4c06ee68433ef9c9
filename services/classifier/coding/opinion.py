"""What the trained reader thinks of an article, in a form that the rules can weigh against their own reading.

Plain values without a model behind them: the shipped weights give one, a fold of a cross-validation gives
one, and a test writes one by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from services.classifier.coding.text.reading import Sentence
from shared.contracts import Article

ROLES = ("actor", "recipient", "place", "killed", "injured")
"""What a word may be to the main event, in the order of the model's outputs."""
NO_EVENT = "none"
"""The kind of an article that reports no event."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities, all 0 to 1.

    ``relevance``: that the article reports an escalation. ``kinds``: of each type and mode of the main event,
    written ``ASSAULT/drone``, ``RETREAT`` or ``none``; they sum to 1. ``roles``: for each word that was read,
    by sentence number and word index, its probability of each of ``ROLES``; words beyond the first 128 pieces
    were not read and are absent. ``sectors``: for ``actor`` and ``recipient`` of the main event, the
    probability of each PLOVER sector that one of them is of it. ``meaning``: what the text is about, a vector
    of length 1 (no probability), close to that of another that tells of the same thing; empty where unknown.
    """

    relevance: float
    kinds: Mapping[str, float]
    roles: Mapping[tuple[int, int], Sequence[float]] = field(default_factory=dict)
    sectors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    meaning: tuple[float, ...] = ()

    def role(self, name: str, sentence: int, first: int, last: int) -> float | None:
        """The greatest probability of a role in words ``first`` up to ``last``; None where none was read."""
        index = ROLES.index(name)
        found = [
            self.roles[sentence, word][index] for word in range(first, last) if (sentence, word) in self.roles
        ]
        return max(found) if found else None

    def types(self) -> dict[str, float]:
        """The probabilities of the event types alone, and of ``none``."""
        summed: dict[str, float] = {}
        for kind, share in self.kinds.items():
            name = kind.partition("/")[0]
            summed[name] = summed.get(name, 0.0) + share
        return summed


Opinions = Callable[[Article, Sequence[Sentence]], Opinion | None]
"""Who is asked: an article and its sentences in, an opinion out, or None where there is none."""
