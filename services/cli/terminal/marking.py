"""Pieces of a text, each put into brackets under a label: to be read with colours, and as well without."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from rich.text import Text


@dataclass(frozen=True)
class Mark:
    """Characters ``start`` to ``end`` of a text, what they are, and the colour of that."""

    start: int
    end: int
    label: str
    style: str = ""


def nested(marks: Iterable[Mark]) -> list[Mark]:
    """The marks in order, so that each two stand apart or one within the other.

    Marks on the same characters become one with both labels; overlapping ones of one label, too. One that
    reaches out of another is cut where that ends, and goes on behind it.
    """
    waiting = _outer_first(_united(marks))
    placed: list[Mark] = []
    around: list[Mark] = []
    while waiting:
        mark = waiting.pop(0)
        while around and around[-1].end <= mark.start:
            around.pop()
        if around and mark.end > around[-1].end:
            edge = around[-1].end
            waiting = _outer_first([*waiting, replace(mark, end=edge), replace(mark, start=edge)])
            continue
        around.append(mark)
        placed.append(mark)
    return placed


def _united(marks: Iterable[Mark]) -> Iterator[Mark]:
    by_label = sorted(marks, key=lambda mark: (mark.label, mark.start))
    for _, group in groupby(by_label, key=lambda mark: mark.label):
        last: Mark | None = None
        for mark in group:
            if last is not None and mark.start < last.end:
                last = replace(last, end=max(last.end, mark.end))
                continue
            if last is not None:
                yield last
            last = mark
        if last is not None:
            yield last


def _outer_first(marks: Iterable[Mark]) -> list[Mark]:
    def place(mark: Mark) -> tuple[int, int]:
        return mark.start, -mark.end

    joined: list[Mark] = []
    for _, group in groupby(sorted((mark for mark in marks if mark.end > mark.start), key=place), key=place):
        same = list(group)
        labels = dict.fromkeys(label for mark in same for label in mark.label.split(" + "))
        joined.append(replace(same[0], label=" + ".join(labels)))
    return joined


def marked(text: str, start: int, end: int, marks: Iterable[Mark]) -> Text:
    """``text`` from ``start`` to ``end``, with the marks that lie within: *[actor: Israel] struck Gaza*."""
    inside = nested(mark for mark in marks if start <= mark.start and mark.end <= end)
    shown, at = Text(), start
    open_marks: list[Mark] = []

    def copy_up_to(stop: int) -> None:
        nonlocal at
        shown.append(text[at:stop], style=open_marks[-1].style if open_marks else "")
        at = stop

    def close_up_to(stop: int) -> None:
        while open_marks and open_marks[-1].end <= stop:
            copy_up_to(open_marks[-1].end)
            shown.append("]", style=f"dim {open_marks.pop().style}".strip())

    for mark in inside:
        close_up_to(mark.start)
        copy_up_to(mark.start)
        open_marks.append(mark)
        shown.append(f"[{mark.label}: ", style=f"dim {mark.style}".strip())
    close_up_to(end)
    copy_up_to(end)
    return shown
