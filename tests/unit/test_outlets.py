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
from shared.outlets.load import countries

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
        ("gov.uk", "UK Government"),
        ("www.gov.uk", "UK Government"),
        ("abcnews.go.com", "ABC News (United States)"),
        ("timesofindia.indiatimes.com", "The Times of India"),
    ],
)
def test_an_outlet_is_found_by_domain_subdomain_and_printed_name(spelling: str, name: str) -> None:
    found = load().find(spelling)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "spelling",
    [
        *("", " ", ".", "nobody.example", "example", "co.uk", "notscmp.com", "The"),
        *("leeds.gov.uk", "www.leeds.gov.uk", "go.com", "espn.go.com", "indiatimes.com"),
    ],
)
def test_an_unknown_outlet_is_none_and_lives_in_utc(spelling: str) -> None:
    assert load().find(spelling) is None
    assert load().zone(spelling) is UTC


def test_a_moment_is_a_day_in_the_outlets_zone() -> None:
    evening = published("2023-12-25T20:00:00Z")
    assert evening.published_at.astimezone(load().zone_of(evening)).date().isoformat() == "2023-12-26"
    assert load().zone("scmp.com") == ZoneInfo("Asia/Hong_Kong")


def day_of(about: Article) -> str:
    return about.published_at.astimezone(load().zone_of(about)).date().isoformat()


@pytest.mark.parametrize(
    ("at", "outlet", "printed"),
    [
        ("2023-12-26T12:00:00Z", "nzherald.co.nz", None),
        ("2023-12-26T00:00:00Z", "nytimes.com", None),
        ("2023-12-26T00:00:00Z", "nytimes.com", ""),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "26 Dec 2023"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "20231226"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26+00:00"),
        ("2023-12-26T00:00:00Z", "un.org", "Tue, 26 Dec 2023 00:00:00 GMT"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26T00:00:00Z"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26T00:00:00.000+0000"),
        ("2023-12-26T00:00:00Z", "nytimes.com", "2023-12-26T00Z"),
        ("2023-12-26T05:00:00Z", "latimes.com", "Tue, 26 Dec 2023 00:00 EST"),
        ("2023-12-25T21:00:00Z", "bbc.co.uk", "Tue, 26 Dec 2023 00:00:00 +0300"),
        ("2023-12-25T18:30:00Z", "bbc.co.uk", "2023-12-26T00:00:00+05:30"),
        ("2023-12-26T05:00:00Z", "latimes.com", "2023-12-26T00:00:00-0500"),
        ("2023-12-26T05:00:00Z", "latimes.com", "December 26, 2023 12:00 AM EST"),
    ],
)
def test_a_day_without_an_hour_is_that_day_everywhere(at: str, outlet: str, printed: str | None) -> None:
    assert day_of(published(at, outlet, printed)) == "2023-12-26"


@pytest.mark.parametrize(
    ("at", "outlet", "printed"),
    [
        ("2023-12-26T01:30:00Z", "nytimes.com", "2023-12-26 01:30:00"),
        ("2023-12-26T20:30:00Z", "japantoday.com", "2023-12-26 20:30:00"),
        ("2023-12-26T20:30:00Z", "scmp.com", "Tue, 26 Dec 2023 20:30:00"),
        ("2023-12-26T20:30:00Z", "scmp.com", "26 Dec 2023 20.30"),
        ("2023-12-26T20:30:00Z", "scmp.com", "December 26, 2023 8:30 PM"),
        ("2023-12-26T20:30:00Z", "scmp.com", "20231226203000"),
        # Readers of feeds know no such word and take its hour for UTC's.
        ("2023-12-26T20:30:00Z", "scmp.com", "Tue, 26 Dec 2023 20:30:00 HKT"),
        ("2023-12-26T20:30:00Z", "scmp.com", "26 Dec 2023 20:30 Hong Kong"),
        # A count of seconds that was read as something else.
        ("2023-12-26T20:30:00Z", "scmp.com", "1703554200"),
        ("2023-12-26T20:30:00Z", "scmp.com", "yesterday"),
    ],
)
def test_an_hour_without_a_zone_leaves_the_printed_day_as_it_is(at: str, outlet: str, printed: str) -> None:
    assert day_of(published(at, outlet, printed)) == "2023-12-26"


@pytest.mark.parametrize(
    "printed",
    [
        "Tue, 26 Dec 2023 01:30:00 GMT",
        "Tue, 26 Dec 2023 1:30:0 UTC",
        "2023-12-26T01:30:00Z",
        "2023-12-26t01:30:00.250z",
        "2023-12-26T01:30:00+00:00",
        "Mon, 25 Dec 2023 20:30:00 EST",
        "Mon Dec 25 20:30:00 EST 2023",
        "Mon, 25 Dec 2023 20:30 -0500",
        "Tue,26 Dec 2023 10:30:00 GMT+9",
        "December 25, 2023 8:30 PM EST",
        "25 Dec 2023 20.30 EST",
        "1703554200",
        "1703554200000",
        None,
    ],
)
def test_a_printed_moment_is_told_in_the_outlets_day(printed: str | None) -> None:
    assert day_of(published("2023-12-26T01:30:00Z", "nytimes.com", printed)) == "2023-12-25"


