"""What is known of outlets: found by any spelling, true to the standards, and open to the operator's own."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import courlan
import pytest

from services.classifier.coding.lexicon import load as load_words
from shared.contracts import Article
from shared.errors import BadSetting
from shared.outlets import COLUMNS, Kind, Registry, load

ROW = (
    "post.example",
    "The Port Post",
    "IRQ",
    "Asia/Baghdad",
    "en",
    "broadsheet",
    "ap",
    "https://post.example/",
)


def own(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    """A file of the operator's own."""
    file = tmp_path / "outlets.tsv"
    file.write_text(
        "# ours\n" + "\n".join("\t".join(row) for row in (COLUMNS, *rows)) + "\n", encoding="utf-8"
    )
    return file


def published(at: str, outlet: str = "scmp.com", printed: str | None = None) -> Article:
    moment = datetime.fromisoformat(at)
    return Article(id="a", outlet=outlet, published_at=moment, published_as=printed, fetched_at=moment)


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("scmp.com", "South China Morning Post"),
        ("South China Morning Post", "South China Morning Post"),
        ("SOUTH CHINA MORNING POST ", "South China Morning Post"),
        ("feeds.bbci.co.uk", "BBC News"),
        ("www.bbc.com", "BBC News"),
        ("Hindu", "The Hindu"),
        ("AP News", "Associated Press"),
        ("Reuters", "Reuters"),
        ("Xinhua", "Xinhua News Agency"),
    ],
)
def test_an_outlet_is_found_by_domain_subdomain_and_printed_name(spelling: str, name: str) -> None:
    found = load().find(spelling)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "spelling", ["", " ", ".", "nobody.example", "example", "co.uk", "notscmp.com", "The"]
)
def test_an_unknown_outlet_is_none_and_lives_in_utc(spelling: str) -> None:
    assert load().find(spelling) is None
    assert load().zone(spelling) is UTC


def test_a_moment_is_a_day_in_the_outlets_zone() -> None:
    evening = published("2023-12-25T20:00:00Z")
    assert evening.published_at.astimezone(load().zone_of(evening)).date().isoformat() == "2023-12-26"
    assert load().zone("scmp.com") == ZoneInfo("Asia/Hong_Kong")


@pytest.mark.parametrize(
    ("at", "outlet", "printed"),
    [
        ("2023-12-26T12:00:00Z", "nzherald.co.nz", None),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "26 Dec 2023"),
    ],
)
def test_a_day_without_an_hour_is_that_day_everywhere(at: str, outlet: str, printed: str | None) -> None:
    about = published(at, outlet, printed)
    assert about.published_at.astimezone(load().zone_of(about)).date().isoformat() == "2023-12-26"


@pytest.mark.parametrize(
    "printed", ["Tue, 26 Dec 2023 01:30:00 GMT", "2023-12-26T01:30:00Z", "1703554200", None]
)
def test_a_printed_hour_is_told_in_the_outlets_day(printed: str | None) -> None:
    about = published("2023-12-26T01:30:00Z", "nytimes.com", printed)
    assert about.published_at.astimezone(load().zone_of(about)).date().isoformat() == "2023-12-25"


# ---- the bundled rows ---------------------------------------------------------------------------


def test_every_row_names_a_registered_domain_a_country_of_ours_and_a_page() -> None:
    countries = load_words().countries
    for outlet in load().outlets:
        assert courlan.extract_domain(f"https://www.{outlet.domain}/story") == outlet.domain
        assert outlet.country is None or outlet.country in countries, outlet
        assert (outlet.country is None) <= (outlet.kind in (Kind.AGENCY, Kind.THINK_TANK)), outlet
        assert urlsplit(outlet.source).hostname, outlet
        assert len(outlet.name) <= 60


def test_rows_of_one_name_say_the_same_of_it() -> None:
    by_name: dict[str, set[tuple[str | None, str, Kind, tuple[str, ...]]]] = {}
    for outlet in load().outlets:
        by_name.setdefault(outlet.name, set()).add((outlet.country, outlet.zone, outlet.kind, outlet.carries))
    assert [name for name, facts in by_name.items() if len(facts) > 1] == []


