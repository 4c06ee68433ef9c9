"""What `tocsin up` says when all is ready: the words, without starting anything."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.cli.checks.finding import fault
from services.cli.house.first import Arrival, Place, place, typed, words

FIRST = Arrival(
    url="http://127.0.0.1:8600",
    data_dir=Path("/home/ada/data"),
    token=Path("/home/ada/data/admin.token"),
    key_is_new=True,
)
LATER = replace(FIRST, key_is_new=False, feeds=60, subscriptions=2)
HERE = Place("tocsin")


def test_the_first_start_says_where_things_live_and_the_three_commands_that_matter() -> None:
    said = words(FIRST, HERE)
    assert said[0] == "Tocsin is ready on http://127.0.0.1:8600"
    assert any("/home/ada/data/admin.token" in line for line in said)
    typed_there = [line.split("#")[0].strip() for line in said if line.startswith("  tocsin ")]
    assert typed_there == ["tocsin feeds import --default", "tocsin subscribe slack URL", "tocsin tail"]


def test_a_later_start_is_one_line_that_counts() -> None:
    assert words(LATER, HERE) == ["Tocsin is ready on http://127.0.0.1:8600: 60 feeds, 2 subscriptions"]


def test_a_later_start_without_subscriptions_says_how_to_make_one() -> None:
    said = words(replace(LATER, feeds=1, subscriptions=0), HERE)
    assert said[0].endswith("1 feed, 0 subscriptions")
    assert "tocsin subscribe slack URL" in said[1]


def test_without_feeds_a_later_start_shows_the_way_again() -> None:
    said = words(replace(LATER, feeds=0), HERE)
    assert "It has no feeds yet. In a second terminal:" in said


def test_a_new_key_over_old_feeds_does_not_offer_to_import_them() -> None:
    said = "\n".join(words(replace(LATER, key_is_new=True), HERE))
    assert "feeds import" not in said
    assert "tocsin feeds list" in said


def test_what_is_wrong_is_told_in_a_sentence() -> None:
    said = words(replace(LATER, faults=[fault("disk", "The disk is full.", "Make room.")]), HERE)
    assert said[1:] == ["disk: The disk is full. Make room."]


def test_without_an_admin_key_its_file_is_not_promised() -> None:
    said = "\n".join(words(replace(FIRST, token=None, trouble="no admin key: it can't be written"), HERE))
    assert "no admin key: it can't be written" in said
    assert "key for the api" not in said


def test_what_is_set_here_is_set_there_but_no_secret_is_repeated() -> None:
    there = Place(
        ".venv/bin/tocsin",
        Path("/home/ada/bells and whistles"),
        {"TOCSIN_DATA_DIR": "/srv/my bells", "TOCSIN_REDIS_URL": "redis://:hush@box/0"},
    )
    said = words(FIRST, there)
    assert "  cd '/home/ada/bells and whistles'" in said
    assert "  export TOCSIN_DATA_DIR='/srv/my bells'" in said
    assert "  # set TOCSIN_REDIS_URL as you did here" in said
    assert "hush" not in "\n".join(said)
    assert any(line.startswith("  .venv/bin/tocsin tail") for line in said)


SCRIPT = Path("/home/ada/tocsin/.venv/bin/tocsin")


@pytest.mark.parametrize(
    ("on_path", "here", "activated", "word"),
    [
        (Path("/usr/local/bin/tocsin"), Path("/home/ada"), False, "tocsin"),
        (SCRIPT, Path("/home/ada"), False, "tocsin"),  # its directory stands in PATH for good, as in an image
        (
            SCRIPT,
            Path("/home/ada/tocsin"),
            True,
            ".venv/bin/tocsin",
        ),  # by activation, which ends with a terminal
        (None, Path("/home/ada/tocsin"), False, ".venv/bin/tocsin"),
        (None, Path("/somewhere"), False, str(SCRIPT)),
    ],
)
def test_the_word_to_type_works_in_a_second_terminal(
    on_path: Path | None, here: Path, activated: bool, word: str
) -> None:
    assert typed(on_path=on_path, script=SCRIPT, here=here, activated=activated) == word


def test_without_a_script_the_module_is_called_by_its_python() -> None:
    word = typed(on_path=None, script=None, here=Path("/"), activated=False)
    assert word.endswith(" -m services.cli")


def test_in_a_directory_that_was_deleted_the_way_is_shown_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    there = place({"TOCSIN_DATA_DIR": "/srv/bells"})
    assert there.directory is None
    assert there.variables == {"TOCSIN_DATA_DIR": "/srv/bells"}
    assert there.command == "tocsin" or Path(there.command.split()[0]).is_absolute()
