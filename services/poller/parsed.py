"""What a feed says, whatever its format: plain values between ``parse``, ``jsonfeed`` and ``entries``."""

from dataclasses import dataclass


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
