"""Labelled files in, measured sets out: items, what the coder answered, and what a baseline would have."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from services.classifier.quality import baseline
from services.classifier.quality.answers import Answer, of_coding
from services.classifier.quality.codings import codings
from services.classifier.quality.folds import Folds
from services.classifier.quality.gold import GoldItem, read_items
from shared.contracts import Article
from shared.errors import BadInput

T = TypeVar("T")
Pairs = Sequence[tuple[GoldItem, Answer]]
GIVEN_FILE = Path("coding") / "wcep_coded_1380.jsonl"
"""Where the coded items lie in a data directory."""


class Watch(Protocol):
    """Shows somebody how far the work is, and hands on its steps unchanged."""

    def __call__(self, steps: Iterable[T], doing: str, total: int | None = None) -> Iterable[T]: ...


class Part(StrEnum):
    """Where labelled items come from, by what the coder's authors knew of them."""

    GIVEN = "given"
    READ = "read"
    BLIND = "blind"


@dataclass(frozen=True)
class Measured:
    """A set of labelled items with the coder's answers and the baseline's, one for each."""

    items: Sequence[GoldItem]
    answers: Sequence[Answer]
    baseline: Sequence[Answer] = ()

    @property
    def pairs(self) -> Pairs:
        """Each item with the coder's answer."""
        return list(zip(self.items, self.answers, strict=True))

    @property
    def baseline_pairs(self) -> Pairs:
        """Each item with the baseline's answer; none where no baseline was asked."""
        return list(zip(self.items, self.baseline, strict=True)) if self.baseline else []

    def of(self, keeps: Callable[[GoldItem], bool]) -> "Measured":
        """The same for some of the items."""
        kept = [index for index, item in enumerate(self.items) if keeps(item)]
        return Measured(
            [self.items[index] for index in kept],
            [self.answers[index] for index in kept],
            [self.baseline[index] for index in kept] if self.baseline else (),
        )


def read_while_written(item: GoldItem) -> bool:
    """Whether an item stands in the half that was read while the rules were written."""
    # A hash splits alike everywhere and for ever; it guards nothing.
    return int(hashlib.md5(item.id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def given_items(data: Path) -> list[GoldItem]:
    """The coded items of a data directory; raises ``BadInput`` when there are none."""
    if not (data / GIVEN_FILE).is_file():
        raise BadInput(
            f"{data} holds no {GIVEN_FILE}: name the directory that does, or score files with --items"
        )
    return read_items(data / GIVEN_FILE)


def corpus_items(corpus: Path) -> dict[Part, list[GoldItem]]:
    """The items of the project's own corpus by part; a part that has no file is left out."""
    found: dict[Part, list[GoldItem]] = {}
    for part in (Part.READ, Part.BLIND):
        files = sorted((corpus / part).glob("*.jsonl"))
        if files:
            found[part] = read_all(files)
    if not found:
        raise BadInput(
            f"{corpus} holds neither read/*.jsonl nor blind/*.jsonl: name the corpus with --corpus DIR"
        )
    return found


def read_all(files: Iterable[Path]) -> list[GoldItem]:
    """The items of several files, in order; raises ``BadInput`` when two of them have one id."""
    items: dict[str, GoldItem] = {}
    for path in files:
        for item in read_items(path):
            if item.id in items:
                raise BadInput(f"{path.name}: the id {item.id!r} stands in another file as well: change one")
            items[item.id] = item
    return list(items.values())


def answers_of(
    items: Sequence[GoldItem],
    zone_of: Callable[[Article], tzinfo],
    watch: Watch,
    folds: Folds | None = None,
) -> list[Answer]:
    """What the coder answers about each item, in order."""
    return [of_coding(coding) for coding in watch(codings(items, zone_of, folds), "coding", len(items))]


def measure(
    sets: dict[Part, list[GoldItem]],
    zone_of: Callable[[Article], tzinfo],
    watch: Watch,
    folds: Folds | None = None,
) -> dict[Part, Measured]:
    """What the coder answers about each set, and a baseline that had seen none of the items it is asked of.

    The given items are cross-validated; the read part is, too, with the given ones always learned from; the
    blind part is asked of a baseline that learned from both.
    """
    together = [item for items in sets.values() for item in items]
    coded = iter(answers_of(together, zone_of, watch, folds))
    answers = {part: [next(coded) for _ in items] for part, items in sets.items()}
    compared: dict[Part, list[Answer]] = {part: [] for part in sets}
    for part in watch(list(sets), "training the baseline", len(sets)):
        compared[part] = _baseline(part, sets)
    return {part: Measured(items, answers[part], compared[part]) for part, items in sets.items()}


def _baseline(part: Part, sets: dict[Part, list[GoldItem]]) -> list[Answer]:
    given, read = sets.get(Part.GIVEN, []), sets.get(Part.READ, [])
    if part is Part.GIVEN:
        return baseline.cross_validated(given)
    if part is Part.READ:
        return baseline.cross_validated(read, always=given)
    return list(baseline.trained_on([*given, *read]).answers(sets[part]))
