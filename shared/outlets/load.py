"""Reads the table of outlets that is packaged, and the operator's rows on top of it."""

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import available_timezones

from shared.errors import BadSetting
from shared.outlets.registry import Kind, Outlet, Registry, Wire

COLUMNS = ("domain", "name", "country", "zone", "language", "kind", "carries", "source")
NO_COUNTRY = "-"
Row = tuple[int, list[str]]
"""The number of a line, and its fields."""

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_BUNDLED = "outlets.tsv"
_OF_THE_MACHINE = frozenset({"localtime", "Factory", "posixrules"})
"""Names among the time zones that mean whatever this machine is set to, or nothing."""


def load(extra: Path | None = None) -> Registry:
    """The bundled outlets, with the rows of ``extra`` added or in place of those of their domain.

    Raises ``BadSetting`` that names file, line and column, and says what to write.
    """
    wires, bundled = _packaged()
    rows = [] if extra is None else list(_rows(_text(extra), COLUMNS, str(extra)))
    more = tuple(_own_wires(rows, wires))
    own = _outlets(rows, str(extra), {wire.id for wire in (*wires, *more)})
    outlets = {outlet.domain: outlet for outlet in (*bundled, *own)}
    return Registry(tuple(outlets.values()), (*wires, *more))


@cache
def _packaged() -> tuple[tuple[Wire, ...], tuple[Outlet, ...]]:
    here = files(__package__)
    wires = tuple(_wires(here.joinpath("wires.tsv").read_text(encoding="utf-8")))
    rows = list(_rows(here.joinpath(_BUNDLED).read_text(encoding="utf-8"), COLUMNS, _BUNDLED))
    return wires, tuple(_outlets(rows, _BUNDLED, {wire.id for wire in wires}))


def _wires(text: str) -> Iterator[Wire]:
    for _, fields in _rows(text, ("id", "domains", "doubtful", "signs"), "wires.tsv"):
        wire_id, domains, doubtful, signs = (tuple(filter(None, field.split(";"))) for field in fields)
        yield Wire(wire_id[0], domains, signs, doubtful)


def _own_wires(rows: Iterable[Row], wires: Collection[Wire]) -> Iterator[Wire]:
    """The wires among the operator's rows: ``meridian-wire`` is the id of ``meridian-wire.example``.

    Where a wire has that id already, the whole domain is, as nobody chooses his domain by our ids.
    """
    taken = {wire.id for wire in wires}
    known = {domain for wire in wires for domain in wire.domains}
    for _, fields in rows:
        domain, name, kind = _registered(fields[0]), fields[1], fields[5]
        if kind == Kind.WIRE and domain not in known:
            short = domain.partition(".")[0]
            wire_id = domain if short in taken else short
            taken.add(wire_id)
            yield Wire(wire_id, (domain,), (name,))


def _registered(domain: str) -> str:
    return domain.casefold().removeprefix("www.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) and exc.strerror else "it is not UTF-8 text"
        raise BadSetting(
            f"TOCSIN_OUTLETS: can't read {path} ({why}): name a file of outlets, or unset it"
        ) from exc


def _rows(text: str, columns: tuple[str, ...], file: str) -> Iterator[Row]:
    """Each row with the number of its line; comments, empty lines and the header are left out."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [each.strip() for each in line.split("\t")]
        if fields == list(columns):
            continue
        if len(fields) != len(columns):
            raise BadSetting(
                f"{file}, line {number} has {len(fields)} columns: "
                f"write {len(columns)}, separated by tabs: {' '.join(columns)}"
            )
        yield number, fields


def _outlets(rows: Iterable[Row], file: str, wire_ids: Collection[str]) -> Iterator[Outlet]:
    stands: dict[str, int] = {}
    for number, fields in rows:
        row = _Row(f"{file}, line {number}", fields)
        outlet = row.outlet(wire_ids)
        if (first := stands.setdefault(outlet.domain, number)) != number:
            raise row.fault("domain", f"on line {first} already: keep one of the two")
        yield outlet


@cache
def countries() -> frozenset[str]:
    """The codes of countries that a row may name."""
    text = files(__package__).joinpath("countries.txt").read_text(encoding="utf-8")
    return frozenset(code for line in text.splitlines() if not line.startswith("#") for code in line.split())


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _OF_THE_MACHINE


class _Row:
    """One line's fields; each is read by its own rule, and a fault names line and column."""

    def __init__(self, place: str, fields: list[str]) -> None:
        self.place = place
        self.fields = dict(zip(COLUMNS, fields, strict=True))

    def outlet(self, wire_ids: Collection[str]) -> Outlet:
        return Outlet(
            domain=self._domain(),
            name=self._name(),
            country=self._country(),
            zone=self._zone(),
            language=self._language(),
            kind=self._kind(),
            carries=self._carries(wire_ids),
            source=self.fields["source"],
        )

    def fault(self, column: str, what: str) -> BadSetting:
        return BadSetting(f"{self.place}, column {column}: {self.fields[column]!r} is {what}")

    def _domain(self) -> str:
        domain = _registered(self.fields["domain"])
        if not _DOMAIN.fullmatch(domain):
            raise self.fault("domain", "no domain: write one such as example.org, without https://")
        return domain

    def _name(self) -> str:
        name = self.fields["name"]
        if not name or not name.isprintable():
            raise self.fault("name", "no name: write what a reader calls the outlet")
        return name

    def _country(self) -> str | None:
        country = self.fields["country"]
        if country == NO_COUNTRY:
            return None
        if country not in countries():
            raise self.fault(
                "country", "no country: write its ISO 3166-1 code such as IRQ, or - for an international body"
            )
        return country

    def _zone(self) -> str:
        zone = self.fields["zone"]
        if zone not in _zones():
            raise self.fault("zone", "no time zone: write an IANA name such as Asia/Hong_Kong")
        return zone

    def _language(self) -> str:
        if not re.fullmatch("[a-z]{2}", self.fields["language"]):
            raise self.fault("language", "no language: write its ISO 639-1 code such as en")
        return self.fields["language"]

    def _kind(self) -> Kind:
        try:
            return Kind(self.fields["kind"])
        except ValueError as exc:
            raise self.fault("kind", f"no kind: write one of {', '.join(Kind)}") from exc

    def _carries(self, wire_ids: Collection[str]) -> tuple[str, ...]:
        ids = tuple(each.strip() for each in self.fields["carries"].split(",") if each.strip())
        for wire_id in ids:
            if wire_id not in wire_ids:
                near = get_close_matches(wire_id, wire_ids, n=1)
                hint = f"did you mean {near[0]}" if near else "write ids such as reuters,ap,afp"
                raise self.fault("carries", f"a list with an unknown wire, {wire_id}: {hint}")
        return ids
