"""The plain baseline learns what words tell, and is never asked about what it learned from."""

import sys
from typing import Any

import pytest

from services.classifier.quality import baseline
from services.classifier.quality.gold import GoldItem
from shared.errors import BadSetting
from tests.support.quality import labelled

TOWNS = ("Arden", "Belmora", "Corvale", "Dunmere", "Estova", "Farrow", "Gorlin", "Hadley", "Istra", "Jorvik")


def items() -> list[GoldItem]:
    shelled = [labelled(f"s-{town}", text=f"Shells hit {town}, two soldiers killed") for town in TOWNS]
    away: dict[str, Any] = {"event_type": "SANCTION", "mode": "expel", "country": "POL"}
    expelled = [labelled(f"x-{town}", text=f"Envoy of {town} expelled, ties cut", **away) for town in TOWNS]
    fairs = ("A fair with music opens in", "A fair with music closes in")
    quiet = [
        labelled(f"{fair}-{town}", rings=False, text=f"{fair} {town}") for town in TOWNS for fair in fairs
    ]
    return [*shelled, *expelled, *quiet]


def test_it_learns_type_mode_and_country_from_words() -> None:
    learned = baseline.trained_on(items())
    one, other, quiet = learned.answers(
        [
            labelled(text="Shells hit Kestrel, a soldier killed"),
            labelled(text="Envoy of Kestrel expelled"),
            labelled(text="A fair opens in Kestrel"),
        ]
    )
    assert (one.rings, one.event_type, one.mode, one.country) == (True, "ASSAULT", "artillery", "UKR")
    assert (other.rings, other.event_type, other.mode, other.country) == (True, "SANCTION", "expel", "POL")
    assert not quiet.rings
    assert quiet.score < 0.5 < one.score


def test_cross_validation_answers_each_item_once_and_the_same_each_time() -> None:
    labels = items()
    answers = baseline.cross_validated(labels)

    assert len(answers) == len(labels)
    assert sum(answer.rings == item.escalation for answer, item in zip(answers, labels, strict=True)) > 35
    assert answers == baseline.cross_validated(labels)


def test_it_is_not_asked_about_what_it_learned_from() -> None:
    """Texts that have nothing in common teach nothing of each other, though each could be known by heart."""
    labels = [labelled(f"n{n}", rings=n % 2 == 0, text=chr(ord("a") + n) * 6) for n in range(20)]
    by_heart = list(baseline.trained_on(labels).answers(labels))

    assert [answer.rings for answer in by_heart] == [item.escalation for item in labels]
    assert all(0.4 < answer.score < 0.6 for answer in baseline.cross_validated(labels))


def test_what_is_always_learned_from_is_learned_in_each_fold() -> None:
    labels = [labelled(f"n{n}", rings=n % 2 == 0, text=chr(ord("a") + n) * 6) for n in range(20)]
    same = [labelled(f"m{n}", rings=n % 2 == 0, text=chr(ord("a") + n) * 6) for n in range(20)]
    answers = baseline.cross_validated(labels, always=same)
    assert [answer.rings for answer in answers] == [item.escalation for item in labels]


def test_borderline_items_teach_nothing() -> None:
    alarms = [labelled(f"b{n}", text="A fair with music opens", borderline=True) for n in range(60)]
    (answer,) = baseline.trained_on([*items(), *alarms]).answers([labelled(text="A fair with music opens")])
    assert not answer.rings


def test_too_few_items_are_told_in_words() -> None:
    with pytest.raises(BadSetting, match="too few items"):
        baseline.cross_validated([labelled()])


def test_without_scikit_learn_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    baseline.need()
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(BadSetting, match=r"pip install 'tocsin\[quality\]'"):
        baseline.need()
