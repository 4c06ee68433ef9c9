"""For all bytes and texts: reading a feed gives articles or a sentence, and the articles are clean."""

import html
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.poller.entries import MAX_SUMMARY, MAX_TITLE, drafts, fingerprint
from services.poller.parse import parse
from services.poller.parsed import Entry, ParsedFeed
from services.poller.plaintext import cut, plain
from services.poller.surrogates import with_whole_references
from shared.contracts import Article
from shared.errors import UnreadableFeed
from tests.support.poller import NOW, entry, rss

WHOLE = rss(entry(1, summary="<p>One &amp; two</p>"), entry(2), entry(3))
MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<b", ">", "&amp;", "&lt;", "&#x", "<!--", "-->", "<![CDATA[", "]]>", "<script>"]
    )
    | st.text(max_size=8)
).map("".join)
TEXT = st.text(max_size=60) | MARKUP
ENTRIES = st.builds(
    Entry,
    guid=TEXT,
    link=TEXT | st.text(max_size=20).map("https://example.org/{}".format),
    title=TEXT,
    summary=TEXT,
    content=TEXT,
    published_as=TEXT,
    published_at=st.none() | st.integers(-(10**13), 10**13),
    language=TEXT,
    categories=st.lists(TEXT, max_size=3).map(tuple),
    source_url=TEXT,
)


def said_of(body: bytes) -> str:
    try:
        feed = parse(body, content_type="text/xml; charset=latin-1", url="https://example.org/")
    except UnreadableFeed as exc:
        return str(exc)
    return f"a feed with {len(feed.entries)} entries"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_a_sentence(body: bytes) -> None:
    assert len(said_of(body)) > 20


@given(st.integers(0, len(WHOLE)))
def test_a_feed_cut_anywhere_gives_whole_entries_only(length: int) -> None:
    try:
        feed = parse(WHOLE[:length])
    except UnreadableFeed:
        return
    assert [found.title for found in feed.entries] == ["Report 1", "Report 2", "Report 3"][
        : len(feed.entries)
    ]
    assert feed.cut_off or len(feed.entries) == 3


@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
@settings(max_examples=200)
def test_a_feed_damaged_anywhere_is_read_or_refused(at: int, damage: bytes) -> None:
    try:
        feed = parse(WHOLE[:at] + damage + WHOLE[at + len(damage) :])
    except UnreadableFeed:
        return
    drafts(feed, feed_id="feed_1", feed_url="https://example.org/", fetched_at=NOW)


REFERENCES = st.lists(
    st.integers(0, 2**40).map("&#{};".format)
    | st.integers(0xD700, 0xE000).map("&#{}".format)
    | st.integers(0xD7F0, 0xE010).map("&#x{:X};".format)
    | st.sampled_from(["&#", "&#x", ";", " ", "7", "a", "z", "<![CDATA[", "]]>", "&#x110000;"])
).map("".join)


@given(REFERENCES)
@settings(max_examples=200)
def test_no_reference_costs_a_feed_its_other_entries(references: str) -> None:
    body = rss(entry(1), entry(2, "XX"), entry(3)).replace(b"XX", references.encode())
    titles = [found.title for found in parse(body).entries]
    assert titles[0] == "Report 1"
    "".join(titles).encode()
    if "CDATA" not in references:
        assert titles[2:] == ["Report 3"]


@given(st.text(st.characters(min_codepoint=0x10000), min_size=1, max_size=5), st.text(max_size=10))
def test_a_character_written_as_two_references_is_that_character(signs: str, between: str) -> None:
    units = signs.encode("utf-16-be")
    written = "".join(f"&#x{units[at : at + 2].hex()};" for at in range(0, len(units), 2))
    assert html.unescape(with_whole_references(between.replace("&", "") + written)).endswith(
        html.unescape("".join(f"&#{ord(sign)};" for sign in signs))
    )


@given(st.text() | MARKUP)
def test_whole_references_stay_as_they_are(markup: str) -> None:
    escaped = f"{markup.replace('#', '')}&#38;&#x26;&#8217;"
    assert with_whole_references(escaped) == escaped


@given(TEXT)
@example("\x00<p>\ud800\u202e")
def test_plain_text_is_clean_and_on_one_line(markup: str) -> None:
    text = plain(markup)
    assert text == text.strip()
    assert "  " not in text
    assert not [sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(text) & set("\u202a\u202e\u2066\u2069\u200b\ufeff")
    text.encode()


@given(TEXT, st.integers(1, 50))
def test_cutting_loses_no_word(markup: str, limit: int) -> None:
    text = plain(markup)
    head, rest = cut(text, limit)
    assert len(head) <= limit
    assert (head + rest).replace(" ", "") == text.replace(" ", "")


@given(st.lists(ENTRIES, max_size=6))
def test_articles_are_of_one_identity_each_never_of_the_future_and_stay_the_same(
    entries: list[Entry],
) -> None:
    feed = ParsedFeed("Herald", "https://herald.example.org/", "en", tuple(entries))
    assert drafts(feed, feed_id="feed_1", feed_url="https://example.org/", fetched_at=NOW).faults == ()
    taken = drafts(feed, feed_id="feed_1", feed_url="https://herald.example.org/rss", fetched_at=NOW).drafts
    assert len({draft.article_id for draft in taken}) == len(taken)
    again = drafts(feed, feed_id="feed_1", feed_url="https://herald.example.org/rss", fetched_at=NOW)
    assert taken == again.drafts
    for draft in taken:
        article = Article.from_json(draft.article)
        assert article.id == draft.article_id
        assert article.published_at <= article.fetched_at
        assert article.published_at.year >= 1990
        assert article.title or article.summary
        assert len(article.title) <= MAX_TITLE
        assert len(article.summary) <= MAX_SUMMARY
        assert article.url == "" or article.url.startswith(("http://", "https://"))


@given(
    st.text(
        alphabet=st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x24F), min_size=1, max_size=40
    )
)
def test_case_and_punctuation_change_no_fingerprint(word: str) -> None:
    assert fingerprint(word, "") == fingerprint(f"  {word} !", "")
    assert fingerprint(word.lower(), "") == fingerprint(word.lower().casefold(), "")
