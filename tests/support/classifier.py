"""The classifier's vocabulary for tests: events and articles in our own words, said in one line."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.classifier.coding.events.severity import severity_of
from services.classifier.desk import decide_and_commit
from services.classifier.incidents import Decision, Voices
from services.classifier.memory import Committed, Memory, RedisMemory
from services.classifier.waking import ring_what_waited
from shared import outlets
from shared.clock import FakeClock
from shared.contracts import (
    Actor,
    Alert,
    Article,
    Casualties,
    Claim,
    ClaimStatus,
    Coding,
    Count,
    Event,
    Place,
    Precision,
    Sector,
)
from shared.names import Names

MORNING = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
KHARKIV = Place(name="Kharkiv", country="UKR", lat=49.98, lon=36.25, precision=Precision.CITY)
ODESA = Place(name="Odesa", country="UKR", lat=46.48, lon=30.73, precision=Precision.CITY)
UKRAINE = Place(name="Ukraine", country="UKR", lat=49.0, lon=32.0, precision=Precision.COUNTRY)
RUSSIA = Actor(text="Russian forces", name="Russia", country="RUS", sector=Sector.MILITARY)
UKRAINIANS = Actor(text="residents", name="Ukraine", country="UKR", sector=Sector.CIVILIANS)
_numbers = itertools.count(1)


def article(
    title: str,
    *,
    summary: str = "",
    at: datetime = MORNING,
    outlet: str = "harbour-post.example",
    revision: int = 1,
    id: str | None = None,
    feed_id: str | None = None,
    fetched_at: datetime | None = None,
) -> Article:
    number = next(_numbers)
    return Article(
        id=id or f"art_{number:020x}",
        revision=revision,
        url=f"https://{outlet}/{number}",
        feed_id=feed_id,
        outlet=outlet,
        title=title,
        summary=summary,
        published_at=at,
        fetched_at=fetched_at or at,
    )


def strike(
    *,
    place: Place | None = KHARKIV,
    on: date | None = date(2024, 3, 5),
    actors: tuple[Actor, ...] = (RUSSIA,),
    recipients: tuple[Actor, ...] = (UKRAINIANS,),
    killed: int | None = None,
    claimed_by: str | None = None,
    main: bool = True,
    printed_day: bool = False,
    event_type: str = "ASSAULT",
    mode: str = "missile",
    about: str = "",
) -> Event:
    return Event(
        event_type=event_type,
        mode=mode,
        main=main,
        actors=actors,
        recipients=recipients,
        place=place,
        occurred_on=on,
        date_precision=1 if on else None,
        date_inferred=not printed_day,
        casualties=Casualties(killed=Count(low=killed, high=killed) if killed is not None else None),
        claim=Claim(by=claimed_by, status=ClaimStatus.CLAIMED) if claimed_by else Claim(),
        hostility=4,
        meaning=about,
        cameo="190",
        goldstein=-10.0,
    )


def coded(about: Article, *events: Event) -> Coding:
    main = next((event for event in events if event.main), None)
    return Coding(
        article_id=about.id,
        revision=about.revision,
        escalation=bool(events),
        score=0.9 if events else 0.1,
        reason="by hand",
        events=events,
        severity=severity_of(main) if main else None,
        coder="by hand",
    )


def remembering(client: Any, names: Names, quiet: timedelta = timedelta(0)) -> "Reader":
    """A reader whose memory is Redis; its articles are put where the poller would: stored and pending."""

    def arrives(about: Article) -> None:
        client.set(names.article(about.key), about.to_json())
        client.zadd(names.pending, {about.key: 1})

    return Reader(RedisMemory(client, names), arrives, quiet=quiet)


class Reader:
    """Feeds coded articles to a memory, as a worker would, and keeps what rang."""

    def __init__(
        self,
        memory: Memory,
        arrives: Callable[[Article], None] = lambda _: None,
        quiet: timedelta = timedelta(0),
    ) -> None:
        self.memory, self.arrives, self.quiet = memory, arrives, quiet
        self.voices = Voices(outlets.load())
        self.alerts: list[Alert] = []
        self.towns: list[Place] = []

    def rang(self) -> list[tuple[str, str]]:
        """Kind and headline of every alert so far."""
        return [(str(alert.kind), alert.headline) for alert in self.alerts]

    def reads(self, about: Article, *events: Event) -> Decision:
        self.arrives(about)
        coding, clock = coded(about, *events), FakeClock(about.fetched_at)
        decision, committed, _ = decide_and_commit(
            about,
            coding,
            self.memory,
            clock,
            stale_after=timedelta(days=1),
            voice=self.voices.of(about),
            voices=self.voices,
            quiet=self.quiet,
        )
        if committed is Committed.WRITTEN:
            self.alerts.extend(decision.alerts)
        return decision

    def looks(self, at: datetime) -> list[Alert]:
        """A worker looks for changes that waited; what it tells."""
        told = [a for d in ring_what_waited(self.memory, at, self.quiet) for a in d.alerts]
        self.alerts.extend(told)
        return told
