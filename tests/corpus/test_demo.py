"""The sample of ``tocsin up --demo``, replayed: which bells it rings, and how its chief items are coded.

The fields of the chief items follow the codebook, whatever the coder thinks of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from services.classifier.coding import Coder
from services.classifier.replay import Replayed, in_published_order, replay
from services.cli.demo.script import OUTLETS, load
from shared import outlets
from shared.contracts import Alert, Count, Event, Incident, Reason
from tests.corpus.demo_expected import ALSO_TELL, BELLS, COPIES, NOISE, STORIES

WEDNESDAY = datetime(2026, 3, 11, 14, tzinfo=UTC)
OTHER_DAYS = [WEDNESDAY + timedelta(days=days) for days in range(1, 7)] + [
    datetime(2025, 12, 31, 23, 59, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 12, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC),  # the night of summer time in Europe
    datetime(2026, 10, 25, 0, 59, 30, tzinfo=UTC),  # and of winter time
    datetime(2026, 10, 8, 9, tzinfo=UTC),  # a day after the anniversary that the background names
    datetime(2026, 10, 18, 21, 30, tzinfo=UTC),  # and a day after the one since which it counts
    datetime(2028, 2, 29, 22, 30, tzinfo=UTC),
]


@dataclass
class Played:
    """The sample replayed from one moment on."""

    start: datetime
    steps: list[tuple[str, Replayed]] = field(default_factory=list)

    def alerts(self) -> Iterator[tuple[str, Alert]]:
        for item, step in self.steps:
            for alert in step.decision.alerts:
                yield item, alert

    def step(self, item: str) -> Replayed:
        """The first time that an item is considered."""
        return next(step for name, step in self.steps if name == item)

    def incident_of(self, item: str) -> str:
        """The incident that an item opened or joined with its main event, else with its first."""
        decision = self.step(item).decision
        return decision.main_incident or decision.joinings[0].incident_id

    def incident(self, item: str) -> Incident:
        """The last state of the incident that an item belongs to."""
        wanted = self.incident_of(item)
        states = [each for _, step in self.steps for each in step.decision.incidents if each.id == wanted]
        return states[-1]


@cache
def coder() -> Coder:
    return Coder()


@cache
def played(start: datetime = WEDNESDAY) -> Played:
    items = load(start).items
    registry = outlets.load(OUTLETS)
    steps = replay(in_published_order(item.article() for item in items), coder(), registry)
    return Played(start, [(item.id, step) for item, step in zip(items, steps, strict=True)])


def coded(item: str, nth: int = 0) -> Event:
    """The event that an item tells, counted from its main one."""
    at = next(each for each in load(WEDNESDAY).items if each.id == item)
    return coder().code(at.article(), outlets.load(OUTLETS).zone_of(at.article())).events[nth]


def bells(start: datetime) -> list[tuple[str, str, str, str]]:
    told = (
        f", {day.day} {day:%b %Y}" for day in (start, start - timedelta(days=1), start + timedelta(days=1))
    )
    days = list(told)

    def undated(sentence: str) -> str:
        for day in days:
            sentence = sentence.replace(day, "")
        return sentence

    return [
        (item, str(alert.kind), str(alert.reason), undated(alert.sentence))
        for item, alert in played(start).alerts()
    ]


def named(event: Event) -> tuple[list[tuple[str, str | None, str]], list[tuple[str, str | None, str]]]:
    actors = [(actor.name, actor.country, str(actor.sector)) for actor in event.actors]
    return actors, [(actor.name, actor.country, str(actor.sector)) for actor in event.recipients]


US = ("United States", "USA", "MIL")
IRI = ("Islamic Resistance in Iraq", "IRQ", "REB")
KH = ("Kataeb Hezbollah", "IRQ", "REB")
NOBODY = ("unknown attackers", None, "UNK")
THREE = Count(low=3, high=3)


def test_it_rings_these_bells_and_no_others() -> None:
    assert bells(WEDNESDAY) == [(item, str(kind), str(why), said) for item, kind, why, said in BELLS]


@pytest.mark.parametrize("start", OTHER_DAYS, ids=lambda start: f"{start:%Y-%m-%d %H%M}")
def test_it_rings_the_same_on_whichever_day_it_is_played(start: datetime) -> None:
    assert bells(start) == bells(WEDNESDAY)
    assert [step.decision.reason for _, step in played(start).steps] == [
        step.decision.reason for _, step in played().steps
    ]


def test_the_first_bell_rings_within_a_second_and_the_end_is_calm() -> None:
    times = [(alert.at - WEDNESDAY).total_seconds() for _, alert in played().alerts()]
    assert times[0] <= 1.0
    assert times[-1] <= 50
    assert load(WEDNESDAY).seconds <= 58
    ats = [0.0, *(item.at for item in load(WEDNESDAY).items)]
    assert max(later - earlier for earlier, later in pairwise(ats)) <= 1.5


def test_every_item_is_either_of_a_story_or_noise() -> None:
    told = [*STORIES, *(item for others in STORIES.values() for item in others)]
    assert sorted([*told, *NOISE]) == sorted({item.id for item in load(WEDNESDAY).items})
    assert len(STORIES) + len(NOISE) + sum(map(len, STORIES.values())) >= 60


@pytest.mark.parametrize("opener", STORIES)
def test_each_report_of_a_story_joins_its_one_incident(opener: str) -> None:
    wanted = played().incident_of(opener)
    for item in [opener, *STORIES[opener]]:
        touched = {joining.incident_id for joining in played().step(item).decision.joinings}
        also = {played().incident_of(ALSO_TELL[item])} if item in ALSO_TELL else set()
        assert touched == {wanted} | also, item
    assert len({played().incident_of(each) for each in STORIES}) == len(STORIES)


def test_a_wires_reprints_are_copies() -> None:
    for item, original in COPIES.items():
        reports = played().incident(item).reports
        article = played().step(item).article.id
        (report,) = [report for report in reports if report.article_id == article]
        assert report.copy_of is not None, item
        copied = {played().step(each).article.id for each in (original, *COPIES) if each != item}
        assert report.copy_of in copied


@pytest.mark.parametrize(("item", "why"), NOISE.items())
def test_noise_is_silent_and_says_why(item: str, why: str) -> None:
    (step,) = [step for name, step in played().steps if name == item]
    assert step.decision.joinings == ()
    assert step.decision.reason == Reason.NOT_ESCALATION
    coding = coder().code(step.article)
    assert not coding.escalation
    assert why in coding.reason


def test_a_blow_and_its_answers_are_linked() -> None:
    assert played().incident("us-strikes").responds_to == played().incident_of("erbil-drone")
    assert played().incident("asad-rockets").responds_to == played().incident_of("us-strikes")
    assert played().incident("greece-expels").responds_to == played().incident_of("aegean-lark-seized")


def test_a_denial_is_recorded_on_the_drone_attack() -> None:
    claim = played().incident("erbil-drone").event.claim
    assert (claim.by, claim.denied_by, claim.status) == (IRI[0], (KH[0],), "claimed")


def test_the_drone_attack() -> None:
    event = coded("erbil-drone")
    assert (event.event_type, event.mode, event.status, event.main) == ("ASSAULT", "drone", "actual", True)
    assert named(event) == ([NOBODY], [US])
    assert event.place is not None
    assert (event.place.name, event.place.country) == ("Erbil air base", "IRQ")
    assert (event.occurred_on, event.date_precision, event.date_inferred) == (WEDNESDAY.date(), 1, False)
    assert (event.weapon_class, event.hostility) == ("drone", 4)
    assert (event.casualties.killed, event.casualties.injured) == (None, THREE)
    assert (event.claim.by, event.claim.status) == (None, "unknown")


def test_its_claim() -> None:
    event = coded("erbil-claim")
    assert named(event) == ([IRI], [US])
    assert event.actors[0].backed_by == ("IRN",)
    assert (event.claim.by, event.claim.status) == (IRI[0], "claimed")
    assert event.casualties.injured == THREE


def test_the_american_answer_is_coded_as_the_codebook_codes_it() -> None:
    strike, drone = coded("us-strikes"), coded("us-strikes", 1)
    assert (strike.event_type, strike.mode, strike.main) == ("ASSAULT", "airstrike", True)
    assert named(strike) == ([US], [KH, ("affiliated groups", "IRQ", "REB")])
    assert strike.recipients[0].backed_by == ("IRN",)
    assert strike.place is not None
    assert (strike.place.name, strike.place.precision) == ("Iraq", "country")
    assert (strike.occurred_on, strike.date_inferred) == (WEDNESDAY.date(), False)
    assert strike.weapon_class == "unspecified"
    assert (strike.casualties.killed, strike.casualties.injured) == (None, None)
    assert strike.claim.by == "United States"
    assert strike.responds_to is not None
    assert strike.responds_to.event == 1

    assert (drone.mode, drone.main) == ("drone", False)
    assert named(drone) == ([IRI, KH], [US])
    assert drone.casualties.injured == THREE
    assert (drone.claim.by, drone.claim.attributed_by) == (IRI[0], "United States")


def test_the_103_attacks_are_the_one_tally() -> None:
    ((_, alert),) = [(i, a) for i, a in played().alerts() if i == "us-strikes"]
    (tally,) = alert.tallies
    assert (tally.count, tally.since) == (103, date(2025, 10, 17))
    assert tally.of == "attacks on American troops in Iraq and Syria"
    assert tally.according_to == "US military officials"


@pytest.mark.parametrize("item", ["serviceman-martyred", "baghdad-counts-its-dead"])
def test_iraqs_toll_of_the_strikes(item: str) -> None:
    event = coded(item)
    assert (event.mode, [actor.country for actor in event.actors]) == ("airstrike", ["USA"])
    assert event.casualties.killed == Count(low=1, high=1)
    assert event.casualties.injured == Count(low=18, high=18)
    assert event.place is not None
    assert event.place.country == "IRQ"


def test_the_denial_is_no_new_event() -> None:
    event = coded("erbil-denial")
    assert (event.event_type, event.mode, event.main) == ("ASSAULT", "drone", False)
    assert (event.claim.status, event.claim.denied_by) == ("denied", (KH[0],))
    assert named(event) == ([NOBODY], [US])


def test_the_militias_answer() -> None:
    event = coded("asad-rockets")
    assert (event.event_type, event.mode) == ("ASSAULT", "artillery")
    assert named(event) == ([IRI], [US])
    assert event.place is not None
    assert (event.place.name, event.place.country) == ("Ain al-Asad air base", "IRQ")
    assert (event.weapon, event.claim.by) == ("Rockets", IRI[0])
    assert event.casualties.killed is None
    assert event.responds_to is not None
    assert coded("asad-rockets", event.responds_to.event or -1).mode == "airstrike"


def test_its_dead() -> None:
    event = coded("two-killed-at-asad")
    assert named(event) == ([IRI], [US])
    assert event.casualties.killed == Count(low=2, high=2)
    assert event.casualties.injured == Count(low=4, high=4)


def test_the_warning_and_the_seizure() -> None:
    warning, seizure = coded("guards-warn-athens"), coded("aegean-lark-seized")
    assert (warning.event_type, warning.mode, warning.status) == ("THREATEN", "ultimatum", "threatened")
    assert (seizure.event_type, seizure.mode, seizure.status) == ("COERCE", "seize", "actual")
    for event in (warning, seizure):
        assert [actor.country for actor in event.actors] == ["IRN"]
        assert [(each.country, each.sector) for each in event.recipients] == [("GRC", "CVL")]
        assert event.occurred_on == WEDNESDAY.date()
    assert seizure.place is not None
    assert (seizure.place.name, seizure.place.country) == ("Strait of Hormuz", None)
    assert seizure.casualties == type(seizure.casualties)()


def test_the_expulsion() -> None:
    event = coded("greece-expels")
    assert (event.event_type, event.mode) == ("SANCTION", "expel")
    assert named(event) == ([("Greece", "GRC", "GOV")], [("Iran", "IRN", "GOV")])
    assert event.place is not None
    assert event.place.country == "GRC"
    assert event.responds_to is not None
    assert coded("greece-expels", event.responds_to.event or -1).mode == "seize"


def test_the_coup() -> None:
    event = coded("lesotho-coup")
    assert (event.event_type, event.mode) == ("COERCE", "coup")
    assert named(event) == ([("mutinous soldiers", "LSO", "MIL")], [("Lesotho", "LSO", "GOV")])
    assert event.place is not None
    assert event.place.country == "LSO"
    assert event.casualties.killed == Count(low=27, high=27)
    assert played().incident("lesotho-coup").event.casualties.killed == Count(low=7, high=7)


def test_the_attack_that_never_was() -> None:
    event = coded("garissa")
    assert (event.event_type, event.mode) == ("ASSAULT", "clash")
    assert named(event)[1] == [("Kenya", "KEN", "COP")]
    assert event.casualties.killed == Count(low=5, high=5)
    assert event.occurred_on is None
    assert played().incident("garissa").retracted
