"""Labels in, what the network should answer out: whose words a coded side, place or number are.

A label names a side (*United States*), the text prints it its own way (*American jets*): the rules' readers
find the words, so that the model learns from whole texts and not from lists of names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.classifier.coding import Coder
from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import normal
from services.classifier.coding.model.pieces import Pieces
from services.classifier.coding.opinion import NO_EVENT, ROLES
from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Mention, Sentence, Span
from services.classifier.quality.codings import article_of
from services.classifier.quality.gold import GoldEvent, GoldItem, GoldSide
from services.classifier.quality.sides import meanings
from shared.contracts import Article, Event, Sector

MODES = {
    "ASSAULT": "airstrike drone missile artillery clash firearms explosives suicide-attack assassination"
    " abduct massacre destroy ground-offensive naval unconventional crowd-control intercept other",
    "COERCE": "blockade seize arrest martial-law curfew restrict cyber deport coup",
    "MOBILIZE": "troops naval weapons-test exercise alert nuclear border-violation militia",
    "THREATEN": "violence war-declaration nuclear blockade sanction ultimatum",
    "SANCTION": "expel break-relations recall sanction withdraw suspend-aid",
    "PROTEST": "riot",
}
"""Types and modes that escalate (CODEBOOK 2)."""
KINDS = [
    NO_EVENT,
    "RETREAT",
    "AGREE",
    *(f"{type_}/{mode}" for type_, modes in MODES.items() for mode in modes.split()),
]
"""What the model tells apart."""
_NUMBER = {kind: index for index, kind in enumerate(KINDS)}
_UNSURE = {(True, True): 0.75, (False, True): 0.25, (True, False): 1.0, (False, False): 0.0}
_BORDERLINE = 0.4
"""What a borderline item counts: two careful coders could differ on it."""


@dataclass(frozen=True, slots=True)
class Example:
    """One text for the network. ``words`` are (sentence, word, first piece); ``roles`` one row a word."""

    id: str
    ids: list[int]
    words: list[tuple[int, int, int]]
    roles: list[list[float]]
    kind: int
    section: float | None = None
    relevance: float | None = None
    sectors: list[float] | None = None
    weight: float = 1.0


def of_item(item: GoldItem, coder: Coder, pieces: Pieces) -> Example:
    """The example of a labelled item."""
    article = article_of(item)
    readings = coder.readings(article)
    sentences = [reading.sentence for reading in readings]
    ids, words = pieces.of(sentences)
    spans = list(_gold_spans(item.main, readings)) if item.main else []
    return Example(
        item.id,
        ids,
        words,
        _marks(sentences, words, spans),
        _NUMBER[_kind(item.main.event_type, item.main.mode) if item.main else NO_EVENT],
        relevance=_UNSURE[item.escalation, item.borderline],
        sectors=_sectors(item.main),
        weight=_BORDERLINE if item.borderline else 1.0,
    )


def of_rules(
    article: Article, event: Event | None, section: bool | None, sentences: Sequence[Sentence], pieces: Pieces
) -> Example:
    """The example of a text that only the rules have coded (self-training)."""
    ids, words = pieces.of(sentences)
    spans = [
        (role, Span(one.start, one.end, one.text))
        for one in (event.evidence if event else ())
        if (role := _ROLE_OF_FIELD.get(one.field)) is not None
    ]
    return Example(
        article.id,
        ids,
        words,
        _marks(sentences, words, spans),
        _NUMBER[_kind(event.event_type, event.mode) if event else NO_EVENT],
        section=None if section is None else float(section),
    )


_ROLE_OF_FIELD = {
    "actors": 0,
    "recipients": 1,
    "place": 2,
    "casualties.killed": 3,
    "casualties.injured": 4,
}


def _kind(event_type: str, mode: str | None) -> str:
    kind = str(event_type) if event_type in ("RETREAT", "AGREE") else f"{event_type}/{mode}"
    return kind if kind in _NUMBER else NO_EVENT


def _sectors(event: GoldEvent | None) -> list[float] | None:
    """Which sectors act and which suffer, one after the other."""
    if event is None:
        return None
    return [
        float(any(side.sector == sector for side in sides))
        for sides in (event.actors, event.recipients)
        for sector in Sector
    ]


def _marks(
    sentences: Sequence[Sentence], words: Sequence[tuple[int, int, int]], spans: Sequence[tuple[int, Span]]
) -> list[list[float]]:
    rows = []
    for number, index, _ in words:
        word = sentences[number].words[index]
        roles = {role for role, span in spans if word.start < span.end and word.end > span.start}
        rows.append([float(role in roles) for role in range(len(ROLES))])
    return rows


def _gold_spans(event: GoldEvent, readings: Sequence[Reading]) -> Iterator[tuple[int, Span]]:
    every = [*event.actors, *event.recipients]
    for role, sides in enumerate((event.actors, event.recipients)):
        for side in sides:
            others = [each for each in every if each is not side]
            yield from ((role, span) for span in _of_side(side, others, readings))
    yield from ((2, span) for span in _of_place(event, readings))
    for role, field in ((3, "killed"), (4, "injured")):
        bounds = getattr(event, field)
        if bounds:
            yield from ((role, span) for span in _of_number(field, bounds, readings))


def _of_side(side: GoldSide, others: Sequence[GoldSide], readings: Sequence[Reading]) -> Iterable[Span]:
    """Its name where it stands, its people, and the *policemen* of no country who can be nobody else's."""
    meant = meanings(side)
    mentions = [m for r in readings for m in r.mentions]
    found = [m.span for m in mentions if meant & meanings(m.actor)]
    found += [m.span for m in mentions if _is_theirs(m, side) and not any(_is_theirs(m, o) for o in others)]
    return found or list(_printed(side.name, readings))


def _is_theirs(mention: Mention, side: GoldSide) -> bool:
    """Whether a common noun that names no country means this side, if it is of the side's country."""
    actor = mention.actor
    if mention.kind != "head" or mention.unknown or actor.country is not None or side.country is None:
        return False
    return bool(meanings(side) & meanings(actor.model_copy(update={"country": side.country})))


def _of_place(event: GoldEvent, readings: Sequence[Reading]) -> Iterable[Span]:
    found: list[Span] = []
    for name in [event.place or "", *re.split(r",| and ", event.place or "")]:
        found = found or list(_printed(name, readings))
    same = normal(event.place or "")
    located = [item for r in readings for item in r.located]
    found = found or [item.span for item in located if same and normal(item.place.name) == same]
    if found or event.place:
        return found
    # No place is stated: the country's own mention is where the text puts it.
    return [item.span for item in located if item.place.country == event.country and item.rank == 2]


def _of_number(field: str, bounds: tuple[int, int], readings: Sequence[Reading]) -> Iterable[Span]:
    tolls = [toll for reading in readings for toll in reading.tolls]
    found = [t.span for t in tolls if t.field == field and (t.count.low, t.count.high) == bounds]
    return found or [
        reading.sentence.span(counted.first, counted.last)
        for reading in readings
        for counted in numbers_in(reading.sentence)
        if (counted.count.low, counted.count.high) == bounds and bounds[1] > 0
    ]


def _printed(name: str, readings: Sequence[Reading]) -> Iterator[Span]:
    """Where the words of a name stand as they are."""
    wanted = tuple(normal(word) for word in re.findall(r"\w+", name))
    for reading in readings if wanted else ():
        sentence = reading.sentence
        for first in range(len(sentence.norms) - len(wanted) + 1):
            if sentence.norms[first : first + len(wanted)] == wanted:
                yield sentence.span(first, first + len(wanted))
