"""Two pictures for the page, drawn by hand as SVG: how sure it is, and which type is taken for which.

Readable on light and dark pages: nothing behind, mid-grey words, colours that hold on both. The same figures
give the same file to the byte.
"""

from collections.abc import Mapping, Sequence

from services.classifier.quality.calibration import Bin
from services.classifier.quality.confusion import NONE, TYPES, Confusion

_GREY = "#7d838b"
_COLOURS = ("#3b82f6", "#e8590c", "#2f9e44")
_FONT = "font-family='system-ui, sans-serif'"


def reliability(series: Mapping[str, Sequence[Bin]]) -> str:
    """Mean score against share of escalations, a line a set; a larger dot stands for more items."""
    left, top, size = 64, 24, 340
    most = max((each.items for found in series.values() for each in found), default=1)

    def at(said: float, true: float) -> tuple[str, str]:
        return f"{left + said * size:.1f}", f"{top + (1 - true) * size:.1f}"

    parts = []
    for step in range(6):
        share = step / 5
        x, y = at(share, share)
        parts += [
            _line(x, str(top), x, str(top + size), faint=True),
            _line(str(left), y, str(left + size), y, faint=True),
            _text(x, str(top + size + 18), f"{share:.1f}", "middle"),
            _text(str(left - 8), f"{float(y) + 4:.1f}", f"{share:.1f}", "end"),
        ]
    parts.append(_line(*at(0, 0), *at(1, 1), dashed=True))
    for number, (name, found) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [at(each.said, each.true) for each in found]
        joined = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f"<polyline points='{joined}' fill='none' stroke='{colour}' stroke-width='1.5'/>")
        for (x, y), each in zip(points, found, strict=True):
            radius = 3 + 9 * (each.items / most) ** 0.5
            told = f"<title>{name}: {each.items} items, score {each.said:.2f}, true {each.true:.2f}</title>"
            dot = f"<circle cx='{x}' cy='{y}' r='{radius:.1f}' fill='{colour}' fill-opacity='0.6'>"
            parts.append(f"{dot}{told}</circle>")
        y_key = top + 14 + number * 20
        parts.append(f"<circle cx='{left + 18}' cy='{y_key}' r='5' fill='{colour}'/>")
        parts.append(_text(str(left + 30), str(y_key + 4), name))
    middle = f"{left + size / 2:.0f}"
    parts.append(_text(middle, str(top + size + 40), "score", "middle"))
    turned = f"{top + size / 2:.0f}"
    parts.append(
        _text("18", turned, "share that reports an escalation", "middle", f"rotate(-90 18 {turned})")
    )
    title = "How sure it is, and how often it is right: a calibrated coder would stay on the dashed line."
    return _svg(left + size + 24, top + size + 52, title, parts)


def types(panels: Mapping[str, Confusion]) -> str:
    """A table a set: a row for what an item is, a column for what was answered; deeper is a larger share."""
    cell, left, top = 46, 96, 92
    parts = []
    for number, (name, found) in enumerate(panels.items()):
        x0 = number * (left + cell * len(TYPES) + 32) + left
        parts.append(_text(str(x0), "20", name))
        parts.append(_text(str(x0), "38", "columns: what it answered; rows: what it is"))
        for index, kind in enumerate(TYPES):
            parts.append(_text(str(x0 - 8), str(top + index * cell + 27), _word(kind), "end"))
            x, y = x0 + index * cell + 20, top - 8
            parts.append(_text(str(x), str(y), _word(kind), "start", f"rotate(-35 {x} {y})"))
        for row, right in enumerate(TYPES):
            whole = sum(found[right, said] for said in TYPES)
            for column, said in enumerate(TYPES):
                times = found[right, said]
                share = times / whole if whole else 0.0
                colour = _COLOURS[0] if right == said else _COLOURS[1]
                x, y = x0 + column * cell, top + row * cell
                parts.append(
                    f"<rect x='{x}' y='{y}' width='{cell - 2}' height='{cell - 2}' rx='4' fill='{colour}' "
                    f"fill-opacity='{0.04 + 0.41 * share:.2f}'/>"
                )
                if times:
                    parts.append(
                        _text(str(x + cell // 2 - 1), str(y + 27), str(times), "middle", strong=True)
                    )
    wide = len(panels) * (left + cell * len(TYPES) + 32)
    title = (
        "Which type is taken for which, and for none: rows are what an item is, columns what was answered."
    )
    return _svg(wide, top + cell * len(TYPES) + 8, title, parts)


def _word(kind: str) -> str:
    return kind if kind == NONE else kind.capitalize()


def _svg(wide: int, high: int, title: str, parts: Sequence[str]) -> str:
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {wide} {high}' width='{wide}' height='{high}' "
    )
    head += f"{_FONT} font-size='12' role='img'>"
    return "\n".join([head, f"<title>{title}</title>", *parts, "</svg>"]) + "\n"


def _text(x: str, y: str, words: str, anchor: str = "start", turn: str = "", *, strong: bool = False) -> str:
    more = f" transform='{turn}'" if turn else ""
    weight = " font-weight='600'" if strong else ""
    return f"<text x='{x}' y='{y}' fill='{_GREY}' text-anchor='{anchor}'{weight}{more}>{words}</text>"


def _line(x1: str, y1: str, x2: str, y2: str, *, faint: bool = False, dashed: bool = False) -> str:
    more = " stroke-opacity='0.25'" if faint else ""
    dashes = " stroke-dasharray='5 4'" if dashed else ""
    return f"<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='{_GREY}'{more}{dashes}/>"
