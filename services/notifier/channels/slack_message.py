"""An alert as a Slack message: one line that says it all, and a coloured card with who, whom, where and why.

Titles come from anybody: every text is escaped, shortened far below Slack's limits, and can't address a
channel.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from services.notifier.channels.slack_story import before
from services.notifier.lateness import delayed_by
from shared.contracts import (
    Actor,
    Alert,
    AlertKind,
    Casualties,
    Event,
    Figure,
    Figures,
    Source,
    Tier,
    Trend,
)
from shared.printable import one_line
from shared.sparkline import sparkline

# Slack's own: text 40,000, section 3,000, field 2,000, ten fields, ten context elements, fifty blocks.
HEADLINE, SENTENCE, FIELD, SMALL, DAYS = 300, 900, 250, 120, 60
_MANY = 1_000_000

_COLOUR = {
    Tier.MINOR: "#868e96",
    Tier.MODERATE: "#f0b429",
    Tier.SEVERE: "#e8590c",
    Tier.EXTREME: "#c92a2a",
}
_MARK = {
    Tier.MINOR: "\N{MEDIUM WHITE CIRCLE}",
    Tier.MODERATE: "\N{LARGE YELLOW CIRCLE}",
    Tier.SEVERE: "\N{LARGE ORANGE CIRCLE}",
    Tier.EXTREME: "\N{LARGE RED CIRCLE}",
}
_NEUTRAL = "#1c7ed6"
_BELL = "\N{BELL}"
_KIND = {
    AlertKind.UPDATED: "Update: ",
    AlertKind.ESCALATED: "Escalated: ",
    AlertKind.CORRECTED: "Correction: ",
    AlertKind.RETRACTED: "Retracted: ",
    AlertKind.TREND: "Trend: ",
    AlertKind.TEST: "Test: ",
}
_TOLLS = ("killed", "injured", "missing", "abducted", "arrested")


def lay_out(alert: Alert, now: datetime, rang_at: datetime | None = None) -> dict[str, Any]:
    """The message as Slack takes it; within Slack's limits whatever the alert holds.

    ``rang_at``: since when it is late, if that is not the alert's own time.
    """
    tier = alert.severity.tier if alert.severity else None
    retracted = alert.kind == AlertKind.RETRACTED
    mark = _MARK[tier] if tier else _BELL
    headline = escape(alert.headline, HEADLINE) or escape(alert.type, HEADLINE)
    prefix = _KIND.get(alert.kind, "") if isinstance(alert.kind, AlertKind) else ""
    return {
        "text": f"{mark} {prefix}*{headline}*",
        "unfurl_links": False,
        "unfurl_media": False,
        "link_names": False,
        "attachments": [
            {
                "color": _COLOUR[tier] if tier and not retracted else _NEUTRAL,
                "fallback": headline,
                "blocks": list(_blocks(alert, now, rang_at)),
            }
        ],
    }


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


# ---- blocks -------------------------------------------------------------------------------------


def _blocks(alert: Alert, now: datetime, rang_at: datetime | None) -> Iterable[dict[str, Any]]:
    if sentence := escape(alert.sentence, SENTENCE):
        yield {"type": "section", "text": _text(sentence)}
    if fields := list(_of_trend(alert.trend) if alert.trend else _fields(alert)):
        yield {"type": "section", "fields": [_text(f"*{name}*\n{value}") for name, value in fields]}
    if alert.changes:
        changes = "\n".join(f"• {escape(change, FIELD)}" for change in alert.changes[:5] if change.strip())
        if changes:
            yield {"type": "section", "text": _text(changes)}
    if told := before(alert):
        yield {"type": "context", "elements": [_text(told)]}
    if going_on := _going_on(alert):
        yield {"type": "section", "text": _text(going_on)}
    if sources := _sources(alert):
        yield {"type": "context", "elements": [_text(sources)]}
    yield {"type": "context", "elements": [_text(_footer(alert, delayed_by(rang_at or alert.at, now)))]}


def _text(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _fields(alert: Alert) -> Iterable[tuple[str, str]]:
    if alert.severity:
        yield "Severity", f"{alert.severity.tier.value} ({alert.severity.score:.0f} of 100)"
    event = alert.event
    if event is None:
        return
    what = str(event.event_type).lower() + (f", {event.mode}" if event.mode else "")
    yield "What", escape(what, FIELD)
    if event.actors:
        yield "Who", _sides(event.actors)
    if event.recipients:
        yield "Whom", _sides(event.recipients)
    if event.place:
        country = f" ({event.place.country})" if event.place.country else ""
        yield "Where", escape(event.place.name + country, FIELD) or "unknown"
    if event.occurred_on:
        yield "When", _day(event)
    if toll := _toll(event.casualties, alert.figures):
        yield "Casualties", toll
    if claim := _claim(event):
        yield "Claim", claim


def _going_on(alert: Alert) -> str:
    """Where a merged incident goes on, or what one was split from: its reader knows those by their ids."""
    if alert.merged_into:
        return f"It is one with {escape(alert.merged_into, SMALL)} and goes on there."
    return f"Split from {escape(alert.split_from, SMALL)}." if alert.split_from else ""


def _of_trend(trend: Trend) -> Iterable[tuple[str, str]]:
    names = escape(" and ".join(trend.names[:4]) or trend.subject, FIELD)
    yield "Between" if len(trend.names) > 1 else "Where", names or "unknown"
    usual = f", usually {min(trend.usual, _MANY):g}" if trend.usual is not None else ""
    yield "In 7 days", f"{min(trend.week, _MANY)}{usual}"
    if days := trend.days[-DAYS:]:
        yield f"{len(days)} days to {trend.last_day}", sparkline(days)
    yield "Tipped by", escape(trend.incident_id, SMALL) or "unknown"


def _sides(actors: tuple[Actor, ...]) -> str:
    names = ", ".join(actor.name or actor.text for actor in actors[:4])
    more = f" and {len(actors) - 4} more" if len(actors) > 4 else ""
    return escape(names + more, FIELD) or "unknown"


def _day(event: Event) -> str:
    day = event.occurred_on.isoformat() if event.occurred_on else ""
    about = {2: " (that week)", 3: " (that month)"}.get(event.date_precision or 1, "")
    return day + about


def _toll(casualties: Casualties, figures: Figures) -> str:
    parts = []
    for name in _TOLLS:
        count = getattr(casualties, name)
        if count is not None:
            number = f"{count.low}" if count.low == count.high else f"{count.low}–{count.high}"
            said = f"none {name}" if count.low == count.high == 0 else f"{number} {name}"
            parts.append(said + _told(getattr(figures, name)))
    return escape(", ".join(parts), FIELD)


def _told(figure: Figure | None) -> str:
    """Who gives a count, and what others tell beside it."""
    if figure is None:
        return ""
    # An outlet's own count names nobody: the sources stand below.
    who = "" if figure.by_outlet and not figure.claim else figure.said_by
    who = f"by the count of {who}" if who and figure.claim else who
    beside = f"{figure.told.low}–{figure.told.high} told" if figure.told else ""
    said = "; ".join(filter(None, (who, beside)))
    return f" ({said})" if said else ""


def _claim(event: Event) -> str:
    claim = event.claim
    said = [
        f"claimed by {claim.by}" if claim.by else "",
        f"blamed by {claim.attributed_by}" if claim.attributed_by else "",
        f"denied by {', '.join(claim.denied_by[:3])}" if claim.denied_by else "",
    ]
    return escape("; ".join(filter(None, said)), FIELD)


def _sources(alert: Alert) -> str:
    count = min(max(alert.sources_count, len(alert.sources)), _MANY)
    if not count:
        return ""
    why = escape(alert.certainty_because, FIELD)
    sure = escape(str(alert.event.certainty), SMALL) if alert.event else ""
    said = f"Certainty: {sure}{f' ({why})' if why else ''}. " if sure else ""
    said += f"{count} {'report' if count == 1 else 'reports'}"
    if not (sure and why):  # else the voices are counted already
        said += f", {_voices(min(alert.outlets_count, _MANY))}"
    links = ", ".join(_link(source) for source in alert.sources[:4])
    return f"{said}: {links}" if links else said


def _voices(count: int) -> str:
    return f"{count or 'no'} independent {'voice' if count < 2 else 'voices'}"


def _link(source: Source) -> str:
    name = escape(source.name, SMALL) or escape(source.outlet, SMALL) or "source"
    address = safe_url(source.url)
    # Between "<" and ">" a bar would end the address, so none may stand in the name either.
    return f"<{address}|{name.replace('|', '/')}>" if address else name


def safe_url(url: str) -> str:
    """The URL so that it can't end its link early; empty when it is not a short http(s) address."""
    if len(url) > 400:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    quoted = quote(url, safe="%/:=&?~#+!$,;'@()*[]", errors="replace").replace("&", "&amp;")
    return quoted if len(quoted) <= 450 else ""


def _footer(alert: Alert, late: int | None) -> str:
    parts = [f"Rang because: {escape(str(alert.reason), FIELD)}"]
    if alert.incident_id:
        parts.append(f"{escape(alert.incident_id, SMALL)} no. {min(alert.sequence, _MANY)}")
    if late is not None:
        parts.append(f"*Sent {_span(timedelta(seconds=late))} after it rang*")
    return " · ".join(parts)


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
