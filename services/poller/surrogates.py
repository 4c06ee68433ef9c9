"""Halves of characters, made whole: signs beyond U+FFFF that someone wrote as two UTF-16 surrogates.

``&#55357;&#56485;`` is meant to be one explosion. XML and HTML know no such references, and one of them makes
feedparser give up the whole feed.
"""

import codecs
import re

# Possessive, or five million bytes of references would take 300 MB to remember ways back.
_REFERENCES = re.compile(r"(?:&#(?:[xX][0-9a-fA-F]++|[0-9]++)(?:;|(?![0-9a-fA-F;])))++")
_REFERENCE = re.compile(r"&#([xX]?)([0-9a-fA-F]+);?")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LARGEST = 0x10FFFF
_DIGITS = 10
"""No character's number is longer, but for zeros before it; ``int`` is slow on very long ones."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def mended(body: bytes) -> bytes:
    """``body`` with whole characters in its numeric references; bytes without such a fault as they are.

    What is joined stays a reference: it means the same in every encoding, and in CDATA what it meant there.
    """
    codec = "utf-16" if body.startswith(_WIDE) else "latin-1"  # latin-1 keeps every byte of any encoding
    if codec == "latin-1" and b"&#" not in body:
        return body
    text = body.decode(codec, errors="replace")
    joined = with_whole_references(text)
    return body if joined == text else joined.encode(codec)


def with_whole_references(markup: str) -> str:
    """``markup`` with pairs of surrogates in one reference; lone ones and numbers too large are U+FFFD."""
    return _REFERENCES.sub(_whole, markup)


def without_halves(text: str) -> str:
    """``text`` with its surrogates joined, or U+FFFD where there is nothing to join."""
    if not _SURROGATES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _whole(run: re.Match[str]) -> str:
    signs = "".join(_sign(found[1], found[2]) for found in _REFERENCE.finditer(run[0]))
    whole = without_halves(signs)
    if whole == signs and "\ufffd" not in signs:
        return run[0]
    return "".join(f"&#{ord(sign)};" for sign in whole)


def _sign(prefix: str, digits: str) -> str:
    shortened = digits.lstrip("0") or "0"
    number = int(shortened, 16 if prefix else 10) if len(shortened) <= _DIGITS else _LARGEST + 1
    return chr(number) if number <= _LARGEST else "\ufffd"
