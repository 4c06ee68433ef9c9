"""A branch of a movement is one side, under its short name and its long one."""

from tests.unit.coding.reading import main


def test_a_movement_is_the_branch_that_the_report_names() -> None:
    event = main(
        "Islamic State claims attack on village in Niger",
        "The Islamic State in the Sahel claimed the attack on Diagourou that killed 12 villagers on Monday.",
    )
    assert [actor.name for actor in event.actors] == ["Islamic State in the Greater Sahara"]


def test_whose_branch_it_is_names_no_second_side() -> None:
    event = main(
        "",
        "JNIM, al-Qaeda's branch in the Sahel, attacked a post in Mali on Tuesday, killing nine soldiers.",
    )
    sides = [actor.name for actor in (*event.actors, *event.recipients)]
    assert "JNIM" in sides
    assert "Al-Qaeda" not in sides
