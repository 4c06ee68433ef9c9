"""Out-of-fold opinions: of each labelled item speaks a model that had not seen it, not the one that ships.

A file of folds is what a cross-validation wrote, a JSON object a line: ``{"id", "relevance", "kinds":
{"ASSAULT/drone": 0.7, ...}, "roles": [[sentence, word, [one probability a role]], ...], "sectors":
{"actor": {"MIL": 0.9, ...}, "recipient": {...}}}``.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BaseModel, Field, ValidationError

from services.classifier.coding import Coder
from services.classifier.coding.opinion import ROLES, Opinion
from services.classifier.coding.text.reading import Sentence
from services.classifier.quality.gold import lines_of
from shared.contracts import Article, Coding
from shared.errors import BadInput

Folds = Mapping[str, Opinion]
"""What a model that had not seen an article says of it, by the article's id."""

_Share = Annotated[float, Field(ge=0, le=1)]


class _Line(BaseModel):
    id: str
    relevance: _Share
    kinds: dict[str, _Share]
    roles: list[tuple[int, int, Annotated[list[_Share], Field(min_length=len(ROLES), max_length=len(ROLES))]]]
    sectors: dict[str, dict[str, _Share]] = {}


class Codes(Protocol):
    """Anything that codes articles as the coder does."""

    def code(self, article: Article, zone: tzinfo = UTC) -> Coding:
        """The coding of one article."""
        ...


class OutOfFold:
    """The coder: of the articles that the folds know speak the folds, of all others its own trained part."""

    def __init__(self, folds: Folds) -> None:
        def asked(article: Article, sentences: Sequence[Sentence]) -> Opinion | None:
            return folds.get(article.id)

        self._folded: Codes = Coder(opinions=asked)
        self._shipped: Codes = Coder()
        self._known = folds

    def code(self, article: Article, zone: tzinfo = UTC) -> Coding:
        """The coding of one article."""
        return (self._folded if article.id in self._known else self._shipped).code(article, zone)


def read_folds(path: Path) -> Folds:
    """The opinions of a file of folds; raises ``BadInput`` that names the line."""
    lines = lines_of(path, "name the file of folds that a training wrote")
    found: dict[str, Opinion] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                read = _Line.model_validate_json(line)
            except ValidationError as exc:
                place = ".".join(str(part) for part in exc.errors()[0]["loc"]) or "the line"
                said = f"{path.name}, line {number}: {place}: {exc.errors()[0]['msg']}"
                raise BadInput(f"{said}: name the file of folds that a training wrote") from exc
            roles = {(sentence, word): shares for sentence, word, shares in read.roles}
            found[read.id] = Opinion(read.relevance, read.kinds, roles, read.sectors)
    return found
