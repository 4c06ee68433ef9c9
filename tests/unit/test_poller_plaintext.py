"""HTML to plain text."""

import pytest

from services.poller.plaintext import cut, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Two quays hit", "Two quays hit"),
        ("<p>Two</p><p>quays</p>", "Two quays"),
        ("Two<br/>quays<br>hit", "Two quays hit"),
        ("un<b>broken</b>", "unbroken"),
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("&lt;p&gt;Escaped&lt;/p&gt;", "Escaped"),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2"),
        ("Q&A on R&D", "Q&A on R&D"),
        ("a\x00b\x1b[31mc\x85d", "a b [31mc d"),
        ("  much \n\t white\u00a0space ", "much white space"),
        ("harm\u202eless\u200b", "harmless"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("cafe\u0301", "café"),
        ("lone \ud800 half", "lone half"),
        ("<script>alert(1)</script>Text<style>p{}</style>", "Text"),
        ("<!-- hidden -->Shown", "Shown"),
        ("<![CDATA[Shown]]>", "Shown"),
        ('<img src="x" onerror="alert(1)"/>Shown', "Shown"),
        ('<a href="https://example.org">Linked</a> words', "Linked words"),
        ("<?xml version='1.0' encoding='utf-8'?><p>Shown</p>", "Shown"),
        ("<p>&#1;a&#27;[2Jb&#x1b;<script>&#2;</script>&#3;c", "a [2Jb c"),
        ("<p>&#1", ""),
        ("<p>Never closed", "Never closed"),
        ("</p>Stray", "Stray"),
        ("<ul><li>One<li>Two</ul>", "One Two"),
        ("", ""),
        ("<p></p>", ""),
    ],
)
def test_only_the_words_are_left(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_deep_nesting_is_survived_and_what_stands_outside_it_is_kept() -> None:
    assert plain("Before" + "<div>" * 5000 + "deep" + "</div>" * 5000).startswith("Before")


@pytest.mark.parametrize(
    ("text", "limit", "head", "rest"),
    [
        ("One. Two.", 100, "One. Two.", ""),
        ("One two three. Four five.", 20, "One two three.", "Four five."),
        ("One two three four", 10, "One two", "three four"),
        ("Onetwothreefour", 6, "Onetwo", "threefour"),
    ],
)
def test_text_is_cut_where_a_reader_would_pause(text: str, limit: int, head: str, rest: str) -> None:
    assert cut(text, limit) == (head, rest)
