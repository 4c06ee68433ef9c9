"""The page: every row that was asked for, the same to the byte each time, with no word of when or where."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from services.classifier.quality.gold import GoldItem
from services.classifier.quality.measuring import Measured, Part, read_while_written
from services.classifier.quality.page import CALIBRATION, CONFUSION, Page, compose
from services.classifier.quality.plv import Plv
from services.classifier.quality.scoring import MEASURES
from services.classifier.quality.tables import codebook_rows, table_of, traps
from tests.support.quality import answered, labelled, side
from tests.support.yard import ROOT


def measured(**more: Any) -> Measured:
    """Eight escalations of which six rang, and eight traps of which one did."""
    russia = side("Russia", "RUS", "MIL")
    told: dict[str, Any] = {"actors": (russia,), "killed": (2, 2), "lat": 50.0, "lon": 36.2} | more
    items = [
        *(labelled(f"e{n}", **told) for n in range(8)),
        *(labelled(f"t{n}", rings=False, trap="metaphor" if n % 2 else "trial", **more) for n in range(8)),
    ]
    right = answered(actors=[russia], killed=(2, 2), at=(50.0, 36.2))
    answers = [right if n < 6 else answered(n == 8) for n in range(16)]
    return Measured(items, answers, [answered(n % 2 == 0) for n in range(16)])


def page(folds: bool = False, plv: Plv | None = None) -> Page:
    own = measured(register="headline", row="2 ASSAULT/artillery + 9 numbers (dozens)")
    return compose(
        {Part.GIVEN: measured(), Part.READ: own, Part.BLIND: own},
        "rules-x",
        folds=folds,
        plv=plv,
    )


def test_every_measure_has_its_row_in_each_set() -> None:
    lines = page().text.splitlines()
    for measure in MEASURES:
        assert sum(line.startswith(f"| {measure.label} | ") for line in lines) >= 3, measure.label


def test_the_page_that_ships_has_every_row_and_its_pictures() -> None:
    text = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    for measure in MEASURES:
        assert f"\n| {measure.label} | " in text, measure.label
    for heading in ("Short news items", "The project's own corpus", "Traps", "How sure it is"):
        assert f"\n## {heading}\n" in text
    for name in (CALIBRATION, CONFUSION):
        assert f"(img/{name})" in text
        assert (ROOT / "docs" / "img" / name).stat().st_size < 60_000


def test_a_row_tells_the_coder_the_baseline_and_the_ceiling() -> None:
    (row,) = re.findall(r"^\| escalation, recall \| .*$", page().text, re.M)[:1]
    assert row.startswith("| escalation, recall | **0.75** [")
    assert " | 6/8 | 0.50 [" in row
    (relevance,) = re.findall(r"^\| escalation, F1 \| .*$", page().text, re.M)[:1]
    assert relevance.endswith("| 0.99 |")


def test_a_baseline_that_names_no_sides_has_no_figure_for_them() -> None:
    (actors,) = re.findall(r"^\| actors, F1 \| .*$", page().text, re.M)[:1]
    assert actors.split(" | ")[3] == "–"


def test_the_same_items_give_the_same_page_and_pictures() -> None:
    one, other = page(), page()
    assert (one.text, one.pictures) == (other.text, other.pictures)


def test_the_page_tells_neither_day_nor_machine() -> None:
    """The items are of 2021, and that is the only year there is."""
    for text in (page().text, *page().pictures.values()):
        assert str(datetime.now(UTC).year) not in text
        assert str(Path.home()) not in text
        assert str(ROOT) not in text
    assert "March 2021 to March 2021" in page().text


def test_it_says_what_the_trained_part_knew() -> None:
    told = {" ".join(page(*knew).text.split()) for knew in ((False,), (True,))}
    assert sum("has seen these very items" in text for text in told) == 1
    assert sum("a model that had not seen it" in text for text in told) == 1


def test_single_sentences_are_told_of_where_they_were_measured() -> None:
    assert "PLV" not in page().text
    text = " ".join(page(plv=Plv(0.8412, 1050)).text.split())
    assert "the root of **0.84**, of 1,050 sentences" in text


def test_the_short_of_it_counts_what_was_known_least() -> None:
    text = " ".join(page().text.split())
    assert "one bell in 7 was wrong, and one escalation in 4 was missed" in text


def test_every_trap_has_its_score() -> None:
    assert traps(measured()) == {"metaphor": (4, 0), "trial": (4, 1)}
    assert "\n| trial | 4 | 1 | 4 | 1 | 4 | 1 |\n" in page().text


def test_an_item_may_be_written_for_two_rows() -> None:
    def rows(row: str) -> list[str]:
        return codebook_rows(labelled(row=row))

    assert rows("2 ASSAULT/drone + 9 numbers (dozens)") == ["2 ASSAULT/drone", "9 numbers"]
    assert rows("§3 metaphor") == ["3 metaphor"]
    assert codebook_rows(labelled()) == []
    assert "\n| 9 numbers | 13/16 | 6/8 | 13/16 | 6/8 |\n" in page().text


def test_a_register_has_its_line() -> None:
    assert re.search(r"^\| headline \| blind part \| 0\.86 \(6/7\) \| 0\.75 \(6/8\) \|", page().text, re.M)


def test_a_part_that_is_not_there_is_said_to_be_missing() -> None:
    alone = compose({Part.GIVEN: measured()}, "rules-x", folds=False)
    assert "There is no blind part yet." in alone.text
    assert "On the half of the given items that was read less" in " ".join(alone.text.split())


def test_a_bar_in_a_name_breaks_no_table() -> None:
    assert table_of(["a"], [["b|c"]]).splitlines()[-1] == "| b/c |"


def test_halves_are_cut_by_the_name_alone() -> None:
    def half(name: str) -> bool:
        return read_while_written(labelled(name))

    items: list[GoldItem] = [labelled(f"item-{n}") for n in range(400)]
    assert half("item-1") == half("item-1")
    assert 150 < sum(map(read_while_written, items)) < 250
