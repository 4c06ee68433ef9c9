"""Measured sets in, ``docs/quality.md`` out: every figure is computed, and its sentence goes with it.

Nothing of the day or the machine stands in it, so that the same coder and items give the same page.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.classifier.quality.calibration import bins, expected_error
from services.classifier.quality.confusion import NONE, confusion, mistakes
from services.classifier.quality.measuring import Measured, Part, read_while_written
from services.classifier.quality.pictures import reliability, types
from services.classifier.quality.plv import BEST_PUBLISHED, Plv
from services.classifier.quality.scoring import figures
from services.classifier.quality.tables import (
    halves_table,
    main_table,
    number,
    registers_table,
    rows_table,
    traps_table,
)
from services.classifier.quality.wording import (
    ABOUT_GIVEN,
    ABOUT_PART,
    ABOUT_ROWS,
    ABOUT_TRAPS,
    COUNTED,
    LIMITS,
    NAMES,
    OPENING,
    learned_from,
)

CALIBRATION, CONFUSION = "quality_calibration.svg", "quality_types.svg"
_WIDTH = 110
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Page:
    """The page's text and its pictures by file name, which lie in ``img`` beside it."""

    text: str
    pictures: Mapping[str, str]

    def write(self, to: Path) -> None:
        """Write the page to a file and the pictures beside it."""
        pictures = to.parent / "img"
        pictures.mkdir(parents=True, exist_ok=True)
        for name, drawn in self.pictures.items():
            (pictures / name).write_text(drawn, encoding="utf-8")
        to.write_text(self.text, encoding="utf-8")


def compose(sets: Mapping[Part, Measured], coder: str, *, folds: bool, plv: Plv | None = None) -> Page:
    """The page about these sets; ``folds`` says that the coder's trained part was asked out of fold."""
    given = sets[Part.GIVEN]
    days = [item.published_at for item in given.items]
    parts = [
        "# How good it is",
        OPENING.format(coder=coder),
        _in_short(sets),
        "## Short news items",
        ABOUT_GIVEN.format(count=f"{len(given.items):,}", first=_month(min(days)), last=_month(max(days))),
        learned_from(folds),
        main_table(given),
        ABOUT_PART[Part.GIVEN],
        halves_table(given.of(read_while_written), given.of(lambda item: not read_while_written(item))),
    ]
    parts += ["## The project's own corpus", ABOUT_PART[None]]
    for part in (Part.BLIND, Part.READ):
        if part in sets:
            parts += [f"### The {NAMES[part]}", ABOUT_PART[part], main_table(sets[part])]
        else:
            parts.append(f"There is no {NAMES[part]} yet.")
    parts += ["## Traps", ABOUT_TRAPS, traps_table(sets)]
    own = {part: sets[part] for part in (Part.BLIND, Part.READ) if part in sets}
    if registers := registers_table(own):
        parts += ["## Registers", "The own corpus by the kind of text.", registers]
    if rows := rows_table(own):
        parts += ["## The codebook, row by row", ABOUT_ROWS, rows]
    parts += _sureness(sets) + _types(sets)
    if plv is not None:
        parts += _plv(plv)
    parts += ["## What it gets wrong", LIMITS, "## How it is counted", COUNTED]
    series = {_title(part): bins(measured.pairs) for part, measured in sets.items()}
    panels = {_title(part): confusion(sets[part].pairs) for part in _shown(sets)}
    return Page(
        "\n\n".join(map(_wrapped, parts)) + "\n", {CALIBRATION: reliability(series), CONFUSION: types(panels)}
    )


def _in_short(sets: Mapping[Part, Measured]) -> str:
    """What a reader may expect of it, from the items that were known least."""
    if Part.BLIND in sets:
        known, where = sets[Part.BLIND], "On texts that were written without sight of the rules"
    else:
        known = sets[Part.GIVEN].of(lambda item: not read_while_written(item))
        where = "On the half of the given items that was read less"
    found = figures(known.pairs, ["precision", "recall"])
    bells, rung = found["precision"], found["recall"]
    if bells.right is None or rung.right is None:
        return ""
    wrong = _one_in(bells.of - bells.right, bells.of, "bell")
    missed = _one_in(rung.of - rung.right, rung.of, "escalation")
    return (
        f"**In short.** {where}, {wrong} was wrong, and {missed} was missed. A figure is worth what its "
        "items are worth, so each set says what was known of it."
    )


def _one_in(part: int, whole: int, what: str) -> str:
    return f"one {what} in {round(whole / part)}" if part else f"none of {whole} {what}s"


def _wrapped(part: str) -> str:
    """Prose in lines that a person may read in an editor; tables, lists and pictures as they are."""
    return (
        part
        if part.startswith(("|", "#", "!", "- "))
        else textwrap.fill(part, _WIDTH, break_on_hyphens=False)
    )


def _month(moment: datetime) -> str:
    # Not strftime: that speaks the machine's language.
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def _sureness(sets: Mapping[Part, Measured]) -> list[str]:
    errors = (
        f"{number(expected_error(bins(measured.pairs)))} on the {NAMES[part]}"
        for part, measured in sets.items()
    )
    return [
        "## How sure it is",
        f"![Score against the share of items that report an escalation.](img/{CALIBRATION})",
        "Where eight in ten of the items that it scores 0.8 report an escalation, it stands on the dashed "
        "line. How far it stands from there on the average (the expected calibration error): "
        f"{'; '.join(errors)}.",
    ]


def _types(sets: Mapping[Part, Measured]) -> list[str]:
    parts = ["## Which type for which", f"![What each item is against what was answered.](img/{CONFUSION})"]
    for part in _shown(sets):
        worst = mistakes(confusion(sets[part].pairs), 4)
        told = ", ".join(f"{_kind(right)} taken for {_kind(said)} ({times})" for right, said, times in worst)
        if told:
            parts.append(f"The commonest mistakes on the {NAMES[part]}: {told}.")
    return parts


def _shown(sets: Mapping[Part, Measured]) -> list[Part]:
    return [part for part in (Part.GIVEN, Part.BLIND) if part in sets]


def _kind(name: str) -> str:
    return "no escalation" if name == NONE else f"`{name}`"


def _title(part: Part) -> str:
    return NAMES[part].capitalize()


def _plv(plv: Plv) -> list[str]:
    asked = f", of {plv.items:,} sentences" if plv.items else ""
    return [
        "## Single sentences with PLOVER's root",
        f"On PLV, sentences with one of PLOVER's roots each, the trained part names the root of "
        f"**{number(plv.accuracy)}**{asked}, cross-validated on PLV's training part. The best published "
        f"figure, on its test part, is {number(BEST_PUBLISHED)}.",
    ]
