"""Reads the table of outlets that is packaged, and the operator's rows on top of it."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.errors import BadSetting
from shared.outlets.registry import Kind, Outlet, Registry, Wire

COLUMNS = ("domain", "name", "country", "zone", "language", "kind", "carries", "source")
NO_COUNTRY = "-"

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_BUNDLED = "outlets.tsv"


def load(extra: Path | None = None) -> Registry:
    """The bundled outlets, with the rows of ``extra`` added or in place of those of their domain.

    Raises ``BadSetting`` that names file, line and column, and says what to write.
    """
    wires, bundled = _packaged()
    own = () if extra is None else tuple(_outlets(_text(extra), str(extra), {wire.id for wire in wires}))
    outlets = {outlet.domain: outlet for outlet in (*bundled, *own)}
    known = {domain for wire in wires for domain in wire.domains}
    more = tuple(
        Wire(_wire_id(outlet.domain), (outlet.domain,), (outlet.name,))
        for outlet in outlets.values()
        if outlet.kind == Kind.WIRE and outlet.domain not in known
    )
    return Registry(tuple(outlets.values()), (*wires, *more))


@cache
def _packaged() -> tuple[tuple[Wire, ...], tuple[Outlet, ...]]:
    here = files(__package__)
    wires = tuple(_wires(here.joinpath("wires.tsv").read_text(encoding="utf-8")))
    text = here.joinpath(_BUNDLED).read_text(encoding="utf-8")
    return wires, tuple(_outlets(text, _BUNDLED, {wire.id for wire in wires}))


def _wires(text: str) -> Iterator[Wire]:
    for _, (wire_id, domains, signs) in _rows(text, ("id", "domains", "signs"), "wires.tsv"):
        yield Wire(wire_id, tuple(domains.split(";")), tuple(signs.split(";")))


def _wire_id(domain: str) -> str:
    """``meridian-wire`` of ``meridian-wire.example``: how a wire of the operator's own is named."""
    return domain.partition(".")[0]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) and exc.strerror else "it is not UTF-8 text"
        raise BadSetting(
            f"TOCSIN_OUTLETS: can't read {path} ({why}): name a file of outlets, or unset it"
        ) from exc


def _rows(text: str, columns: tuple[str, ...], file: str) -> Iterator[tuple[int, list[str]]]:
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


def _outlets(text: str, file: str, wire_ids: Collection[str]) -> Iterator[Outlet]:
    rows = list(_rows(text, COLUMNS, file))
    # A wire of the file itself may be carried by its other outlets.
    own = {_wire_id(fields[0].casefold()) for _, fields in rows if fields[5] == Kind.WIRE}
    for number, fields in rows:
        yield _Row(f"{file}, line {number}", fields).outlet({*wire_ids, *own})


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

    def _fault(self, column: str, what: str) -> BadSetting:
        return BadSetting(f"{self.place}, column {column}: {self.fields[column]!r} is {what}")

    def _domain(self) -> str:
        domain = self.fields["domain"].casefold().removeprefix("www.")
        if not _DOMAIN.fullmatch(domain):
            raise self._fault("domain", "no domain: write one such as example.org, without https://")
        return domain

    def _name(self) -> str:
        name = self.fields["name"]
        if not name or not name.isprintable():
            raise self._fault("name", "no name: write what a reader calls the outlet")
        return name

    def _country(self) -> str | None:
        country = self.fields["country"]
        if country == NO_COUNTRY:
            return None
        if not re.fullmatch("[A-Z]{3}", country):
            raise self._fault(
                "country", "no country: write its ISO 3166-1 code such as IRQ, or - for an international body"
            )
        return country

    def _zone(self) -> str:
        zone = self.fields["zone"]
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise self._fault("zone", "no time zone: write an IANA name such as Asia/Hong_Kong") from exc
        return zone

    def _language(self) -> str:
        if not re.fullmatch("[a-z]{2}", self.fields["language"]):
            raise self._fault("language", "no language: write its ISO 639-1 code such as en")
        return self.fields["language"]

    def _kind(self) -> Kind:
        try:
            return Kind(self.fields["kind"])
        except ValueError as exc:
            raise self._fault("kind", f"no kind: write one of {', '.join(Kind)}") from exc

    def _carries(self, wire_ids: Collection[str]) -> tuple[str, ...]:
        ids = tuple(each.strip() for each in self.fields["carries"].split(",") if each.strip())
        for wire_id in ids:
            if wire_id not in wire_ids:
                near = get_close_matches(wire_id, wire_ids, n=1)
                hint = f"did you mean {near[0]}" if near else "write ids such as reuters,ap,afp"
                raise self._fault("carries", f"a list with an unknown wire, {wire_id}: {hint}")
        return ids
