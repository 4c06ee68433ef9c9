"""What may be shown: text without signs that a terminal obeys, or that hide or reorder what a reader sees.

Not printable are the control characters (C0, DEL, C1), the separators of lines and paragraphs, bidirectional
marks, overrides and isolates, zero-width and other invisible format characters, tags, halves of surrogate
pairs, and U+FFFE and U+FFFF. The two joiners U+200C and U+200D stay: Persian and the scripts of India are
misspelt without them; so do the few Arabic and Kaithi signs that Unicode calls format, as they are seen.

``one_line`` is for a title, a reason, a cell of a table; ``same_length`` for a text whose offsets matter.
Neither escapes markup: that is the business of whoever writes HTML, Slack's format or rich's.
"""

import re

_PARTING = "\u0000-\u001f\u007f-\u009f\u2028\u2029"
_UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_PARTS = re.compile(f"[{_PARTING}]")
_HIDES = re.compile(f"[{_UNSEEN}]")
_BLANK_CONTROL = re.compile("[\t\v\f\r\u001c-\u001f\u0085\u2028\u2029]")
_OTHER = re.compile(f"[\u0000-\u0009\u000b-\u001f\u007f-\u009f{_UNSEEN}]")


def one_line(text: str) -> str:
    """The text on one line: control characters part words as blanks do, invisible signs are left out."""
    return " ".join(_HIDES.sub("", _PARTS.sub(" ", text)).split())


def same_length(text: str) -> str:
    """The text with one sign for each that is not printable, so that offsets still fit; lines stay lines."""
    return _OTHER.sub("\ufffd", _BLANK_CONTROL.sub(" ", text))
