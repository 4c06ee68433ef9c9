"""Outlets and wires as values, and how an article's outlet finds its row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, time, tzinfo
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shared.contracts import Article
from shared.outlets.printed import zone_of_day

_SHARED = frozenset({"gov.uk"})
"""Domains under which every town has its own: a row of one covers its www, and no other name below it."""


class Kind(StrEnum):
    """What an outlet is; told apart only as far as it matters whose voice a report speaks with."""

    WIRE = "wire"
    """A news agency: others print its reports."""
    STATE_MEDIA = "state media"
    """A medium, often a wire too, whose line a government sets: one voice a country."""
    MOVEMENT_MEDIA = "movement media"
    """A medium that a party or an armed movement owns, or that avowedly takes its side."""
    BROADCASTER = "broadcaster"
    """Radio or television, public ones with an editorial line of their own included."""
    BROADSHEET = "broadsheet"
    """A general newspaper or news site, printed or not."""
    MAGAZINE = "magazine"
    """Reporting and analysis at leisure."""
    DIGEST = "digest"
    """It prints the work of others."""
    TRADE_PRESS = "trade press"
    """It covers one trade: defence, shipping."""
    THINK_TANK = "think tank"
    """Research, monitoring or advocacy."""
    AGENCY = "agency"
    """The own feed of a government, or of an international body (which has no country)."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """One row: who publishes under ``domain``. ``country`` is None for an international body."""

    domain: str
    name: str
    country: str | None
    zone: str
    language: str
    kind: Kind
    carries: tuple[str, ...] = ()
    """Ids of the wires whose reports it prints."""
    source: str = ""
    """The public page that states these facts."""

    @property
    def speaks_for(self) -> str | None:
        """The country whose government it speaks for, if it does."""
        return self.country if self.kind in (Kind.STATE_MEDIA, Kind.AGENCY) else None


@dataclass(frozen=True, slots=True)
class Wire:
    """A news agency as others sign its reports: *Associated Press*, *AP*.

    ``doubtful`` signs are a person's, a party's or a place's as well, as *Bloomberg* is. Those that are
    not among ``signs`` are believed of nobody but who carries the wire.
    """

    id: str
    domains: tuple[str, ...]
    signs: tuple[str, ...]
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registry:
    """All outlets that are known, and the wires among them."""

    outlets: tuple[Outlet, ...]
    wires: tuple[Wire, ...]
    _by_domain: MappingProxyType[str, Outlet] = field(init=False, repr=False, compare=False)
    _by_name: MappingProxyType[str, Outlet] = field(init=False, repr=False, compare=False)
    _wires: MappingProxyType[str, Wire] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_domain = {outlet.domain: outlet for outlet in self.outlets}
        by_name: dict[str, Outlet] = {}
        for outlet in self.outlets:
            by_name.setdefault(_plain(outlet.name), outlet)
        for wire in self.wires:
            for sign in wire.signs:
                if wire.domains[0] in by_domain:
                    by_name.setdefault(_plain(sign), by_domain[wire.domains[0]])
        object.__setattr__(self, "_by_domain", MappingProxyType(by_domain))
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))
        object.__setattr__(self, "_wires", MappingProxyType({wire.id: wire for wire in self.wires}))

    def find(self, article_outlet: str) -> Outlet | None:
        """The outlet of this domain, subdomain or printed name, or None when nobody knows it."""
        below, host = "", article_outlet.strip().casefold().rstrip(".")
        while "." in host and " " not in host:
            if host in self._by_domain and (host not in _SHARED or below in ("", "www")):
                return self._by_domain[host]
            below, _, host = host.partition(".")
        return next(filter(None, map(self._by_name.get, _spellings(article_outlet))), None)

    def at(self, url: str, article_outlet: str) -> Outlet | None:
        """Who published this page: the row of its own host where its outlet's domain has several.

        A page elsewhere than at its outlet, as aggregators link it, says nothing of who published.
        """
        domain, host = article_outlet.strip().casefold().rstrip("."), _host(url)
        return (self.find(host) if f".{host}".endswith(f".{domain}") else None) or self.find(article_outlet)

    def wire(self, wire_id: str) -> Wire | None:
        """The wire with this id."""
        return self._wires.get(wire_id)

    def wire_at(self, outlet: Outlet) -> Wire | None:
        """The wire that an outlet is, or None when it is none."""
        return next((wire for wire in self.wires if outlet.domain in wire.domains), None)

    def owner(self, wire: Wire) -> Outlet | None:
        """The outlet that a wire is."""
        return next((self._by_domain[each] for each in wire.domains if each in self._by_domain), None)

    def zone(self, article_outlet: str) -> tzinfo:
        """The outlet's time zone; UTC when the outlet is unknown."""
        outlet = self.find(article_outlet)
        return ZoneInfo(outlet.zone) if outlet else UTC

    def zone_of(self, article: Article) -> tzinfo:
        """The zone in which the article's moment of publication is a day: its outlet's, or UTC.

        A day without an hour is that day already: a feed may print one, and archives and ``--date`` are
        read as midnight or noon in UTC, which would be another day in New York or Auckland.
        """
        outlet = self.at(article.url, article.outlet)
        own = ZoneInfo(outlet.zone) if outlet else UTC
        if printed := (article.published_as or "").strip():
            return zone_of_day(printed, article.published_at, own)
        return UTC if article.published_at.time() in (time(0), time(12)) else own


_NO_LETTER = re.compile(r"[\W_]+")


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _plain(name: str) -> str:
    """A name without case, signs and article, so that *The Hindu* and *THE HINDU* are one."""
    return _NO_LETTER.sub(" ", name.casefold()).strip().removeprefix("the ")


def _spellings(name: str) -> Iterator[str]:
    """The forms in which a page may print a name: *AP News* for *AP*, *Sky* for *Sky News*."""
    plain = _plain(name)
    if plain:
        yield plain
        yield plain.removesuffix(" news")
        yield f"{plain} news"
