"""Entries to articles: identity, text, dates, outlet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.poller import entries
from services.poller.entries import MAX_SUMMARY, Draft, drafts, fingerprint
from services.poller.parsed import Entry, ParsedFeed
from services.poller.poll import silent, undated
from shared.contracts import Article, derive_id
from tests.support.poller import NOW

FEED_URL = "https://feeds.herald.example.org/rss"
ONE = Entry(
    guid="g1",
    link="https://www.herald.co.uk/2026/port-x?utm_source=rss",
    title="Port X shelled",
    summary="Two quays were hit.",
    published_at=int(NOW.timestamp()),
    published_as="Thu, 05 Mar 2026 12:00:00 GMT",
)


def take(*entries: Entry, language: str = "", link: str = "", url: str = FEED_URL) -> list[Draft]:
    feed = ParsedFeed("Herald", link, language, entries)
    return drafts(feed, feed_id="feed_1", feed_url=url, fetched_at=NOW + timedelta(minutes=1)).drafts


def article(entry: Entry, **rest: str) -> Article:
    (found,) = take(entry, **rest)
    return Article.from_json(found.article)


def test_an_entry_becomes_an_article() -> None:
    taken = article(replace(ONE, categories=("War", "", "War", "<b>Ports</b>")), language="en-GB")
    assert taken.url == "https://www.herald.co.uk/2026/port-x"
    assert taken.id == derive_id("https://www.herald.co.uk/2026/port-x")
    assert (taken.outlet, taken.language, taken.feed_id) == ("herald.co.uk", "en", "feed_1")
    assert (taken.title, taken.summary, taken.body) == ("Port X shelled", "Two quays were hit.", "")
    assert (taken.published_at, taken.published_as) == (NOW, "Thu, 05 Mar 2026 12:00:00 GMT")
    assert taken.categories == ("War", "Ports")


# ---- identity -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "https://www.herald.co.uk/2026/port-x",
        "http://www.herald.co.uk/2026/port-x",
        "https://WWW.herald.co.uk:443/2026/port-x?utm_medium=feed&fbclid=1",
    ],
)
def test_one_page_is_one_article_whatever_its_link_is_decorated_with(link: str) -> None:
    assert article(replace(ONE, link=link, guid="other")).id == article(ONE).id


def test_a_reused_guid_with_a_new_link_is_a_new_article() -> None:
    assert article(replace(ONE, link="https://www.herald.co.uk/2026/port-y")).id != article(ONE).id


def test_without_a_link_the_guid_names_the_article_within_its_feed() -> None:
    assert article(replace(ONE, link="")).id == derive_id(None, "feed_1", "g1")


def test_without_link_and_guid_the_words_do() -> None:
    bare = replace(ONE, link="", guid="")
    assert article(bare).id == article(bare).id
    assert article(bare).id != article(replace(bare, title="Port Y shelled")).id


def test_entries_that_all_link_to_the_front_page_are_articles_of_their_own() -> None:
    front = replace(ONE, link="https://www.herald.co.uk/", guid="")
    assert len(take(front, replace(front, title="Port Y shelled"))) == 2


def test_entries_that_share_a_page_are_told_apart_by_guid() -> None:
    live = replace(ONE, link="https://www.herald.co.uk/live")
    assert len(take(live, replace(live, guid="g2", title="Port Y shelled"))) == 2


def test_an_entry_printed_twice_is_one_article() -> None:
    assert len(take(ONE, replace(ONE, guid="again"))) == 1


def test_a_relative_link_is_of_the_feed() -> None:
    taken = article(replace(ONE, link="/2026/x"), url="https://herald.example.org/rss")
    assert taken.url == "https://herald.example.org/2026/x"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:desk@example.org", "http://", "http://[::1"])
def test_a_link_that_leads_nowhere_is_left_out(link: str) -> None:
    assert article(replace(ONE, link=link)).url == ""


def test_an_entry_without_words_is_no_article() -> None:
    assert take(replace(ONE, title=" ", summary="<p></p>")) == []


# ---- fingerprint --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("PORT X SHELLED", "Two quays were hit"),
        ("Port X – shelled!", "Two  quays\nwere hit."),
        ("“Port X” shelled", "Two quays were hit…"),
    ],
)
def test_a_trivial_edit_is_no_new_revision(title: str, summary: str) -> None:
    assert fingerprint(title, summary) == fingerprint("Port X shelled", "Two quays were hit.")


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Port X shelled again", "Two quays were hit."),
        ("Port X shelled", "Three quays were hit."),
        ("", "Port X shelled Two quays were hit."),
    ],
)
def test_a_material_edit_is_a_new_revision(title: str, summary: str) -> None:
    assert fingerprint(title, summary) != fingerprint("Port X shelled", "Two quays were hit.")


def test_an_apostrophe_of_any_shape_is_the_same_word() -> None:
    assert len({fingerprint(title, "") for title in ("Peru's port", "Peru’s port", "Perus port")}) == 1


def test_words_of_other_scripts_count() -> None:
    assert fingerprint("基辅遭袭", "") != fingerprint("敖德萨遭袭", "")


# ---- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published_at", "printed"),
    [
        (None, ""),
        (None, "last Thursday, GMT+9"),
        (int((NOW + timedelta(days=3)).timestamp()), "in three days"),
        (-6_279_000_000, "1771"),
        (10**15, "the year 31690708"),
        (-(10**18), "before the beginning"),
    ],
)
def test_a_date_that_cannot_be_is_when_we_fetched_it(published_at: int | None, printed: str) -> None:
    taken = article(replace(ONE, published_at=published_at, published_as=printed))
    assert taken.published_at == taken.fetched_at
    assert taken.published_as == (printed or None)


def test_the_oldest_comes_first() -> None:
    older = replace(ONE, link="https://www.herald.co.uk/old", published_at=int(NOW.timestamp()) - 60)
    undated = replace(ONE, link="https://www.herald.co.uk/undated", published_at=None)
    urls = [Article.from_json(draft.article).url for draft in take(undated, ONE, older)]
    assert [url.rpartition("/")[2] for url in urls] == ["old", "port-x", "undated"]


def test_the_old_and_the_undated_are_told_apart() -> None:
    day_ago = NOW - timedelta(days=1)
    found = take(
        ONE,
        replace(ONE, link="https://h.example.org/old", published_at=int(day_ago.timestamp()) - 1),
        replace(ONE, link="https://h.example.org/undated", published_at=None),
    )
    assert silent(found, day_ago) == {derive_id("https://h.example.org/old")}
    assert undated(found) == {derive_id("https://h.example.org/undated")}


def test_undated_articles_come_from_the_feeds_end_to_its_beginning() -> None:
    undated_ones = [replace(ONE, link=f"https://h.example.org/{n}", published_at=None) for n in range(3)]
    urls = [Article.from_json(draft.article).url for draft in take(*undated_ones)]
    assert [url[-1] for url in urls] == ["2", "1", "0"]


def test_an_entry_that_breaks_us_costs_no_other_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(markup: str) -> str:
        if "broken" in markup:
            raise ZeroDivisionError("oops")
        return markup

    monkeypatch.setattr(entries, "plain", breaks)
    feed = ParsedFeed("", "", "", (ONE, replace(ONE, title="broken", link="https://h.example.org/2")), False)
    taken = entries.drafts(feed, feed_id="feed_1", feed_url="https://h.example.org/", fetched_at=NOW)
    assert [Article.from_json(draft.article).title for draft in taken.drafts] == [ONE.title]
    assert taken.faults == ("ZeroDivisionError('oops')",)


def test_a_link_that_breaks_courlan_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: str) -> str:
        raise TypeError("oops")

    monkeypatch.setattr(entries.courlan, "clean_url", breaks)
    assert article(ONE).url == ""


# ---- text, outlet, language ---------------------------------------------------------------------


def test_a_long_summary_goes_on_in_the_body() -> None:
    long = " ".join(f"Sentence number {number} of the report." for number in range(200))
    taken = article(replace(ONE, summary=long))
    assert len(taken.summary) <= MAX_SUMMARY
    assert taken.summary.endswith(".")
    assert f"{taken.summary} {taken.body}" == long


def test_full_content_is_the_body() -> None:
    taken = article(replace(ONE, content="<p>Two quays were hit.</p><p>Nobody was hurt.</p>"))
    assert (taken.summary, taken.body) == ("Two quays were hit.", "Two quays were hit. Nobody was hurt.")


@pytest.mark.parametrize(
    "tail",
    [
        " The post Port X shelled appeared first on Port X Herald.",
        " The post Port X shelled first appeared on The Herald.",
        " Continue reading...",
        " Read more",
    ],
)
def test_what_the_publishing_software_adds_is_left_out(tail: str) -> None:
    assert article(replace(ONE, summary=ONE.summary + tail)).summary == ONE.summary


@pytest.mark.parametrize(
    ("entry", "feed_link", "outlet"),
    [
        (ONE, "", "herald.co.uk"),
        (
            replace(ONE, link="https://news.google.com/articles/x", source_url="https://www.courier.org"),
            "",
            "courier.org",
        ),
        (replace(ONE, link="https://feeds.feedburner.com/~r/x"), "https://www.herald.co.uk/", "herald.co.uk"),
        (replace(ONE, link=""), "https://herald.org/", "herald.org"),
        (replace(ONE, link="http://127.0.0.1:8000/x"), "", "127.0.0.1"),
    ],
)
def test_the_outlet_is_who_published_it(entry: Entry, feed_link: str, outlet: str) -> None:
    assert article(entry, link=feed_link).outlet == outlet


@pytest.mark.parametrize(
    ("of_entry", "of_feed", "language"),
    [
        ("", "en-us", "en"),
        ("sk", "en", "sk"),
        ("", "", None),
        ("", "english", None),
        ("zh_CN", "", "zh"),
        ("us", "", None),
        ("fil", "", "fil"),
    ],
)
def test_the_language_is_the_primary_subtag(of_entry: str, of_feed: str, language: str | None) -> None:
    assert article(replace(ONE, language=of_entry), language=of_feed).language == language
