"""When two names are one side."""

import pytest

from services.classifier.quality.gold import GoldSide
from services.classifier.quality.sides import Hits, compare
from tests.support.quality import side


def one(left: GoldSide, right: GoldSide) -> bool:
    return compare([left], [right]) == Hits(1, 0, 0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (side("Kata'ib Hizballah", "IRQ", "REB"), side("Kataeb Hezbollah", "IRQ", "REB")),
        (side("The Houthis", "YEM", "REB"), side("houthis", None, "REB")),
        (side("villagers", "MLI", "CVL"), side("civilians", "MLI", "CVL")),
        (side("suspected jihadists", "BFA", "REB"), side("jihadist", "BFA", "REB")),
        (side("Colombian protesters", "COL", "CVL"), side("protesters", "COL", "CVL")),
        (side("Palestinians", "PSE", "CVL"), side("civilians", "PSE", "CVL")),
        (side("unknown attackers", None, "UNK"), side("unidentified gunmen", "NGA", "UNK")),
        (side("Movimiento de los Ríos", "COL", "REB"), side("movimiento de los rios", "COL", "REB")),
    ],
)
def test_one_side_under_two_names(left: GoldSide, right: GoldSide) -> None:
    assert one(left, right)
    assert one(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (side("Israel", "ISR", "MIL"), side("Israeli police", "ISR", "COP")),
        (side("Tatmadaw", "MMR", "MIL"), side("Myanmar", "MMR", "GOV")),
        (side("electoral tribunal", "GTM", "GOV"), side("Guatemala", "GTM", "GOV")),
    ],
)
def test_states_are_matched_by_country(left: GoldSide, right: GoldSide) -> None:
    assert one(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (side("Hezbollah", "LBN", "REB"), side("Kataeb Hezbollah", "IRQ", "REB")),
        (side("Taliban", "AFG", "GOV"), side("Afghanistan", "AFG", "MIL")),
        (side("militants", "PAK", "REB"), side("Pakistan", "PAK", "MIL")),
        (side("Palestinians", "PSE", "CVL"), side("civilians", "ISR", "CVL")),
        (side("protesters", "IRN", "CVL"), side("civilians", "IRN", "CVL")),
        (side("unknown gunmen"), side("Islamic State", None, "REB")),
    ],
)
def test_two_sides_stay_two(left: GoldSide, right: GoldSide) -> None:
    assert compare([left], [right]) == Hits(0, 1, 1)


def test_sets_are_compared_one_to_one() -> None:
    army, police = side("Nigeria", "NGA", "MIL"), side("police", "NGA", "COP")
    rebels = side("Boko Haram", "NGA", "REB")

    assert compare([army, police], [army]) == Hits(1, 0, 0)
    assert compare([army], [army, rebels]) == Hits(1, 0, 1)
    assert compare([army, rebels], [rebels]) == Hits(1, 1, 0)
    assert compare([], []) == Hits(0, 0, 0)


def test_a_name_that_could_be_either_goes_where_it_helps() -> None:
    """Nameless civilians can be those of either land; the ones with a land only their own."""
    either = side("civilians", None, "CVL")
    people = side("Palestinians", "PSE", "CVL")
    settlers = side("civilians", "PSE", "CVL")

    assert compare([settlers, either], [people, either]).extra == 0
