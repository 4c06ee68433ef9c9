"""Whatever an article holds, reading it ends soon, and the coding says where it was cut.

The bounds are lengths, so that the same text has the same coding on every machine; the seconds here are ten
times what the worst text took, and guard against an algorithm that grows with the square of its text.
"""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classifier.coding.text.sentences import (
    BODY_LIMIT,
    PART_LIMIT,
    SENTENCES_LIMIT,
    WORDS_LIMIT,
    read,
)
from shared.contracts import Article, Coding
from tests.property.test_coding import PIECES
from tests.unit.coding.reading import coder

NOON = datetime(2024, 3, 14, 12, tzinfo=UTC)
MEGABYTE = 1_000_000
SECONDS = 10.0
CUT = "the text was too long, only its beginning was read"
REPEATED = {
    "one word": "a",
    "one name": "Israel",
    "a verb": "killed ",
    "a verb a line": "killed\n",
    "a sentence": "Israel hit Gaza. ",
    "a line": "Israel hit Gaza\n",
    "sides": "Israel and Hamas and ",
    "the whole reader": "Israel said the army killed 5 Hamas militants in Gaza on Monday after threats ",
    "conditions": "if Iran could attack, ",
    "answers": "in response to an attack that killed two, ",
    "claims": "Hamas claimed responsibility for the attack. ",
    "digits": "1",
    "numbers": "1,140 ",
    "number words": "twenty-",
    "dots": ".",
    "initials": "U.S. ",
    "capitals and dashes": "BAGHDAD - ",
    "quotation marks": '"',
    "nested brackets": "“(",
    "apostrophes": "a'",
    "hyphens": "attack-",
    "line breaks": "\n",
    "blanks": " ",
    "combining marks": "e\u0301",
    "invisible signs": "\u200b",
    "right to left": "قتل ",
    "pictures": "🙂",
    "corrections": "an earlier version of ",
}


def article(title: str = "", summary: str = "", body: str = "") -> Article:
    return Article(id="art_any", title=title, summary=summary, body=body, published_at=NOON, fetched_at=NOON)


def coded_in_time(given_article: Article) -> Coding:
    """Its coding; fails when the reader went beyond its bounds or took too long."""
    sentences, cut = read(given_article)
    assert len(sentences) <= SENTENCES_LIMIT
    assert all(len(sentence.words) <= WORDS_LIMIT for sentence in sentences)
    assert sum(len(sentence.text) for sentence in sentences) <= 2 * PART_LIMIT + BODY_LIMIT
    begun = time.process_time()
    coding = coder().code(given_article)
    assert time.process_time() - begun < SECONDS
    assert coding.set_aside or (CUT in coding.reason) == cut
    for event in coding.events:
        for evidence in event.evidence:
            assert given_article.text[evidence.start : evidence.end] == evidence.text
    return coding


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED)
def test_a_megabyte_of_one_thing_is_read_in_time(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))

    for each in (article(body=text), article(text, text, text)):
        coding = coded_in_time(each)
        assert coding.set_aside or CUT in coding.reason or not text.strip()


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map(" ".join),
    ),
    st.sampled_from(("", " ", ". ", "\n", ", ")),
)
def test_any_text_over_and_over_is_read_in_time(piece: str, between: str) -> None:
    text = (piece + between) * (MEGABYTE // 4 // len(piece + between))

    coded_in_time(article(text, text, text))


def test_a_table_of_short_lines_is_cut_and_says_so() -> None:
    lines = "".join(f"Town {number}\n" for number in range(SENTENCES_LIMIT + 1))

    assert CUT in coder().code(article("Israeli strike kills two in Beirut", body=lines)).reason


def test_a_sentence_without_end_is_cut_and_says_so() -> None:
    words = " ".join(["and the town"] * WORDS_LIMIT)

    assert CUT in coder().code(article("Israeli strike kills two in Beirut", words)).reason


def test_nothing_at_all_is_silence() -> None:
    for empty in (article(), article("\n", " ", "\t"), article("\u200b")):
        coding = coder().code(empty)
        assert not coding.escalation
        assert coding.reason == "no word of force, threat, sanction or repression in the text"


def test_what_stands_in_the_part_that_is_read_is_coded_as_without_the_rest() -> None:
    news = article("Israeli strike kills two in Beirut", "Israel struck a house in Beirut on Wednesday.")
    long = news.model_copy(update={"body": "The weather was mild. " * 100_000})

    ours, cut = coder().code(news), coder().code(long)
    assert cut.reason == f"{ours.reason}; {CUT}"
    assert cut.events == ours.events
