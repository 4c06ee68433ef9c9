"""The data files: each names its source and licence, and what they hold is consistent."""

import gzip
import re
from importlib.resources import files

import pytest

from services.classifier.coding import lexicon
from services.classifier.coding.events.crosswalk import cameo_of
from services.classifier.coding.lexicon import load
from services.classifier.coding.lexicon.keys import key
from services.classifier.coding.lexicon.sound import sound
from services.classifier.coding.lexicon.tables import LEAST_HEARD

FILES = sorted(
    file.name for file in files(lexicon).iterdir() if file.name.endswith((".tsv", ".tsv.gz", ".jsonl"))
)


def text(name: str) -> str:
    raw = files(lexicon).joinpath(name).read_bytes()
    return gzip.decompress(raw).decode() if name.endswith(".gz") else raw.decode()


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in text(name).split("\n") if line and not line.startswith("#")]


@pytest.mark.parametrize("name", FILES)
def test_a_file_opens_with_source_and_licence(name: str) -> None:
    head = [line for line in text(name).split("\n")[:4] if line.startswith("#")]
    said = " ".join(head).casefold()
    assert "source" in said
    assert "licence" in said or "cc by" in said


SECTORS = {"REB", "CRM", "MIL", "PTY", "GOV", "COP", "IGO"}


def test_groups_are_many_and_their_lands_are_countries() -> None:
    groups = rows("groups.tsv")
    assert len(groups) >= 500
    assert len({group[0] for group in groups}) == len(groups)
    codes = set(load().countries)
    for name, _, home, sector, backers, lands, _, _ in groups:
        assert home == "-" or home in codes, name
        assert sector in SECTORS, name
        assert set(filter(None, backers.split(";"))) <= codes, name
        assert set(filter(None, lands.split(";"))) <= codes, name


def test_each_group_says_when_it_was_active_and_whence_we_know() -> None:
    for name, *_, active, source in rows("groups.tsv"):
        assert re.fullmatch(r"(\d{4}-(\d{4})?)?", active), name
        assert re.fullmatch(r"ucdp \d+|phoenix|us-fto|hand", source), name


def test_an_alias_stands_once_in_a_group_and_its_mark_is_no_part_of_it() -> None:
    for name, aliases, *_ in rows("groups.tsv"):
        listed = [alias for alias in aliases.split(";") if alias]
        assert len(listed) == len(set(listed)), name
        assert all(alias.removeprefix("?").strip() == alias.removeprefix("?") != "" for alias in listed), name
    assert not any("?" in word for phrase, _ in load().agents.all() for word in phrase)


def test_what_closes_with_an_apostrophe_is_found_as_printed() -> None:
    for printed in (("workers",), ("workers", "'"), ("workers", "’")):
        words = ("kurdistan", *printed, "party")
        assert next(load().agents.at(words, 0))[1].name == "Kurdistan Workers' Party"


def test_organs_belong_to_countries() -> None:
    codes = set(load().countries)
    for phrases, name, home, sector in rows("metonyms.tsv"):
        assert home == "-" or home in codes, phrases
        assert sector in SECTORS | {"SPY", "CVL"}, name


def test_every_trigger_has_a_code() -> None:
    for event_type, mode, pos, strength, _, pattern in rows("triggers.tsv"):
        assert cameo_of(event_type, None if mode == "-" else mode)[0], pattern
        assert pos in ("v", "n"), pattern
        assert 0 < float(strength) < 1, pattern


def test_places_have_coordinates_on_earth() -> None:
    by_hand = [spot for spots in load().known_spots.values() for spot in spots]
    for spot in by_hand:
        assert spot.country is None or spot.country in load().countries, spot
        assert -90 <= spot.lat <= 90, spot
        assert -180 <= spot.lon <= 180, spot
        assert spot.kind in ("exact", "city", "region", "sea"), spot


def test_places_by_hand_lie_in_their_countries() -> None:
    """Within the country's size of its middle: a swapped sign or pair of figures would be far outside."""
    wide = {"RUS", "USA", "CAN", "FRA", "CHN", "AUS", "IDN", "BRA", "NOR", "CHL", "ECU", "NZL", "GRL"}
    for spots in load().known_spots.values():
        for spot in spots:
            if spot.country and spot.country not in wide:
                land = load().countries[spot.country]
                assert abs(spot.lat - land.lat) < 16, spot
                assert abs(spot.lon - land.lon) < 19, spot


def test_every_place_says_how_it_sounds_as_the_reader_hears_it() -> None:
    heard = load().heard_lands
    for name, country, *_, written in rows("places.tsv.gz")[::50]:
        normal = " ".join(key(name))
        assert written == (sound(normal) if country in heard and len(normal) >= LEAST_HEARD else ""), name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("huliaipole", "hulyaypole"),
        ("qabatiya", "qabatiyah"),
        ("miqdadiyah", "al miqdadiyah"),
        ("rajouri", "rajaori"),
        ("petionville", "petion ville"),
        ("kharkiv", "harkiu"),
    ],
)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_names_that_differ_sound_different() -> None:
    assert len({sound(name) for name in ("kherson", "kharkiv", "kursk", "kramatorsk", "kupiansk")}) == 5


def test_what_the_gazetteers_lack_is_known() -> None:
    lexicon_ = load()
    for name in (
        "arbil",
        "erbil",
        "kyiv",
        "kiev",
        "gaza city",
        "red sea",
        "erbil air base",
        "arbil air base",
    ):
        assert lexicon_.spots_named(name), name
