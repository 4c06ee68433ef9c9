"""The data files: each names its source and licence, and what they hold is consistent."""

import gzip
from importlib.resources import files

import pytest

from services.classifier.coding import lexicon
from services.classifier.coding.crosswalk import cameo_of
from services.classifier.coding.lexicon import load

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


def test_groups_are_many_and_their_homes_are_countries() -> None:
    groups = rows("groups.tsv")
    assert len(groups) >= 150
    codes = set(load().countries)
    for name, _, home, sector, backers in groups:
        assert home == "-" or home in codes, name
        assert sector in {"REB", "CRM", "MIL", "PTY", "GOV"}, name
        assert set(filter(None, backers.split(";"))) <= codes, name


def test_every_trigger_has_a_code() -> None:
    for event_type, mode, pos, strength, _, pattern in rows("triggers.tsv"):
        assert cameo_of(event_type, None if mode == "-" else mode)[0], pattern
        assert pos in ("v", "n"), pattern
        assert 0 < float(strength) < 1, pattern


def test_places_have_coordinates_on_earth() -> None:
    for spots in load().known_spots.values():
        for spot in spots:
            assert -90 <= spot.lat <= 90, spot
            assert -180 <= spot.lon <= 180, spot


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
