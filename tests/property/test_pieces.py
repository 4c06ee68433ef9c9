"""For any text whatever: its pieces are those of a plain reading of the definition, and each has its word.

The reference is WordPiece as its papers tell it, sign by sign and without a regular expression.
"""

import unicodedata
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from services.classifier.coding.model.pieces import LIMIT, Pieces
from services.classifier.coding.model.trained import VOCABULARY
from services.classifier.coding.text.reading import Sentence
from services.classifier.coding.text.sentences import read
from tests.property.test_coding import PIECES
from tests.unit.coding.reading import article

LONGEST = 40
anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
latin = st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=200)
newslike = st.lists(st.sampled_from(PIECES), max_size=120).map(" ".join)
texts = st.one_of(anything, latin, newslike)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, int]:
    """The shipped pieces and their numbers."""
    return {name: number for number, name in enumerate(VOCABULARY.read_text(encoding="utf-8").splitlines())}


@lru_cache(maxsize=1)
def pieces() -> Pieces:
    return Pieces(vocabulary())


def parts_of(word: str) -> list[str]:
    """A word in small letters without accents: its runs of letters and digits, and each other sign alone."""
    parts: list[str] = []
    run = ""
    for sign in unicodedata.normalize("NFD", word.lower()):
        if unicodedata.category(sign) == "Mn":
            continue
        if sign.isalnum():
            run += sign
            continue
        parts += [run] * bool(run) + [sign] * (not sign.isspace())
        run = ""
    return parts + [run] * bool(run)


def greedy(part: str, known: dict[str, int], begun: bool = False) -> list[int] | None:
    """The longest known piece from the left, then the same of the rest; None where nothing fits."""
    if not part:
        return []
    mark = "##" if begun else ""
    for length in reversed(range(1, len(part) + 1)):
        if mark + part[:length] in known:
            rest = greedy(part[length:], known, begun=True)
            return None if rest is None else [known[mark + part[:length]], *rest]
    return None


def reference(word: str) -> list[int]:
    known = vocabulary()
    numbers: list[int] = []
    for part in parts_of(word):
        found = greedy(part, known) if len(part) <= LONGEST else None
        numbers += [known["[UNK]"]] if found is None else found
    return numbers or [known["[UNK]"]]


def sentences_of(title: str, summary: str, body: str) -> list[Sentence]:
    return read(article(title, summary, body))[0]


@settings(max_examples=200, deadline=None)
@given(texts, texts, texts)
def test_pieces_are_those_of_the_definition(title: str, summary: str, body: str) -> None:
    sentences = sentences_of(title, summary, body)
    numbers, words = pieces().of(sentences)
    by_number = {sentence.number: sentence for sentence in sentences}

    for number, index, first in words:
        wanted = reference(by_number[number].words[index].text)
        assert numbers[first : first + len(wanted)] == wanted


@settings(max_examples=200, deadline=None)
@given(texts, texts, texts)
def test_every_piece_belongs_to_a_word_and_words_come_in_order(title: str, summary: str, body: str) -> None:
    sentences = sentences_of(title, summary, body)
    numbers, words = pieces().of(sentences)
    known = vocabulary()
    marks = {known["[CLS]"], known["[SEP]"]}

    assert len(numbers) <= LIMIT
    assert all(0 <= number < len(known) for number in numbers)
    assert (numbers[0], numbers[-1]) == (known["[CLS]"], known["[SEP]"])
    all_words = [(sentence.number, index) for sentence in sentences for index in range(len(sentence.words))]
    assert [word[:2] for word in words] == all_words[: len(words)]
    owned = {
        place
        for (number, index, first) in words
        for place in range(first, first + len(reference(sentences[number].words[index].text)))
    }
    assert {place for place in range(len(numbers)) if place not in owned} == {
        place for place, number in enumerate(numbers) if number in marks
    }


@settings(max_examples=100, deadline=None)
@given(texts, texts, texts)
def test_only_what_does_not_fit_is_left_out(title: str, summary: str, body: str) -> None:
    sentences = sentences_of(title, summary, body)
    numbers, words = pieces().of(sentences)
    left = [word for sentence in sentences for word in sentence.words][len(words) :]

    # Two parts may have ended since the last word, each with its mark.
    assert not left or len(numbers) + len(reference(left[0].text)) + 2 >= LIMIT


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_text_is_cut_the_same_by_whoever_has_cut_others_before(text: str) -> None:
    sentences = sentences_of(text, "", "")

    assert pieces().of(sentences) == Pieces(vocabulary()).of(sentences)
