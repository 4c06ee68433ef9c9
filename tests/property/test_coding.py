"""For any text whatever: the coder answers, its evidence fits, and its parts agree with each other."""

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.classifier.coding.events.severity import severity_of
from services.classifier.coding.lines import article_from_line, coding_to_line
from services.classifier.coding.text.sentences import read
from shared.contracts import Article
from shared.errors import BadInput
from tests.unit.coding.reading import coder

PIECES = (
    "Israel",
    "Israeli airstrike",
    "the US",
    "U.S. troops",
    "Kata'ib Hizballah",
    "gunmen",
    "killed",
    "kills",
    "killing",
    "wounded",
    "at least",
    "five",
    "1,140",
    "103 attacks",
    "people",
    "soldiers",
    "in Mali",
    "Gao, Mali",
    "on Monday",
    "October 7",
    "since",
    "by",
    "on",
    "after",
    "in response to",
    "claimed responsibility",
    "denied",
    "drone",
    "missiles",
    "fired",
    "struck",
    "sanctions",
    "imposed",
    "expelled",
    "diplomats",
    "if",
    "could",
    "who",
    ".",
    ",",
    ";",
    "\u201c",
    "\u201d",
    '"',
    "-",
    "\u2013",
    "$",
    "\n",
    "99999999999999999999",
    "31 February 2024",
    "\u2019s",
    "\u202e",
    "\u00e9",
    "\u0000",
    "\ud83d\ude42",
)
anything = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300)
newslike = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
texts = st.one_of(anything, newslike)
days = st.integers(min_value=-600_000_000, max_value=4_000_000_000).map(
    lambda s: datetime.fromtimestamp(s, UTC)
)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def article(title: str, summary: str, body: str, on: datetime) -> Article:
    return Article(id="art_any", title=title, summary=summary, body=body, published_at=on, fetched_at=on)


@relaxed
@given(texts, texts, texts, days)
def test_evidence_is_cut_from_the_article(title: str, summary: str, body: str, on: datetime) -> None:
    given_article = article(title, summary, body, on)
    coding = coder().code(given_article)
    for event in coding.events:
        for evidence in event.evidence:
            assert given_article.text[evidence.start : evidence.end] == evidence.text
            assert evidence.text


@relaxed
@given(texts, texts, texts, days)
def test_a_coding_agrees_with_itself(title: str, summary: str, body: str, on: datetime) -> None:
    coding = coder().code(article(title, summary, body, on))
    mains = [event for event in coding.events if event.main]
    assert len(mains) == (1 if any(not event.recalled for event in coding.events) else 0)
    assert len(coding.events) == 1 or not any(event.recalled for event in coding.events)
    assert coding.escalation == (bool(mains) and mains[0].escalates)
    assert (coding.score >= 0.5) == coding.escalation
    assert (coding.severity is None) == (not mains)
    assert coding.reason
    for number, event in enumerate(coding.events):
        assert (event.occurred_on is None) == (event.date_precision is None)
        if event.responds_to is not None and event.responds_to.event is not None:
            assert 0 <= event.responds_to.event < len(coding.events)
            assert event.responds_to.event != number
        for count in (event.casualties.killed, event.casualties.injured):
            assert count is None or 0 <= count.low <= count.high


@relaxed
@given(texts, texts, texts, days)
def test_the_same_text_is_coded_the_same(title: str, summary: str, body: str, on: datetime) -> None:
    given_article = article(title, summary, body, on)
    assert coder().code(given_article) == coder().code(given_article)


@relaxed
@given(texts, texts, texts, days)
def test_severity_is_the_sum_of_its_terms(title: str, summary: str, body: str, on: datetime) -> None:
    for event in coder().code(article(title, summary, body, on)).events:
        severity = severity_of(event)
        if event.direction == "escalatory":
            assert severity.score == min(100.0, round(sum(term.points for term in severity.terms), 1))
        assert all(term.reason for term in severity.terms)


@relaxed
@given(texts, texts, texts, days)
def test_words_stand_where_they_say(title: str, summary: str, body: str, on: datetime) -> None:
    given_article = article(title, summary, body, on)
    for sentence in read(given_article)[0]:
        assert given_article.text[sentence.start : sentence.end] == sentence.text
        for word in sentence.words:
            assert given_article.text[word.start : word.end] == word.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("id", "published_at", "outlet", "url", "title", "summary", "body")


@relaxed
@given(st.one_of(json_values, st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, json_values))))
def test_any_line_is_an_article_or_bad_input(value: object) -> None:
    try:
        read_article = article_from_line(value)
    except BadInput:
        return
    line = coding_to_line(coder().code(read_article), read_article.id)
    assert json.loads(json.dumps(line)) == line
