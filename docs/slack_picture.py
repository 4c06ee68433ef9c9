"""A message for Slack drawn as Slack shows it, as SVG, from the very JSON that Slack is sent."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH, MARGIN, LEFT, LINE = 880, 24, 76, 23
"""Pixels: the picture, around it, where text begins, from one line to the next."""
COLUMNS = 92
"""Characters of a full line at the size that is used; half of it in a column of fields."""
_MARKUP = re.compile(r"\*([^*]+)\*|<([^>|]+)\|?([^>]*)>|([^*<]+)")
_BELL = "a10 10 0 0 1 10 10 v7 l3 4 h-26 l3 -4 v-7 a10 10 0 0 1 10 -10 z m-3 23 h6 a3 3 0 0 1 -6 0 z"
_STYLE = """
    .page { fill: #ffffff; stroke: #dddddd; } .ink { fill: #1d1c1d; }
    .soft { fill: #616061; } .link { fill: #1264a3; }
    .app { fill: #e8e8e8; } .face { fill: #2b2d42; }
    text { font-family: Lato, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; font-size: 15px; }
    .strong { font-weight: 700; } .small { font-size: 12.5px; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #1a1d21; stroke: #35373b; } .ink { fill: #d1d2d3; }
      .soft { fill: #ababad; } .link { fill: #1d9bd1; }
      .app { fill: #35373b; } .face { fill: #8d99ae; }
    }"""


class Drawing:
    """Lines of text from the top down; ``y`` is where the next one goes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = MARGIN + 12

    def text(self, markup: str, x: int, columns: int, kind: str = "ink") -> None:
        """Write ``markup`` from ``x`` on, wrapped at ``columns`` characters."""
        for line in _wrapped(markup, columns):
            spans = "".join(_span(style, text) for style, text in line)
            self.parts.append(
                f'<text class="{kind}" x="{x}" y="{self.y}" xml:space="preserve">{spans}</text>'
            )
            self.y += LINE


def draw(message: Mapping[str, Any], said_at: str) -> str:
    """The picture of ``message``, an incoming webhook's JSON as ``slack_message.lay_out`` makes it."""
    drawing = Drawing()
    drawing.parts.append(
        f'<rect class="face" x="{MARGIN}" y="{MARGIN - 4}" width="38" height="38" rx="8"/>'
        f'<path d="M{MARGIN + 19} {MARGIN + 3} {_BELL}" fill="#ffffff"/>'
        f'<text class="ink strong" x="{LEFT}" y="{drawing.y}">Tocsin</text>'
        f'<rect class="app" x="{LEFT + 53}" y="{drawing.y - 12}" width="31" height="15" rx="3"/>'
        f'<text class="soft small" x="{LEFT + 57}" y="{drawing.y}">APP</text>'
        f'<text class="soft small" x="{LEFT + 92}" y="{drawing.y}">{said_at}</text>'
    )
    drawing.y += LINE
    drawing.text(message["text"], LEFT, COLUMNS)
    card = message["attachments"][0]
    top = drawing.y - 10
    drawing.y += 10
    for block in card["blocks"]:
        _block(drawing, block)
    bottom = drawing.y - LINE + 12
    drawing.parts.append(
        f'<rect x="{LEFT}" y="{top}" width="4" height="{bottom - top}" rx="2" fill="{card["color"]}"/>'
    )
    height = bottom + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n'
        f"  <title>An alert of Tocsin in Slack</title>\n  <style>{_STYLE}\n  </style>\n"
        f'  <rect class="page" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>\n  '
        + "\n  ".join(drawing.parts)
        + "\n</svg>\n"
    )


def _block(drawing: Drawing, block: Mapping[str, Any]) -> None:
    inside = LEFT + 18
    if "fields" in block:
        half = (WIDTH - inside - MARGIN) // 2
        texts = [field["text"] for field in block["fields"]]
        for left, right in zip(texts[::2], [*texts[1::2], ""], strict=False):
            top = drawing.y
            drawing.text(left, inside, COLUMNS // 2 - 4)
            bottom, drawing.y = drawing.y, top
            drawing.text(right, inside + half, COLUMNS // 2 - 4)
            drawing.y = max(bottom, drawing.y) + 6
    elif block["type"] == "context":
        for element in block["elements"]:
            drawing.text(element["text"], inside, COLUMNS + 12, "soft small")
    else:
        drawing.text(block["text"]["text"], inside, COLUMNS - 2)
        drawing.y += 6


def _wrapped(markup: str, columns: int) -> Iterator[list[tuple[str, str]]]:
    """Lines of ``(style, text)``; markup may not span lines of its own, and a line breaks between words."""
    for paragraph in markup.split("\n"):
        line: list[tuple[str, str]] = []
        room = columns
        for style, text in _styled(paragraph):
            for word in re.findall(r"\s*\S+|\s+$", text):
                if len(word) > room and line:
                    yield line
                    line, room, word = [], columns, word.lstrip()
                line.append((style, word))
                room -= len(word)
        yield line


def _styled(text: str) -> Iterator[tuple[str, str]]:
    for strong, address, label, plain in _MARKUP.findall(text):
        style = "strong" if strong else "link" if address else ""
        yield style, html.unescape(strong or label or address or plain)


def _span(style: str, text: str) -> str:
    shown = html.escape(text)
    return f'<tspan class="{style}">{shown}</tspan>' if style else shown
