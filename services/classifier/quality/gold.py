"""A labelled item: an article and what a careful coder finds in it by the codebook.

One JSON object a line. The same form serves the project's own corpus and the coded portal items: fields
that a file does not code may be left out of it, and what nobody coded is never scored. Null is *not stated*.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.contracts import Direction, EventType, Precision, Sector, Status
from shared.errors import BadInput

UNKNOWN_ATTACKERS = "unknown attackers"
Texts = Mapping[str, Mapping[str, Any]]
"""Fields of items by their id."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def _in_order(bounds: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= bounds[0] <= bounds[1]:
        raise ValueError("must be [low, high] with 0 <= low <= high")
    return bounds


Bounds = Annotated[tuple[int, int], AfterValidator(_in_order)]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldSide(_Part):
    """An actor or a recipient: canonical name, country in alpha-3 or null, PLOVER sector."""

    name: str = Field(min_length=1)
    country: Country | None = None
    sector: Sector = Sector.UNKNOWN


class GoldTally(_Part):
    """A running total that the text mentions: never casualties of the event."""

    count: int = Field(ge=0)
    of: str
    since: str | None = None
    according_to: str | None = None


class GoldEvent(_Part):
    """One event of an item; ``killed`` and the like are [low, high], null not stated, [0, 0] told as none."""

    event_type: EventType
    mode: str | None = None
    status: Status = Status.ACTUAL
    direction: Direction = Direction.ESCALATORY
    main: bool = False
    actors: tuple[GoldSide, ...] = ()
    recipients: tuple[GoldSide, ...] = ()
    place: str | None = None
    country: Country | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    precision: Precision | None = None
    occurred_on: date | None = None
    date_precision: int | None = Field(default=None, ge=1, le=3)
    weapon: str | None = None
    killed: Bounds | None = None
    injured: Bounds | None = None
    missing: Bounds | None = None
    abducted: Bounds | None = None
    arrested: Bounds | None = None
    claimed_by: str | None = None
    denied_by: tuple[str, ...] = ()
    attributed_by: str | None = None
    responds_to: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _somebody_did_it(cls, given: Any) -> Any:
        """Some coders write nobody where others write *unknown attackers*: the same, and said one way."""
        if (
            isinstance(given, dict)
            and given.get("event_type") == EventType.ASSAULT
            and not given.get("actors", UNKNOWN_ATTACKERS)
        ):
            return given | {"actors": [{"name": UNKNOWN_ATTACKERS, "country": None, "sector": "UNK"}]}
        return given


class GoldItem(_Part):
    """One labelled article. ``coded`` names the fields of events that the file it stands in codes at all."""

    id: str = Field(min_length=1)
    published_at: Annotated[datetime, AfterValidator(_aware)]
    outlet: str = ""
    title: str = ""
    summary: str = ""
    body: str = ""
    register_of: str | None = Field(default=None, alias="register")
    row: str | None = None
    topic: tuple[str, ...] = ()
    escalation: bool
    borderline: bool = False
    direction: Direction = Direction.NEUTRAL
    trap: str | None = None
    events: tuple[GoldEvent, ...] = ()
    tallies: tuple[GoldTally, ...] = ()
    coded: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _makes_sense(self) -> "GoldItem":
        if not self.text.strip():
            raise ValueError("has neither title, summary nor body: give at least one of them")
        mains = sum(event.main for event in self.events)
        if self.events and mains != 1:
            raise ValueError(f"has {mains} main events: mark exactly one")
        if self.escalation and not self.events:
            raise ValueError("is an escalation without an event: code it")
        return self

    @property
    def main(self) -> GoldEvent | None:
        """The main event, or None where the item has none."""
        return next((event for event in self.events if event.main), None)

    @property
    def text(self) -> str:
        """Title, summary and body, a line each."""
        return "\n".join(part for part in (self.title, self.summary, self.body) if part)


Item = TypeVar("Item", bound=GoldItem)


def lines_of(path: Path, wanted: str) -> list[str]:
    """The lines of a text; raises ``BadInput`` that says why it can't be read and what was ``wanted``."""
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is not text in UTF-8"
        raise BadInput(f"can't read {path} ({why}): {wanted}") from exc


def read_items(path: Path, texts: Texts | None = None) -> list[GoldItem]:
    """The items of a file of JSON lines, in order; raises ``BadInput`` that names the line and the fault.

    ``texts`` gives by id what a line leaves out: a file may hold codings of texts that are kept elsewhere.
    """
    return items_of(GoldItem, path, texts)


def items_of(form: type[Item], path: Path, texts: Texts | None = None) -> list[Item]:
    """The same for items that say more than ``GoldItem`` does."""
    lines = lines_of(path, "name a file of labelled items, an object a line")
    items: dict[str, Item] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        item = _item(form, line, where, {} if texts is None else texts)
        if item.id in items:
            raise BadInput(f"{where}: the id {item.id!r} stands there twice: give each item its own")
        items[item.id] = item
    if not items:
        raise BadInput(f"{path} holds no items: write one labelled item a line, as a JSON object")
    coded = _coded(items.values())
    return [item.model_copy(update={"coded": coded}) for item in items.values()]


def _coded(items: Iterable[GoldItem]) -> frozenset[str]:
    """The fields that any event of a file has, be it as null: what is in none of them, nobody coded."""
    return frozenset(name for item in items for event in item.events for name in event.model_fields_set)


def _item(form: type[Item], line: str, where: str, texts: Texts) -> Item:
    try:
        told = json.loads(line)
        if isinstance(told, dict):
            told = dict(texts.get(str(told.get("id")), {})) | told
        return form.model_validate(told)
    except json.JSONDecodeError as exc:
        raise BadInput(f"{where}: it is no JSON ({exc.msg}): write one labelled item a line") from exc
    except ValidationError as exc:
        first: Any = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the item"
        said = first["msg"].removeprefix("Value error, ")
        raise BadInput(
            f"{where}: {place}: {said}: correct it by the form in the project's tests/corpus"
        ) from exc
