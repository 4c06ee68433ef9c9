"""An alert for Mattermost and other chats that take Slack's hooks but not its blocks: a plain attachment.

The same words as in ``slack_message``. These chats render Markdown and ring on ``@channel``, ``@all`` and
``@here`` as they stand: a text from outside can do neither.
"""

import re
from datetime import datetime
from typing import Any

from services.notifier.channels.words import Dialect, Words
from shared.contracts import Alert
from shared.printable import one_line

_APART = "\u200b"
"""A sign that nobody sees, between a mark and what it would make a mention, a hashtag or a link of."""
_MARKUP = re.compile(r"[\\`*_\[\]]")
_RINGS = re.compile(r"[@#~]|://|www\.", re.IGNORECASE)
_BEGINS = re.compile(r"^(?:[-+=]|\d{1,9}(?=[.)]))")
# As entities they would be read back by some of these chats and shown as they are by others.
_BRACKETS = str.maketrans({"<": "\u2039", ">": "\u203a"})


def lay_out(
    alert: Alert,
    now: datetime,
    public_url: str = "",
    *,
    rang_at: datetime | None = None,
    repeat: bool = False,
) -> dict[str, Any]:
    """The message as a plain attachment; short whatever the alert holds.

    ``rang_at``: since when it is late, if that is not the alert's own time.
    """
    words = Words(alert, now, DIALECT, public_url, rang_at)
    parts = (words.sentence(), words.changes(), words.going_on(), words.quote(), words.sources())
    below = "\n\n".join(filter(None, (*parts, words.footer(repeat=repeat))))
    return {
        "text": words.title(),
        "attachments": [
            {
                "color": words.colour(),
                "fallback": words.headline(),
                "text": below,
                "fields": [{"title": name, "value": value, "short": True} for name, value in words.fields()],
            }
        ],
    }


def escape(text: str, limit: int) -> str:
    """The text on one line, without Markdown, mentions, links or invisible signs, at most ``limit`` long."""
    shown = one_line(text[:5000]).translate(_BRACKETS)
    out: list[str] = []
    room, at = limit - 1, 0
    while at < len(shown):
        written, at = _written(shown, at)
        room -= len(written)
        if room < 0:
            return "".join(out) + "…"
        out.append(written)
    return "".join(out)


def _written(shown: str, at: int) -> tuple[str, int]:
    """What is written for the sign at ``at``, whole, so that a cut never parts it; and where the next is."""
    if at == 0 and (begins := _BEGINS.match(shown)):
        # A list or a heading; after digits the dot is what makes it one.
        return (begins[0] + _APART if begins[0].isdigit() else "\\" + begins[0]), begins.end()
    if rings := _RINGS.match(shown, at):
        return rings[0][0] + _APART + rings[0][1:] + (_APART if rings[0][-1] == "." else ""), rings.end()
    sign = shown[at]
    return ("\\" + sign if _MARKUP.match(sign) else sign), at + 1


DIALECT = Dialect(escape, "**{}**".format)
