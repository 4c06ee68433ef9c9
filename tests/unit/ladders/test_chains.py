"""Runs of tit for tat."""

from datetime import timedelta

from services.classifier.incidents import consider
from services.classifier.ladders.chains import LONGEST, answered_by, runs_of, said
from shared.contracts import Incident
from tests.support.classifier import MORNING, article, coded, strike


def blows(*links: tuple[str, str | None]) -> dict[str, Incident]:
    """Incidents by name, each an hour after the one before, and what each answers."""
    about = article("A blow")
    (one,) = consider(about, coded(about, strike()), [], now=MORNING).incidents
    return {
        name: one.model_copy(
            update={"id": name, "responds_to": answers, "opened_at": MORNING + timedelta(hours=hours)}
        )
        for hours, (name, answers) in enumerate(links)
    }


def test_a_run_is_told_back_to_its_first_blow() -> None:
    known = blows(("a", None), ("b", "a"), ("c", "b"))

    assert said(answered_by(known["c"], known.get)) == "answers b, which answered a"
    assert said(answered_by(known["a"], known.get)) == ""


def test_a_run_ends_where_nothing_is_known_or_it_meets_itself() -> None:
    known = blows(("a", "gone"), ("b", "c"), ("c", "b"))

    assert answered_by(known["a"], known.get) == ()
    assert [each.id for each in answered_by(known["b"], known.get)] == ["c"]


def test_a_war_of_answers_is_bounded() -> None:
    known = blows(*((str(n), str(n - 1)) for n in range(LONGEST + 5)))

    assert len(answered_by(known[str(LONGEST + 4)], known.get)) == LONGEST


def test_runs_are_told_longest_first_each_once() -> None:
    known = blows(("a", None), ("b", "a"), ("c", "b"), ("d", None), ("e", "d"), ("f", None), ("g", "b"))
    runs = [[each.id for each in run] for run in runs_of(known.values())]

    assert runs == [["a", "b", "g"], ["a", "b", "c"], ["d", "e"]]
