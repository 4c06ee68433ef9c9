"""Stories of words cut into pieces: by hand with a small vocabulary, and with the one that ships."""

from functools import lru_cache

import pytest

from services.classifier.coding.model.pieces import LIMIT, Pieces
from services.classifier.coding.model.trained import VOCABULARY
from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article

SMALL = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("drone", "##s", "dr", "##one", "strike", "kyiv", "-", ".", "e", "4", "a"),
)


@lru_cache(maxsize=1)
def shipped() -> tuple[list[str], Pieces]:
    """The vocabulary of this release, and what cuts by it."""
    names = VOCABULARY.read_text(encoding="utf-8").splitlines()
    return names, Pieces({name: number for number, name in enumerate(names)})


def cut(title: str = "", summary: str = "", body: str = "", small: bool = True) -> list[str]:
    """The pieces of a text by name."""
    names, pieces = (list(SMALL), Pieces({n: i for i, n in enumerate(SMALL)})) if small else shipped()
    return [names[number] for number in pieces.of(read(article(title, summary, body))[0])[0]]


def test_a_known_word_is_one_piece_and_the_longest_known_pieces_are_taken_first() -> None:
    assert cut("drone") == ["[CLS]", "drone", "[SEP]"]
    assert cut("Drones") == ["[CLS]", "drone", "##s", "[SEP]"]
    assert cut("drones strike Kyiv.") == ["[CLS]", "drone", "##s", "strike", "kyiv", ".", "[SEP]"]


def test_a_word_that_cannot_be_cut_wholly_is_one_unknown() -> None:
    assert cut("dronex") == ["[CLS]", "[UNK]", "[SEP]"]
    assert cut("xdrone") == ["[CLS]", "[UNK]", "[SEP]"]


def test_accents_and_capitals_are_dropped() -> None:
    assert cut("KYÍV É") == ["[CLS]", "kyiv", "e", "[SEP]"]


def test_signs_within_a_word_part_it() -> None:
    assert cut("a's") == ["[CLS]", "a", "[SEP]"], "the reader takes a possessive ending off its word"
    assert cut("4,4") == ["[CLS]", "4", "[UNK]", "4", "[SEP]"]


def test_a_word_too_long_for_any_language_is_one_unknown() -> None:
    assert cut("dr" + "s" * 38) == ["[CLS]", "dr", *["##s"] * 38, "[SEP]"]
    assert cut("dr" + "s" * 39) == ["[CLS]", "[UNK]", "[SEP]"]


def test_the_parts_of_an_article_are_parted_and_its_sentences_are_not() -> None:
    assert cut("drone", "strike. Kyiv.", "drone") == [
        *("[CLS]", "drone", "[SEP]"),
        *("strike", ".", "kyiv", ".", "[SEP]"),
        *("drone", "[SEP]"),
    ]
    assert cut("", "strike") == ["[CLS]", "strike", "[SEP]"], "a part without words leaves no mark"


def test_a_text_without_words_is_a_beginning_and_an_end() -> None:
    assert cut("") == ["[CLS]", "[SEP]"]


@pytest.mark.parametrize("length", range(LIMIT - 8, LIMIT + 4))
def test_no_text_has_more_pieces_than_the_limit_wherever_a_part_ends(length: int) -> None:
    names = {name: number for number, name in enumerate(SMALL)}
    numbers, words = Pieces(names).of(read(article("drone " * length, "strike Kyiv"))[0])

    assert len(numbers) <= LIMIT
    assert numbers[-1] == names["[SEP]"]
    assert all(0 < first < len(numbers) - 1 for _, _, first in words)
    assert all(numbers[first] in (names["drone"], names["strike"], names["kyiv"]) for _, _, first in words)


def test_a_word_that_no_longer_fits_is_left_out_whole() -> None:
    names = {name: number for number, name in enumerate(SMALL)}
    numbers, words = Pieces(names).of(read(article("drone " * (LIMIT - 4) + "drones drones"))[0])

    assert numbers.count(names["##s"]) == 1
    assert len(words) == LIMIT - 3


def test_the_shipped_vocabulary_has_no_double_and_knows_what_stands_for_the_unknown() -> None:
    names, _ = shipped()

    assert len(names) == len(set(names))
    assert {"[PAD]", "[UNK]", "[CLS]", "[SEP]"} <= set(names)
    assert names.index("[PAD]") == 0, "batches are padded with 0"


def test_the_shipped_vocabulary_cuts_as_its_makers_do() -> None:
    # As the encoder's own tokenizer cuts this sentence.
    assert cut("Zaporizhzhia shelled; 12 wounded", small=False) == [
        *("[CLS]", "za", "##por", "##iz", "##h", "##zhi", "##a"),
        *("shell", "##ed", ";", "12", "wounded", "[SEP]"),
    ]
