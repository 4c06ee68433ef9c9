"""News with any Unicode strewn over it: events are still coded, and each piece of evidence is in its place.

Random text alone would prove little, as nothing is coded in it. So whole sentences of the press are put
between the noise, and often enough an event must come out.
"""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import Article, Coding
from tests.unit.coding.reading import coder

NOON = datetime(2024, 3, 14, 12, tzinfo=UTC)
ATTACKERS = (
    "Israeli warplanes",
    "The Russian army",
    "Islamic State gunmen",
    "Al-Shabaab fighters",
    "US forces",
)
VICTIMS = ("Hezbollah fighters", "Ukrainian soldiers", "two policemen", "five civilians", "Syrian troops")
PLACES = ("Beirut", "Kharkiv", "Mogadishu", "northern Mali", "Gao, Mali", "the Gaza Strip", "Erbil air base")
COUNTS = ("3", "at least 12", "five", "dozens of", "1,140", "more than 30", "٣", "２０")
DAYS = ("on Monday", "overnight", "on 12 March", "earlier on Wednesday", "last week")
sentences = st.one_of(
    st.builds("{} killed {} in {} {}.".format, *map(st.sampled_from, (ATTACKERS, VICTIMS, PLACES, DAYS))),
    st.builds(
        "{} people were killed and {} wounded when {} shelled {} {}.".format,
        *map(st.sampled_from, (COUNTS, COUNTS, ATTACKERS, PLACES, DAYS)),
    ),
    st.builds(
        "A drone strike by {} on {} near {} wounded {} people {}.".format,
        *map(st.sampled_from, (ATTACKERS, VICTIMS, PLACES, COUNTS, DAYS)),
    ),
    st.builds(
        "Hamas claimed responsibility for the rocket attack on {}, which answered a raid by {}.".format,
        st.sampled_from(PLACES),
        st.sampled_from(ATTACKERS),
    ),
    st.builds(
        "Iran imposed sanctions on {} officials after missiles hit {}.".format,
        st.sampled_from(("US", "British", "Israeli")),
        st.sampled_from(PLACES),
    ),
)
BLANKS = ("\n", "\r\n", "\t", "\u2028", "\x85", "\u00a0", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u202e")
MARKS = (
    "e\u0301",
    "a\u0308\u0323",
    "\u0301",
    "K\u0327yiv",
    "İ",
    "ß",
    "ﬁ",
    "ŉ",
    "\u0430ttack",
    "killed\u200b",
)
OTHERS = (
    "שלום",
    "قتل خمسة",
    "٢٠٢٤",
    "１２",
    "Ⅻ",
    "½",
    "²",
    "𝟝",
    "👩\u200d👩\u200d👧",
    "🇺🇦",
    "\U00010348",
    "\ufffd",
)
SIGNS = ("\x00", "\x1b[31m", "“", "”", "((", "]", "…", "’s", "- ", "x" * 3000, "Israël’s", "12\u00a0000")
STRANGE = BLANKS + MARKS + OTHERS + SIGNS
noise = st.one_of(
    st.sampled_from(STRANGE),
    st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace").decode()),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
)


@st.composite
def strewn(draw: st.DrawFn) -> str:
    """Sentences with noise before, after and now and then within them."""
    pieces = []
    for sentence in draw(st.lists(sentences, min_size=1, max_size=4)):
        cut = draw(st.integers(0, len(sentence))) if draw(st.integers(0, 3)) == 0 else len(sentence)
        pieces += [draw(noise), sentence[:cut], draw(noise) if cut < len(sentence) else "", sentence[cut:]]
    return " ".join((*pieces, draw(noise)))


texts = st.one_of(strewn(), noise, st.just(""))
articles = st.builds(
    lambda title, summary, body: Article(
        id="art_any", title=title, summary=summary, body=body, published_at=NOON, fetched_at=NOON
    ),
    texts,
    strewn(),
    texts,
)


def evidence_stands(article: Article, coding: Coding) -> None:
    for event in coding.events:
        for evidence in event.evidence:
            assert 0 <= evidence.start < evidence.end <= len(article.text)
            assert article.text[evidence.start : evidence.end] == evidence.text


def test_evidence_stands_where_it_says_whatever_surrounds_it() -> None:
    coded: list[bool] = []

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(articles)
    def holds(article: Article) -> None:
        coding = coder().code(article)
        evidence_stands(article, coding)
        coded.append(bool(coding.events))

    holds()
    assert sum(coded) >= len(coded) / 2, "the noise drowned the news: this test proves little"


@settings(max_examples=60, deadline=None)
@given(sentences, st.text(alphabet="\u0301\u200b\U0001f642é\u202e", max_size=20))
def test_offsets_are_code_points_after_signs_of_any_width(sentence: str, before: str) -> None:
    plain = Article(id="art_any", summary=sentence, published_at=NOON, fetched_at=NOON)
    moved = plain.model_copy(update={"title": "", "summary": f"{before}\n{sentence}"})
    shift = len(before) + 1

    def places(article: Article) -> list[tuple[str, int, str]]:
        events = coder().code(article).events
        return [(each.field, each.start, each.text) for event in events for each in event.evidence]

    assert places(moved) == [(field, start + shift, text) for field, start, text in places(plain)]
