"""Stories of coups and of ships: who takes what from whom, and where."""

import pytest

from shared.contracts import Count, Event, Sector
from tests.unit.coding.reading import code, main


def sides(event: Event) -> tuple[list[str], list[str]]:
    return [actor.name for actor in event.actors], [actor.name for actor in event.recipients]


def test_a_coup_is_against_a_government_and_its_fighting_is_part_of_it() -> None:
    (coup,) = code(
        "Coup attempt in Togo leaves 12 dead",
        "Rogue officers tried to seize power in Togo on Wednesday, storming the presidency in Lome; "
        "at least 12 people were killed.",
    ).events
    assert (coup.event_type, coup.mode) == ("COERCE", "coup")
    assert sides(coup) == (["rogue officers"], ["Togo"])
    assert coup.recipients[0].sector == Sector.GOVERNMENT
    assert coup.casualties.killed == Count(low=12, high=12)


def test_who_foils_a_coup_has_not_staged_it() -> None:
    coup = main(
        "Gabon says coup foiled, imposes curfew",
        "Gabon's government said that it had foiled a coup by mutinous soldiers, "
        "and imposed a curfew in Libreville.",
    )
    assert coup.mode == "coup"
    assert sides(coup) == (["mutinous soldiers"], ["Gabon"])
    assert coup.claim.by is None


def test_a_curfew_is_imposed_by_whoever_governs_there() -> None:
    assert sides(main("Curfew in Chad capital after failed coup")) == (["Chad"], [])


@pytest.mark.parametrize(
    ("title", "actors", "recipients"),
    [
        ("Houthi fighters board Norwegian tanker in Red Sea", ["Houthis"], ["Norway"]),
        ("Russia seizes Estonian tanker in Baltic Sea", ["Russia"], ["Estonia"]),
        ("Greek tanker seized in Strait of Hormuz", [], ["Greece"]),
        ("Panama-flagged bulker boarded by Iranian commandos", ["Iran"], ["Panama"]),
    ],
)
def test_a_ship_that_is_taken_is_no_town(title: str, actors: list[str], recipients: list[str]) -> None:
    event = main(title)
    assert (event.event_type, event.mode) == ("COERCE", "seize")
    assert sides(event) == (actors, recipients)


def test_a_ship_was_seized_where_it_sailed_not_where_it_was_led() -> None:
    event = main(
        "Greek tanker seized in Strait of Hormuz",
        "Men of Iran's navy boarded the Greek tanker and escorted it to Bandar Abbas on Wednesday.",
    )
    assert event.place is not None
    assert event.place.name == "Strait of Hormuz"
    assert sides(event) == (["Iran"], ["Greece"])


def test_smugglers_boats_are_a_matter_for_the_customs() -> None:
    coding = code("Coast guard seizes trawler with two tonnes of cocaine off Spain")
    assert not coding.escalation
    assert "customs" in coding.reason


def test_what_is_only_threatened_has_not_happened() -> None:
    coding = code("North Korea threatened on Monday to sink South Korean warships unless drills stop")
    assert [(event.event_type, event.mode) for event in coding.events] == [("THREATEN", "ultimatum")]


@pytest.mark.parametrize(
    "title", ["Turkey throws out two Swedish envoys", "Turkey boots out Swedish ambassador"]
)
def test_envoys_are_thrown_out_in_many_words(title: str) -> None:
    event = main(title)
    assert (event.event_type, event.mode) == ("SANCTION", "expel")
    assert sides(event) == (["Turkey"], ["Sweden"])
