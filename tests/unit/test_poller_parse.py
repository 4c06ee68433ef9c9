"""Bytes in, entries out; and when it is no feed, what it is instead."""

import json
from types import ModuleType
from typing import cast

import pytest

from services.poller import jsonfeed
from services.poller import parse as parse_module
from services.poller.parse import parse
from services.poller.parsed import Entry
from services.poller.plaintext import plain
from shared.errors import UnreadableFeed
from tests.support.poller import NOW, Item, entry, rss

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
<title>Harbour Watch</title><link href="https://watch.example.org/"/>
<entry><id>tag:watch.example.org,2026:1</id><title type="html">Shells &amp;amp; sirens</title>
<link rel="alternate" href="https://watch.example.org/1"/><updated>2026-03-05T11:00:00Z</updated>
<published>2026-03-05T10:00:00+02:00</published><summary>Two quays hit</summary>
<content type="html">&lt;p&gt;Two quays were hit, the port said.&lt;/p&gt;</content></entry></feed>"""


def test_an_rss_feed_gives_its_entries_in_order() -> None:
    feed = parse(rss(entry(1, summary="One"), entry(2, guid="g2")))
    assert (feed.title, feed.link, feed.cut_off) == ("Port X Herald", "https://herald.example.org/", False)
    assert [found.title for found in feed.entries] == ["Report 1", "Report 2"]
    first, second = feed.entries
    assert (first.summary, first.link) == ("One", "https://herald.example.org/1")
    assert second.guid == "g2"
    assert first.published_at == NOW.timestamp()
    assert first.published_as == "Thu, 05 Mar 2026 12:00:00 +0000"


def test_an_atom_feed_gives_published_before_updated_and_its_content() -> None:
    (found,) = parse(ATOM).entries
    assert found.published_as == "2026-03-05T10:00:00+02:00"
    assert found.published_at == NOW.timestamp() - 4 * 3600
    assert (found.summary, "were hit" in found.content) == ("Two quays hit", True)


def test_a_json_feed_is_a_feed() -> None:
    item = {
        "id": 7,
        "url": "https://watch.example.org/7",
        "title": "Sirens",
        "content_html": "<p>Sirens.</p>",
        "date_published": "2026-03-05T12:00:00Z",
        "tags": ["war", 3],
    }
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Watch",
        "language": "en",
        "items": [item, 5],
    }
    feed = parse(json.dumps(document).encode())
    (found,) = feed.entries
    assert (feed.title, feed.language) == ("Watch", "en")
    assert (found.guid, found.title, found.summary, found.categories) == (
        "7",
        "Sirens",
        "<p>Sirens.</p>",
        ("war",),
    )
    assert found.published_at == NOW.timestamp()


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse(rss()).entries == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is empty"),
        (b" \n\xef\xbb\xbf", "the body is empty"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "HTML page, not a feed: look on the site"),
        (b"\n<HTML lang=en><head></head></HTML>", "HTML page"),
        (b"<?xml version='1.0'?><catalog><cd/></catalog>", "root <catalog>, not RSS or Atom"),
        (b'{"items": []}', "JSON, but not a JSON Feed"),
        (b"[1, 2]", "JSON, but not a JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [', "broken or cut-off JSON"),
        (b"\x00\x01\x02\x03", "not text at all"),
        (b"/etc/passwd", "text without a feed"),
        (b"http://127.0.0.1/", "text without a feed"),
        (rss(entry(1))[:-60], "cut off before its first entry"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableFeed) as caught:
        parse(body)
    assert words in str(caught.value)


def test_an_html_page_that_names_its_feed_is_told_so() -> None:
    page = (
        b'<html><head><link rel="stylesheet" href="/x.css">'
        b'<link rel="alternate" type="application/rss+xml" href="/news/rss"></head></html>'
    )
    with pytest.raises(UnreadableFeed, match=r"add https://herald\.example\.org/news/rss instead"):
        parse(page, url="https://herald.example.org/news/")


def test_the_feed_that_a_page_names_can_not_speak_to_the_terminal() -> None:
    page = '<html><link type="application/rss+xml" href="/\x1b[2J\x9b\u202e\u2066rss"></html>'.encode()
    with pytest.raises(UnreadableFeed) as caught:
        parse(page, url="https://herald.example.org/")
    assert "\x1b" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_cut_off_feed_gives_the_entries_that_arrived_whole() -> None:
    whole = rss(entry(1), entry(2), entry(3))
    cut = parse(whole[: whole.index(b"Report 3") + 4])
    assert cut.cut_off
    assert [found.title for found in cut.entries] == ["Report 1", "Report 2"]
    after_the_last = parse(whole[: whole.rindex(b"</channel>")])
    assert (after_the_last.cut_off, len(after_the_last.entries)) == (True, 3)


def test_a_feed_with_a_comment_after_its_end_is_whole() -> None:
    assert not parse(rss(entry(1)) + b"<!-- served in 3 ms -->\n").cut_off


def test_harmless_faults_do_not_cost_a_feed_its_entries() -> None:
    broken = rss(Item("Fish & chips")).replace(b"&amp;", b"&")
    assert [found.title for found in parse(broken).entries] == ["Fish & chips"]


def test_utf8_is_believed_before_a_header_that_says_otherwise() -> None:
    undeclared = rss(Item("Zürich – Львів")).replace(b'<?xml version="1.0" encoding="UTF-8"?>', b"")
    (found,) = parse(undeclared, content_type="text/xml; charset=ISO-8859-1").entries
    assert found.title == "Zürich – Львів"


def test_the_header_is_believed_where_the_body_says_nothing() -> None:
    latin = (
        rss(Item("Zürich"))
        .decode()
        .replace('<?xml version="1.0" encoding="UTF-8"?>', "")
        .encode("iso-8859-1")
    )
    (found,) = parse(latin, content_type='text/xml; charset="iso-8859-1"').entries
    assert found.title == "Zürich"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&#55357;&#56485;", "💥"),
        ("&#xD83D;&#xdca5;", "💥"),
        ("&#0055357;&#XDCA5;", "💥"),
        ("&#55357; fire", "\ufffd fire"),
        ("&#56485;&#55357;", "\ufffd\ufffd"),
        ("&#55357;&#55357;&#56485;!", "\ufffd💥!"),
        ("&#xD83D;a&#8217;", "\ufffda’"),
        ("&#x110000;", "\ufffd"),
        ("&#99999999999999999999;", "\ufffd"),
    ],
)
@pytest.mark.parametrize("encoding", ["UTF-8", "windows-1251", "UTF-16"])
def test_halves_of_characters_cost_no_feed_its_entries(written: str, read: str, encoding: str) -> None:
    text = rss(entry(1), entry(2, "XX")).decode().replace("XX", written).replace("UTF-8", encoding)
    assert [found.title for found in parse(text.encode(encoding)).entries] == ["Report 1", read]


def test_halves_of_characters_in_cdata_are_joined_where_the_html_is_read() -> None:
    for shell in (
        "<![CDATA[&#55357;&#56485;]]>",
        "&amp;#55357;&amp;#56485;",
        "&lt;b>&amp;#xD83D;&amp;#56485;",
    ):
        (found,) = parse(rss(entry(1, "XX")).replace(b"XX", shell.encode())).entries
        assert plain(found.title) == "💥"


def test_halves_of_characters_in_json_are_replaced() -> None:
    items = [{"id": "a\ud800", "title": "b\udca5"}, {"id": "\ud83d\udca5"}]
    feed = parse(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode())
    assert [(found.guid, found.title) for found in feed.entries] == [("a\ufffd", "b\ufffd"), ("💥", "")]


@pytest.mark.parametrize("module", [parse_module, jsonfeed])
def test_an_entry_that_breaks_us_costs_no_other_entry(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    well = module._entry

    def breaks(found: dict[str, str]) -> Entry:
        if found["title"] == "broken":
            raise ZeroDivisionError("oops")
        return cast(Entry, well(found))

    monkeypatch.setattr(module, "_entry", breaks)
    items = [{"title": "broken"}, {"title": "Report 2"}]
    body = {
        parse_module: rss(entry(1, "broken"), entry(2)),
        jsonfeed: json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode(),
    }[module]
    feed = parse(body)
    assert [found.title for found in feed.entries] == ["Report 2"]
    assert feed.faults == ("ZeroDivisionError('oops')",)


def test_an_entity_bomb_stays_small_and_a_file_entity_empty() -> None:
    levels = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY b0 "aaaaaaaaaa">{levels}'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>t</title>'
        "<item><title>X&f;</title></item><item><title>&b9;</title></item></channel></rss>"
    )
    file, big = parse(bomb.encode()).entries
    assert "root" not in file.title
    assert len(big.title) < 100
