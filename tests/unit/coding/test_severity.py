"""The documented sum: what raises severity, what never does, and what needs a history."""

from datetime import date

import pytest

from services.classifier.coding.events.crosswalk import cameo_of, hostility_of
from services.classifier.coding.events.severity import History, severity_of
from shared.contracts import Actor, Casualties, Certainty, Count, Event, Response, SeverityTerm, Tier

US = Actor(text="US", name="United States", country="USA", sector="MIL")
IRAN = Actor(text="Iran", name="Iran", country="IRN", sector="MIL")
REBELS = Actor(text="rebels", name="rebels", country="MLI", sector="REB")
MALI = Actor(text="Mali", name="Mali", country="MLI", sector="MIL")


def strike(killed: int | None = None, **fields: object) -> Event:
    base: dict[str, object] = {
        "event_type": "ASSAULT",
        "mode": "airstrike",
        "hostility": 4,
        "actors": (MALI,),
        "recipients": (REBELS,),
        "casualties": Casualties(killed=None if killed is None else Count(low=killed, high=killed)),
    }
    return Event(**{**base, **fields})


def term(event: Event, name: str, history: History | None = None) -> SeverityTerm:
    return next(term for term in severity_of(event, history).terms if term.name == name)


def test_more_dead_is_never_less_severe() -> None:
    scores = [severity_of(strike(n)).score for n in (0, 1, 3, 7, 20, 50, 200, 400, 700, 2000)]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def test_unknown_dead_count_nothing_and_say_so() -> None:
    assert term(strike(), "killed") == SeverityTerm(name="killed", points=0, reason="killed not stated")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"mode": "firearms"}, {"mode": "artillery"}),
        ({"mode": "artillery"}, {"mode": "missile"}),
        ({"mode": "missile"}, {"mode": "unconventional"}),
        ({"recipients": (REBELS,)}, {"recipients": (IRAN,)}),
        ({"actors": (MALI,)}, {"actors": (US,)}),
        ({"hostility": 2}, {"hostility": 4}),
        ({}, {"responds_to": Response(cue="in response to", text="an attack")}),
    ],
)
def test_what_raises_severity(less: dict[str, object], more: dict[str, object]) -> None:
    assert severity_of(strike(**less)).score < severity_of(strike(**more)).score  # type: ignore[arg-type]


def test_certainty_is_not_severity() -> None:
    assert severity_of(strike(certainty=Certainty.OBSERVED)) == severity_of(
        strike(certainty=Certainty.UNLIKELY)
    )


def test_without_history_its_terms_are_silent_and_say_why() -> None:
    for history in (None, History(days_observed=89)):
        for name in ("first in 90 days", "rate"):
            assert term(strike(), name, history) == SeverityTerm(
                name=name, points=0, reason="history too short"
            )


def test_with_history_the_first_and_the_frequent_weigh_more() -> None:
    day = date(2024, 3, 14)
    quiet = History(days_observed=200, last_same_kind=None)
    recent = History(days_observed=200, last_same_kind=date(2024, 3, 1), rate_vs_baseline=1.0)
    long_ago = History(days_observed=200, last_same_kind=date(2023, 10, 1))
    busy = History(days_observed=200, last_same_kind=date(2024, 3, 1), rate_vs_baseline=5.0)
    event = strike(occurred_on=day)
    assert term(event, "first in 90 days", quiet).points > 0
    assert term(event, "first in 90 days", recent).points == 0
    assert term(event, "first in 90 days", long_ago).points > 0
    assert term(event, "rate", busy).points > term(event, "rate", recent).points


def test_an_answer_to_another_articles_incident_counts_once() -> None:
    answering = strike(responds_to=Response(cue="after", text="a raid"))
    assert term(answering, "tit for tat", History(answers_earlier=True)).points == 5
    assert term(strike(), "tit for tat", History(answers_earlier=True)).points == 5


def test_de_escalation_has_no_severity() -> None:
    event = strike(event_type="RETREAT", mode="ceasefire", direction="deescalatory", hostility=1)
    assert (severity_of(event).score, severity_of(event).tier) == (0, Tier.MINOR)


def test_tiers_reach_from_words_to_mass_killing() -> None:
    sanction = Event(event_type="SANCTION", mode="sanction", hostility=2)
    war = strike(1500, actors=(US,), recipients=(IRAN,), mode="missile")
    assert severity_of(sanction).tier == Tier.MINOR
    assert severity_of(war).tier == Tier.EXTREME


@pytest.mark.parametrize(
    ("event_type", "mode", "root", "hostility"),
    [
        ("ASSAULT", "airstrike", "19", 4),
        ("ASSAULT", "massacre", "20", 4),
        ("COERCE", "arrest", "17", 3),
        ("MOBILIZE", "troops", "15", 3),
        ("THREATEN", "violence", "13", 2),
        ("SANCTION", "expel", "16", 2),
        ("PROTEST", "riot", "14", 4),
        ("RETREAT", "ceasefire", "08", 1),
    ],
)
def test_the_cross_walk(event_type: str, mode: str, root: str, hostility: int) -> None:
    code, goldstein = cameo_of(event_type, mode)
    assert code is not None
    assert code.startswith(root)
    assert goldstein is not None
    assert (goldstein < 0) == (event_type != "RETREAT")
    assert hostility_of(event_type, mode) == hostility
