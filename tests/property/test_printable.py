"""For all texts: nothing that a terminal obeys or a reader can't see gets through."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.printable import one_line, same_length

SEEN = {
    "\u200c",
    "\u200d",
    *map(chr, [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD]),
}
"""Format characters that stay: the two joiners, and signs that are seen although they are called format."""
HIDDEN = [
    sign
    for sign in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in SEEN
]
TEXT = st.lists(st.sampled_from(HIDDEN) | st.text(max_size=5)).map("".join)


def hidden(text: str) -> set[str]:
    return set(text) & set(HIDDEN)


def test_what_unicode_calls_a_control_or_format_is_known_to_us() -> None:
    assert not hidden(one_line("".join(HIDDEN)))
    assert hidden(same_length("".join(HIDDEN))) == {"\n"}


@given(TEXT)
@example("\x1b[2J\x9b31m\u202eevil\U000e0041")
def test_one_line_holds_nothing_hidden(text: str) -> None:
    shown = one_line(text)
    assert not hidden(shown)
    assert shown == " ".join(shown.split())
    assert one_line(shown) == shown
    shown.encode()


@given(TEXT)
def test_the_same_length_holds_nothing_hidden_and_moves_nothing(text: str) -> None:
    shown = same_length(text)
    assert hidden(shown) <= {"\n"}
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        assert after == before or (before in HIDDEN and after in " \ufffd") or before in "\ufffe\uffff"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Red\x1b[31m\x0b \n Herald", "Red [31m Herald"),
        ("harm\u202eless\u200b", "harmless"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("family \N{MAN}\u200d\N{WOMAN}", "family \N{MAN}\u200d\N{WOMAN}"),
        ("Zürich\u2028日本", "Zürich 日本"),
    ],
)
def test_words_stay_words(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_lines_stay_lines_and_tabs_become_blanks() -> None:
    assert same_length("Title\n\tBody\x1b[2J") == "Title\n Body\ufffd[2J"
