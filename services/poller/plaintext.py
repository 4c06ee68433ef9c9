"""HTML in, plain text out: no markup, no control characters, one space between words.

The only file of the poller that imports ``lxml``. What it returns is safe to print in a terminal and
to store; it still has to be escaped wherever ``<`` or ``&`` mean something.
"""

import html
import re
import unicodedata

from lxml import etree
from lxml import html as lxml_html

from services.poller.surrogates import with_whole_references
from shared.printable import one_line

MAX_MARKUP = 300_000
"""Characters of markup that are looked at; longer entries exist, longer news does not."""

_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--|<\?")
_UNREAD = ("script", "style", "template", "iframe", "object", "noscript", "svg", "math", "form", "button")
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr"),
    "ul",
)


def plain(markup: str) -> str:
    """The words of ``markup``, or of plain text, on one line; ``5 < 6 & 7`` stays what it says."""
    text = _CDATA.sub("", one_line(markup[:MAX_MARKUP]))
    for _ in range(2):  # twice, as many feeds escape what was escaped before
        if _TAG.search(text):
            text = _text_of(text)
        elif "&" in text:
            text = html.unescape(with_whole_references(text))
        else:
            break
    return one_line(unicodedata.normalize("NFC", text))


def _text_of(markup: str) -> str:
    try:
        root = lxml_html.fragment_fromstring(with_whole_references(markup), create_parent="div")
    except (etree.LxmlError, ValueError):
        return html.unescape(_TAG.sub(" ", markup))
    etree.strip_elements(root, *_UNREAD, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    # Read and never written: lxml refuses to write the control characters that "&#1;" lets it read.
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        parts.append(" " if element.tag in _BLOCKS else "")
        parts.append((element.text if event == "start" else element.tail) or "")
    return "".join(parts)


def cut(text: str, limit: int) -> tuple[str, str]:
    """``text`` parted at the last sentence or word that ends within ``limit``: what fits, and the rest."""
    if len(text) <= limit:
        return text, ""
    head = text[:limit]
    end = max(head.rfind(stop) + len(stop) for stop in (". ", "! ", "? "))
    if end < limit // 2:
        end = head.rfind(" ") + 1
    if end <= 0:
        end = limit
    return text[:end].rstrip(), text[end:].lstrip()
