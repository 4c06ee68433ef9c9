"""The news of the demo: who prints what, and how many seconds after it begins.

The texts stand in ``sample.toml`` and name no date, so that they are fresh on whichever day they are played:
``{today}``, ``{yesterday}`` and ``{two_days_ago}`` become the names of weekdays.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from shared import outlets
from shared.contracts import Article, derive_id
from shared.errors import BadSetting
from shared.outlets import Outlet, Registry

SAMPLE = Path(__file__).with_name("sample.toml")
OUTLETS = Path(__file__).with_name("outlets.tsv")
"""The eight invented outlets, in the columns of the registry (``TOCSIN_OUTLETS``)."""
_AGO = MappingProxyType({"today": 0, "yesterday": 1, "two_days_ago": 2})
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Item:
    """One article as one outlet prints it; an ``id`` that comes again is an edit of the first."""

    id: str
    at: float
    """Seconds after the demo has begun."""
    published: datetime
    outlet: Outlet
    title: str
    summary: str
    body: str = ""

    @property
    def url(self) -> str:
        return f"https://{self.outlet.domain}/news/{self.id}"

    def article(self) -> Article:
        """What the poller makes of it; each edit as a revision that has yet to be numbered."""
        return Article(
            id=derive_id(self.url),
            url=self.url,
            outlet=self.outlet.domain,
            title=self.title,
            summary=self.summary,
            body=self.body,
            language=self.outlet.language,
            published_at=self.published,
            fetched_at=self.published,
        )


@dataclass(frozen=True)
class Script:
    """All items in the order in which they are printed."""

    start: datetime
    items: tuple[Item, ...]

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """The outlets in the order of their first item."""
        return tuple({item.outlet.domain: item.outlet for item in self.items}.values())

    @property
    def seconds(self) -> float:
        """From the beginning to the last item."""
        return self.items[-1].at

    def until(self, seconds: float) -> "Script":
        """The same script, cut off after ``seconds``."""
        return Script(self.start, tuple(item for item in self.items if item.at <= seconds))


def load(start: datetime) -> Script:
    """The sample as it is played from ``start`` on."""
    raw: list[dict[str, Any]] = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))["item"]
    registry = outlets.load(OUTLETS)
    voices = {domain: _known(registry, domain) for domain in dict.fromkeys(item["outlet"] for item in raw)}
    # The earliest day that any of them has now, as none of them may print a day that is still to come.
    today = min(start.astimezone(ZoneInfo(outlet.zone)).date() for outlet in voices.values())
    days = {word: _weekday(today - timedelta(days=ago)) for word, ago in _AGO.items()}
    items = [
        Item(
            id=item["id"],
            at=float(item["at"]),
            published=start + timedelta(seconds=item["at"]),
            outlet=voices[item["outlet"]],
            title=_dated(item["title"], days),
            summary=_dated(item["summary"], days),
            body=_dated(item.get("body", ""), days),
        )
        for item in raw
    ]
    return Script(start, tuple(sorted(items, key=lambda item: item.at)))


def _known(registry: Registry, domain: str) -> Outlet:
    outlet = registry.find(domain)
    if outlet is None:
        raise BadSetting(f"{SAMPLE.name} names the outlet {domain!r}: give it a row in {OUTLETS.name}")
    return outlet


def _weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


def _dated(text: str, days: dict[str, str]) -> str:
    for word, day in days.items():
        text = text.replace(f"{{{word}}}", day)
    return text.strip()
