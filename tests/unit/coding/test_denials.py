"""Stories of what is taken back: authors denied, reports withdrawn, figures corrected, days long past."""

import pytest

from shared.contracts import ClaimStatus, Count
from tests.unit.coding.reading import code, main


def test_who_denies_his_part_adds_to_the_event_and_makes_no_new_one() -> None:
    coding = code(
        "Rebels deny role in bombing of Yangon market",
        "A rebel alliance denied any role in the bombing that killed six people in Yangon, Myanmar.",
    )
    assert not coding.escalation
    assert coding.reason.endswith("a denial is recorded with the event that it denies")
    (event,) = coding.events
    assert (event.main, event.mode, event.casualties.killed) == (False, "explosives", Count(low=6, high=6))
    assert (event.claim.status, event.claim.denied_by) == (ClaimStatus.DENIED, ("rebels",))
    assert [actor.name for actor in event.actors] == ["unknown attackers"]


def test_who_denies_that_it_happened_tells_of_no_event() -> None:
    coding = code(
        "Jordan denies missile was fired from its soil",
        "Jordan's army denied that a missile had been fired from its territory towards Iraq.",
    )
    assert not coding.escalation
    assert [event.recalled for event in coding.events] == [True]


def test_a_denial_in_the_next_sentence_stands_on_the_attack_told_last() -> None:
    event = main(
        "Drone strike kills five in Khartoum",
        "A drone strike killed five people in Khartoum. The RSF denied any involvement in the strike.",
    )
    assert event.claim.denied_by == ("Rapid Support Forces",)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Withdrawn: gunmen attack police post in Garissa, Kenya", "It was a training exercise."),
        (
            "Gunfire in Garissa",
            "We have withdrawn this report of an attack on a police post in Garissa, Kenya.",
        ),
        ("Rocket attack on Sderot", "This story has been retracted: no rocket hit Sderot in Israel."),
    ],
)
def test_a_report_that_its_outlet_withdraws_is_no_event(title: str, summary: str) -> None:
    coding = code(title, summary)
    assert not coding.escalation
    assert coding.reason.startswith("the outlet withdraws its report")


def test_a_general_who_withdraws_a_report_withdraws_no_news() -> None:
    assert code(
        "Shelling kills four in Kharkiv, Ukraine", "The army later withdrew a report of six dead."
    ).escalation


@pytest.mark.parametrize(
    "note",
    [
        "Correction: an earlier version of this article said that 90 soldiers had been killed.",
        "An earlier version of this story gave the toll as 90 killed.",
        "This article was amended to say that 9, not 90, soldiers were killed.",
    ],
)
def test_the_figure_that_a_correction_takes_back_is_not_counted(note: str) -> None:
    event = main(
        "Nine soldiers killed in ambush in Mali", f"Rebels killed nine soldiers in Mali on Wednesday. {note}"
    )
    assert event.casualties.killed == Count(low=9, high=9)


@pytest.mark.parametrize("day", ["2025-10-08", "2025-10-14", "2025-12-01"])
def test_a_day_that_has_become_a_name_is_never_this_years(day: str) -> None:
    (event,) = code(
        "Israeli airstrike kills four in Gaza",
        "An Israeli airstrike killed four people in Gaza. The war began with the October 7 attack by Hamas, "
        "which killed about 1,140 people in Israel.",
        on=day,
    ).events
    assert event.casualties.killed == Count(low=4, high=4)
