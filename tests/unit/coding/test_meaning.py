"""What a text is about, packed into an event: near what tells of the same, whatever is packed or damaged."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classifier.coding.events import meaning


def _drawn(seed: int) -> list[float]:
    chance = random.Random(seed)  # noqa: S311  (draws vectors, guards no secret)
    numbers = [chance.gauss() for _ in range(meaning.NUMBERS)]
    return [number / math.hypot(*numbers) for number in numbers]


vectors = st.integers(0, 10**9).map(_drawn)


@given(vectors, vectors)
def test_packing_hardly_changes_how_near_two_texts_are(ours: list[float], theirs: list[float]) -> None:
    near = meaning.alike(meaning.packed(ours, "reader"), meaning.packed(theirs, "reader"))

    assert near == pytest.approx(sum(a * b for a, b in zip(ours, theirs, strict=True)), abs=0.06)


@given(vectors, st.integers(1, 5))
def test_many_tellings_of_one_thing_mean_what_each_of_them_does(numbers: list[float], many: int) -> None:
    told = meaning.packed(numbers, "reader")
    assert meaning.mean([told] * many) == told


def test_what_tells_of_two_things_is_near_neither() -> None:
    one, other = [1.0] + [0.0] * 63, [0.0] * 63 + [1.0]
    both = meaning.mean([meaning.packed(one, "reader"), "", meaning.packed(other, "reader")])

    assert meaning.alike(both, meaning.packed(one, "reader")) == pytest.approx(0.5, abs=0.01)


def test_what_two_readers_mean_is_not_compared() -> None:
    one, other = meaning.packed(_drawn(1), "reader-1"), meaning.packed(_drawn(1), "reader-2")

    assert meaning.alike(one, other) is None
    assert meaning.mean([one, other]) == other
    assert meaning.reader_of(one) != meaning.reader_of(other)


@pytest.mark.parametrize("damaged", ["", "no base64!", "reader:no base64!", "reader:AAAA", "é:é"])
def test_what_cannot_be_read_says_nothing(damaged: str) -> None:
    told = meaning.packed([1.0] + [0.0] * 63, "reader")

    assert meaning.alike(damaged, told) is None
    assert meaning.mean([damaged]) == ""
    assert meaning.reader_of(damaged) == 0
    assert meaning.mean([damaged, told]) == told
