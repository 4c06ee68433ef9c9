"""What counts as right, after CODEBOOK §10: one item's marks, and a measure's figure over many items.

Borderline items are left out of everything. Type, mode, country, day and place are asked of every escalation,
and one that did not ring is wrong in all of them. A mode is right only with its type. Sides are compared as
sets. A toll is right when both its ends are; a figure where the text states none is *invented*, which is
asked of the escalations that rang.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.classifier.quality.answers import Answer, kilometres
from services.classifier.quality.gold import GoldEvent, GoldItem
from services.classifier.quality.intervals import f1, f1_interval, wilson
from services.classifier.quality.sides import Hits, compare
from shared.contracts import Precision

NEAR_KM = 50.0
"""A place this near is the right one."""

Mark = bool | Hits | None
"""Right or wrong, or what was hit; None where the measure does not ask about this item."""
_Marks = Callable[[GoldItem, Answer], Mark]


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the page: what is asked, who can be asked it, and what two careful people reach."""

    key: str
    label: str
    mark: _Marks
    ceiling: float | None = None
    """How far a second coder, who saw nothing of the first one's work, agreed with the codes."""
    plain: bool = False
    """Whether a classifier of texts can be asked, that names no sides, places or numbers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over items, with its 95 % interval; ``value`` is None where nothing could be asked."""

    value: float | None
    low: float
    high: float
    right: int | None
    """How many were right, where it is a share."""
    of: int
    """How many items, or for F1 over sides how many escalations, it was asked of."""


def figure(measure: Measure, pairs: Iterable[tuple[GoldItem, Answer]]) -> Figure:
    """One measure over items and what was answered about them."""
    marks = [measure.mark(item, answer) for item, answer in pairs if not item.borderline]
    hits = [mark for mark in marks if isinstance(mark, Hits)]
    if hits:
        value = f1(sum(h.both for h in hits), sum(h.extra for h in hits), sum(h.lacking for h in hits))
        return Figure(value, *f1_interval(hits), None, len(hits))
    shares = [mark for mark in marks if isinstance(mark, bool)]
    right = sum(shares)
    return Figure(right / len(shares) if shares else None, *wilson(right, len(shares)), right, len(shares))


def _precision(item: GoldItem, answer: Answer) -> Mark:
    return item.escalation if answer.rings else None


def _recall(item: GoldItem, answer: Answer) -> Mark:
    return answer.rings if item.escalation else None


def _relevance(item: GoldItem, answer: Answer) -> Mark:
    return Hits(
        both=int(item.escalation and answer.rings),
        extra=int(answer.rings and not item.escalation),
        lacking=int(item.escalation and not answer.rings),
    )


def _of_event(right: Callable[[GoldEvent, Answer], Mark]) -> _Marks:
    """Asked of escalations only; whatever did not ring is wrong."""

    def mark(item: GoldItem, answer: Answer) -> Mark:
        if not item.escalation or item.main is None:
            return None
        said = right(item.main, answer)
        return said and answer.rings if isinstance(said, bool) else said

    return mark


def _type(gold: GoldEvent, answer: Answer) -> Mark:
    return answer.event_type == gold.event_type


def _mode(gold: GoldEvent, answer: Answer) -> Mark:
    return answer.event_type == gold.event_type and answer.mode == gold.mode


def _country(gold: GoldEvent, answer: Answer) -> Mark:
    return answer.country == gold.country


def _day(item: GoldItem, answer: Answer) -> Mark:
    if not item.escalation or item.main is None or "occurred_on" not in item.coded:
        return None
    return answer.rings and answer.day == item.main.occurred_on


def _place(gold: GoldEvent, answer: Answer) -> Mark:
    if gold.lat is None or gold.lon is None:
        return None
    # Where the middle of a country lies, every gazetteer has its own opinion.
    if gold.precision == Precision.COUNTRY and answer.whole_country:
        return answer.country == gold.country
    return answer.at is not None and kilometres(answer.at, (gold.lat, gold.lon)) <= NEAR_KM


def _actors(gold: GoldEvent, answer: Answer) -> Mark:
    return compare(answer.actors, gold.actors)


def _recipients(gold: GoldEvent, answer: Answer) -> Mark:
    return compare(answer.recipients, gold.recipients)


def _exact(field: str) -> _Marks:
    def mark(item: GoldItem, answer: Answer) -> Mark:
        stated = getattr(item.main, field, None) if item.escalation else None
        return None if stated is None else answer.rings and getattr(answer, field) == stated

    return mark


def _invented(field: str) -> _Marks:
    def mark(item: GoldItem, answer: Answer) -> Mark:
        asked = item.escalation and answer.rings and item.main is not None and field in item.coded
        if not asked or getattr(item.main, field) is not None:
            return None
        return getattr(answer, field) is not None

    return mark


MEASURES: tuple[Measure, ...] = (
    Measure("precision", "escalation, precision", _precision, plain=True),
    Measure("recall", "escalation, recall", _recall, plain=True),
    Measure("relevance", "escalation, F1", _relevance, 0.99, plain=True),
    Measure("type", "type", _of_event(_type), 0.96, plain=True),
    Measure("mode", "mode", _of_event(_mode), 0.85, plain=True),
    Measure("country", "country", _of_event(_country), 0.93, plain=True),
    Measure("day", "day", _day),
    Measure("place", "place within 50 km", _of_event(_place)),
    Measure("actors", "actors, F1", _of_event(_actors), 0.91),
    Measure("recipients", "recipients, F1", _of_event(_recipients), 0.88),
    Measure("killed", "killed, exact where stated", _exact("killed"), 0.93),
    Measure("killed_invented", "killed, invented where not stated", _invented("killed")),
    Measure("injured", "injured, exact where stated", _exact("injured")),
    Measure("injured_invented", "injured, invented where not stated", _invented("injured")),
)
"""Every row of the page, in its order."""


PLAIN = tuple(measure.key for measure in MEASURES if measure.plain)
"""What a plain classifier of texts can be asked."""


def figures(pairs: Sequence[tuple[GoldItem, Answer]], keys: Iterable[str] | None = None) -> dict[str, Figure]:
    """Every measure by its key, or those that are named."""
    wanted = None if keys is None else set(keys)
    return {m.key: figure(m, pairs) for m in MEASURES if wanted is None or m.key in wanted}