@pytest.mark.parametrize("printed", ["2023-12-25T20Z", "2023-12-25T20+00:00", "December 25, 2023 8 p.m. UTC"])
def test_a_full_hour_is_an_hour(printed: str) -> None:
    assert day_of(published("2023-12-25T20:00:00Z", "scmp.com", printed)) == "2023-12-26"


def test_noon_in_utc_is_a_moment_where_its_hour_and_zone_are_printed() -> None:
    about = published("2023-12-25T12:00:00Z", "rnz.co.nz", "Tue, 26 Dec 2023 01:00:00 +1300")
    assert day_of(about) == "2023-12-26"


def test_the_page_says_in_whose_zone_a_shared_domain_lies() -> None:
    late = published("2023-12-26T01:30:00Z", "go.com").model_copy(
        update={"url": "https://abcnews.go.com/story"}
    )
    assert day_of(late) == "2023-12-25"
    assert day_of(late.model_copy(update={"url": "https://www.espn.com/story"})) == "2023-12-26"


# ---- the bundled rows ---------------------------------------------------------------------------


SEVERAL_OUTLETS = {"go.com", "indiatimes.com"}
"""Registered domains under which the hosts of several outlets have rows of their own."""


def test_every_row_names_a_registered_domain_or_one_of_several_hosts_and_a_page() -> None:
    for outlet in load().outlets:
        domain = courlan.extract_domain(f"https://www.{outlet.domain}/story")
        assert domain == outlet.domain or domain in SEVERAL_OUTLETS, outlet
        assert outlet.domain not in SEVERAL_OUTLETS
        assert (outlet.country is None) <= (outlet.kind in (Kind.AGENCY, Kind.THINK_TANK)), outlet
        assert urlsplit(outlet.source).hostname, outlet
        assert len(outlet.name) <= 60


def test_the_countries_of_outlets_are_the_coders() -> None:
    assert set(load_words().countries) == countries()


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
        assert all(sign.strip() == sign != "" for sign in (*wire.signs, *wire.doubtful))
    signs = [sign for wire in registry.wires for sign in {*wire.signs, *wire.doubtful}]
    assert len(signs) == len(set(signs))


def test_a_movements_media_are_told_from_broadcasters() -> None:
    registry = load()
    movement = {outlet.domain for outlet in registry.outlets if outlet.kind == Kind.MOVEMENT_MEDIA}
    assert movement >= {"almanar.com.lb", "alahednews.com.lb", "almayadeen.net", "almasirah.net.ye"}


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


@pytest.mark.parametrize("name", ["ap.example", "coast-wire.test"])
def test_a_wire_whose_short_id_is_taken_is_carried_by_its_whole_domain(tmp_path: Path, name: str) -> None:
    coast = ("coast-wire.example", "Coast Wire", "IRQ", "Asia/Baghdad", "en", "wire", "", "")
    other = (name, "Ander Post", "IND", "Asia/Kolkata", "en", "wire", "", "")
    registry = load(own(tmp_path, coast, other, (*ROW[:6], f"ap,{name}", "")))

    assert registry.wire("ap") == load().wire("ap")
    known = registry.wire(name)
    assert known is not None
    assert known.signs == ("Ander Post",)
    assert registry.find("post.example").carries == ("ap", name)  # type: ignore[union-attr]


def test_a_wire_of_the_operator_in_place_of_ours_keeps_its_id(tmp_path: Path) -> None:
    mine = ("reuters.com", "Reuters, as we call it", "GBR", "Europe/London", "en", "wire", "", "")
    registry = load(own(tmp_path, mine))
    assert registry.wires == load().wires


def test_a_domain_twice_in_one_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"line 4, column domain: 'www.post.example' is on line 3 already"):
        load(own(tmp_path, ROW, ("www.post.example", *ROW[1:])))


def test_a_file_of_an_editor_that_marks_its_bytes_is_read(tmp_path: Path) -> None:
    file = tmp_path / "outlets.tsv"
    file.write_text("\ufeff" + "\t".join(ROW) + "\n", encoding="utf-8")
    found = load(file).find("post.example")
    assert found is not None
    assert found.name == "The Port Post"


@pytest.mark.parametrize(
    ("column", "value", "advice"),
    [
        ("domain", "https://post.example/", "such as example.org"),
        ("domain", "post", "such as example.org"),
        ("name", "", "what a reader calls the outlet"),
        ("name", "The \u200bPost", "what a reader calls the outlet"),
        ("country", "Iraq", "such as IRQ"),
        ("country", "IQ", "such as IRQ"),
        ("country", "ZZZ", "such as IRQ"),
        ("zone", "Baghdad", "such as Asia/Hong_Kong"),
        ("zone", "Asia", "such as Asia/Hong_Kong"),
        ("zone", "../../etc/passwd", "such as Asia/Hong_Kong"),
        ("zone", "", "such as Asia/Hong_Kong"),
        ("zone", "asia/baghdad", "such as Asia/Hong_Kong"),
        ("zone", "localtime", "such as Asia/Hong_Kong"),
        ("zone", "Factory", "such as Asia/Hong_Kong"),
        ("zone", "posixrules", "such as Asia/Hong_Kong"),
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
    file = own(tmp_path, ("first.example", *ROW[1:]), tuple(bad))
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
