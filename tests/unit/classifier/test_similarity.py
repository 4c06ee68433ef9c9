"""Near copies: found among edited headlines, not among neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classifier.incidents.similarity import bands, is_copy, words

LONG = (
    "Rescuers pulled nine people from the ruins of a bakery in the old town after two shells hit it at dawn"
)


@pytest.mark.parametrize(
    ("one", "other", "copy"),
    [
        ("Shells hit bakery in old town", "Shells hit bakery in the old town, nine rescued", True),
        ("Shells hit bakery in old town", "Old town bakery hit by shells", True),
        ("Shells hit bakery in old town", "Rail fares to rise by four per cent in the spring", False),
    ],
)
def test_edited_headlines_over_one_summary_are_copies_and_other_news_is_not(
    one: str, other: str, copy: bool
) -> None:
    theirs = (
        LONG if copy else "Commuters will pay more from March, the operator said, blaming the price of power"
    )
    assert is_copy(words(one, LONG), words(other, theirs)) is copy


def test_short_texts_are_copies_only_when_equal() -> None:
    assert is_copy(words("Blast in Kabul", ""), words("Blast in Kabul!", ""))
    assert not is_copy(words("Blast in Kabul", ""), words("Kabul blast", ""))


def test_a_headline_inside_a_long_text_is_no_copy_of_it() -> None:
    assert not is_copy(words("shells hit it at dawn", ""), words("", LONG + " " + LONG))


def test_empty_texts_are_copies_of_nothing() -> None:
    assert not is_copy("", "")
    assert bands("") == ()


def test_copies_meet_in_a_band() -> None:
    one, other = words("Shells hit bakery in old town", LONG), words("Old town bakery hit by shells", LONG)
    assert set(bands(one)) & set(bands(other))


@given(st.text(), st.text())
def test_equal_words_give_equal_bands_and_a_copy(title: str, summary: str) -> None:
    text = words(title, summary)
    assert (
        bands(text) == bands(words(title.swapcase().swapcase(), summary))
        or title.swapcase().swapcase() != title
    )
    assert is_copy(text, text) is bool(text)
