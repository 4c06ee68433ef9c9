"""A month of invented war news, seeded: incidents over sixty lands, most in a few, and the reports of each.

Lands, towns, groups and words are made up here. Titles and summaries have the length of real ones, some 36
words, and share about as many as reports of one war do: a fifth of all with another of their incident, a
tenth with one of another; some are copies. What they are about is drawn as the reader finds it on streams:
near to 0.7 for two reports of one incident, to 0.3 for two of one land.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy

from services.classifier.coding.events import meaning
from services.classifier.coding.events.meaning import Vector
from shared.contracts import Actor, Article, Casualties, Count, Event, Place, Precision, Sector, derive_id

START = datetime(2026, 3, 1, tzinfo=UTC)
DAYS, LANDS, TOWNS = 30, 60, 400
NEXT_TO_FIRST = 20
"""How flat news is spread over a land's towns: the first has some 1.6 % of it. Were it steeper, a hundred
thousand incidents would put a hundred into one town on one day, and a first report would tell nothing new."""
HOT, REPORTS_OF_HOT = 0.002, 50
COARSE = 0.1
"""Share of the reports that name the land and no town."""
_SYLLABLES = ["ba", "dor", "ka", "len", "mi", "nur", "os", "pel", "qa", "rin", "sa", "tol", "uz", "ve", "wa"]
_ENDINGS = ["ing", "ed", "ers", "ion", "ment", "als", "ists", "ary", "ous", "ward"]
_SMALL = re.findall(
    r"\w+",
    """the a of in on at by from after and to as for with near two says over its their than was were has
    had been who which while when where until since about amid near under into out off up down more most
    some many all both three four five six ten new old late early day week hour last next also still not
    no but or if""",
)
_BANDS = ["Front", "Army", "Brigade", "Movement", "Legion", "Council", "Guard", "Alliance", "Force", "League"]
_MODES = ["drone", "airstrike", "artillery", "clash", "firearms", "explosives", "missile", "ground-offensive"]
_OTHERS = ["COERCE/arrest", "COERCE/blockade", "MOBILIZE/troops", "THREATEN/ultimatum", "SANCTION/sanction"]
WORDS, OF_ITS_OWN = 2_000, 10
"""Words in use, the common ones far more often, and those of them that an incident's reports draw on."""
OF_ITS_LAND, ITS_OWN, ASTRAY = 0.55, 0.65, 0.5
"""How much of what a report is about is its land's, its incident's and its own."""
COPIES = 0.1
"""Share of the later reports that hardly change what the one before says."""


@dataclass(frozen=True)
class Report:
    """One article and the one event that it is coded with."""

    article: Article
    event: Event
    core: tuple[str, ...]
    """Its incident's own words."""


@dataclass(frozen=True)
class _Land:
    code: str
    towns: tuple[Place, ...]
    groups: tuple[Actor, ...]
    about: Vector


