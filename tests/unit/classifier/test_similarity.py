"""Near copies: found among edited headlines, not among neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classifier.incidents.comparing.similarity import NEAREST, is_copy, met, signature, words

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
    assert signature("") == b""
    assert met(b"12345678" + signature("shells hit"), b"") == []
    assert met(b"", signature("shells hit")) == []


def test_copies_meet_and_other_news_does_not() -> None:
    one, other = words("Shells hit bakery in old town", LONG), words("Old town bakery hit by shells", LONG)
    news = words("Rail fares to rise", "Commuters will pay more from March, the operator said, for power")
    records = b"\0bakery\0" + signature(one) + b"the-news" + signature(news)
    assert met(records, signature(other)) == [b"\0bakery\0"]


def test_of_many_that_meet_the_nearest_few_count_each_once() -> None:
    text = words("Shells hit bakery in old town", LONG)
    copies = b"".join(b"%08d" % n + signature(f"{text} {' '.join('abcdefghijkl'[:n])}") for n in range(12))
    found = met(copies + copies, signature(text))
    assert found[0] == b"00000000"
    assert len(found) == len(set(found)) <= NEAREST


@given(st.text(), st.text())
def test_equal_words_give_equal_signatures_and_a_copy(title: str, summary: str) -> None:
    text = words(title, summary)
    assert (
        signature(text) == signature(words(title.swapcase().swapcase(), summary))
        or title.swapcase().swapcase() != title
    )
    assert is_copy(text, text) is bool(text)
