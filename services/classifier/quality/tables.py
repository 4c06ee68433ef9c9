"""Measured sets in, Markdown tables out."""

import re
from collections.abc import Callable, Mapping, Sequence

from services.classifier.quality.answers import Answer
from services.classifier.quality.gold import GoldItem
from services.classifier.quality.measuring import Measured, Part
from services.classifier.quality.scoring import MEASURES, PLAIN, Figure, figures
from services.classifier.quality.wording import NAMES

NO_TRAP = "(none named)"
_BY_REGISTER = ("precision", "recall", "type", "mode")


def number(value: float | None) -> str:
    """A figure as the page prints it."""
    return "–" if value is None else f"{value:.2f}"


def of(figure: Figure) -> str:
    """Over how many items a figure goes, and how many of them were right."""
    return f"{figure.right}/{figure.of}" if figure.right is not None else f"{figure.of:,} items"


def interval(figure: Figure) -> str:
    """A figure's 95 % interval."""
    return f"[{number(figure.low)}, {number(figure.high)}]"


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _cell(figure: Figure | None, *, bold: bool = False) -> str:
    if figure is None or figure.value is None:
        return "–"
    value = f"**{number(figure.value)}**" if bold else number(figure.value)
    return f"{value} {interval(figure)}"


def main_table(measured: Measured) -> str:
    """Every measure: the coder's figure, the baseline's, and how far two people agreed."""
    coder, plain = figures(measured.pairs), figures(measured.baseline_pairs, PLAIN)
    rows = [
        [
            measure.label,
            _cell(coder[measure.key], bold=True),
            of(coder[measure.key]) if coder[measure.key].of else "not coded",
            _cell(plain.get(measure.key)),
            number(measure.ceiling) if measure.ceiling is not None else "",
        ]
        for measure in MEASURES
    ]
    return table_of(["", "the coder", "right / of", "TF-IDF", "two coders"], rows)


def halves_table(first: Measured, second: Measured) -> str:
    """Two halves of a set side by side, in the measures that can be asked of both."""
    one, other = figures(first.pairs), figures(second.pairs)
    rows = [
        [
            m.label,
            _cell(one[m.key]),
            of(one[m.key]),
            _cell(other[m.key], bold=True),
            of(other[m.key]),
        ]
        for m in MEASURES
        if one[m.key].of and other[m.key].of
    ]
    return table_of(["", "read half", "right / of", "other half", "right / of"], rows)


def traps(measured: Measured) -> dict[str, tuple[int, int]]:
    """By kind of trap: how many items there are, and how many of them rang."""
    found: dict[str, tuple[int, int]] = {}
    for item, answer in measured.pairs:
        if not item.escalation and not item.borderline:
            items, rang = found.get(item.trap or NO_TRAP, (0, 0))
            found[item.trap or NO_TRAP] = (items + 1, rang + int(answer.rings))
    return dict(sorted(found.items()))


def traps_table(sets: Mapping[Part, Measured]) -> str:
    """How many items of each kind of trap there are in each set, and how many rang."""
    counted = [traps(measured) for measured in sets.values()]
    rows = [
        [kind, *(str(each) for found in counted for each in found.get(kind, ("–", "–")))]
        for kind in sorted({kind for found in counted for kind in found})
    ]
    return table_of(["trap", *(word for part in sets for word in (NAMES[part], "rang"))], rows)


def registers_table(sets: Mapping[Part, Measured]) -> str | None:
    """The own corpus by the kind of text; None where nobody named one."""
    rows = []
    for part, measured in sets.items():
        for register in sorted({item.register_of or "" for item in measured.items} - {""}):
            found = figures(measured.of(_register(register)).pairs, _BY_REGISTER).values()
            rows.append([register, NAMES[part], *(f"{number(each.value)} ({of(each)})" for each in found)])
    return table_of(["register", "of the", *_BY_REGISTER], rows) if rows else None


def rows_table(sets: Mapping[Part, Measured]) -> str | None:
    """The own corpus by the codebook's rows that items were written for; None where nobody named one."""
    by_row: dict[str, dict[Part, list[tuple[GoldItem, Answer]]]] = {}
    for part, measured in sets.items():
        for item, answer in measured.pairs:
            for row in () if item.borderline else codebook_rows(item):
                by_row.setdefault(row, {}).setdefault(part, []).append((item, answer))
    lines = []
    for row, parts in sorted(by_row.items()):
        line = [row]
        for part in sets:
            found = parts.get(part, [])
            decided = sum(item.escalation == answer.rings for item, answer in found)
            mode = figures(found, ["mode"])["mode"]
            line += [f"{decided}/{len(found)}" if found else "–", of(mode) if mode.of else "–"]
        lines.append(line)
    head = ["row", *(word for part in sets for word in (f"{NAMES[part]}: decided", "type and mode"))]
    return table_of(head, lines) if lines else None


def codebook_rows(item: GoldItem) -> list[str]:
    """The rows that an item was written for: *2 ASSAULT/drone + 9 numbers (dozens)* names two."""
    named = (re.sub(r"\s*\(.*?\)", "", row).strip(" §") for row in (item.row or "").split(" + "))
    return [row for row in dict.fromkeys(named) if row]


def _register(name: str) -> Callable[[GoldItem], bool]:
    return lambda item: item.register_of == name
