"""An alert as a Slack message: one line that says it all, and a coloured card with who, whom, where and why.

Titles come from anybody: every text is escaped, shortened far below Slack's limits, and can't address a
channel.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.notifier.channels.words import Dialect, Words, safe_url
from shared.contracts import Alert
from shared.printable import one_line

__all__ = ["escape", "lay_out", "lay_out_change", "lay_out_state", "safe_url"]

# Slack's own limits: text 40,000, section 3,000, field 2,000, ten fields, ten context elements, fifty blocks.


def lay_out(
    alert: Alert,
    now: datetime,
    public_url: str = "",
    *,
    rang_at: datetime | None = None,
    repeat: bool = False,
) -> dict[str, Any]:
    """The message as Slack takes it; within Slack's limits whatever the alert holds.

    ``rang_at``: since when it is late, if that is not the alert's own time.
    """
    words = Words(alert, now, DIALECT, public_url, rang_at)
    return _message(words, [*_state(words), *_changes(words), *_origin(words), _footer(words, repeat)])


def lay_out_state(
    alert: Alert,
    now: datetime,
    public_url: str = "",
    *,
    rang_at: datetime | None = None,
    repeat: bool = False,
) -> dict[str, Any]:
    """The incident as it now stands, for a message that is rewritten in place: its changes stand below it."""
    words = Words(alert, now, DIALECT, public_url, rang_at)
    return _message(words, [*_state(words), *_origin(words), _footer(words, repeat)])


def lay_out_change(
    alert: Alert,
    now: datetime,
    public_url: str = "",
    *,
    rang_at: datetime | None = None,
    repeat: bool = False,
) -> dict[str, Any]:
    """What changed, for the thread below an incident; the sentence where nothing is said to have changed."""
    words = Words(alert, now, DIALECT, public_url, rang_at)
    return _message(
        words, [*(_changes(words) or _sentence(words)), *_going_on(words), _footer(words, repeat)]
    )


def escape(text: str, limit: int) -> str:
    """The text on one line, without markup, mentions or invisible characters, at most ``limit`` long."""
    # Slack's own mentions need "<"; chats in its format also read a plain @channel, so the @ stands apart.
    shown = one_line(text[:5000]).replace("@", "@\u200b")
    out: list[str] = []
    room = limit - 1
    for character in shown:
        written = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character)
        room -= len(written)
        if room < 0:
            return "".join(out) + "…"
        out.append(written)
    return "".join(out)


DIALECT = Dialect(escape, "*{}*".format)

# ---- blocks -------------------------------------------------------------------------------------


def _message(words: Words, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "text": words.title(),
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "attachments": [{"color": words.colour(), "fallback": words.headline(), "blocks": blocks}],
    }


def _state(words: Words) -> Iterable[dict[str, Any]]:
    yield from _sentence(words)
    if fields := words.fields():
        yield {"type": "section", "fields": [_text(f"*{name}*\n{value}") for name, value in fields]}


def _origin(words: Words) -> Iterable[dict[str, Any]]:
    yield from _going_on(words)
    if quote := words.quote():
        yield _small(quote)
    if sources := words.sources():
        yield _small(sources)


def _sentence(words: Words) -> list[dict[str, Any]]:
    return _section(words.sentence())


def _changes(words: Words) -> list[dict[str, Any]]:
    return _section(words.changes())


def _going_on(words: Words) -> list[dict[str, Any]]:
    return _section(words.going_on())


def _footer(words: Words, repeat: bool) -> dict[str, Any]:
    return _small(words.footer(repeat=repeat))


def _section(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": _text(text)}] if text else []


def _small(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [_text(text)]}


def _text(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