class News:
    """Draws incidents; the same seed draws the same ones in the same order."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311  (invents news, guards no secret)
        self._lands = [self._land(number) for number in range(LANDS)]
        self._weights = [1 / rank for rank in range(1, LANDS + 1)]
        self._spread = [1 / (rank + NEXT_TO_FIRST) for rank in range(TOWNS)]
        self._number = 0
        stems = [self._name().lower() + self._random.choice(_ENDINGS) for _ in range(WORDS)]
        self._words, self._use = stems, [1 / (rank + 20) for rank in range(WORDS)]

    def incidents(self, count: int) -> Iterator[list[Report]]:
        """The reports of so many incidents spread over the month, each incident's in order."""
        for _ in range(count):
            yield self.incident(START + timedelta(hours=self._random.uniform(0, 24 * DAYS)))

    def incident(self, at: datetime, reports: int | None = None) -> list[Report]:
        """One that happened at this moment, with its reports."""
        draw = self._random
        (land,) = draw.choices(self._lands, self._weights)
        (town,) = draw.choices(land.towns, self._spread)
        rival = self._lands[self._lands.index(land) ^ 1]
        ours = Actor(text="residents", name=land.code, country=land.code, sector=Sector.CIVILIANS)
        army = Actor(text=f"{rival.code} forces", name=rival.code, country=rival.code, sector=Sector.MILITARY)
        actor = draw.choice([army, army, *land.groups])
        kind, _, mode = draw.choice(_OTHERS).partition("/") if draw.random() < 0.2 else ("ASSAULT", "", "")
        killed = draw.choice([None, None, 0, 1, 2, 3, 4, 7, 12])
        event = Event(
            event_type=kind,
            mode=mode or draw.choice(_MODES),
            main=True,
            actors=(actor,),
            recipients=(ours,),
            place=town,
            occurred_on=at.date(),
            date_precision=1,
            hostility=4 if kind == "ASSAULT" else 2,
            casualties=Casualties(killed=Count(low=killed, high=killed) if killed is not None else None),
        )
        event = event.model_copy(
            update={"meaning": _packed(OF_ITS_LAND * land.about + ITS_OWN * self._about())}
        )
        core = tuple(self._drawn(OF_ITS_OWN))
        hot = draw.random() < HOT
        many = reports or (REPORTS_OF_HOT if hot else min(6, 1 + int(draw.expovariate(0.4))))
        told = [self._report(event, core, at)]
        while len(told) < many:
            told.append(self.later(told))
        return told

    def later(self, told: list[Report]) -> Report:
        """One more report of an incident, an hour after the last of these."""
        last = told[-1]
        at = last.article.published_at + timedelta(hours=1)
        if self._random.random() < COPIES:
            texts = last.article.title, f"{last.article.summary} {self._drawn(1)[0].capitalize()}."
            return Report(self._article(at, *texts), last.event, last.core)
        return self._report(told[0].event, last.core, at)

    def _report(self, event: Event, core: tuple[str, ...], at: datetime) -> Report:
        draw, place = self._random, event.place
        town, hand, person = place.name if place else "", event.actors[0].name, self._name()
        if place is not None and draw.random() < COARSE:
            update = {"name": place.country, "precision": Precision.COUNTRY}
            event = event.model_copy(update={"place": place.model_copy(update=update)})
        told_of = meaning.vector(event.meaning)
        if told_of is not None:
            event = event.model_copy(update={"meaning": _packed(told_of + ASTRAY * self._about())})
        words = [*draw.sample(core, 5), *self._drawn(7)]
        draw.shuffle(words)
        told = [each for word in words for each in (word, *draw.sample(_SMALL, draw.choice((0, 1, 1))))]
        near, on, by = draw.sample(_SMALL, 3)
        title = f"{hand} {' '.join(told[:5])} in {town}"
        summary = (
            f"{told[5].capitalize()} {' '.join(told[6:11])} {near} {town} {on} {at:%A} {by} "
            f"{draw.randrange(2, 40)} {' '.join(told[11:])}, {person} of the {hand} {draw.choice(words)}."
        )
        return Report(self._article(at, title, summary), event, core)

    def _article(self, at: datetime, title: str, summary: str) -> Article:
        self._number += 1
        outlet = f"outlet{self._random.randrange(200)}.example"
        url = f"https://{outlet}/world/{at:%Y/%m/%d}/{'-'.join(title.lower().split()[:6])}-{self._number}"
        return Article(
            id=derive_id(url),
            url=url,
            outlet=outlet,
            title=title,
            summary=summary,
            published_at=at,
            fetched_at=at,
        )

    def _drawn(self, count: int) -> list[str]:
        return self._random.choices(self._words, self._use, k=count)

    def _land(self, number: int) -> _Land:
        draw = self._random
        code = "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))
        lat, lon = draw.uniform(-30, 55), draw.uniform(-120, 150)
        towns = tuple(
            Place(
                name=self._name(),
                country=code,
                lat=lat + draw.gauss(0, 2.5),
                lon=lon + draw.gauss(0, 2.5),
                precision=Precision.CITY,
            )
            for _ in range(TOWNS)
        )
        groups = tuple(
            Actor(
                text=f"{name} fighters",
                name=f"{name} {draw.choice(_BANDS)}",
                country=code,
                sector=Sector.REBELS,
            )
            for name in (self._name() for _ in range(3))
        )
        return _Land(code, towns, groups, self._about())

    def _about(self) -> Vector:
        numbers = numpy.array([self._random.gauss() for _ in range(meaning.NUMBERS)], "f4")
        return numbers / float(numpy.linalg.norm(numbers))

    def _name(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.choice((2, 3, 3)))).capitalize()


def _packed(numbers: Vector) -> str:
    return meaning.packed((numbers / float(numpy.linalg.norm(numbers))).tolist(), "invented")
