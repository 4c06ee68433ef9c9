"""Each rule of the codebook's scoring, on items made for it."""

from datetime import date
from typing import Any

import pytest

from services.classifier.quality.answers import Answer, kilometres
from services.classifier.quality.gold import GoldItem
from services.classifier.quality.scoring import MEASURES, Figure, figure, figures
from services.classifier.quality.sides import Hits
from tests.support.quality import answered, labelled, side

KEYS = [measure.key for measure in MEASURES]


def mark(key: str, item: GoldItem, answer: Answer) -> Any:
    (measure,) = (measure for measure in MEASURES if measure.key == key)
    return measure.mark(item, answer)


def test_precision_asks_the_bells_and_recall_the_escalations() -> None:
    told = [
        (labelled("rung"), answered()),
        (labelled("missed"), answered(rings=False)),
        (labelled("false", rings=False), answered()),
        (labelled("quiet", rings=False), answered(rings=False)),
    ]
    found = figures(told)

    assert (found["precision"].right, found["precision"].of) == (1, 2)
    assert (found["recall"].right, found["recall"].of) == (1, 2)
    assert found["relevance"].value == 0.5
    assert found["relevance"].of == 4


@pytest.mark.parametrize("key", KEYS)
def test_a_borderline_item_is_left_out_of_everything(key: str) -> None:
    item = labelled(borderline=True, killed=(1, 1), lat=50.0, lon=30.0)
    (measure,) = (measure for measure in MEASURES if measure.key == key)
    assert figure(measure, [(item, answered())]).of == 0


@pytest.mark.parametrize("key", ["type", "mode", "country", "day", "place"])
def test_a_missed_one_is_wrong(key: str) -> None:
    item = labelled(country=None, occurred_on=None, lat=50.0, lon=30.0, mode=None)
    # Its silence says null where the label says null: it is wrong nevertheless.
    assert mark(key, item, answered(rings=False)) is False


@pytest.mark.parametrize("key", ["type", "mode", "country", "day", "place", "actors", "killed"])
def test_what_is_no_escalation_is_asked_for_no_event(key: str) -> None:
    assert mark(key, labelled(rings=False), answered()) is None


def test_a_mode_is_right_only_with_its_type() -> None:
    item = labelled(event_type="COERCE", mode="blockade")
    assert mark("mode", item, answered(event_type="COERCE", mode="blockade")) is True
    assert mark("mode", item, answered(event_type="THREATEN", mode="blockade")) is False
    assert mark("mode", item, answered(event_type="COERCE", mode="seize")) is False


def test_the_high_seas_have_no_country() -> None:
    assert mark("country", labelled(country=None), answered(country=None)) is True
    assert mark("country", labelled(country=None), answered(country="YEM")) is False


def test_the_day_is_asked_where_days_were_coded() -> None:
    item = labelled(occurred_on="2021-03-02")
    assert mark("day", item, answered(day=date(2021, 3, 2))) is True
    assert mark("day", item, answered(day=date(2021, 3, 3))) is False
    assert mark("day", item, answered(day=None)) is False
    assert mark("day", labelled(occurred_on=None), answered(day=None)) is True
    assert mark("day", labelled(occurred_on=None), answered(day=date(2021, 3, 2))) is False
    assert mark("day", labelled(coded=frozenset()), answered(day=date(2021, 3, 2))) is None


def test_a_place_is_right_within_fifty_kilometres() -> None:
    item = labelled(lat=36.19, lon=44.01)
    assert mark("place", item, answered(at=(36.6, 44.01))) is True  # 46 km
    assert mark("place", item, answered(at=(36.65, 44.01))) is False  # 51 km
    assert mark("place", item, answered(at=None)) is False
    assert mark("place", labelled(), answered(at=(36.6, 44.01))) is None


def test_the_middle_of_a_country_is_a_matter_of_opinion() -> None:
    item = labelled(country="COL", lat=4.57, lon=-74.3, precision="country")
    middle = answered(country="COL", at=(4.0, -72.0), whole_country=True)

    assert mark("place", item, middle) is True
    assert mark("place", item, answered(country="COL", at=(4.0, -72.0))) is False
    assert mark("place", item, answered(country="PER", at=(-10.0, -76.0), whole_country=True)) is False


def test_the_globe_is_round() -> None:
    assert kilometres((48.8566, 2.3522), (51.5074, -0.1278)) == pytest.approx(343.6, abs=1)  # Paris, London
    assert kilometres((0.0, 179.9), (0.0, -179.9)) == pytest.approx(22.2, abs=0.1)
    assert kilometres((10.0, 10.0), (10.0, 10.0)) == 0.0


def test_sides_are_those_of_the_main_event_and_a_missed_one_lacks_them_all() -> None:
    russia, ukraine = side("Russia", "RUS", "MIL"), side("Ukraine", "UKR", "MIL")
    item = labelled(actors=(russia,), recipients=(ukraine, side("civilians", "UKR", "CVL")))

    assert mark("actors", item, answered(actors=[russia])) == Hits(1, 0, 0)
    assert mark("recipients", item, answered(recipients=[ukraine, russia])) == Hits(1, 1, 1)
    assert mark("recipients", item, answered(rings=False)) == Hits(0, 0, 2)


def test_a_toll_is_exact_at_both_ends_or_not_at_all() -> None:
    item = labelled(killed=(24, 60), injured=(0, 0))
    assert mark("killed", item, answered(killed=(24, 60))) is True
    assert mark("killed", item, answered(killed=(24, 24))) is False
    assert mark("killed", item, answered()) is False
    assert mark("killed", item, answered(rings=False)) is False
    assert mark("killed_invented", item, answered(killed=(1, 1))) is None


def test_stated_as_none_is_not_the_same_as_not_stated() -> None:
    assert mark("injured", labelled(injured=(0, 0)), answered(injured=(0, 0))) is True
    assert mark("injured", labelled(injured=(0, 0)), answered(injured=None)) is False
    assert mark("injured_invented", labelled(injured=None), answered(injured=(0, 0))) is True


def test_a_figure_where_none_is_stated_is_invented() -> None:
    item = labelled(killed=None)
    assert mark("killed_invented", item, answered(killed=(3, 3))) is True
    assert mark("killed_invented", item, answered(killed=None)) is False
    assert mark("killed_invented", item, answered(rings=False)) is None
    assert mark("killed_invented", labelled(coded=frozenset()), answered(killed=(3, 3))) is None
    assert mark("killed", item, answered(killed=(3, 3))) is None


def test_nothing_asked_gives_no_figure() -> None:
    assert figures([], ["type"])["type"] == Figure(None, 0.0, 1.0, 0, 0)


def test_a_figure_is_not_one_way_blind() -> None:
    """Over many items the share is what it should be, with its interval around it."""
    told = [(labelled(str(n)), answered(country="UKR" if n % 4 else "RUS")) for n in range(40)]
    country = figures(told, ["country"])["country"]

    assert (country.right, country.of, country.value) == (30, 40, 0.75)
    assert country.low < 0.75 < country.high
