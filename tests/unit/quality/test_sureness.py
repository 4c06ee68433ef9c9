"""Calibration and confusion, and the pictures of both."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from services.classifier.quality.calibration import Bin, bins, expected_error
from services.classifier.quality.confusion import NONE, confusion, mistakes
from services.classifier.quality.pictures import reliability, types
from tests.support.quality import answered, labelled

SURE = [(labelled(str(n), rings=n < 8), answered(score=0.8)) for n in range(10)]
"""Eight of ten that were scored 0.8 are escalations."""


def test_who_is_right_as_often_as_said_is_calibrated() -> None:
    (held,) = bins(SURE)
    assert (held.items, held.true) == (10, 0.8)
    assert held.said == pytest.approx(0.8)
    assert expected_error([held]) == pytest.approx(0)


def test_who_is_surer_than_right_is_not() -> None:
    found = bins([*SURE, *((labelled(str(n), rings=False), answered(score=0.95)) for n in range(10))])
    assert [each.true for each in found] == [0.8, 0.0]
    assert expected_error(found) == pytest.approx(0.95 / 2)


def test_a_certain_yes_has_its_place_and_borderline_items_have_none() -> None:
    assert len(bins([(labelled(), answered(score=1.0))])) == 1
    assert bins([(labelled(borderline=True), answered())]) == []
    assert expected_error([]) is None


def test_silence_is_an_answer_of_the_confusion() -> None:
    found = confusion(
        [
            (labelled(), answered()),
            (labelled(), answered(rings=False)),
            (labelled(event_type="THREATEN"), answered()),
            (labelled(rings=False), answered(event_type="COERCE")),
            (labelled(rings=False), answered(rings=False)),
            (labelled(borderline=True), answered(rings=False)),
        ]
    )
    assert found == {
        ("ASSAULT", "ASSAULT"): 1,
        ("ASSAULT", NONE): 1,
        ("THREATEN", "ASSAULT"): 1,
        (NONE, "COERCE"): 1,
        (NONE, NONE): 1,
    }


def test_the_commonest_mistakes_come_first_and_what_is_right_is_none() -> None:
    pairs = [(labelled(), answered(event_type="COERCE"))] * 3 + [(labelled(), answered(rings=False))]
    assert mistakes(confusion([*pairs, *[(labelled(), answered())] * 9]), 5) == [
        ("ASSAULT", "COERCE", 3),
        ("ASSAULT", NONE, 1),
    ]
    assert len(mistakes(confusion(pairs), 1)) == 1


@pytest.mark.parametrize(
    "drawn",
    [
        reliability({"Given items": [Bin(5, 0.05, 0.0), Bin(9, 0.9, 1.0)], "Blind part": []}),
        types({"Given items": confusion(SURE), "Blind part": confusion(SURE)}),
    ],
    ids=["reliability", "types"],
)
def test_a_picture_is_whole_small_and_fit_for_dark_and_light(drawn: str) -> None:
    picture = ElementTree.fromstring(drawn)  # noqa: S314  (our own)
    space = "{http://www.w3.org/2000/svg}"

    assert picture.find(f"{space}title") is not None
    assert len(drawn.encode()) < 60_000
    assert not re.search(r"(href|url)\s*[=(]|<style|<script|#(000|fff)\b", drawn)
    words = {text.get("fill") for text in picture.iter(f"{space}text")}
    assert len(words) == 1  # one mid-grey, behind which there is nothing
    whole = {picture.get("width"), "100%"}
    assert not any(shape.get("width") in whole for shape in picture.iter(f"{space}rect"))


def test_every_count_stands_in_the_picture() -> None:
    drawn = types({"Given items": confusion(SURE)})
    assert re.findall(r"font-weight='600'>(\d+)<", drawn) == ["8", "2"]
