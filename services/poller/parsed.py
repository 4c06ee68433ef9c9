"""What a feed says, whatever its format: plain values between ``parse``, ``jsonfeed`` and ``entries``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

_Found = TypeVar("_Found")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Entry:
    """One entry as printed: text may still be HTML, an empty string is what the feed does not say."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    """The full text if the feed carries one beside the summary."""
    published_as: str = ""
    published_at: int | None = None
    """Epoch seconds, or None when no date could be read."""
    language: str = ""
    categories: tuple[str, ...] = ()
    source_url: str = ""
    """Where an aggregating feed says it has the entry from."""


@dataclass(frozen=True)
class ParsedFeed:
    """A feed and its entries in the order in which they stand."""

    title: str
    link: str
    language: str
    entries: tuple[Entry, ...]
    cut_off: bool = False
    """The body ended too early; ``entries`` are those that arrived whole."""
    faults: tuple[str, ...] = ()
    """What went wrong with each entry that is missing in ``entries``, though it arrived."""


def each(
    found: Iterable[_Found], make: Callable[[_Found], _Made]
) -> tuple[tuple[_Made, ...], tuple[str, ...]]:
    """What ``make`` makes of each, and what it raised: a fault of ours costs one entry, never its feed."""
    made, faults = [], []
    for one in found:
        try:
            made.append(make(one))
        except MemoryError:  # the next ones would fail too
            raise
        except Exception as exc:  # strangers write entries in ways that we did not think of
            faults.append(repr(exc))
    return tuple(made), tuple(faults)
