"""What a message says of an alert, piece by piece, in the dialect of the chat that shows it.

Every piece is on one line, short, and made of texts that the dialect has made harmless: ``slack_message`` and
``plain_message`` only arrange them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from shared.sparkline import sparkline

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
_RUNGS = {1: "no force", 2: "threat of force", 3: "display of force", 4: "use of force", 5: "war"}


@dataclass(frozen=True)
class Dialect:
    """How a chat writes: ``say`` makes a text harmless and at most so long, ``strong`` makes it stand out."""

    say: Callable[[str, int], str]
    strong: Callable[[str], str]


@dataclass(frozen=True)
class Words:
    """An alert in words, as of ``now``."""

    alert: Alert
    now: datetime
    dialect: Dialect
    public_url: str = ""
    """Where people find this installation; empty: nothing links to it."""
    rang_at: datetime | None = None
    """Since when it is late, if that is not the alert's own time."""

    def colour(self) -> str:
        """The severity's; a retraction has none."""
        tier = self._tier()
        return _COLOUR[tier] if tier and self.alert.kind != AlertKind.RETRACTED else _NEUTRAL

    def headline(self) -> str:
        """The bare headline, never empty."""
        say = self.dialect.say
        return say(self.alert.headline, HEADLINE) or say(self.alert.type, HEADLINE)

    def title(self) -> str:
        """One line that says it all: severity's mark, what the alert does, and the headline."""
        tier, kind = self._tier(), self.alert.kind
        prefix = _KIND.get(kind, "") if isinstance(kind, AlertKind) else ""
        return f"{_MARK[tier] if tier else _BELL} {prefix}{self.dialect.strong(self.headline())}"

    def sentence(self) -> str:
        return self.dialect.say(self.alert.sentence, SENTENCE)

    def changes(self) -> str:
        """What moved, a line each; empty when nothing did."""
        changes = (self.dialect.say(change, FIELD) for change in self.alert.changes[:5])
        return "\n".join(f"• {change}" for change in changes if change)

    def fields(self) -> list[tuple[str, str]]:
        """Name and value, at most ten, none of them empty."""
        return list(self._of_trend(self.alert.trend) if self.alert.trend else self._of_event())

    def quote(self) -> str:
        """The words in which it was told: what the coder read it from, in the order of the text."""
        pieces, end = [], -1
        evidence = self.alert.event.evidence if self.alert.event else ()
        for each in sorted(evidence, key=lambda each: (each.start, -each.end)):
            if each.start >= end and each.text.strip():
                pieces.append(each.text)
                end = each.end
        said = self.dialect.say(" … ".join(pieces[:8]), FIELD)
        return f"In its words: “{said}”" if said else ""

    def going_on(self) -> str:
        """What rang before, for who hears of it first now; where a merged one goes on, what it answers.

        Its reader knows their ids.
        """
        alert, say = self.alert, self.dialect.say
        told = [line] if (line := before(alert)) else []
        if alert.merged_into:
            return " ".join([*told, f"It is one with {say(alert.merged_into, SMALL)} and goes on there."])
        if alert.split_from:
            told.append(f"Split from {say(alert.split_from, SMALL)}.")
        if alert.responds_to:
            told.append(f"It answers {self._incident(alert.responds_to)}.")
        return " ".join(told)

    def sources(self) -> str:
        """How sure it is and why, and who tells it; empty without a source."""
        alert, say = self.alert, self.dialect.say
        count = min(max(alert.sources_count, len(alert.sources)), _MANY)
        if not count:
            return ""
        why = say(alert.certainty_because, FIELD)
        sure = say(str(alert.event.certainty), SMALL) if alert.event else ""
        said = f"Certainty: {sure}{f' ({why})' if why else ''}. " if sure else ""
        said += f"{count} {'report' if count == 1 else 'reports'}"
        if not (sure and why):  # else the voices are counted already
            said += f", {_voices(min(alert.outlets_count, _MANY))}"
        links = ", ".join(self._source(source) for source in alert.sources[:4])
        return f"{said}: {links}" if links else said

    def footer(self, *, repeat: bool = False) -> str:
        """Why it rang, which incident it is, how late it comes, and whether it may have come before."""
        alert, say = self.alert, self.dialect.say
        parts = [f"Rang because: {say(str(alert.reason), FIELD)}"]
        if alert.incident_id:
            parts.append(f"{self._incident(alert.incident_id)} no. {min(alert.sequence, _MANY)}")
        late = delayed_by(self.rang_at or alert.at, self.now)
        if late is not None:
            parts.append(self.dialect.strong(f"Sent {_span(timedelta(seconds=late))} after it rang"))
        if repeat:
            parts.append("May be a repeat: the last try was cut off")
        return " · ".join(parts)

    # ---- pieces of pieces ---------------------------------------------------------------------------

    def _tier(self) -> Tier | None:
        return self.alert.severity.tier if self.alert.severity else None

    def _of_event(self) -> Iterable[tuple[str, str]]:
        alert, say = self.alert, self.dialect.say
        if alert.severity:
            yield "Severity", f"{alert.severity.tier.value} ({alert.severity.score:.0f} of 100)"
        event = alert.event
        if event is None:
            return
        what = str(event.event_type).lower() + (f", {event.mode}" if event.mode else "")
        yield "What", say(what, FIELD) or "unknown"
        if event.actors:
            yield "Who", self._sides(event.actors)
        if event.recipients:
            yield "Whom", self._sides(event.recipients)
        if event.place:
            country = f" ({event.place.country})" if event.place.country else ""
            yield "Where", say(event.place.name + country, FIELD) or "unknown"
        if event.occurred_on:
            yield "When", _day(event)
        if toll := say(_toll(event.casualties, alert.figures), FIELD):
            yield "Casualties", toll
        if claim := say(_claim(event), FIELD):
            yield "Claim", claim
        yield "Ladder", f"rung {event.hostility} of 5, {_RUNGS[event.hostility]}"

    def _of_trend(self, trend: Trend) -> Iterable[tuple[str, str]]:
        say = self.dialect.say
        names = say(" and ".join(trend.names[:4]) or trend.subject, FIELD)
        yield "Between" if len(trend.names) > 1 else "Where", names or "unknown"
        usual = f", usually {min(trend.usual, _MANY):g}" if trend.usual is not None else ""
        yield "In 7 days", f"{min(trend.week, _MANY)}{usual}"
        if days := trend.days[-DAYS:]:
            yield f"{len(days)} days to {trend.last_day}", sparkline(days)
        yield "Tipped by", self._incident(trend.incident_id) or "unknown"

    def _sides(self, actors: tuple[Actor, ...]) -> str:
        names = ", ".join(actor.name or actor.text for actor in actors[:4])
        more = f" and {len(actors) - 4} more" if len(actors) > 4 else ""
        return self.dialect.say(names + more, FIELD) or "unknown"

    def _incident(self, incident_id: str) -> str:
        """The incident's id, as a link where one can look."""
        shown = self.dialect.say(incident_id, SMALL)
        if not (self.public_url and shown):
            return shown
        return _link(f"{self.public_url}/incidents/{quote(incident_id, safe='')}", shown)

    def _source(self, source: Source) -> str:
        say = self.dialect.say
        return _link(source.url, say(source.name, SMALL) or say(source.outlet, SMALL) or "source")


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


def _link(url: str, shown: str) -> str:
    address = safe_url(url)
    # Between "<" and ">" a bar would end the address, so none may stand in the name either.
    return f"<{address}|{shown.replace('|', '/')}>" if address else shown


def _voices(count: int) -> str:
    return f"{count or 'no'} independent {'voice' if count < 2 else 'voices'}"


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
    return ", ".join(parts)


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
    return "; ".join(filter(None, said))


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    return f"{minutes // 60} hours" if minutes < 2880 else f"{minutes // 1440} days"