def test_every_kind_is_used_and_every_wire_has_its_row() -> None:
    registry = load()
    assert {outlet.kind for outlet in registry.outlets} == set(Kind)
    for wire in registry.wires:
        assert all(registry.find(domain) is not None for domain in wire.domains), wire
        assert wire.signs
    assert len({sign for wire in registry.wires for sign in wire.signs}) == sum(
        len(wire.signs) for wire in registry.wires
    )


def test_the_states_that_are_most_told_about_have_their_media_in_it() -> None:
    heard = {outlet.country for outlet in load().outlets if outlet.kind == Kind.STATE_MEDIA}
    assert heard >= {
        "RUS",
        "UKR",
        "BLR",
        "CHN",
        "PRK",
        "IRN",
        "SYR",
        "IRQ",
        "LBN",
        "YEM",
        "TUR",
        "SAU",
        "PSE",
    }
    assert heard >= {"SDN", "ETH", "SOM", "PAK", "MMR", "AZE", "ARM", "VEN", "CUB", "DZA", "MAR", "EGY"}


# ---- the operator's own -------------------------------------------------------------------------


def test_a_row_of_the_operator_is_added_or_replaces_ours(tmp_path: Path) -> None:
    mine = ("www.SCMP.com", "SCMP, our edition", "SGP", "Asia/Singapore", "en", "broadsheet", "", "")
    registry = load(own(tmp_path, ROW, mine))

    assert registry.find("post.example") == registry.find("Port Post")
    assert registry.zone("post.example") == ZoneInfo("Asia/Baghdad")
    assert registry.zone("scmp.com") == ZoneInfo("Asia/Singapore")
    assert load().zone("scmp.com") == ZoneInfo("Asia/Hong_Kong")
    assert len(registry.outlets) == len(load().outlets) + 1


def test_a_wire_of_the_operator_is_carried_by_its_domains_first_word(tmp_path: Path) -> None:
    wire = ("coast-wire.example", "Coast Wire", "IRQ", "Asia/Baghdad", "en", "wire", "", "")
    registry = load(own(tmp_path, (*ROW[:6], "ap, coast-wire", ""), wire))

    known = registry.wire("coast-wire")
    assert known is not None
    assert known.signs == ("Coast Wire",)
    found = registry.find("coast-wire.example")
    assert found is not None
    assert registry.wire_at(found) == known
    assert registry.find("post.example").carries == ("ap", "coast-wire")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("domain", "https://post.example/", "such as example.org"),
        ("domain", "post", "such as example.org"),
        ("name", "", "what a reader calls the outlet"),
        ("country", "Iraq", "such as IRQ"),
        ("country", "IQ", "such as IRQ"),
        ("zone", "Baghdad", "such as Asia/Hong_Kong"),
        ("zone", "Asia", "such as Asia/Hong_Kong"),
        ("zone", "../../etc/passwd", "such as Asia/Hong_Kong"),
        ("zone", "", "such as Asia/Hong_Kong"),
        ("language", "English", "such as en"),
        ("kind", "newspaper", "wire, state media"),
        ("carries", "ap,routers", "did you mean reuters"),
        ("carries", "??", "reuters,ap,afp"),
    ],
)
def test_a_bad_row_is_told_with_file_line_column_and_what_to_write(
    tmp_path: Path, column: str, value: str, advice: str
) -> None:
    bad = list(ROW)
    bad[COLUMNS.index(column)] = value
    file = own(tmp_path, ROW, tuple(bad))
    with pytest.raises(BadSetting) as caught:
        load(file)
    said = str(caught.value)
    assert said.startswith(f"{file}, line 4, column {column}: {value!r}")
    assert advice in said
    assert "\n" not in said


def test_a_row_of_too_few_columns_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"line 3 has 2 columns: write 8, separated by tabs: domain name"):
        load(own(tmp_path, ("post.example", "The Port Post")))


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for file in (tmp_path / "none", tmp_path, binary):
        with pytest.raises(BadSetting, match="TOCSIN_OUTLETS: can't read"):
            load(file)


def test_an_empty_registry_knows_nobody() -> None:
    assert Registry((), ()).find("Reuters") is None
