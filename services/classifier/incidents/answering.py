"""A stated answer (*in response to Tuesday's strike*) is joined to the incident that it answers.

The answered incident is sought among those told before, by crossed sides (who is struck now had struck), by
the deed that the words after the cue name, and by their names. That one act came *after* another is
no answer, unless the sides say so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy

from services.classifier.coding.events.causes import only_after
from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.comparing.sides import relation
from services.classifier.incidents.filing import cards
from services.classifier.incidents.filing.buckets import NO_COUNTRY
from services.classifier.incidents.filing.estimating import hits
from services.classifier.incidents.weighing import Weighing
from shared.contracts import Article, Coding, Event, EventType, Incident, Response

BACK_DAYS = 14
"""Days for which a deed waits for its answer."""
_FAMILIES = (
    EventType.ASSAULT,
    EventType.COERCE,
    EventType.SANCTION,
    EventType.THREATEN,
    EventType.MOBILIZE,
)
_MOST = 24
"""Incidents read whole, of those that may be answered."""
_STATED, _FOLLOWED = 2.0, 3.5
"""Least worth of an incident that a text says is answered; of one that it says came before."""
_CROSSED, _NAMED, _DEED, _MOST_NAMES = 1.5, 1.0, 1.0, 2
_A_DAY = 0.1
"""What each day between takes from an incident's worth: the newest blow is the one answered."""
_NAME = re.compile(r"\b[A-Z][\w’'-]{2,}")
_DEEDS = {
    EventType.ASSAULT: r"(?:air)?strikes?|struck|raids?|attacks?|bomb\w*|missiles?|drones?|shell\w*|rockets?"
    r"|blast|kill\w*|ambush|shooting|gunfire|fire|massacre|aggression|captur\w*|seizure|fall|takes?|deaths?"
    r"|murder",
    EventType.COERCE: r"seiz\w*|captur\w*|arrest\w*|detention\w*|detain\w*|board\w*|blockade|closure|bans?"
    r"|cyber\w*|putsch|coup",
    EventType.SANCTION: r"expulsions?|expel\w*|removal|diplomats?|sanctions?|listings?|restrictions?|order\w*"
    r"|move",
    EventType.THREATEN: r"threats?|ultimatum|warning|deadline",
    EventType.MOBILIZE: r"drills?|exercises?|deploy\w*|build-?up|launch\w*|tests?|missiles?|man\w*vers?",
}
"""Words by which an answer names the deed that it answers."""


@dataclass(frozen=True)
class Answered:
    """Where an incident may stand that an event of the article answers, and which may be it."""

    published: date
    events: tuple[Event, ...]

    @cached_property
    def buckets(self) -> tuple[str, ...]:
        """Those of all deeds in the lands of both sides, for two weeks; none where nothing is answered."""
        days = [self.published - timedelta(days=back) for back in range(-1, BACK_DAYS + 1)]
        lands = sorted({land for event in self.events for land in _lands(event)})
        return tuple(
            f"{kind}:{land}:{day.isoformat()}" for kind in _FAMILIES for land in lands for day in days
        )

    def choose(self, filed: Mapping[str, bytes]) -> list[str]:
        """The ids of those with a crossed side, or a name that the answer names, the newest first."""
        among = cards.read(filed.values())
        found = numpy.zeros(len(among), bool)
        for event in self.events:
            for mask, side in ((among["actors"], event.recipients), (among["recipients"], event.actors)):
                found |= cards.has(mask, list(cards.same_side(side)), 64)
            named = frozenset(_names_in(event.responds_to.text)) if event.responds_to else frozenset()
            found |= hits(among, named) > 0
        where = numpy.flatnonzero(found)
        newest = where[numpy.lexsort((among["id"][where], -among["told"][where].astype(int)))][:_MOST]
        return [cards.id_of(int(number)) for number in among["id"][newest]]


def sought(article: Article, coding: Coding) -> Answered:
    """What the article's answers look for."""
    answers = tuple(event for event in coding.events if event.escalates and event.responds_to)
    return Answered(article.published_at.date(), answers)


def link(weighing: Weighing, earlier: Sequence[Incident]) -> None:
    """Join each answer to the incident it answers: one of the ``earlier``, or one told in this article."""
    by_ordinal = {joining.event: joining.incident_id for joining in weighing.joinings}
    known = {each.id: each for each in (*earlier, *weighing.after.values())}
    for ordinal, incident_id in by_ordinal.items():
        event, incident = weighing.coding.events[ordinal], weighing.after[incident_id]
        response = event.responds_to
        if response is None or incident.responds_to is not None:
            continue
        others = [
            each for each in known.values() if each.id != incident_id and each.responds_to != incident_id
        ]
        answered = _answered(event, response, others)
        told = by_ordinal.get(response.event) if response.event is not None else None
        if answered is None and told not in (None, incident_id) and not only_after(response.cue):
            answered = told
        if answered is not None:
            weighing.after[incident_id] = incident.model_copy(update={"responds_to": answered})


def _answered(event: Event, response: Response, others: Sequence[Incident]) -> str | None:
    worth = [(_worth(event, response, each), each) for each in others if not each.retracted]
    # Among equals the one that was told more often, then the one that opened first.
    best = min(worth, key=lambda p: (-p[0], -p[1].reports_count, p[1].opened_at, p[1].id), default=None)
    least = _FOLLOWED if only_after(response.cue) else _STATED
    return best[1].id if best is not None and best[0] >= least else None


def _worth(event: Event, response: Response, other: Incident) -> float:
    crossed = (relation(event.recipients, other.event.actors) == "same") + (
        relation(event.actors, other.event.recipients) == "same"
    )
    straight = (relation(event.actors, other.event.actors) == "same") + (
        relation(event.recipients, other.event.recipients) == "same"
    )
    # One hand's second blow on one side is no answer to its first, whatever stood between.
    if straight > crossed or straight == 2 or (only_after(response.cue) and not crossed):
        return 0.0
    named = [kind for kind in _FAMILIES if re.search(rf"\b(?:{_DEEDS[kind]})\b", response.text.casefold())]
    deed = _DEED * ((family(other.event) in named) - (bool(named) and family(other.event) not in named))
    names = min(_MOST_NAMES, len(_names_in(response.text) & _told_in(other)))
    return _CROSSED * crossed + deed + _NAMED * names - _A_DAY * _days_since(event, other)


def _names_in(text: str) -> set[str]:
    return {name.casefold().removesuffix("'s").removesuffix("’s") for name in _NAME.findall(text)}


def _told_in(other: Incident) -> set[str]:
    place = other.event.place.name if other.event.place else ""
    sides = [side.name for side in (*other.event.actors, *other.event.recipients)]
    texts = [text for report in other.reports[:3] for text in (report.title, report.summary)]
    return _names_in(" ".join((place, *sides, *texts)))


def _days_since(event: Event, other: Incident) -> int:
    if event.occurred_on is None or other.event.occurred_on is None:
        return 0
    return abs((event.occurred_on - other.event.occurred_on).days)


def _lands(event: Event) -> set[str]:
    sides = {side.country for side in (*event.actors, *event.recipients) if side.country}
    place = {event.place.country or NO_COUNTRY} if event.place else set()
    return sides | place
