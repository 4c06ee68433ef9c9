"""A stream of news whose incidents are known, and what the matcher makes of it.

A labelled item of a stream (``gold.py``) names the ``incident`` of its main event, null for noise, and each
of its events the one that it tells of (``incident``) and the one that it is said to answer (``answers``).
Played with the labelled events, what is wrong is the matcher's; with the coder's own, it is both's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, Field, model_validator

from services.classifier.coding.events.crosswalk import hostility_of
from services.classifier.desk import decide_and_commit
from services.classifier.incidents import Decision, Voices
from services.classifier.memory import PlainMemory
from services.classifier.quality.codings import article_of
from services.classifier.quality.gold import GoldEvent, GoldItem, items_of
from services.classifier.waking import replay_until
from shared import outlets
from shared.clock import FakeClock
from shared.contracts import (
    Actor,
    Article,
    Casualties,
    Claim,
    ClaimStatus,
    Coding,
    Count,
    Event,
    Place,
    Precision,
    Response,
)

_NEVER_STALE = timedelta.max
QUIET = timedelta(seconds=1800)
"""The quiet period that is set where nobody sets another."""
_COSTS = ("killed", "injured", "missing", "abducted", "arrested")


class StreamEvent(GoldEvent):
    """A labelled event with the incident that it tells of, and the one that it is said to answer."""

    incident: str | None = None
    answers: str | None = None


class StreamItem(GoldItem):
    """A labelled item of a stream; ``incident`` is its main event's, null for noise."""

    incident: str | None = Field(default=None, validation_alias=AliasChoices("incident", "incident_id"))
    denies: bool = False
    """Whether it only denies what others tell: it belongs to the incident and rings nothing."""
    events: tuple[StreamEvent, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _rings_if_it_has_an_incident(cls, given: Any) -> Any:
        if isinstance(given, dict) and "escalation" not in given:
            named = given.get("incident") or given.get("incident_id")
            return given | {"escalation": bool(named) and bool(given.get("events"))}
        return given


def read_stream(path: Path) -> list[StreamItem]:
    """The items in order of publication; raises ``BadInput`` that names the line and the fault."""
    return sorted(items_of(StreamItem, path), key=lambda item: item.published_at)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item and where it was put: the incident of its main event, what rang, what its events answer."""

    item: StreamItem
    incident: str | None
    rang: tuple[str, ...]
    """The kinds of the alerts that it rang, for whichever incident."""
    opened: tuple[str, ...]
    """The incidents for which it rang *opened*."""
    joined: tuple[tuple[int, str], ...]
    """Each event's ordinal in the coding and its incident."""
    answers: tuple[tuple[str, str], ...]
    """Pairs of incidents of which the first answers the second."""
    merged: tuple[tuple[str, str], ...] = ()
    """Incidents that it showed to be one: the one that went, and the one that it went into."""
    standing: tuple[tuple[str, str], ...] = ()
    """Items of which it showed that they stand elsewhere or as before: each, and its incident by now."""
    woke: tuple[str, ...] = ()
    """The kinds of the alerts that had waited and came due before it."""


Codes = Callable[[Article, tzinfo], Coding]


def play(
    items: Sequence[StreamItem], code: Codes | None = None, quiet: timedelta = QUIET
) -> Iterator[Placed]:
    """Consider each item when it was published; with its labelled events where no coder is given.

    For one reason an incident rings once in ``quiet``; what had to wait is told by the stream's own clock.
    """
    registry = outlets.load()
    voices, memory = Voices(registry), PlainMemory()
    for item in items:
        article = article_of(item)
        woken = replay_until(memory, article.published_at, quiet)
        coding = code(article, registry.zone_of(article)) if code else labelled_coding(item, article)
        decision, _, _ = decide_and_commit(
            article,
            coding,
            memory,
            FakeClock(article.published_at),
            stale_after=_NEVER_STALE,
            voice=voices.of(article),
            quiet=quiet,
        )
        yield _placed(item, decision, woken)


def _placed(item: StreamItem, decision: Decision, woken: Sequence[Decision] = ()) -> Placed:
    return Placed(
        item,
        decision.main_incident,
        tuple(str(alert.kind) for alert in decision.alerts),
        tuple(alert.incident_id for alert in decision.alerts if alert.kind == "opened" and alert.incident_id),
        tuple((joining.event, joining.incident_id) for joining in decision.joinings),
        tuple((each.id, each.responds_to) for each in decision.incidents if each.responds_to is not None),
        tuple((each.id, each.merged_into) for each in decision.incidents if each.merged_into is not None),
        tuple(
            (report.article_id, each.id)
            for each in decision.incidents
            if not each.retracted
            for report in each.reports
            if report.main
        ),
        tuple(str(alert.kind) for each in woken for alert in each.alerts),
    )


def labelled_coding(item: StreamItem, article: Article) -> Coding:
    """The coding that a coder without fault would give: every labelled event, the main one first."""
    ordered = sorted(item.events, key=lambda event: not event.main)
    events = tuple(_event(each, ordered) for each in ordered)
    return Coding(
        article_id=article.id,
        revision=article.revision,
        escalation=any(event.main and event.escalates for event in events),
        score=1.0 if events else 0.0,
        reason="as it is labelled",
        events=events,
        coder="labels",
    )


def _event(gold: StreamEvent, ordered: Sequence[StreamEvent]) -> Event:
    status = ClaimStatus.UNKNOWN
    if gold.claimed_by or gold.attributed_by:
        status = ClaimStatus.CLAIMED if gold.claimed_by else ClaimStatus.ATTRIBUTED
    answered = next(
        (number for number, each in enumerate(ordered) if gold.answers and each.incident == gold.answers),
        None,
    )
    return Event(
        event_type=gold.event_type,
        mode=gold.mode,
        direction=gold.direction,
        status=gold.status,
        main=gold.main,
        actors=tuple(map(_actor, gold.actors)),
        recipients=tuple(map(_actor, gold.recipients)),
        place=_place(gold),
        occurred_on=gold.occurred_on,
        date_precision=gold.date_precision or (1 if gold.occurred_on else None),
        date_inferred=False,
        weapon=gold.weapon,
        casualties=Casualties(**{name: _count(getattr(gold, name)) for name in _COSTS}),
        claim=Claim(by=gold.claimed_by, attributed_by=gold.attributed_by, status=status),
        hostility=hostility_of(gold.event_type, gold.mode),
        responds_to=Response(cue="", text=gold.responds_to or "", event=answered) if gold.answers else None,
    )


def _actor(side: Any) -> Actor:
    return Actor(text=side.name, name=side.name, country=side.country, sector=side.sector)


def _place(gold: GoldEvent) -> Place | None:
    if gold.place is None and gold.country is None:
        return None
    named = gold.place is not None and gold.lat is not None
    precision = gold.precision or (Precision.CITY if named else Precision.COUNTRY)
    return Place(
        name=gold.place or gold.country or "",
        country=gold.country,
        lat=gold.lat,
        lon=gold.lon,
        precision=precision,
    )


def _count(bounds: tuple[int, int] | None) -> Count | None:
    return Count(low=bounds[0], high=bounds[1]) if bounds else None
