"""Stories of the linear gate: which words it reads, and what it makes of them."""

import math
import zlib
from dataclasses import replace

import pytest

from services.classifier.coding.model.gatekeeper import (
    SENTENCES,
    SIZE,
    WEIGHTS,
    WORDS,
    Gatekeeper,
    shipped,
    slots,
)
from tests.unit.coding.hearing import sentences_of


def slot(words: str) -> int:
    return zlib.crc32(words.encode()) % SIZE


def gatekeeper(weights: dict[str, int], scale: float = 0.1, bias: float = 0.0) -> Gatekeeper:
    """A gate that knows these words and pairs of words alone."""
    table = bytearray(SIZE)
    for words, weight in weights.items():
        table[slot(words)] = weight % 256
    return Gatekeeper(bytes(table), scale, bias, 0.5)


def share_of(weights: dict[str, int], title: str) -> float:
    return gatekeeper(weights).share(sentences_of(title))


def test_words_and_pairs_of_words_are_read_with_a_mark_before_each_sentence() -> None:
    assert list(slots(sentences_of("Drone strike"))) == [
        slot("#"),
        slot("drone"),
        slot("strike"),
        slot("# drone"),
        slot("drone strike"),
    ]


def test_every_number_is_one_word() -> None:
    assert list(slots(sentences_of("7 killed"))) == list(slots(sentences_of("19 killed")))


def test_only_the_top_is_read() -> None:
    top = " ".join(["The weather was mild."] * SENTENCES)
    many = "word " * (WORDS // 2)

    assert list(slots(sentences_of("", f"{top} War broke out."))) == list(slots(sentences_of("", top)))
    assert len(list(slots(sentences_of("", f"{many}. {many}. {many}.")))) == 2 * WORDS - 1


def test_a_share_is_the_logistic_of_the_mean_like_sum() -> None:
    share = share_of({"drone": 40, "drone strike": 20}, "Drone strike")

    assert share == pytest.approx(1 / (1 + math.exp(-0.1 * 60 / math.sqrt(5))))


def test_a_word_may_speak_against_an_event() -> None:
    assert (
        share_of({"football": -100}, "Football strike") < 0.5 < share_of({"strike": 100}, "Football strike")
    )


def test_a_word_said_twice_counts_once() -> None:
    weights = {"war": 50}

    assert gatekeeper(weights).share(sentences_of("War")) > gatekeeper(weights).share(sentences_of("War war"))
    found = set(slots(sentences_of("War war")))
    assert share_of(weights, "War war") == pytest.approx(1 / (1 + math.exp(-5 / math.sqrt(len(found)))))


def test_a_text_without_words_is_no_event() -> None:
    assert shipped().share([]) == 0.0


def test_the_shipped_gate_has_a_byte_for_every_slot_and_lets_a_strike_through() -> None:
    gate = shipped()

    assert WEIGHTS.stat().st_size == SIZE
    assert 0.0 < gate.threshold < 0.5, "tuned for recall"
    strike = sentences_of(
        "Israeli airstrike kills five in Beirut", "Israel struck a house in Beirut on Wednesday."
    )
    assert gate.share(strike) > 0.5
    assert gate.share(sentences_of("Late goal sends City to cup final", "City won 2-1.")) < gate.threshold


def test_the_gate_is_opened_once_a_process() -> None:
    assert shipped() is shipped()


def test_what_cannot_be_written_as_utf_8_is_read_all_the_same() -> None:
    (sentence,) = sentences_of("Strange strike")

    assert len(list(slots([replace(sentence, norms=("stra\ud800nge", "strike"))]))) == 5
