"""Which few of the incidents filed where an event is sought are worth reading whole, told from their cards.

What the matcher would refuse whatever else they share is left out (``estimating``); of the rest the likeliest
are read. Only the best match is joined, so that a few are enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy

from services.classifier.incidents.comparing import similarity
from services.classifier.incidents.filing import buckets, cards
from services.classifier.incidents.filing.cards import Cards
from services.classifier.incidents.filing.estimating import (
    SLACK,
    Flags,
    Numbers,
    estimate,
    odds,
    worth_weighing,
)
from services.classifier.incidents.matching.matcher import JOINS
from shared.contracts import Article, Coding, Event

MOST = 6
"""Incidents read whole for one event: the best match was never behind the fifth in what was measured."""
BY_LAW = 3
"""Of these at most, such as the vote would refuse and the law alone may prove: the least of matches."""
AT_LEAST = odds(JOINS) - SLACK
"""Estimated odds (their logarithm) of a match: where an estimate errs it is too high, but for ``SLACK``."""


@dataclass(frozen=True)
class Sought:
    """What one article looks for: in which buckets, and which of the incidents found there."""

    article: Article
    events: tuple[Event, ...]

    @cached_property
    def buckets(self) -> tuple[str, ...]:
        """Every bucket to read, each named once."""
        named = [buckets.of_article(self.article.id)]
        for event in self.events:
            named.extend(buckets.to_read(event, self.article))
        return tuple(dict.fromkeys(named))

    @cached_property
    def bands(self) -> bytes:
        """Those under which the article's text meets its near copies."""
        return cards.bands_of(self.article)

    def choose(self, filed: Mapping[str, bytes]) -> list[str]:
        """The ids of the incidents to read whole, given the records that stand in each bucket.

        What this article told before, the likeliest, and what tells nearly the same words in whatever land.
        """
        own = filed.get(buckets.of_article(self.article.id), b"")
        chosen = cards.ids_in(own)
        near = [each for name in filter(buckets.is_near, filed) for each in self._near(filed[name])]
        for event in self.events:
            among = cards.read(filed[name] for name in buckets.dated(event, self.article))
            chosen += likeliest(among, event, self.article)
        return list(dict.fromkeys((*chosen, *near)))

    def _near(self, records: bytes) -> list[str]:
        return [cards.id_of(number) for number in similarity.met(records, self.bands)]


def sought(article: Article, coding: Coding) -> Sought:
    """What the article's coding looks for."""
    return Sought(article, tuple(e for e in coding.events if e.escalates or e.recalled))


def likeliest(among: Cards, event: Event, article: Article) -> list[str]:
    """The ids of at most ``MOST`` incidents that the event may belong to, the likeliest first."""
    among = worth_weighing(among, event, article)
    likely, possible, lawful = estimate(among, event, article)
    voted = possible & (likely >= AT_LEAST)
    chosen = _first(among, likely, voted, MOST)
    chosen += _first(among, likely, possible & lawful & ~voted, min(BY_LAW, MOST - len(chosen)))
    return [cards.id_of(number) for number in chosen]


def _first(among: Cards, likely: Numbers, which: Flags, most: int) -> list[int]:
    where = numpy.flatnonzero(which)
    # Of equals the smaller id first, so that a tie does not depend on the order of filing.
    ordered = among["id"][where[numpy.lexsort((among["id"][where], -likely[where]))]]
    # One that is filed in several lands has a card in each.
    return list(dict.fromkeys(ordered.tolist()))[:most]
